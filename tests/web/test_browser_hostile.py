"""Scripts in every name, label and text of a deployed regulation and of a case: shown as text, never run."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

import engine
from tests.bpmn.case import Case
from tests.company import BPMN, MONDAY
from tests.databases import Databases
from tests.web.browser import Clicker
from tests.web.serving import Office, served

pytestmark = [pytest.mark.browser, pytest.mark.long]
Visit = Callable[..., Clicker]
SCRIPT = """<img src=x onerror="window.ran=1"><script>window.ran=1</script>"'&"""
MARK = "onerror="
DRAWN = re.compile(r'(<bpmn:(?!definitions|error|message|escalation|signal)\w+\b[^>]*? name=")([^"]*)"')
ENGLISH = re.compile(r'(<camunda:property name="[\w.]*en" value=")([^"]*)"')
WORDS = re.compile(r'(<decision\b[^>]*? name=|\blabel=)"([^"]*)"')
TEXT = re.compile(r"(<(?:bpmn:documentation|description)[^>]*>)([^<]*)<")
FIELDS = re.compile(r'("(?:label|label\.en|description|description\.en|title|title\.en)": ")([^"\\]*)"')


def poisoned(name: str, content: bytes) -> bytes:
    """A file of the regulation with a script behind each of its names, labels and texts."""
    text = content.decode()
    attribute, node = escape(SCRIPT), escape(SCRIPT, quote=False)
    if name.endswith(".form"):
        spelled = SCRIPT.replace("\\", "\\\\").replace('"', '\\"')
        return FIELDS.sub(lambda found: f'{found[1]}{found[2]}{spelled}"', text).encode()
    if name.endswith((".bpmn", ".dmn")):
        text = TEXT.sub(lambda found: f"{found[1]}{found[2]}{node}<", text)
        text = ENGLISH.sub(lambda found: f'{found[1]}{found[2]}{attribute}"', text)
    if name.endswith(".bpmn"):
        text = DRAWN.sub(lambda found: f'{found[1]}{found[2]}{attribute}"', text)
    if name.endswith(".dmn"):
        text = WORDS.sub(lambda found: f'{found[1]}"{found[2]}{attribute}"', text)
    return text.encode()


@dataclass(frozen=True)
class Poisoned:
    """A company that follows such a regulation: a case of it, a task that is open."""

    office: Office
    case_id: str
    task_id: str


@pytest.fixture(scope="module")
def company(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Poisoned]:
    """Version 2 of everything is hostile, and so is what customer service wrote into a case of it."""
    files = tmp_path_factory.mktemp("hostile") / "files"
    sources = {
        str(file.relative_to(BPMN)): poisoned(file.name, file.read_bytes())
        for file in BPMN.rglob("*")
        if file.suffix in (".bpmn", ".dmn", ".form", ".csv")
    }
    with databases.copy("furnished") as url:
        database = engine.create_database_engine(url)
        with Session(database) as session:
            with engine.transaction(session):
                engine.deploy(session, sources, "jiang.bo", SCRIPT, now=MONDAY)
            case = _case(session, files)
        database.dispose()
        with served(url, files) as office:
            yield Poisoned(office, *case)


def _case(session: Session, files: Path) -> tuple[str, str]:
    case = Case(session, files, gist=SCRIPT, product_name=SCRIPT)
    case.go_to("UT_register").do("UT_register", symptom=SCRIPT)
    return case.id, case.player.open_tasks(case.id)[0].id


def inert(page: Page, path: str, shown: bool = True) -> None:
    """Opens a page; nothing of what stands in it runs, and (`shown`) it stands there as text."""
    page.goto(path)
    page.wait_for_load_state("load")
    page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true; })")
    if shown:
        expect(page.locator("body")).to_contain_text(MARK)
    assert page.evaluate("() => [window.ran, document.querySelectorAll('[onerror]').length]") == [None, 0], (
        path
    )


def test_nothing_runs_on_the_pages_of_a_case(company: Poisoned, visit: Visit) -> None:
    page = visit(company.office).sign_in("tao.ran").page
    case = f"/instances/{company.case_id}"
    for path in ("/instances", case, f"{case}?lang=en"):
        inert(page, path)
    page.goto(case)
    page.locator("svg .djs-element").first.wait_for()
    inert(page, case)
    staff = visit(company.office, "en").sign_in("chen.jing").page
    for path in ("/", "/?queue=group", "/inbox", "/processes/qf_main/start"):
        inert(staff, path, shown="start" in path)
    worker = visit(company.office).sign_in("wang.fang").page
    for path in ("/", f"/tasks/{company.task_id}", "/processes"):
        inert(worker, path)


def test_nothing_runs_on_the_pages_of_a_process_and_of_a_draft(company: Poisoned, visit: Visit) -> None:
    page = visit(company.office).sign_in("jiang.bo").page
    for path in (
        "/processes", "/processes/qf_main", "/processes/qf_main?version=2",
        "/processes/qf_main/compare?from=1&to=2", "/processes/qf_main/migrate",
        "/processes/qf_main/scenarios",
    ):  # fmt: skip
        inert(page, path, shown="scenarios" not in path and "migrate" not in path)
    page.goto("/drafts/new?process=qf_main")
    page.locator("#draft-title").fill(SCRIPT)
    page.locator("main form button").click()
    page.locator("#files").wait_for()
    draft = page.url.partition("#")[0]
    for path in ("", "/edit/severity.dmn", "/edit/severity.dmn/text", "/edit/registration.form"):
        inert(page, f"{draft}{path}")
    inert(page, f"{draft}/forms/registration.form/preview?in=en")
    inert(page, f"{draft}/edit/qf_onsite.bpmn", shown=False)
    page.locator("#modeler[data-ready]").wait_for()
    page.locator("#canvas .djs-shape[data-element-id='UT_apply']").click()
    expect(page.locator("#house > p").first).to_have_text("UT_apply")
    assert page.evaluate("() => window.ran") is None
    inert(page, draft.replace("/drafts/", "/publishing/"))
    inert(page, f"/try/draft:{draft.rpartition('/')[2]}")
