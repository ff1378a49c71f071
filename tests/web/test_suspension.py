"""Cases and processes that are held, on their pages: who may, what is said, what still works."""

import pytest

from tests.drive import Case
from tests.engine.bpmn_text import diagram, flow
from tests.engine.houses import END, START, field, task
from tests.web.pages import Site

SMALL = {
    "h.bpmn": diagram(
        START + task("UT_do", field("note")) + END + flow("SE", "UT_do") + flow("UT_do", "EE_done"),
        process_id="h", attributes='name="小流程"',
    )
}  # fmt: skip


@pytest.fixture
def case(site: Site) -> Case:
    """A case with one open task."""
    site.house.deploy(SMALL)
    return site.case("h", gist="x")


def test_a_lead_holds_a_case_and_lets_it_go_on(site: Site, case: Case) -> None:
    lead, page = site.as_("qa_lead"), f"/instances/{case.id}"
    assert "暂停案件" in lead.get(page).text
    held = lead.follow(f"{page}/suspend", reason="等待样品")
    assert "案件已暂停" in held.text
    assert held.all("//*[contains(@class, 'badge warn')][contains(., '已暂停')]")
    assert "等待样品" in held.text
    assert "恢复案件" in held.text
    freed = lead.follow(f"{page}/activate", reason="样品已到")
    assert "案件已恢复" in freed.text
    assert "该案件已暂停" not in freed.text


def test_lists_mark_what_is_held(site: Site, case: Case) -> None:
    mark = "//tr[contains(., '{}')]//*[contains(@class, 'badge warn')][contains(., '已暂停')]"
    cs, marked = site.as_("cs"), mark.format(case.business_key)
    assert not cs.get("/?view=group").all(marked)
    site.as_("qa_lead").post(f"/instances/{case.id}/suspend", reason="等待样品")
    for page in ("/?view=group", "/instances"):
        assert cs.get(page).all(marked)
    site.as_("qa_lead").post(f"/instances/{case.id}/cancel", reason="误报")
    assert not cs.get("/instances").all(marked)


def test_without_a_reason_the_form_comes_back(site: Site, case: Case) -> None:
    lead, page = site.as_("qa_lead"), f"/instances/{case.id}"
    asked = lead.post(f"{page}/suspend", reason=" ")
    assert asked.status == 422
    assert asked.all("//*[@id='suspend-problem']")
    assert not asked.all("//*[@id='cancel']")
    assert not case.view().suspended


def test_the_task_page_says_why_nothing_can_be_done_but_a_draft_be_saved(site: Site, case: Case) -> None:
    address, cs = site.task(case, "UT_do"), site.as_("cs")
    site.as_("qa_lead").post(f"/instances/{case.id}/suspend", reason="等待样品")
    page = cs.get(address)
    assert "该案件已暂停，恢复之前无法办理。" in page.text
    assert page.all("//form[@id='form']//button[@name='_action']/@value") == ["draft", "draft"]
    assert not page.all("//form[contains(@action, '/claim')]")
    revision = page.all("//input[@name='_revision']/@value")[0]
    saved = cs.follow(address, note="写了一半", _action="draft", _revision=revision)
    assert saved.all("//*[@id='f-note']/@value") == ["写了一半"]
    english = site.as_("cs2", "en").get(address)
    assert "This case is suspended: nobody can move it until it is activated again." in english.text


def test_who_typed_meanwhile_loses_nothing(site: Site, case: Case) -> None:
    address, cs = site.task(case, "UT_do"), site.as_("cs")
    revision = cs.get(address).all("//input[@name='_revision']/@value")[0]
    site.as_("qa_lead").post(f"/instances/{case.id}/suspend", reason="等待样品")
    refused = cs.send(address, {"_action": "complete", "_revision": revision, "note": "写了很久"})
    assert refused.status == 409
    assert "写了很久" in refused.text
    assert "已暂停" in refused.text


@pytest.mark.parametrize("who", ["cs", "compliance", "vp"])
def test_others_are_offered_nothing_and_refused(site: Site, case: Case, who: str) -> None:
    other = site.as_(who)
    assert not other.get(f"/instances/{case.id}").all("//*[@id='suspend']")
    assert other.post(f"/instances/{case.id}/suspend", reason="x").status == 403
    assert other.post("/processes/h/versions/1/suspend", reason="x").status == 403


def test_twice_is_said(site: Site, case: Case) -> None:
    lead, page = site.as_("qa_lead"), f"/instances/{case.id}"
    lead.post(f"{page}/suspend", reason="x")
    assert "已经处于暂停状态" in lead.follow(f"{page}/suspend", reason="x").text
    owner, process = site.as_("owner"), "/processes/h/versions/1"
    assert "并未暂停" in owner.follow(f"{process}/activate", reason="x").text


def test_an_owner_holds_a_process_and_nobody_starts_it(site: Site, case: Case) -> None:
    owner, staff = site.as_("owner"), site.as_("staff")
    assert owner.post("/processes/h/versions/1/suspend", reason="").status == 422
    held = owner.follow("/processes/h/versions/1/suspend", reason="表单有误")
    assert "该版本已暂停" in held.text
    assert "表单有误" in held.text
    assert not held.all("//a[contains(@href, '/processes/h/start')]")
    assert not staff.get("/processes").all("//a[contains(@href, '/processes/h/start')]")
    assert "小流程" in staff.get("/processes").text
    sent = staff.post("/processes/h/start", gist="x", _action="complete")
    for answer in (staff.get("/processes/h/start"), sent):
        assert answer.status == 409
        assert "该流程已暂停" in answer.text
    freed = owner.follow("/processes/h/versions/1/activate", reason="已更正")
    assert "暂停与恢复记录" in freed.text
    assert staff.get("/processes/h/start").status == 200
