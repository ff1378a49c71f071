"""Reading `.form` files: what the form editor writes is understood, what is wrong is named with its line."""

import json
import re

import pytest

from engine.diagram.forms import Form, check_form, read_form
from engine.errors import BundleRefused, Problem
from tests.engine.form_world import as_file, cleaned, drawn, faulty

Component = dict[str, object]


def text(key: str = "name", **more: object) -> Component:
    return {"type": "textfield", "key": key, "label": "名", "properties": {"label.en": "Name"}} | more


def refused(data: bytes) -> list[Problem]:
    with pytest.raises(BundleRefused) as refusal:
        read_form(data, "test.form")
    return list(refusal.value.problems)


def codes(*components: Component) -> list[str]:
    return [problem.code for problem in refused(as_file(*components))]


def warned(*components: Component) -> list[str]:
    return [problem.code for problem in check_form(as_file(*components), "test.form")]


def types(form: Form) -> list[tuple[str, str]]:
    return [(field.key, field.type) for field in form.fields]


def choice(kind: str, key: str, **properties: str) -> Component:
    values = [{"label": "甲", "value": "a"}, {"label": "乙", "value": "b"}]
    return {"type": kind, "key": key, "label": key, "values": values, "properties": properties}


def test_every_component_of_the_form_editor_has_its_field() -> None:
    form = drawn(
        {"type": "text", "id": "T1", "text": "# 标题"},
        {"type": "html", "id": "T2", "content": "<p>请 <b>注意</b><script>x</script></p>"},
        {"type": "separator", "id": "S1"},
        {"type": "spacer", "id": "S2"},
        text("a"),
        {"type": "textarea", "key": "b", "label": "b"},
        {
            "type": "number",
            "key": "c",
            "label": "c",
            "decimalDigits": 0,
            "appearance": {"suffixAdorner": "元"},
        },
        {"type": "datetime", "subtype": "date", "dateLabel": "日期", "key": "d", "disallowPassedDates": True},
        {"type": "datetime", "subtype": "datetime", "dateLabel": "时间", "key": "e"},
        choice("select", "f"),
        choice("radio", "g"),
        choice("checklist", "h"),
        choice("taglist", "i"),
        {"type": "checkbox", "key": "j", "label": "j"},
        {"type": "filepicker", "key": "k", "label": "k", "multiple": True, "accept": ".jpg,.png"},
        choice("select", "l", **{"source": "user", "source.group": "cs"}),
        choice("taglist", "m", source="group"),
        {"type": "dynamiclist", "path": "n", "label": "n", "components": [text("x"), text("y")]},
        {"type": "button", "action": "submit", "label": "提交", "id": "B1"},
    )
    assert types(form) == [
        ("T1", "heading"),
        ("T2", "paragraph"),
        ("S1", "separator"),
        *zip("abcde", ("text", "textarea", "number", "date", "datetime"), strict=True),
        *zip("fghij", ("select", "radio", "multiselect", "multiselect", "checkbox"), strict=True),
        *zip("klmn", ("file", "user", "group", "table"), strict=True),
    ]
    assert [column.key for column in form.field("n").columns] == ["x", "y"]
    assert (form.field("c").decimals, form.field("c").unit) == (0, "元")
    assert form.field("d").not_before is not None
    assert (form.field("k").accept, form.field("k").multiple) == ((".jpg", ".png"), True)
    assert (form.field("l").group, form.field("l").multiple, form.field("m").multiple) == ("cs", False, True)


def test_groups_become_a_heading_and_their_fields_and_hide_both() -> None:
    inner = {
        "type": "group",
        "id": "G2",
        "label": "",
        "components": [text("b")],
        "conditional": {"hide": "=not (y)"},
    }
    form = drawn(
        text("x"),
        text("y"),
        {
            "type": "group",
            "id": "G1",
            "label": "组",
            "components": [text("a"), inner],
            "conditional": {"hide": "=x"},
        },
    )
    assert types(form)[2:] == [("G1", "heading"), ("a", "text"), ("b", "text")]
    assert cleaned(form, {"x": "1", "y": "1", "a": "1", "b": "1"}) == {
        "x": "1",
        "y": "1",
        "a": None,
        "b": None,
    }
    assert cleaned(form, {"a": "1", "b": "1"}) == {"x": None, "y": None, "a": "1", "b": None}


def test_a_negated_hide_condition_reads_as_the_plain_condition_to_be_shown() -> None:
    form = drawn(text("a"), text("b", conditional={"hide": '=not (a == "1")'}))
    condition = form.field("b").show_when
    assert condition is not None
    assert condition.source == 'a == "1"'


def test_a_negation_of_only_the_first_part_is_not_mistaken_for_one_of_the_whole() -> None:
    form = drawn(text("a"), text("b"), text("c", conditional={"hide": "=not (a) and (b)"}))
    assert cleaned(form, {"b": "1", "c": "1"})["c"] is None
    assert cleaned(form, {"a": "1", "b": "1", "c": "1"})["c"] == "1"


def test_fields_that_share_a_row_say_so() -> None:
    form = drawn(
        text("a", layout={"row": "Row_1", "columns": 6}), text("b", layout={"row": "Row_1", "columns": 10})
    )
    assert [(field.row, field.width) for field in form.fields] == [("Row_1", 6), ("Row_1", 10)]


def test_validation_of_the_form_editor_binds() -> None:
    form = drawn(
        text("a", validate={"required": True, "minLength": 2, "maxLength": 4, "pattern": "^[a-z]+$"}),
        text("b", validate={"validationType": "email"}),
        {"type": "number", "key": "c", "label": "c", "validate": {"min": 1, "max": "5"}},
    )
    assert faulty(form, {"a": "abc", "b": "x@example.com", "c": 5}) == []
    assert faulty(form, {"a": "ABC", "b": "x", "c": 6}) == ["a", "b", "c"]


def test_all_problems_of_a_file_are_named_at_once_with_line_and_element() -> None:
    data = as_file(
        text("ok"),
        text("class"),
        {"type": "iframe", "id": "Frame_1", "url": "https://example.com"},
        text("ok"),
        text("slow", validate={"pattern": "^(a+)+$"}),
    )
    lines = data.decode().splitlines()
    found = refused(data)
    assert [(problem.element, problem.code) for problem in found] == [
        ("class", "bad_key"),
        ("Frame_1", "unknown_component"),
        ("ok", "duplicate_key"),
        ("slow", "bad_pattern"),
    ]
    for problem in found:
        assert problem.file == "test.form"
        assert lines[problem.line - 1][problem.column - 1] == "{"
        assert any(problem.element in line for line in lines[problem.line : problem.line + 4])
        assert problem.zh != problem.en


@pytest.mark.parametrize(
    ("component", "code"),
    [
        (text("typename"), "reserved_key"),
        (text("_x"), "reserved_key"),
        (text("a.b"), "bad_key"),
        (text("a b"), "bad_key"),
        (text(""), "bad_key"),
        (text("x" * 65), "bad_key"),
        ({"type": "expression", "key": "x", "expression": "=1"}, "unknown_component"),
        ({"type": "table", "id": "x", "dataSource": "=rows"}, "unknown_component"),
        ({"key": "x"}, "unknown_component"),
        ({"type": "group", "id": "x", "components": ["text"]}, "not_components"),
        ({"type": "group", "id": "x", "components": {"a": 1}}, "not_components"),
        ({"type": "datetime", "subtype": "time", "key": "x", "dateLabel": "x"}, "unknown_component"),
        ({"type": "dynamiclist", "path": "x", "label": "x", "components": []}, "no_columns"),
        ({"type": "group", "path": "x", "label": "x", "components": []}, "group_path"),
        ({"type": "select", "key": "x", "label": "x", "values": []}, "bad_options"),
        ({"type": "radio", "key": "x", "label": "x", "values": [{"value": 1, "label": "1"}]}, "bad_option"),
        ({"type": "select", "key": "x", "label": "x", "valuesKey": "y"}, "unsupported"),
        ({"type": "number", "key": "x", "label": "x", "serializeToString": True}, "unsupported"),
        ({"type": "number", "key": "x", "label": "x", "validate": {"min": 5, "max": 1}}, "crossed_bounds"),
        ({"type": "number", "key": "x", "label": "x", "validate": {"min": "=y"}}, "bad_bound"),
        ({"type": "number", "key": "x", "label": "x", "defaultValue": "many"}, "bad_default"),
        (choice("radio", "x", boolean="true"), "bad_boolean"),
        (choice("select", "x", source="world"), "bad_source"),
        (text(validate={"maxLength": 10_001}), "bad_bound"),
        (text(validate={"minLength": -1}), "bad_bound"),
        (text(validate={"validationType": "iban"}), "unknown_validation"),
        (text(validate={"luhn": True}), "unknown_validation"),
        (text(validate={"pattern": 5}), "bad_bound"),
        (text(label="=name"), "expression_in_text"),
        (text(description="{{name}}"), "expression_in_text"),
        (text(readonly="=x"), "bad_bound"),
        (text(conditional={"hide": "x"}), "bad_conditional"),
        (text(conditional={"hide": "=x", "show": "=y"}), "bad_conditional"),
        (text(conditional={"hide": "=x +"}), "bad_expression"),
        (text(properties={"required.when": "__import__('os')"}), "bad_expression"),
        (text(properties={"not_after": "lambda: 1"}), "bad_expression"),
        (text(properties={"personal": "yes"}), "bad_property"),
        (text(properties={"rows.max": "100000"}), "bad_property"),
    ],
)
def test_what_we_cannot_do_exactly_as_drawn_is_refused(component: Component, code: str) -> None:
    assert code in codes(component)


def test_the_same_option_twice_is_refused() -> None:
    values = [{"label": "甲", "value": "a"}, {"label": "乙", "value": "a"}]
    assert codes({"type": "select", "key": "x", "label": "x", "values": values}) == ["duplicate_option"]


def test_a_table_cannot_hold_a_table() -> None:
    inner = {"type": "dynamiclist", "path": "y", "label": "y", "components": [text()]}
    outer = {"type": "dynamiclist", "path": "x", "label": "x", "components": [text("a"), inner]}
    assert codes(outer) == ["unknown_component"]


def test_a_column_may_have_the_key_of_a_field_outside_but_not_of_another_column() -> None:
    assert drawn(text("a"), {"type": "dynamiclist", "path": "t", "label": "t", "components": [text("a")]})
    assert codes({"type": "dynamiclist", "path": "t", "components": [text("a"), text("a")]}) == [
        "duplicate_key"
    ]


def test_a_form_of_thousands_of_components_is_refused() -> None:
    assert "too_large" in codes(*(text(f"f{n}") for n in range(400)))


def test_groups_within_groups_have_an_end() -> None:
    node = text()
    for depth in range(8):
        node = {"type": "group", "id": f"G{depth}", "label": "", "components": [node]}
    assert codes(node) == ["too_large"]


def test_missing_english_and_labels_and_unknown_properties_are_warnings() -> None:
    assert warned(text(properties={})) == ["missing_english"]
    assert warned(text(label="")) == ["missing_label"]
    assert warned(text(properties={"label.en": "Name", "labell.en": "Name"})) == ["unknown_property"]
    assert warned({**choice("radio", "x", **{"label.en": "X", "option.a.en": "A"})}) == ["missing_english"]
    assert read_form(as_file(text(properties={})), "test.form").field("name").text("en") == "名"


def test_a_form_without_titles_or_under_another_file_name_is_warned_of() -> None:
    data = json.dumps({"components": [], "type": "default", "id": "test"}).encode()
    assert [problem.code for problem in check_form(data, "other.form")] == [
        "id_not_file_name",
        "missing_title",
    ]
    assert read_form(data, "bpmn/forms/other.form").key == "test"


@pytest.mark.parametrize(
    ("component", "zh", "en"),
    [
        (text(properties={"required.when": "a ="}), "“何时必填”（required.when）", "“must be filled in when"),
        (text(conditional={"hide": "=a +"}), "“何时隐藏”（conditional.hide）：", "“hidden when”"),
        (text(conditional={"hide": "a"}), "如 =amount <= 1000", "such as =amount <= 1000"),
        (text(validate={"minLength": "x"}), "“最少字数”（minLength）不能是“x”", "a whole number"),
        (text(validate={"required": "=x"}), "写在“何时必填”", "goes into “must be filled in"),
        (text(validate={"pattern": "a(b"}), "第 2 个字符附近写法有误", "wrong near character 2"),
        (text(properties={"personal": "yes"}), "只能是 true 或 false", "only true and false are possible"),
        (text("total amount"), "如 contact_phone", "as in contact_phone"),
    ],
)
def test_a_problem_says_where_in_the_words_of_the_page_and_what_to_write(
    component: dict[str, object], zh: str, en: str
) -> None:
    found = refused(as_file(component))
    assert any(zh in problem.zh for problem in found), [problem.zh for problem in found]
    assert any(en in problem.en for problem in found), [problem.en for problem in found]


def test_what_lacks_its_english_is_named_in_words() -> None:
    (problem,) = check_form(as_file(choice("radio", "x", **{"option.a.en": "A"})), "test.form")
    assert problem.zh == "缺少“英文标签”（label.en）、选项“b”的英文（option.b.en）。"
    en = "It lacks “label in English” (label.en), the English of the answer “b” (option.b.en)."
    assert problem.en == en


@pytest.mark.parametrize(
    ("content", "zh"),
    [
        ('{"a": 1 "b": 2}', "少了逗号"),
        ('{"a": }', "少了值"),
        ("{a: 1}", "名称须加英文双引号"),
        ('{"a" 1}', "少了冒号"),
        ('{"a": "b}', "没有结束的引号"),
        ("{} {}", "后面多了内容"),
    ],
)
def test_what_is_no_json_is_told_without_the_words_of_its_reader(content: str, zh: str) -> None:
    (problem,) = refused(content.encode())
    assert problem.code == "not_json"
    assert zh in problem.zh
    assert not re.search("[A-Za-z]", problem.zh)
