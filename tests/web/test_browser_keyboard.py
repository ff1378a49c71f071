"""Whoever uses no mouse reaches everything and always sees where he is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.browser import Clicker
from tests.web.conftest import LivedIn

pytestmark = pytest.mark.browser
Visit = Callable[..., Clicker]
CONTROLS = "a[href], button, input:not([type=hidden], [type=radio]), select, textarea, summary"
# The controls that somebody can see, each with a number that tells it from the others.
COUNT = """selector => [...document.querySelectorAll(selector)].filter(each => each.checkVisibility()
  && !each.disabled && each.tabIndex >= 0).map((each, at) => { each.dataset.at = at; return String(at); })"""
FOCUSED = """() => {
  const here = document.activeElement, look = getComputedStyle(here), box = here.getBoundingClientRect();
  const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
  const ring = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  return {at: here.dataset.at, seen: seen && ring, what: here.outerHTML.slice(0, 120)};
}"""


@pytest.mark.parametrize("address", ["/", "/instances"])
def test_a_slash_goes_to_the_search_field_and_stays_a_letter_inside_it(
    lived_in: LivedIn, visit: Visit, address: str
) -> None:
    page = visit(lived_in.office).sign_in("li.ming").page
    page.goto(address)
    search = page.get_by_role("searchbox")
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("QF/2026")
    expect(search).to_have_value("QF/2026")


def test_the_first_stop_skips_to_the_content(lived_in: LivedIn, visit: Visit) -> None:
    page = visit(lived_in.office).sign_in("li.ming").page
    page.goto("/instances")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("place", ["/", "/instances", "planned.UT_plan", "acting"])
def test_every_control_is_a_stop_with_a_visible_focus(lived_in: LivedIn, visit: Visit, place: str) -> None:
    page = visit(lived_in.office).sign_in("li.ming").page
    page.goto(lived_in.addresses.get(place, place))
    page.wait_for_load_state("networkidle")
    controls = set(page.evaluate(COUNT, CONTROLS))
    stops = walk(page, len(controls) + 40)
    # The parts of a date are stops too; one that shows is enough.
    shown = {stop["what"] for stop in stops if stop["seen"]}
    assert {stop["what"] for stop in stops} == shown
    assert controls <= {stop["at"] for stop in stops}


def test_the_own_menu_opens_and_closes_by_keyboard(lived_in: LivedIn, visit: Visit) -> None:
    page = visit(lived_in.office).sign_in("li.ming").page
    menu = page.locator("details.me > summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="退出登录")).to_be_hidden()


def walk(page: Page, most: int) -> list[dict[str, object]]:
    """Where Tab stops from the top of the page to its end."""
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["what"].startswith("<body"):
            break
        stops.append(stop)
    return stops
