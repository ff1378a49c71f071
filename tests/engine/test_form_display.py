"""How typed values read on a page, in both languages."""

from engine.diagram.forms import Field, Option
from tests.engine.form_world import form_of


def test_values_are_shown_as_the_reader_s_language_writes_them() -> None:
    names = {"li.ming": "李明"}.get
    form = form_of(
        Field(
            "harm",
            "radio",
            "有伤害？",
            "Harm?",
            options=(Option("true", "是", "Yes"), Option("false", "否", "No")),
            boolean=True,
        ),
        Field("day", "date", "日期", "Day"),
        Field("at", "datetime", "时间", "Time"),
        Field("cost", "number", "费用", "Cost", unit="元", unit_en="CNY"),
        Field("done", "checkbox", "完成", "Done"),
        Field("who", "user", "人员", "Who", multiple=True),
        Field(
            "rows",
            "table",
            "措施",
            "Actions",
            columns=(Field("desc", "text", "内容", "What"), Field("due", "date", "期限", "Due")),
        ),
        Field("none", "text", "空", "Empty"),
    )
    values = {
        "harm": False,
        "day": "2026-11-22",
        "at": "2026-11-22T18:05:00+08:00",
        "cost": 12500,
        "done": True,
        "who": ["li.ming"],
        "rows": [{"desc": "换阀", "due": "2026-12-01"}],
        "none": None,
    }
    shown = {lang: form.show(values, lang, lambda key: names(key) or key) for lang in ("zh", "en")}
    assert [(one.label, one.text) for one in shown["zh"]] == [
        ("有伤害？", "否"),
        ("日期", "2026年11月22日"),
        ("时间", "2026年11月22日 18:05"),
        ("费用", "12,500 元"),
        ("完成", "是"),
        ("人员", "李明"),
        ("措施", "换阀 · 2026年12月1日"),
    ]
    assert [one.text for one in shown["en"]] == [
        "No",
        "22 Nov 2026",
        "22 Nov 2026 18:05",
        "12,500 CNY",
        "Yes",
        "李明",
        "换阀 · 1 Dec 2026",
    ]
    assert (shown["en"][6].header, shown["en"][6].rows) == (("What", "Due"), (("换阀", "1 Dec 2026"),))


def test_a_choice_is_ticked_by_its_typed_value_or_by_what_was_sent() -> None:
    yes, no = Option("true", "是"), Option("false", "否")
    field = Field("harm", "radio", options=(yes, no), boolean=True)
    assert field.chosen(True, yes)
    assert field.chosen("false", no)
    assert not field.chosen(None, no)
    assert Field("many", "multiselect").chosen(["true"], yes)


def test_what_has_no_english_is_shown_in_chinese() -> None:
    field = Field("a", "select", "状态", options=(Option("停用", "停用"),))
    assert (field.text("en"), field.display("停用", "en")) == ("状态", "停用")


def test_a_value_that_is_no_longer_an_option_is_shown_as_it_was_kept() -> None:
    assert Field("a", "select", "状态").display("旧值", "zh") == "旧值"
    assert Field("a", "date", "日期").display("不详", "zh") == "不详"
