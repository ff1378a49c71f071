"""Decision tables in a browser: an owner changes a rule of a shipped table, and cases would be decided so."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from engine.diagram.decisions import read_decision
from tests.web.browser import Clicker
from tests.web.conftest import LivedIn
from tests.web.test_browser_modeler import begin, choose, open_file

pytestmark = [pytest.mark.browser, pytest.mark.long]
Visit = Callable[..., Clicker]
NAME = "approval_level.dmn"


def owner(visit: Visit, office: LivedIn, language: str = "zh") -> Page:
    """An owner at a browser, who reads in `language` whatever he has read in before."""
    page = visit(office.office, language).sign_in("jiang.bo").page
    if not (page.locator("html").get_attribute("lang") or "").startswith(language):
        page.locator("details.me > summary").click()
        page.locator("details.me button[name=language]").click()
        expect(page.locator(f"html[lang^={language}]")).to_be_attached()
    return page


def open_table(page: Page, draft: str, name: str = NAME) -> None:
    """Opens a decision table from the page of its draft."""
    page.goto(draft)
    page.get_by_role("link", name=name, exact=True).click()
    page.locator("#t0-rules").wait_for()


def decided(page: Page, draft: str, **facts: object) -> dict[str, object]:
    """What the table decides as it is saved."""
    return read_decision(page.request.get(f"{draft}/files/{NAME}").body(), NAME).decide(facts)


def test_an_error_is_shown_at_its_cell_and_goes_when_it_is_mended(lived_in: LivedIn, visit: Visit) -> None:
    page = owner(visit, lived_in, "en")
    open_table(page, begin(page))
    cell = page.get_by_label("Rule 2: severity", exact=True)
    cell.fill('"terrible"')
    page.get_by_role("button", name="Check without saving").click()
    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#t0-r2-c1-problem")).to_contain_text("“terrible” is not among the allowed values")
    page.locator("#problems").get_by_role("link", name="Who approves the plan · rule 2 · severity").click()
    cell.fill('"严重"')
    cell.press("Enter")
    expect(page.get_by_label("Rule 3: severity", exact=True)).to_be_focused()
    page.get_by_role("button", name="Check without saving").click()
    expect(page.locator("#problems")).to_contain_text("Nothing is wrong.")
    expect(cell).not_to_have_attribute("aria-invalid", "true")


def test_an_owner_changes_a_rule_of_a_shipped_table_and_it_takes_effect(
    lived_in: LivedIn, visit: Visit
) -> None:
    page = owner(visit, lived_in)
    draft = begin(page)
    open_table(page, draft)
    small = {"severity": "轻微", "cost_est": 60_000}
    assert decided(page, draft, **small)["approval_group"] == "qa_lead"
    page.get_by_label("第 3 条规则：预计费用（元）").fill(">= 50000")
    page.get_by_role("button", name="复制第 3 条规则").click()
    row = page.locator("#t0-rule-4")
    expect(row.get_by_label("第 4 条规则：预计费用（元）")).to_have_value(">= 50000")
    row.get_by_label("第 4 条规则：预计费用（元）").fill(">= 500000")
    row.get_by_label("第 4 条规则：审批人").fill('"gm"')
    row.get_by_role("button", name="第 4 条规则上移").click()
    expect(page.get_by_label("第 3 条规则：审批人")).to_have_value('"gm"')
    expect(page.locator("#unsaved")).to_have_text("尚未保存")
    assert decided(page, draft, **small)["approval_group"] == "qa_lead"
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status").first).to_contain_text("已保存")
    expect(page.locator("#problems")).to_contain_text("没有问题")
    assert decided(page, draft, **small)["approval_group"] == "vp"
    assert decided(page, draft, severity="轻微", cost_est=600_000)["approval_group"] == "gm"


def test_two_owners_at_once_never_overwrite_each_other(lived_in: LivedIn, visit: Visit) -> None:
    first = owner(visit, lived_in)
    draft = begin(first)
    second = owner(visit, lived_in)
    for page, text in ((first, ">= 1"), (second, ">= 2")):
        open_table(page, draft)
        page.get_by_label("第 3 条规则：预计费用（元）").fill(text)
    for page in (first, second):
        page.get_by_role("button", name="保存", exact=True).click()
        page.wait_for_load_state()
    expect(second.get_by_role("alert")).to_contain_text("姜波")
    expect(second.get_by_label("第 3 条规则：预计费用（元）")).to_have_value(">= 2")
    assert b"&gt;= 1<" in first.request.get(f"{draft}/files/{NAME}").body()


def test_a_task_that_decides_leads_to_its_table(lived_in: LivedIn, visit: Visit) -> None:
    page = owner(visit, lived_in)
    draft = begin(page)
    open_file(page, draft, "qf_decide.bpmn")
    choose(page, "BR_level")
    with page.expect_popup() as opened:
        page.locator("#house").get_by_role("link", name=NAME).click()
    expect(opened.value.locator("#t0-title")).to_contain_text("approval_level")


def held_back(page: Page) -> Callable[[], None]:
    """The next answer of the editor is held back on its way until what is returned is called."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held or route.request.method != "POST":
            route.continue_()
        else:
            held.append(route)

    page.route("**/table", hold)

    def let_go() -> None:
        while not held:
            page.wait_for_timeout(20)
        held[0].continue_()

    return let_go


def severities(page: Page) -> list[str]:
    """The first input entry of each rule, as it is shown."""
    return [cell.input_value() for cell in page.locator("#t0-rules td.asked:nth-child(3) textarea").all()]


def test_a_button_pressed_with_a_number_just_typed_acts_on_its_own_rule(
    lived_in: LivedIn, visit: Visit
) -> None:
    page = owner(visit, lived_in)
    open_table(page, begin(page))
    assert severities(page) == ['"重大"', '"严重"', "-", "-"]
    page.get_by_label("第 4 条规则：批注").fill("第四")
    page.get_by_label("第 4 条规则的序号").fill("1")
    page.get_by_role("button", name="删除第 4 条规则").click()
    expect(page.locator("#t0-rule-4")).to_have_count(0)
    assert severities(page) == ['"重大"', '"严重"', "-"]
    page.get_by_label("第 3 条规则的序号").fill("1")
    page.get_by_label("第 3 条规则的序号").press("Tab")
    expect(page.get_by_label("第 2 条规则：严重度")).to_have_value('"重大"')
    assert severities(page) == ["-", '"重大"', '"严重"']


def test_what_is_pressed_or_typed_while_an_answer_is_under_way_is_not_lost(
    lived_in: LivedIn, visit: Visit
) -> None:
    page = owner(visit, lived_in)
    open_table(page, begin(page))
    let_go = held_back(page)
    page.get_by_role("button", name="在第 1 条规则下方增加一条").click()
    page.get_by_role("button", name="删除第 2 条规则").click()
    cell = page.get_by_label("第 3 条规则：预计费用（元）")
    cell.fill(">= 77")
    cell.evaluate("cell => cell.setSelectionRange(3, 4)")
    cell.evaluate("() => scrollTo(0, 200)")
    before = page.evaluate("scrollY")
    let_go()
    expect(page.get_by_label("第 2 条规则：批注")).to_have_value("")
    expect(page.locator("#t0-rule-5")).to_have_count(0)
    assert severities(page) == ['"重大"', "-", "-", "-"]
    still = page.get_by_label("第 3 条规则：预计费用（元）")
    expect(still).to_have_value(">= 77")
    expect(still).to_be_focused()
    assert still.evaluate("cell => [cell.selectionStart, cell.selectionEnd]") == [3, 4]
    assert page.evaluate("scrollY") == before > 0
    expect(page.locator("#unsaved")).to_have_text("尚未保存")


def test_a_moved_rule_keeps_the_focus_on_its_button_and_a_check_of_nothing_leaves_nothing_to_save(
    lived_in: LivedIn, visit: Visit
) -> None:
    page = owner(visit, lived_in)
    open_table(page, begin(page))
    with page.expect_response("**/table"):
        page.get_by_role("button", name="只检查不保存").click()
    expect(page.get_by_role("button", name="只检查不保存")).to_be_focused()
    expect(page.locator("#unsaved")).to_have_text("")
    page.get_by_role("button", name="第 4 条规则上移").press("Enter")
    expect(page.get_by_role("button", name="第 3 条规则上移")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="第 2 条规则上移")).to_be_focused()
    assert severities(page) == ['"重大"', "-", '"严重"', "-"]
    expect(page.locator("#unsaved")).to_have_text("尚未保存")


def test_values_are_tried_in_place_and_are_no_edit(lived_in: LivedIn, visit: Visit) -> None:
    """Enter tries them; what the table makes of them changes with the table as it is typed."""
    page = owner(visit, lived_in)
    draft = begin(page)
    open_table(page, draft)
    page.locator("#t0-try > summary").click()
    page.get_by_label("严重度", exact=True).select_option("轻微")
    cost = page.get_by_label("预计费用（元）", exact=True)
    cost.fill("60000")
    cost.press("Enter")
    outcome = page.locator("#t0-outcome")
    expect(outcome).to_contain_text("qa_lead")
    expect(cost).to_be_focused()
    expect(page.locator("#unsaved")).to_have_text("")
    page.get_by_label("第 3 条规则：预计费用（元）").fill(">= 50000")
    page.get_by_role("button", name="试算", exact=True).click()
    expect(outcome).to_contain_text("第 3、4 条规则符合")
    expect(outcome).to_be_focused()
    expect(page.locator("#unsaved")).to_have_text("尚未保存")
    assert decided(page, draft, severity="轻微", cost_est=60_000)["approval_group"] == "qa_lead"
    expect(page.locator(".used").get_by_role("link", name="判定审批层级")).to_be_visible()
    page.keyboard.press("Control+s")
    page.wait_for_load_state()


def test_the_key_of_a_new_process_is_only_asked_for_one(lived_in: LivedIn, visit: Visit) -> None:
    page = owner(visit, lived_in)
    page.goto("/drafts/new")
    key = page.locator("#draft-id")
    expect(key).to_be_visible()
    key.fill("no key!")
    page.locator("#draft-process").select_option("qf_main")
    expect(key).to_be_hidden()
    page.locator("#draft-process").select_option("")
    expect(key).to_be_visible()
    page.locator("#draft-process").select_option("qf_main")
    page.locator("#draft-title").fill("改流程")
    page.locator("main form button").first.click()
    expect(page).to_have_url(re.compile("/drafts/[0-9a-f-]{36}$"))
