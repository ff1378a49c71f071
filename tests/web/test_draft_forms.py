"""Fields of a form in a draft, without a browser: listed, edited, added, moved, removed; nothing is lost."""

import io
import json

import pytest

from tests.web.pages import Answer, Site, Visitor

HOSTILE = '"><script>alert(1)</script>{{ 7 * 7 }}'


def opened(site: Site, language: str = "zh") -> tuple[Visitor, str]:
    """The owner has begun a draft of the process whose form has every kind of field; the form's address."""
    owner = site.as_("owner", language)
    draft = owner.post("/drafts/new", process="every", title="改表单").location
    return owner, f"{draft}/forms/all.form"


def source(visitor: Visitor, form: str) -> bytes:
    """The file as it is saved."""
    data: bytes = visitor.get(form.replace("/forms/", "/files/")).response.data
    return data


def fields(visitor: Visitor, form: str) -> list[dict[str, object]]:
    """The components that are saved."""
    found: list[dict[str, object]] = json.loads(source(visitor, form))["components"]
    return found


def keys(visitor: Visitor, form: str) -> list[object]:
    """The keys in order."""
    return [each.get("key") or each.get("path") for each in fields(visitor, form)]


def inputs(page: Answer) -> dict[str, str]:
    """What the inputs of the field's page hold, as a browser would send it."""
    found: dict[str, str] = {}
    for node in page.all("//main//form[@class='form']//*[@name and not(ancestor::template)]"):
        if node.tag == "textarea":
            found[node.get("name")] = (node.text or "").removeprefix("\n")
        elif node.tag == "select":
            found[node.get("name")] = node.xpath("string(option[@selected]/@value)")
        elif node.tag == "input" and (node.get("type") != "checkbox" or node.get("checked") is not None):
            found[node.get("name")] = node.get("value", "")
    return found


def saved(visitor: Visitor, address: str, **changes: str) -> Answer:
    """Opens a field, types something else, and saves."""
    return visitor.send(address, {**inputs(visitor.get(address)), **changes})


def test_a_form_of_a_draft_opens_as_the_list_of_its_fields(site: Site) -> None:
    owner, form = opened(site)
    assert owner.get(form.replace("/forms/", "/edit/")).location.endswith("/forms/all.form")
    page = owner.get(form)
    names = [
        each.text_content().strip() for each in page.all("//ol[@class='fields']/li/div//a[@class='step']")
    ]
    assert names[:3] == ["姓名", "经过", "数量"]
    assert page.all("//li[@id='place-13']//ol//a[@class='step']")[1].text_content().strip() == "期限"


def test_saving_a_field_unedited_changes_nothing_and_makes_no_new_revision(site: Site) -> None:
    owner, form = opened(site)
    before = source(owner, form)
    for place in [str(number) for number in range(14)] + ["13.0", "13.1"]:
        assert saved(owner, f"{form}/fields/{place}").status == 302
    assert source(owner, form) == before
    assert inputs(owner.get(f"{form}/fields/0"))["revision"] == "1"


def test_an_owner_changes_a_field_without_touching_json(site: Site) -> None:
    owner, form = opened(site)
    answer = saved(
        owner, f"{form}/fields/2", label="件数", min="2", max="50", unit="件", unit_en="pcs", help="点清"
    )
    assert answer.location.endswith("#place-2")
    changed = fields(owner, form)[2]
    assert (changed["label"], changed["validate"], changed["description"]) == (
        "件数",
        {"min": 2, "max": 50},
        "点清",
    )
    assert changed["appearance"] == {"suffixAdorner": "件"}
    shown = owner.get(answer.location)
    assert "件数" in shown.text
    assert "缺少“英文说明”（help.en）" in shown.all("//*[@id='place-2']")[0].text_content()


def test_a_field_is_added_moved_and_removed(site: Site) -> None:
    owner, form = opened(site)
    before = source(owner, form)
    page = owner.get(f"{form}/new?kind=radio&at=1")
    assert page.status == 200
    answers = {"option.0.value": "", "option.0.label": "高", "option.0.label_en": "High",
               "option.4.label": "低", "option.4.label_en": "Low", "option.2.label": ""}  # fmt: skip
    typed = {
        **inputs(page),
        **answers,
        "key": "level",
        "label": "等级",
        "label_en": "Level",
        "required": "true",
    }
    assert owner.send(f"{form}/new", typed).status == 302
    assert keys(owner, form)[:3] == ["name", "level", "story"]
    added = fields(owner, form)[1]
    assert added["values"] == [{"label": "高", "value": "高"}, {"label": "低", "value": "低"}]
    assert added["properties"] == {"label.en": "Level", "option.高.en": "High", "option.低.en": "Low"}
    assert owner.post(f"{form}/fields/1/move", revision="2", to="up").location.endswith("#place-0")
    assert owner.post(f"{form}/fields/0/move", revision="3", to="down").location.endswith("#place-1")
    assert keys(owner, form)[:3] == ["name", "level", "story"]
    assert "已保存" in owner.follow(f"{form}/fields/1/remove", revision="4").text
    assert source(owner, form) == before


def test_what_is_wrong_is_said_at_its_entry_and_what_was_typed_stays(site: Site) -> None:
    owner, form = opened(site)
    before = source(owner, form)
    page = saved(
        owner, f"{form}/fields/0", key="story", label_en="Full name", max_length="many", hide_when="1 +"
    )
    assert page.status == 422
    for entry in ("key", "max_length", "hide_when"):
        assert page.all(f"//*[@id='e-{entry}-problem']")[0].text_content()
        assert page.all(f"//div[@role='alert']//a[@href='#e-{entry}']")
    assert "story" in page.all("//*[@id='e-key-problem']")[0].text_content()
    assert inputs(page)["label_en"] == "Full name"
    assert inputs(page)["max_length"] == "many"
    assert source(owner, form) == before


def test_a_name_that_nothing_sets_is_an_error_at_the_field_that_reads_it(site: Site) -> None:
    owner, form = opened(site)
    assert saved(owner, f"{form}/fields/1", required_when="nobody_knows > 1").status == 302
    shown = owner.get(form).all("//*[@id='place-1']")[0].text_content()
    assert "nobody_knows" in shown
    assert "错误" in shown
    assert "nobody_knows" in owner.get(f"{form}/fields/1").text


def test_the_page_of_the_draft_leads_from_a_problem_of_a_condition_to_its_field(site: Site) -> None:
    owner, form = opened(site)
    saved(owner, f"{form}/fields/1", required_when="nobody_knows > 1")
    (key,) = owner.get(form).all("//*[@id='place-1']//p/span[contains(@class, 'mono')]/text()")
    told = owner.get(form.partition("/forms/")[0]).all("//li[contains(., 'nobody_knows')]")
    assert [one.xpath("string(.//a/@href)") for one in told] == [
        f"{form.replace('/forms/', '/edit/')}#element-{key}"
    ]
    assert owner.get(form).all(f"//*[@id='place-1']//*[@id='element-{key}']")


def test_whoever_saves_after_somebody_else_is_told_and_loses_nothing(site: Site) -> None:
    owner, form = opened(site)
    typed = inputs(owner.get(f"{form}/fields/0"))
    saved(owner, f"{form}/fields/1", label="来龙去脉")
    after = source(owner, form)
    page = owner.send(f"{form}/fields/0", {**typed, "label": "全名"})
    assert page.status == 409
    assert inputs(page)["label"] == "全名"
    assert "owner 先生" in page.all("//*[@role='alert']")[0].text_content()
    assert owner.send(f"{form}/fields/0", {**inputs(page)}).status == 409
    new = inputs(owner.get(f"{form}/new?kind=text&at=0")) | {"revision": "1", "key": "x", "label": "x"}
    assert owner.send(f"{form}/new", new).status == 409
    for act in ("move", "remove"):
        assert "未覆盖任何内容" in owner.follow(f"{form}/fields/0/{act}", revision="1", to="down").text
    assert source(owner, form) == after


def test_answers_are_moved_added_and_taken_away_without_scripts_before_they_are_saved(site: Site) -> None:
    owner, form = opened(site)
    address = f"{form}/fields/5"
    typed = inputs(owner.get(address))
    up = owner.send(address, {**typed, "label": "现状", "_action": "option-up:1"})
    assert up.status == 200
    more = owner.send(address, {**inputs(up), "_action": "option-add"})
    held = inputs(more)
    assert [held[f"option.{number}.value"] for number in range(3)] == ["旧", "新", ""]
    less = owner.send(address, {**held, "_action": "option-remove:1"})
    assert inputs(less)["label"] == "现状"
    assert owner.send(address, {**inputs(less), "_action": "save"}).status == 302
    assert fields(owner, form)[5]["values"] == [{"label": "旧", "value": "旧"}]
    assert fields(owner, form)[5]["properties"] == {"label.en": "State", "option.旧.en": "old one"}


def test_hostile_labels_are_text_on_every_page(site: Site) -> None:
    owner, form = opened(site)
    assert (
        saved(
            owner, f"{form}/fields/0", label=HOSTILE.replace("{{", "{"), help=HOSTILE.replace("{{", "{")
        ).status
        == 302
    )
    refused = saved(owner, f"{form}/fields/0", label=HOSTILE)
    assert refused.status == 422
    assert inputs(refused)["label"] == HOSTILE
    for path in (
        form,
        f"{form}/fields/0",
        f"{form}/preview",
        f"{form}/preview?in=en",
        f"{form}/preview?in=<x>",
    ):
        page = owner.get(path)
        assert page.status == 200
        assert not [each for each in page.all("//script") if not each.get("src")]
        assert "49" not in page.text
    assert "alert(1)" in owner.get(f"{form}/preview").text


def test_the_preview_is_the_form_of_the_staff_in_the_language_asked_for(site: Site) -> None:
    owner, form = opened(site)
    saved(owner, f"{form}/fields/0", label="全名", label_en="Full name")
    chinese, english = (owner.get(f"{form}/preview?in={tongue}") for tongue in ("zh", "en"))
    assert "全名" in chinese.all("//section[@lang='zh-CN']")[0].text_content()
    piece = english.all("//section[@lang='en']")[0].text_content()
    assert "Full name" in piece
    assert "Add a row" in piece
    assert "Entries marked" in piece
    assert "为必填" not in piece
    assert "预览" in english.text


def test_the_pages_are_english_for_who_reads_english(site: Site) -> None:
    owner, form = opened(site, "en")
    assert "one line of text" in owner.get(form).text
    page = owner.get(f"{form}/fields/0")
    assert "Label in Chinese" in page.text
    assert "Must be filled in" in page.text


def test_the_title_is_changed_with_the_rest_left_alone(site: Site) -> None:
    owner, form = opened(site)
    assert owner.post(f"{form}/title", revision="1", title="全部", title_en="Everything").status == 302
    assert json.loads(source(owner, form))["properties"] == {"title": "全部", "title.en": "Everything"}


def test_reviewers_look_and_change_nothing(site: Site) -> None:
    owner, form = opened(site)
    before = source(owner, form)
    reviewer = site.as_("compliance")
    assert not reviewer.get(form).all("//main//button[@name='to']")
    assert not reviewer.get(f"{form}/fields/0").all("//main//button[not(@type='button')]")
    for path in ("title", "fields/0", "fields/99", "fields/0/move", "fields/0/remove", "new"):
        assert reviewer.post(f"{form}/{path}", revision="1", kind_new="text", at="0").status == 403
    assert source(owner, form) == before


@pytest.mark.parametrize(
    "path",
    ["fields/99", "fields/x", "fields/0.0"]
    + [f"new?kind=text&at={place}" for place in ("99", "0.0", "-1")],
)
def test_what_is_not_there_is_not_found(site: Site, path: str) -> None:
    owner, form = opened(site)
    assert owner.get(f"{form}/{path}").status == 404
    assert owner.get(form.replace("all.form", "every.bpmn")).status == 404


def test_a_form_with_errors_is_listed_and_mended_and_only_its_preview_waits(site: Site) -> None:
    owner, form = opened(site)
    broken = source(owner, form).replace(b'"key": "pieces"', b'"key": "1"')
    files = form.replace("/forms/", "/files/")
    assert owner.post(files, content=(io.BytesIO(broken), "x"), revision="1").status == 200
    assert "1" in owner.get(form).all("//*[@id='place-2']//ul[@class='problems']")[0].text_content()
    assert "有错误的表单" in owner.get(f"{form}/preview").text
    assert saved(owner, f"{form}/fields/2", key="pieces").status == 302
    assert "有错误的表单" not in owner.get(f"{form}/preview").text


def test_what_cannot_stand_in_a_table_is_refused_at_the_choice_of_its_kind(site: Site) -> None:
    owner, form = opened(site)
    page = owner.get(f"{form}/new?kind=section&at=13.1")
    assert page.status == 422
    assert "表格的列" in page.all("//select[@name='kind'][@aria-invalid]/..//*[@id='kind-problem']")[0].text
    chosen = [each.get("value") for each in page.all("//form//select[@name]/option[@selected]")]
    assert chosen == ["section", "13.1"]
    assert owner.get(f"{form}/new?kind=text&at=13.1").status == 200
    before = source(owner, form)
    sent = {"revision": "1", "kind_new": "file", "at": "13.1", "key": "x", "label": "新"}
    refused = owner.send(f"{form}/new", sent)
    assert refused.status == 422
    assert "表格的列" in refused.all("//div[@role='alert']")[0].text_content()
    assert source(owner, form) == before


def test_an_unknown_kind_is_no_choice(site: Site) -> None:
    owner, form = opened(site, "en")
    page = owner.get(f"{form}/new?kind=rocket&at=0")
    assert page.status == 422
    assert "Not one of the choices" in page.all("//*[@id='kind-problem']")[0].text


def test_a_field_that_is_gone_is_told_of_as_gone_and_what_was_typed_of_it_stays(site: Site) -> None:
    owner, form = opened(site, "en")
    last = len(fields(owner, form)) - 1
    page = owner.get(f"{form}/fields/{last}")
    typed = inputs(page) | {"label": "写了很久"}
    owner.post(f"{form}/fields/{last}/remove", revision="1")
    for action, status in (("save", 409), ("option-add", 200)):
        late = owner.send(f"{form}/fields/{last}", {**typed, "_action": action})
        assert late.status == status
        assert "no longer there" in late.all("//*[@role='alert']")[0].text_content()
        assert "New field" not in late.text
        assert not late.all("//input[@name='kind_new']")
        assert not late.all("//button[@value='save']")  # there is nothing to save it into
        assert inputs(late)["label"] == "写了很久"


def test_whoever_does_not_say_of_which_kind_he_tells_changes_nothing(site: Site) -> None:
    owner, form = opened(site)
    before = source(owner, form)
    for kind in ({}, {"kind_now": "number"}, {"kind_now": "rocket"}):
        answer = owner.send(f"{form}/fields/0", {"revision": "1", "label": "新", **kind})
        assert answer.status == 422
        assert "另一种字段" in answer.all("//*[@role='alert']")[0].text_content()
    assert source(owner, form) == before


def test_a_box_that_is_unticked_beforehand_is_called_so(site: Site) -> None:
    owner, form = opened(site, "en")
    place = next(i for i, each in enumerate(fields(owner, form)) if each["type"] == "checkbox")
    unticked = json.loads(source(owner, form))
    unticked["components"][place]["defaultValue"] = False
    text = json.dumps(unticked, ensure_ascii=False).encode()
    owner.post(form.replace("/forms/", "/files/"), content=(io.BytesIO(text), "x"), revision="1")
    page = owner.get(f"{form}/fields/{place}")
    offered = [(each.get("value"), each.text) for each in page.all("//select[@name='default']/option")]
    assert offered == [("false", "not ticked"), ("true", "ticked")]


@pytest.mark.parametrize(("title", "title_en"), [("=x", "x"), ("", "x"), ("好", "{{x}}"), ("长" * 201, "x")])
def test_a_title_that_cannot_be_one_is_refused_at_its_entry_and_stays_there(
    site: Site, title: str, title_en: str
) -> None:
    owner, form = opened(site)
    before = source(owner, form)
    page = owner.post(f"{form}/title", revision="1", title=title, title_en=title_en)
    assert page.status == 422
    held = [each.get("value") for each in page.all("//input[@name='title' or @name='title_en']")]
    assert held == [title, title_en]
    assert len(page.all("//input[@aria-invalid]/..//*[@class='problem']")) == 1
    assert source(owner, form) == before


def test_a_problem_belongs_to_the_fields_that_read_the_name_and_to_no_others(site: Site) -> None:
    """Whatever words stand in the message: here the file of the form is called as the name is."""
    owner, form = opened(site)
    saved(owner, f"{form}/fields/1", required_when="level_x > 1")
    saved(owner, f"{form}/fields/2", hide_when='name = "level_x"')
    page = owner.get(form)
    said = "//*[@id='place-{}']/div//li[contains(., 'level_x')]"
    told = [place for place in range(14) if page.all(said.format(place))]
    assert told == [1]
