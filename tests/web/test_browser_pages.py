"""Every page in Chinese and English, light and dark, on a telephone and at a desk."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.web.browser import Clicker
from tests.web.conftest import LivedIn
from tests.web.looks import AXE, faults, violations
from tests.web.moved import NO_PLAN, PLAN, SAME
from tests.web.twice import COMPARE
from web import create_app

pytestmark = pytest.mark.browser
Visit = Callable[..., Clicker]


def press(selector: str) -> Callable[[Page], None]:
    """Presses the last button that fits `selector`, and waits for what it brings."""

    def pressed(page: Page) -> None:
        page.locator(selector).last.click()
        page.wait_for_load_state()

    return pressed


def drawn(page: Page) -> None:
    """Waits until the diagrams are drawn."""
    page.locator(".diagram:visible:not(.waiting)").first.wait_for()
    page.locator(".diagram.waiting:visible").first.wait_for(state="hidden")


def guess(page: Page) -> None:
    """Tries a wrong password."""
    page.locator("#username").fill("li.ming")
    page.locator("#password").fill("wrong")
    page.locator("main button").click()
    page.get_by_role("alert").wait_for()


def called_inside(page: Page) -> None:
    """Chooses a channel at a host that the server may not call."""
    page.locator("summary", has_text=re.compile("企业微信|WeCom")).click()
    page.locator("#wecom-address").fill("https://intranet.example/x")
    page.locator("form:has(#wecom-address) button").click()
    page.locator("#wecom-address-problem").wait_for()


def send_a_test(page: Page) -> None:
    """Chooses a channel and has a test sent on it."""
    mail = page.locator("details:has(#email-address)")
    mail.locator("summary").click()
    page.locator("#email-address").fill("chen.jing@example.com")
    mail.locator("form:has(#email-address) button").click()
    mail.locator("summary").click()
    mail.locator("form[action$=test] button").click()
    page.wait_for_load_state()


def unfold(page: Page) -> None:
    """Opens what is folded."""
    page.locator("main summary").last.click()


def refused_without_reason(page: Page) -> None:
    """Sends an operator's act without its reason."""
    page.locator("main td button.danger").first.click()
    page.locator("[popover]:popover-open button.danger").click()
    page.locator("[aria-invalid=true]").wait_for()


def suspend_without_reason(page: Page) -> None:
    """Sends the form that suspends a case without its reason."""
    page.locator(".head [popovertarget=suspend]").click()
    page.locator("#suspend button:not(.quiet)").click()
    page.locator("[aria-invalid=true]").wait_for()


def move_without_reason(page: Page) -> None:
    """Orders that cases be moved without saying why."""
    page.locator(f".head {MOVE}").click()
    page.locator("[popover]:popover-open button").first.click()
    page.locator("[aria-invalid=true]").wait_for()


def sign_wrongly(page: Page) -> None:
    """Approves with a wrong password."""
    page.locator("#approve-password").fill("wrong")
    page.locator("form[action$=approve] button").click()
    page.locator("#approve-password-problem").wait_for()


def import_nothing(page: Page) -> None:
    """Imports what is no archive."""
    page.locator("#title").fill("x")
    page.locator("#files").set_input_files({"name": "x.zip", "mimeType": "application/zip", "buffer": b"PK"})
    page.locator("main form button").click()
    page.locator("#files-problem").wait_for()


def make_a_token(page: Page) -> None:
    """Makes a token, which is shown this once."""
    page.locator("#name").fill("Camunda Modeler")
    page.locator("main form:has(#name) button").click()
    page.locator("#secret").wait_for()


def try_on(page: Page) -> None:
    """Starts the small process, lets three days pass, and sends a step too early."""
    again = page.locator("form[action$=reset] button")
    if again.count():  # left by the other language
        again.click()
    page.locator("#start-values").wait_for()
    page.locator("main .what button").click()
    page.locator("#next").wait_for()
    page.locator("#time input[name=amount]").fill("3")
    page.locator("#time select").select_option("days")
    page.locator("#time form:has(input[name=amount]) button").click()
    drawn(page)


def keep_as_scenario(page: Page) -> None:
    """Keeps the walk, and runs it through what it was walked on."""
    chinese = page.evaluate("document.documentElement.lang") == "zh-CN"
    page.locator("#scenario-name").fill("等登记" if chinese else "Waiting")
    page.locator("#scenario form button").last.click()
    page.locator("main select[name=against]").wait_for()
    page.locator("main form.filter button").click()
    page.locator(".badge.good").first.wait_for()


def keep_without_name(page: Page) -> None:
    """Keeps a walk under no name."""
    page.evaluate("document.querySelector('#scenario-name').required = false")
    page.locator("#scenario form button").last.click()
    page.get_by_role("alert").wait_for()
    drawn(page)


@dataclass(frozen=True)
class Sight:
    """A page to look at: `address` is a path or a word of the lived-in company, `then` prepares it."""

    name: str
    endpoint: str
    address: str
    then: Callable[[Page], None] | None = None


MOVE, NEW_DRAFT = "[popovertarget=do-move-cases]", "/drafts/new?process=qf_main"
DRAFTS: WeakKeyDictionary[BrowserContext, str] = WeakKeyDictionary()


def new_draft(page: Page) -> None:
    """Begins a draft of the main process and waits for its files."""
    page.locator("#draft-title").fill("2026-11")
    page.locator("main form button").click()
    page.locator("#files").wait_for()


def a_draft(page: Page) -> str:
    """The address of a draft of the main process, begun when it is first asked for."""
    if page.context not in DRAFTS:
        new_draft(page)
        DRAFTS[page.context] = page.url.partition("#")[0]
    return DRAFTS[page.context]


def draft_file(name: str) -> Callable[[Page], None]:
    """Opens a file of a draft; a diagram is waited for."""

    def opened(page: Page) -> None:
        page.goto(f"{a_draft(page)}/edit/{name}")
        if name.endswith(".bpmn"):
            page.locator("#modeler[data-ready] #problems[data-state=checked]").wait_for()

    return opened


def wrong_cells(page: Page) -> None:
    """Opens a decision table and checks cells that cannot be read, a new rule and a new column."""
    draft_file("severity.dmn")(page)
    page.locator("button[value='add output 0']").dispatch_event("click")
    page.locator("#t0-output-4").wait_for(state="attached")
    page.locator("#t0-r3-c1").fill("> ")
    page.locator("button[value='add rule 0 2']").click()
    page.locator("#t0-rule-12").wait_for()
    page.get_by_role("button", name=re.compile("只检查不保存|Check without saving")).click()
    page.locator("#t0-r3-c1[aria-invalid=true]").wait_for()


def tried_values(page: Page) -> None:
    """Tries values with a decision table that none of its rules is made for."""
    draft_file("severity.dmn")(page)
    page.locator("#t0-try > summary").click()
    page.locator("#t0-try input").first.fill("x")
    page.locator("#t0-try [data-try]").click()
    page.locator("#t0-outcome").wait_for()


def draft_form(path: str, then: Callable[[Page], None] | None = None) -> Callable[[Page], None]:
    """Opens one of the pages of the largest form of a draft."""

    def opened(page: Page) -> None:
        page.goto(f"{a_draft(page)}/forms/registration.form{path}")
        if then:
            then(page)

    return opened


def wrong_field(page: Page) -> None:
    """Saves a field whose bounds are crossed and whose condition cannot be read."""
    page.locator("#e-min").fill("9")
    page.locator("#e-max").fill("1")
    page.locator("#e-hide_when").fill("1 +")
    page.locator("form.form button[value=save]").last.click()
    page.get_by_role("alert").wait_for()


def wrong_title(page: Page) -> None:
    """Takes the Chinese title away and saves."""
    page.locator("input[name=title]").fill("")
    page.locator("form:has(input[name=title]) button").click()
    page.locator("#title-problem").wait_for()


def gone_field(page: Page) -> None:
    """Saves the last field after somebody else has removed it."""
    page.locator("ol.fields > li > .part .step").last.click()
    page.locator("#e-label").fill("备注")
    with page.context.expect_page() as opened:
        page.evaluate("open(location.href.replace(/.fields.*/, ''))")
    other = opened.value
    other.locator("ol.fields > li > .part > .acts > button.danger").last.click()
    other.locator("[id^=remove]:popover-open .sure").click()
    other.locator(".flash.done").wait_for()
    other.close()
    page.locator("form.form button[value=save]").last.click()
    page.get_by_role("alert").wait_for()


COMPLETE = "button[name=_action][value=complete]"
SIGHTS: dict[str, tuple[Sight, ...]] = {  # by who looks, and what at
    "": (
        Sight("sign-in", "auth.sign_in", "/sign-in"),
        Sight("sign-in-refused", "auth.check", "/sign-in", guess),
    ),
    "wang.fang": (
        Sight("tasks", "tasks.index", "/"),
        Sight("tasks-groups", "tasks.index", "/?view=group"),
        Sight("task-draft", "tasks.show", "fresh.UT_register"),
        Sight("task-refused", "tasks.submit", "fresh.UT_register", press(COMPLETE)),
        Sight(
            "task-delegate", "task_talk.delegate", "fresh.UT_register",
            press("main .what [popovertarget=delegate]"),
        ),
        Sight("task-delegated-away", "tasks.show", "helped.UT_register"),
        Sight("processes", "processes.index", "/processes"),
        Sight("start", "processes.start", "/processes/qf_main/start"),
        Sight("start-refused", "processes.submit", "/processes/qf_main/start", press(COMPLETE)),
        Sight("cases", "instances.index", "/instances"),
        Sight("case-running", "instances.show", "acting", drawn),
        Sight("case-held", "instances.show", "held", drawn),
        Sight("task-held", "tasks.show", "held.UT_register"),
        Sight("record-registration", "records.show", "closed.R01"),
    ),
    "li.ming": (
        Sight("tasks-done", "tasks.index", "/?view=done"),
        Sight("tasks-nothing-found", "tasks.index", "/?search=zzz"),
        Sight("task-plan", "tasks.show", "planned.UT_plan"),
        Sight("task-plan-refused", "tasks.submit", "planned.UT_plan", press(COMPLETE)),
        Sight("case-closed", "instances.show", "closed", drawn),
        Sight("record-plan", "records.show", "closed.R04"),
        Sight("not-found", "404", "/nowhere"),
    ),
    "jiang.wei": (
        Sight("task-evidence", "tasks.show", "acting.UT_do"),
        Sight("task-delegated", "tasks.show", "helped.UT_register"),
    ),
    "chen.jing": (
        Sight("task-to-claim", "tasks.show", "waiting.UT_assign"),
        Sight(
            "task-hand-over", "tasks.assign", "fresh.UT_register", press("main .what [popovertarget=assign]")
        ),
        Sight("case-cancel", "instances.cancel", "fresh", press(".head [popovertarget=cancel]")),
        Sight("case-suspend", "instances.hold", "fresh", press(".head [popovertarget=suspend]")),
        Sight("case-activate", "instances.hold", "held", press(".head [popovertarget=activate]")),
        Sight("case-suspend-refused", "instances.hold", "fresh", suspend_without_reason),
        Sight("case-cancelled", "instances.show", "waiting", drawn),
        Sight("help", "help.show", "/help"),
        Sight("account", "auth.account", "/account"),
        Sight("account-refused", "channels.save", "/account", called_inside),
        Sight("account-tested", "auth.account", "/account", send_a_test),
        Sight("tokens-none", "tokens.index", "/account/tokens"),
        Sight("token-made", "tokens.index", "/account/tokens", make_a_token),
        Sight("tokens", "tokens.index", "/account/tokens"),
        Sight("inbox", "inbox.index", "/inbox"),
        Sight("inbox-all", "inbox.index", "/inbox?view=all"),
    ),
    "gu.yan": (
        Sight("publishing-waiting", "publishing.index", "/publishing"),
        Sight("publishing-approve", "publishing.show", "waiting-draft"),
        Sight("publishing-refused", "publishing.approve", "waiting-draft", sign_wrongly),
        Sight("publishing-errors", "publishing.show", "faulty-draft"),
        Sight("import", "publishing.upload", "/publishing/_import"),
        Sight("import-refused", "publishing.take", "/publishing/_import", import_nothing),
    ),
    "wei.lai": (
        Sight("jobs", "operations.index", "/operations"),
        Sight("jobs-refused", "operations.resolve", "/operations", refused_without_reason),
        Sight("jobs-none", "operations.index", "/operations?state=resolved"),
        Sight("messages", "messages.index", "/messages", unfold),
        Sight("messages-pending", "messages.index", "/messages?state=pending"),
        Sight("calendar", "calendar.show", "/calendar"),
    ),
    "jiang.bo": (
        Sight("calendar-owner", "calendar.show", "/calendar"),
        Sight("calendar-day", "calendar.show", "/calendar", press("main .head [popovertarget=do-day]")),
        Sight("calendar-unknown", "calendar.show", "/calendar?year=2090"),
        Sight("messages-read", "messages.index", "/messages"),
        Sight("definitions", "processes.index", "/processes"),
        Sight("definitions-none", "processes.index", "/processes?search=zzz"),
        Sight("definition", "definitions.show", "/processes/qf_main", drawn),
        Sight("definition-held", "definitions.show", "/processes/changing?version=1", drawn),
        Sight("definition-suspend", "definitions.hold", "/processes/qf_main",
              press(".head [popovertarget=suspend]")),
    ),
    "jiang.bo drafts": (
        Sight("draft", "drafts.show", "/drafts/new?process=qf_main", new_draft),
        Sight("draft-text", "draft_editors.text", "/drafts/new?process=qf_main",
              draft_file("severity.dmn/text")),
        Sight("draft-table", "draft_tables.show", "/drafts/new?process=qf_main", draft_file("severity.dmn")),
        Sight("draft-table-wrong", "draft_tables.change", "/drafts/new?process=qf_main", wrong_cells),
        Sight("draft-table-tried", "draft_tables.change", "/drafts/new?process=qf_main", tried_values),
        Sight("modeler", "draft_editors.show", "/drafts/new?process=qf_main", draft_file("qf_onsite.bpmn")),
        Sight("draft-form", "draft_forms.show", NEW_DRAFT, draft_form("")),
        Sight("draft-form-remove", "draft_forms.show", NEW_DRAFT,
              draft_form("", press("#place-0 button.danger[popovertarget='remove-0.0']"))),
        Sight("draft-form-preview", "draft_forms.preview", NEW_DRAFT, draft_form("/preview")),
        Sight("draft-field", "draft_forms.field", NEW_DRAFT, draft_form("/fields/1.0")),
        Sight("draft-field-new", "draft_forms.new", NEW_DRAFT, draft_form("/new?kind=radio&at=2")),
        Sight("draft-field-refused", "draft_forms.add", NEW_DRAFT,
              draft_form("/new?kind=number&at=2", wrong_field)),
        Sight("draft-field-gone", "draft_forms.edit", NEW_DRAFT, draft_form("", gone_field)),
        Sight("draft-form-no-kind", "draft_forms.new", NEW_DRAFT, draft_form("/new?kind=rocket&at=0")),
        Sight("draft-form-no-title", "draft_forms.title", NEW_DRAFT, draft_form("", wrong_title)),
        Sight("draft-new", "drafts.new", "/drafts/new"),
        Sight("draft-new-refused", "drafts.new", "/drafts/new", press("main form button")),
        Sight("drafts", "drafts.index", "/drafts"),
        Sight("drafts-none", "drafts.index", "/drafts?search=zzz"),
    ),
    "jiang.bo moves": (
        Sight("comparison", "comparisons.show", COMPARE, drawn),
        Sight("migration-plan", "instance_migrations.plan", PLAN),
        Sight("migration-asked", "instance_migrations.begin", PLAN, press(f".head {MOVE}")),
        Sight("migration-refused", "instance_migrations.begin", PLAN, move_without_reason),
        Sight("migration-nothing", "instance_migrations.plan", NO_PLAN),
        Sight("migration-same", "instance_migrations.plan", SAME),
        Sight("migration", "instance_migrations.show", "moved"),
        Sight("migration-none-left", "instance_migrations.show", "moved.left"),
        Sight("migrations", "instance_migrations.index", "/processes/moving/migrations"),
        Sight("migrations-none", "instance_migrations.index", "/processes/qf_main/migrations"),
        Sight("trying-start", "trying.show", "/try/version:qf_main:1"),
        Sight("scenarios-none", "scenarios.index", "/processes/changing/scenarios"),
        Sight("trying", "trying.show", "/try/version:changing:2", try_on),
        Sight("trying-refused", "trying.save", "/try/version:changing:2", keep_without_name),
        Sight("scenarios", "scenarios.index", "/try/version:changing:2", keep_as_scenario),
        Sight("comparison-same", "comparisons.show", "/processes/changing/compare?from=2&to=2"),
    ),
    "xie.ning": (
        Sight("people", "people.index", "/people"),
        Sight("inbox-empty", "inbox.index", "/inbox"),
        Sight("person", "people.show", "/people/li.ming"),
        Sight("tokens-of-person", "tokens.of", "/people/li.ming/tokens"),
        Sight("person-new", "people.add", "/people/_new"),
        Sight("person-new-refused", "people.add", "/people/_new", press("main form button")),
    ),
}
LONG = ("jiang.bo drafts", "chen.jing")
NO_PAGES = {
    "inbox.show",  # leads on
    *("static", "attachments.show", "instances.diagram", "trying.diagram"),  # files
    *("definitions.source", "definitions.export", "draft_files.raw", "evidence.export"),
    *("health.healthz", "health.readyz", "metrics.metrics", "well_known.webapps"),  # for machines
}


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "tour", [pytest.param(t, marks=pytest.mark.long if t in LONG else ()) for t in SIGHTS]
)
def test_every_page_reads_well_in_its_language_and_asks_nobody_else(
    lived_in: LivedIn, visit: Visit, tour: str, language: str
) -> None:
    clicker = visit(lived_in.office, language)
    if tour:
        clicker.sign_in(tour.partition(" ")[0])
    else:
        clicker.read_in_language("/sign-in")
    found: list[str] = []
    for sight in SIGHTS[tour]:
        clicker.page.goto(lived_in.addresses.get(sight.address, sight.address))
        if sight.then:
            sight.then(clicker.page)
        found += faults(clicker.page, sight.name, language, lived_in.typed)
    assert not found, "\n".join(found)


FAINT = """() => { [...document.querySelectorAll("main td")].at(-1).style.color = "#ccc"; }"""


def test_one_faint_word_among_many_that_look_alike_is_found(lived_in: LivedIn, visit: Visit) -> None:
    page = visit(lived_in.office, "en", color_scheme="light").sign_in("xie.ning").page
    page.goto("/people")
    assert not list(violations(page, AXE["en", 1280]))
    page.evaluate(FAINT)
    assert [found.partition(" ")[0] for found in violations(page, AXE["en", 1280])] == ["color-contrast"]


def test_no_page_is_left_out() -> None:
    rules = create_app(SQLALCHEMY_DATABASE_URI="sqlite://").url_map.iter_rules()
    pages = {
        rule.endpoint
        for rule in rules
        if "GET" in (rule.methods or ()) and not rule.rule.endswith(".csv")
        if not rule.endpoint.startswith("api.")  # for programs
    }
    seen = {sight.endpoint for sights in SIGHTS.values() for sight in sights}
    assert pages - NO_PAGES <= seen
