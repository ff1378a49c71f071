"""The modeler in a browser: draw, set a property, save, be refused for an older revision, mend an error."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine.diagram.reader import read_xml
from tests.web.browser import Clicker
from tests.web.conftest import LivedIn
from tests.web.everything import everything

pytestmark = pytest.mark.browser
Visit = Callable[..., Clicker]
SHAPES = "#canvas .djs-element:not(.djs-label):is(.djs-shape, .djs-connection)"


def begin(page: Page, process: str = "qf_main", title: str = "改期限") -> str:
    """Begins a draft; returns its address."""
    page.goto(f"/drafts/new?process={process}")
    page.locator("#draft-title").fill(title)
    page.locator("main form button").click()
    page.locator("#files").wait_for()
    return page.url.partition("#")[0]


def open_file(page: Page, draft: str, name: str) -> None:
    """Opens a diagram and waits for its first check."""
    page.goto(f"{draft}/edit/{name}")
    page.locator("#modeler[data-ready]").wait_for()
    checked(page)


def checked(page: Page) -> None:
    """Waits until the engine has answered to what is drawn."""
    page.locator("#problems[data-state=checked]").wait_for()


def places(diagram: str) -> dict[str, list[tuple[str, ...]]]:
    """Where the shapes and lines of a diagram stand, by the element that they show."""
    root = read_xml(diagram.encode(), "drawn.bpmn")
    points = "x", "y", "width", "height"
    return {
        drawn.get("bpmnElement", ""): [
            tuple(p.get(n, "") for n in points) for p in drawn.iter("{*}Bounds", "{*}waypoint")
        ]
        for drawn in root.iter("{*}BPMNShape", "{*}BPMNEdge")
    }


def choose(page: Page, element: str) -> None:
    """Chooses a shape by its middle."""
    shape = page.locator(f"#canvas .djs-shape[data-element-id='{element}']").first
    box = shape.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#house > p").first).to_have_text(element)


def meet_every_text(page: Page) -> set[str]:
    """Opens the panel of an element of every kind and every menu; returns the texts without a translation."""
    draft = begin(page)
    name = "all.bpmn"
    page.locator("input[name=file]").set_input_files(
        {"name": name, "mimeType": "application/xml", "buffer": everything()}
    )
    page.locator("form[enctype] button").click()
    page.locator("a", has_text=name).first.wait_for()
    open_file(page, draft, name)
    ids = page.eval_on_selector_all(SHAPES, "shapes => shapes.map(shape => shape.dataset.elementId)")
    for element in dict.fromkeys(ids):
        page.evaluate("""id => { location.hash = ""; location.hash = "element-" + id; }""", element)
        page.wait_for_timeout(60)
        page.evaluate(
            """() => document.querySelectorAll("#properties .bio-properties-panel-group-header:not(.open)")
               .forEach(each => each.click())"""
        )
        page.wait_for_timeout(60)
        for entry in ("replace", "append-anything", "set-color"):
            button = page.locator(f".djs-context-pad.open [data-action='{entry}']")
            if button.count():
                button.first.dispatch_event("click")
                page.wait_for_timeout(60)
                page.keyboard.press("Escape")
    page.locator("[data-action='create']").first.dispatch_event("click")
    page.wait_for_timeout(200)
    page.keyboard.press("Escape")
    page.locator(".djs-minimap .toggle").first.click()
    page.locator("#properties").hover()
    page.evaluate(
        """() => document.querySelectorAll("#properties .bio-properties-panel-add-entry")
             .forEach(each => each.click())"""
    )
    page.wait_for_timeout(300)
    return set(page.evaluate("[...untranslated]"))


def saved(page: Page) -> None:
    """Waits until everything is saved."""
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


def source(page: Page, draft: str, name: str) -> str:
    """A file as it is saved."""
    return page.request.get(f"{draft}/files/{name}").text()


@pytest.mark.long
def test_every_text_of_the_modeler_has_its_chinese(lived_in: LivedIn, visit: Visit) -> None:
    page = visit(lived_in.office).sign_in("jiang.bo").page
    assert meet_every_text(page) == set()


def test_an_owner_draws_a_task_gives_it_a_clause_and_saves_it(lived_in: LivedIn, visit: Visit) -> None:
    page = visit(lived_in.office).sign_in("jiang.bo").page
    draft = begin(page)
    open_file(page, draft, "qf_onsite.bpmn")
    choose(page, "UT_onsite")
    page.locator(".djs-context-pad.open [data-action='append.append-task']").click()
    page.keyboard.type("复核结果")
    page.keyboard.press("Enter")
    house = page.locator("#house")
    expect(house.locator("> p").first).to_contain_text("Activity_")
    house.get_by_label("落实的条款", exact=True).fill("S9-4.2.1")
    page.keyboard.press("Enter")
    house.get_by_label("英文名称").fill("Review the result")
    page.keyboard.press("Control+s")
    saved(page)
    written = source(page, draft, "qf_onsite.bpmn")
    assert '<camunda:property name="clauses" value="S9-4.2.1" />' in written
    assert '<camunda:property name="name.en" value="Review the result" />' in written
    page.reload()
    page.locator("#modeler[data-ready]").wait_for()
    expect(page.locator("#canvas")).to_contain_text("复核结果")


def test_clocks_are_started_with_their_options_without_typing_a_name(lived_in: LivedIn, visit: Visit) -> None:
    page = visit(lived_in.office).sign_in("jiang.bo").page
    draft = begin(page)
    before = places(source(page, draft, "qf_onsite.bpmn"))
    open_file(page, draft, "qf_onsite.bpmn")
    choose(page, "UT_apply")
    page.locator("#house fieldset > select").select_option("reply")
    page.locator("#house-clock-reply-limit").fill("PT16H")
    page.locator("#house-clock-reply-warn").fill("80%")
    page.locator("#house .clock input[type=checkbox]").check()
    page.locator("#save").click()
    saved(page)
    written = source(page, draft, "qf_onsite.bpmn")
    for name, value in (("start", "reply PT16H"), ("reply.warn", "80%"), ("reply.calendar", "working")):
        assert f'<camunda:property name="clock.{name}" value="{value}" />' in written
    assert places(written) == before, "nothing was moved, so nothing stands elsewhere"


def test_an_error_is_marked_on_its_shape_and_goes_when_it_is_mended(lived_in: LivedIn, visit: Visit) -> None:
    page = visit(lived_in.office).sign_in("jiang.bo").page
    open_file(page, begin(page), "qf_onsite.bpmn")
    expect(page.locator("#problems")).to_have_attribute("data-errors", "0")
    choose(page, "UT_apply")
    four_eyes = page.locator("#house-notBy")
    four_eyes.fill("UT_nobody")
    four_eyes.press("Enter")
    expect(page.locator("#canvas .djs-element.has-error")).to_have_attribute("data-element-id", "UT_apply")
    expect(page.locator("#canvas .problem-sign.is-error")).to_have_text("✕")
    expect(page.locator("#problems li").first).to_contain_text("UT_nobody")
    expect(page.locator("#problems li").first.locator("strong")).to_have_text("申请现场调查")
    choose(page, "UT_depart")
    page.locator("#problems button.link").first.click()
    expect(page.locator("#house > p").first).to_have_text("UT_apply")
    page.get_by_role("button", name="删除 UT_nobody").click()
    expect(page.locator("#canvas .djs-element.has-error")).to_have_count(0)
    expect(page.locator("#problems")).to_have_attribute("data-errors", "0")


def test_whoever_saves_after_somebody_else_is_told_and_loses_nothing(lived_in: LivedIn, visit: Visit) -> None:
    first = visit(lived_in.office).sign_in("jiang.bo").page
    draft = begin(first)
    second = visit(lived_in.office).sign_in("jiang.bo").page
    for page, name in ((first, "One"), (second, "Two")):
        open_file(page, draft, "qf_onsite.bpmn")
        choose(page, "UT_apply")
        page.locator("#house-name-en").fill(name)
    first.keyboard.press("Control+s")
    saved(first)
    second.keyboard.press("Control+s")
    dialog = second.get_by_role("dialog")
    expect(dialog).to_contain_text("姜波")
    with second.expect_download() as kept:
        dialog.get_by_role("button", name="下载保留我的版本").click()
    assert 'value="Two"' in kept.value.path().read_text()
    with second.expect_popup() as theirs:
        dialog.get_by_role("link", name="在新标签页打开对方的版本").click()
    theirs.value.locator("#modeler[data-ready]").wait_for()
    assert 'value="One"' in source(first, draft, "qf_onsite.bpmn")
    expect(second.locator("#saved")).to_have_attribute("data-state", "changed")
