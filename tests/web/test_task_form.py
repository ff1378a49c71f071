"""A task's form: drawn from the regulation, errors at the field, drafts, rows, signing, losing a race."""

import pytest
from sqlalchemy import select, update

from engine import Field
from engine.storage.models import AccessLog, Person
from tests.drive import PASSWORD
from tests.web.pages import Site
from web.choices import Choices

FILLED = {
    "name": "王",
    "story": "第一行\r\n第二行",
    "pieces": "3",
    "day": "2026-11-22",
    "moment": "2026-11-22T18:00",
    "state": "旧",
    "ours": "是",
    "kinds": ["甲", "丙"],
    "urgent": "true",
    "owner": "qa",
    "depts": ["qa", "dept"],
    "actions.0.what": "更换",
    "actions.0.due": "2026-12-01",
}


def test_every_kind_of_field_is_drawn_with_its_label(site: Site) -> None:
    page = site.as_("cs").get(site.task(site.case(name="甲")))
    kinds = {
        "f-name": "input", "f-story": "textarea", "f-pieces": "input", "f-day": "input", "f-moment": "input",
        "f-state": "select", "f-owner": "select", "f-urgent": "input", "f-photos": "input",
        "f-ours-set": "fieldset", "f-kinds-set": "fieldset", "f-depts-set": "fieldset",
        "f-actions-set": "fieldset",
    }  # fmt: skip
    for id, tag in kinds.items():
        assert page.all(f"//*[@id='{id}']")[0].tag == tag
        named = page.all(f"//label[@for='{id}'] | //fieldset[@id='{id}']/legend") or page.all(
            f"//*[@id='{id}'][@aria-label]"
        )
        assert named, id


def test_the_page_says_what_the_diagram_says_in_the_language_of_the_person(site: Site) -> None:
    address = site.task(site.case(name="甲"))
    assert "填写全部字段。" in site.as_("cs").get(address).text
    english = site.as_("cs2", "en").get(address)
    assert "Fill in every field." in english.text
    assert "填写" not in english.text
    assert english.all("//h1")[0].text_content() == "Fill it in"


def test_a_filled_form_completes_the_task_and_its_values_are_typed(site: Site) -> None:
    case = site.case(name="甲")
    answer = site.as_("cs").send(site.task(case), FILLED)
    assert (answer.status, answer.location) == (302, "/")
    values = case.view().submissions[-1].values
    assert values["story"] == "第一行\n第二行"
    assert values["pieces"] == 3
    assert values["moment"] == "2026-11-22T18:00:00+08:00"
    assert values["kinds"] == ["甲", "丙"]
    assert values["urgent"] is True
    assert values["actions"] == [{"what": "更换", "due": "2026-12-01"}]
    assert case.ended_at == "已完成"


def test_problems_stand_at_their_fields_and_what_was_typed_stays(site: Site) -> None:
    case = site.case(name="甲")
    wrong = {
        **FILLED,
        "name": "",
        "pieces": "many",
        "day": "2026-02-30",
        "actions.0.due": "soon",
        "ours": "否",
    }
    page = site.as_("cs").send(site.task(case), wrong)
    assert page.status == 422
    for path in ("name", "pieces", "day", "actions.0.due", "reason"):
        assert page.problem(path), path
    assert page.all("//input[@id='f-pieces']/@value") == ["many"]
    assert page.all("//textarea[@id='f-story']")[0].text.strip() == "第一行\n第二行"
    assert page.all("//input[@name='kinds'][@checked]/@value") == ["甲", "丙"]
    assert case.open_tasks() == ["UT_fill"]


def test_the_summary_of_problems_links_to_the_fields(site: Site) -> None:
    page = site.as_("cs").send(site.task(site.case(name="甲")), {"name": "", "pieces": "0"})
    links = page.all("//div[@role='alert']//a/@href")
    assert len(links) == 2
    for link in links:
        assert page.all(f"//*[@id='{link[1:]}']")


@pytest.mark.parametrize(
    "key", ["typename", "_secret", "nobody.asked", "actions.0.salary", "actions.x", "name2"]
)
def test_an_input_nobody_asked_for_is_refused(site: Site, key: str) -> None:
    case = site.case(name="甲")
    answer = site.as_("cs").send(site.task(case), {**FILLED, key: "1"})
    assert answer.status == 400
    assert case.open_tasks() == ["UT_fill"]


def test_a_draft_is_kept_with_the_task_and_comes_back(site: Site) -> None:
    case = site.case(name="甲")
    cs, address = site.as_("cs"), site.task(case)
    saved = cs.follow(address, name="", story="半截", _action="draft")
    assert "草稿已保存" in saved.text
    again = site.as_("cs").get(address)
    assert again.all("//textarea[@id='f-story']")[0].text.strip() == "半截"
    assert "草稿保存于" in again.text


def test_rows_are_added_and_removed_without_a_script(site: Site) -> None:
    cs, address = site.as_("cs"), site.task(site.case(name="甲"))
    rows = "//fieldset[@id='f-actions-set']//tbody/tr"
    assert len(cs.get(address).all(rows)) == 1
    added = cs.send(address, {**FILLED, "_action": "add:actions"})
    assert added.status == 200
    assert len(added.all(rows)) == 2
    assert added.all("//input[@name='actions.0.what']/@value") == ["更换"]
    assert added.all("//input[@id='f-name']/@value") == ["王"]
    removed = cs.send(address, {**FILLED, "_action": "remove:actions.0"})
    assert removed.all("//input[@name='actions.0.what']/@value") == [""]


def test_rows_left_blank_are_not_submitted(site: Site) -> None:
    case = site.case(name="甲")
    blank = {"actions.0.what": "", "actions.0.due": "", "actions.1.what": "紧固", "actions.7.what": ""}
    site.as_("cs").send(site.task(case), {"name": "王", **blank})
    assert [row["what"] for row in case.view().submissions[-1].values["actions"]] == ["紧固"]


def test_a_field_that_depends_on_another_says_when_it_applies(site: Site) -> None:
    page = site.as_("cs").get(site.task(site.case(name="甲")))
    assert "“是否我方？”为“否”时填写" in page.all("//p[@id='f-reason-note']")[0].text_content()


@pytest.mark.parametrize(("ours", "applies"), [("是", False), ("否", True), ("", False)])
def test_the_server_says_which_fields_apply_while_somebody_types(
    site: Site, ours: str, applies: bool
) -> None:
    case = site.case(name="甲")
    address = site.task(case)
    live = site.as_("cs").post(address + "/conditions", name="x", ours=ours).response.get_json()
    assert ("reason" in live["visible"]) is applies
    assert ("reason" in live["required"]) is (ours == "否")
    assert case.open_tasks() == ["UT_fill"]


def test_a_signed_task_asks_for_the_password_and_keeps_the_answers(site: Site) -> None:
    case = site.case("p", gist="漏水")
    case.complete("UT_do", "cs", note="修好")
    qa, address = site.as_("qa"), site.task(case, "UT_check")
    assert "您的签名：审核" in qa.get(address).text
    missing = qa.send(address, {"good": "true"})
    assert missing.status == 422
    assert missing.problem("_password")
    wrong = qa.send(address, {"good": "true", "_password": "guess"})
    assert "密码不正确" in wrong.problem("_password")
    assert "guess" not in wrong.response.get_data(as_text=True)
    assert qa.send(address, {"good": "true", "_password": PASSWORD}).status == 302
    assert case.view().submissions[-1].signature


def test_who_may_not_complete_a_task_is_told_why(site: Site) -> None:
    case = site.case(name="甲")
    address = site.task(case)
    page = site.as_("compliance").get(address)
    assert "cs 组" in page.all("//p[@role='note']")[0].text_content()
    assert not page.all("//form[@id='form']")
    assert site.as_("compliance").send(address, FILLED).status == 403
    assert site.as_("dept").get(address).status == 404


def test_the_slower_of_two_is_told_who_was_faster_and_keeps_the_words(site: Site) -> None:
    case = site.case(name="甲")
    address = site.task(case)
    first, second = site.as_("cs"), site.as_("cs2")
    assert first.send(address, FILLED).status == 302
    late = second.send(address, {**FILLED, "story": "我写了很久"})
    assert late.status == 409
    assert "cs 先生" in late.text
    assert "我写了很久" in late.text


@pytest.mark.parametrize("verb", ["", "/claim", "/release", "/assign", "/delegate", "/recall"])
def test_who_may_not_see_a_closed_task_is_not_told_who_closed_it(site: Site, verb: str) -> None:
    address = site.task(site.case(name="甲"))
    assert site.as_("cs").send(address, FILLED).status == 302
    refused = site.as_("dept").send(address + verb, {"person": "cs", "reason": "x"})
    assert refused.status == 404
    assert "cs 先生" not in refused.text


def test_a_page_older_than_the_task_is_refused(site: Site) -> None:
    case = site.case(name="甲")
    address = site.task(case)
    cs = site.as_("cs")
    revision = cs.get(address).all("//input[@name='_revision']/@value")[0]
    cs.send(address, {"name": "x", "_action": "draft", "_revision": revision})
    stale = cs.send(address, {**FILLED, "_revision": revision})
    assert stale.status == 409
    assert case.open_tasks() == ["UT_fill"]


def test_what_was_done_before_stands_beside_the_form_newest_first(site: Site) -> None:
    case = site.case("p", gist="漏水", phone="13800001234")
    case.complete("UT_do", "cs", note="拧紧螺栓")
    names = site.as_("qa").get(site.task(case, "UT_check")).all("//aside//summary/strong/text()")
    assert names[0] == "做do"
    assert len(names) == 2


def test_personal_data_is_masked_for_who_need_not_see_it(site: Site) -> None:
    case = site.case("p", gist="漏水", phone="13800001234")
    case.complete("UT_do", "cs", note="拧紧螺栓")
    page = site.as_("qa").get(site.task(case, "UT_check"))
    assert "13800001234" not in page.response.get_data(as_text=True)
    assert "138****1234" in page.text


def test_a_refused_form_that_shows_personal_data_again_is_logged_and_an_accepted_one_shows_none(
    site: Site,
) -> None:
    case = site.case("p", gist="漏水", phone="13800001234")
    address, cs = site.task(case, "UT_do"), site.as_("cs")

    def logged() -> list[str]:
        site.house.session.rollback()
        seen = select(AccessLog.detail).where(AccessLog.action == "personal_data_seen")
        return [detail["where"] for detail in site.house.session.scalars(seen)]

    refused = cs.post(address, note="", _action="complete")
    assert (refused.status, "13800001234" in refused.text) == (422, True)
    assert logged() == [f"task {case.task('UT_do').id}"]
    assert cs.post(address, note="拧紧螺栓", _action="complete").status == 302
    assert len(logged()) == 1


def test_claiming_giving_back_and_handing_over(site: Site) -> None:
    case = site.case(name="甲")
    address = site.task(case)
    cs = site.as_("cs")
    cs.post(address + "/claim")
    assert site.as_("cs2").post(address + "/claim").status in (403, 409)
    assert cs.post(address + "/release").location == "/?view=group"
    cs.post(address + "/claim")
    assert cs.post(address + "/assign", person="cs2", reason="").status == 422
    assert cs.post(address + "/assign", person="cs2", reason="休假").location == "/"
    assert case.task("UT_fill").assignee == "cs2"


def test_handing_over_is_offered_only_where_somebody_else_can_take_the_task(site: Site) -> None:
    case = site.case(name="甲")
    address = site.task(case)
    assert site.as_("cs").get(address).all("//button[@popovertarget='assign']")
    site.house.session.execute(update(Person).where(Person.id == "cs2").values(active=False))
    site.house.session.commit()
    page = site.as_("cs").get(address)
    assert page.all("//form[contains(@action, '/claim')]")
    assert not page.all("//button[@popovertarget='assign'] | //*[@id='assign']")


def test_a_field_limited_to_some_groups_offers_no_others(site: Site) -> None:
    choices = Choices(site.house.session, "zh")
    assert ("vp", "vp 组") in choices.of(Field("d", "group"))
    limited = Field("d", "group", group="qa, dept, nobody")
    assert choices.of(limited) == [("dept", "dept 组"), ("qa", "qa 组")]


def test_there_is_nothing_at_an_unknown_task(site: Site) -> None:
    for path in ("/tasks/nothing", "/tasks/" + "x" * 300):
        assert site.as_("cs").get(path).status == 404
