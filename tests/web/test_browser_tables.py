"""Decision tables in a browser: an owner changes a rule of a shipped table, and cases would be decided so."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine.diagram.decisions import read_decision
from tests.web.browser import Clicker
from tests.web.conftest import LivedIn
from tests.web.test_browser_modeler import begin, choose, open_file

pytestmark = pytest.mark.browser
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
    expect(page.locator("#t0-r2-c1-problem")).to_contain_text("“terrible” is not among the values")
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
