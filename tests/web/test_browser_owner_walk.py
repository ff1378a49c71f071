"""An owner's whole way by real clicks: draft, deadline, form field, error, mending, trying, publishing with a
second owner, comparing, moving the running cases; and a staff member meets the new field."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy.orm import Session

import engine
from tests.bpmn.case import Case
from tests.databases import Databases
from tests.web.browser import WORDS, Clicker
from tests.web.filling import answer
from tests.web.serving import Office, served
from web.demo.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.long]
Visit = Callable[..., Clicker]
OWNER, SECOND, LEAD, HANDLER = "jiang.bo", "gu.yan", "chen.jing", "wang.fang"
NEW = {"label": "工作压力", "label_en": "Working pressure", "key": "pressure", "max_length": "40"}
WATCHED = """() => {
  const button = document.querySelector("form[action$='/submit'] button");
  const note = () => sessionStorage.setItem("busy", `${button.textContent} ${button.disabled}`);
  new MutationObserver(note).observe(button, { childList: true });
}"""
SAYS = {
    "zh": {
        "draft": "起草修订", "error": "错误", "unknown": "没有任何来源", "new": "工作压力", "preview": "预览",
        "try": "试走", "publish": "发布", "submit": "提交", "clean": "没有错误", "register": "登记信息",
        "reason": "压力影响分级，报告须更快", "busy": "正在检查…",
    },
    "en": {
        "new": "Working pressure", "approve": "Approve and publish",
        "compare": "Compare with the base version", "move": "Move running cases", "order": "Move them …",
        "yes": "can be moved", "moved": "moved",
        "why not": "holds “Specification”", "assign": "Assign a handler", "register": "Register the feedback",
        "reason": "Pressure matters, and reports must be faster",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Running:
    """A served company with three running cases on version 1, by number: one waits for a handler, one for the
    registration, and of one the registration is half typed."""

    office: Office
    waiting: str
    registering: str
    typed: str


@pytest.fixture
def running(databases: Databases, tmp_path: Path) -> Iterator[Running]:
    """Three cases on version 1 of the main process."""
    files = tmp_path / "files"
    with databases.copy("furnished") as url:
        database = engine.create_database_engine(url)
        with Session(database) as session:
            began = datetime.now(UTC) - timedelta(hours=3)
            cases = [Case(session, files, at=began) for _ in range(3)]
            for case in cases[1:]:
                case.do("UT_assign")
            task, who = cases[2].task("UT_register"), engine.get_actor(session, HANDLER)
            assert who
            with engine.transaction(session):
                engine.save_draft(session, task.id, who, {"spec": "DN50"})
            numbers = [case.number for case in cases]
        database.dispose()
        with served(url, files) as office:
            yield Running(office, *numbers)


def test_an_owner_changes_the_main_process_and_staff_meet_the_change(running: Running, visit: Visit) -> None:
    """He drafts in Chinese; from the approval on everybody reads English, but for one who reads Chinese."""
    clicker, says = visit(running.office), SAYS["zh"]
    owner = clicker.sign_in(OWNER).page
    draft = begin_a_draft(owner, says)
    shorten_the_deadline(owner, draft)
    change_the_form(owner, draft, says)
    preview(owner, says)
    try_it(clicker, draft, says)
    submit(owner, draft, says)

    says = read(clicker, "en")
    approve(clicker.sign_in(SECOND).page, draft, says)
    compare(clicker.sign_in(OWNER).page, draft, says)
    move_the_cases(owner, running, says)
    clicker.sign_in(LEAD).open_task(running.waiting, says["assign"]).fill(answer("UT_assign")).complete()
    page = clicker.sign_in(HANDLER).open_task(running.waiting, says["register"]).page
    expect(new_field(page)).to_contain_text(says["new"])

    says = read(clicker, "zh")
    page = clicker.sign_in(HANDLER).open_task(running.registering, says["register"]).page
    expect(new_field(page)).to_contain_text(says["new"])
    new_field(page).locator("input").fill("1.6 MPa")
    page.goto("/")
    page = clicker.open_task(running.typed, says["register"]).page
    expect(page.locator("[name=spec]")).to_have_value("DN50")
    expect(new_field(page)).to_have_count(0)


def read(clicker: Clicker, language: str) -> dict[str, str]:
    """Whoever sat there signs out; the next one reads in `language`."""
    clicker.sign_out()
    clicker.language, clicker.words = language, WORDS[language]
    return SAYS[language]


def begin_a_draft(page: Page, says: dict[str, str]) -> str:
    """From the page of the process; returns the draft's address."""
    page.goto("/processes/qf_main")
    page.get_by_role("link", name=says["draft"]).click()
    page.locator("#draft-title").fill(says["reason"])
    page.locator("main form button").click()
    page.locator("#files").wait_for()
    return page.url.partition("#")[0]


def shorten_the_deadline(page: Page, draft: str) -> None:
    """The 24 hours to report become 20, on the panel of the modeler."""
    page.get_by_role("link", name="qf_main.bpmn").click()
    page.locator("#modeler[data-ready] #problems[data-state=checked]").wait_for()
    page.evaluate("location.hash = 'element-SE_feedback'")
    limit = page.locator("#house-clock-report-limit")
    expect(limit).to_have_value("PT24H")
    limit.fill("PT20H")
    limit.press("Enter")
    page.locator("#save").click()
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")
    page.goto(draft)


def change_the_form(page: Page, draft: str, says: dict[str, str]) -> None:
    """A new field whose condition reads what there is not: an error, which is mended; another gets room."""
    page.locator("#files summary").filter(has_text=re.compile("表单|form")).click()
    page.get_by_role("link", name="registration.form", exact=True).click()
    place = page.locator("#element-model").locator("xpath=ancestor::li[1]")
    after = str(place.get_attribute("id")).removeprefix("place-").split(".")
    page.locator("select[name=kind]").select_option("text")
    page.locator("select[name=at]").select_option(f"{after[0]}.{int(after[1]) + 1}")
    page.locator("form.filter button").last.click()
    for name, value in NEW.items():
        page.locator(f"#e-{name}").fill(value)
    page.locator("#e-required_when").fill("injry = true")
    save(page)
    new = page.locator("#element-pressure").locator("xpath=ancestor::li[1]")
    expect(new).to_contain_text("injry")
    expect(new.locator(".badge.bad")).to_contain_text(says["error"])
    page.goto(f"{draft}#problems")
    expect(page.locator("#problems")).to_contain_text(says["unknown"])
    page.goto(draft.replace("/drafts/", "/publishing/"))
    expect(page.get_by_role("button", name=says["submit"], exact=True)).to_be_disabled()
    page.goto(f"{draft}/edit/registration.form")
    page.locator("#element-pressure a.step").click()
    page.locator("#e-required_when").fill("injury = true")
    save(page)
    expect(page.locator("#element-pressure .badge.bad")).to_have_count(0)
    page.locator("#element-spec a.step").click()
    page.locator("#e-kind").select_option("textarea")
    save(page)


def save(page: Page) -> None:
    """Saves the field on the page."""
    page.locator("form.form button[value=save]").last.click()
    expect(page.locator(".flash.done")).to_be_visible()


def preview(page: Page, says: dict[str, str]) -> None:
    """The form as staff will see it, in both languages."""
    page.get_by_role("link", name=says["preview"]).click()
    for language, tab in (("zh", "中文"), ("en", "English")):
        page.locator("main nav").get_by_role("link", name=tab).click()
        expect(page.locator(f"main section[lang^={language}]")).to_contain_text(SAYS[language]["new"])


def try_it(clicker: Clicker, draft: str, says: dict[str, str]) -> None:
    """Walks the draft to the registration: the deadline is shorter, and the field is there."""
    page = clicker.page
    page.goto(draft)
    page.get_by_role("link", name=says["try"], exact=True).click()
    clicker.fill(answer("SE_feedback", gist="试走", product_name="阀门"))
    page.locator("#form button[value=complete]").last.click()
    page.locator("#next").wait_for()
    page.locator("[name=handler]").select_option(index=1)  # a stand-in
    page.locator("#form button[value=complete]").last.click()
    expect(new_field(page)).to_contain_text(says["new"])
    expect(page.locator("ul.clocks").first).to_contain_text(re.compile("(19|20) (小时|h)"))


def submit(page: Page, draft: str, says: dict[str, str]) -> None:
    """Nothing is wrong; the reason is given; the button says that it works, and cannot be pressed again."""
    page.goto(draft)
    page.get_by_role("link", name=says["publish"], exact=True).click()
    expect(page.locator("#problems")).to_contain_text(says["clean"])
    expect(page.locator("#differences")).to_contain_text("PT20H")
    page.locator("#submit-reason").fill(says["reason"])
    page.evaluate(WATCHED)
    page.get_by_role("button", name=says["submit"], exact=True).click()
    expect(page.locator("form[action$='/submit']")).to_have_count(0)
    assert page.evaluate("sessionStorage.getItem('busy')") == f"{says['busy']} true"


def approve(page: Page, draft: str, says: dict[str, str]) -> None:
    """The second owner finds it in his list, and signs."""
    page.goto("/publishing")
    page.locator(
        f"main a[href='{draft[draft.index('/drafts/') :].replace('/drafts/', '/publishing/')}']"
    ).click()
    page.locator("#approve-password").fill(PASSWORD)
    page.get_by_role("button", name=says["approve"]).click()
    expect(page.locator(".flash.done")).to_contain_text("2")


def compare(page: Page, draft: str, says: dict[str, str]) -> None:
    """What was changed is marked on the diagram and told field by field."""
    page.goto(draft)
    page.get_by_role("link", name=says["compare"]).click()
    drawn = page.locator(".diagram[data-side=after]:visible:not(.waiting)")
    expect(drawn.locator(".is-changed[data-element-id=SE_feedback]").first).to_be_visible()
    main = page.locator("main")
    for told in ("PT24H", "PT20H", says["new"]):
        expect(main).to_contain_text(told)


def move_the_cases(page: Page, running: Running, says: dict[str, str]) -> None:
    """A plan with a verdict for each, an order with a reason, and what became of it."""
    page.goto("/processes/qf_main")
    page.get_by_role("link", name=says["move"], exact=True).click()
    for number in (running.waiting, running.registering):
        expect(row(page, number)).to_contain_text(says["yes"])
    expect(row(page, running.typed)).to_contain_text(says["why not"])
    page.get_by_role("button", name=says["order"]).click()
    page.locator("#move-cases-reason").fill(says["reason"])
    page.locator("#do-move-cases button").first.click()
    expect(page.locator("main [data-reload]")).to_have_count(0)
    for number in (running.waiting, running.registering):
        expect(row(page, number).locator(".badge.good")).to_contain_text(says["moved"])
    expect(row(page, running.typed)).to_contain_text(says["why not"])


def row(page: Page, number: str) -> Locator:
    """The line of a case."""
    return page.get_by_role("row").filter(has_text=number)


def new_field(page: Page) -> Locator:
    """The field that was added, on the form of a task."""
    return page.locator("[data-field=pressure]")
