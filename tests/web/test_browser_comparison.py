"""Two versions on the screen: the marks are on the shapes that differ, and the words do without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.web.browser import Clicker
from tests.web.conftest import LivedIn
from tests.web.twice import COMPARE, MARKS

pytestmark = pytest.mark.browser
Visit = Callable[..., Clicker]
SIGNS = {"added": "+", "removed": "−", "changed": "≠", "moved": "↔"}
MARKED = """box => Object.fromEntries([...box.querySelectorAll(".djs-element")].flatMap(shape =>
  [...shape.classList].filter(name => name.startsWith("is-"))
    .map(name => [shape.dataset.elementId, name.slice(3)])))"""
NEAR = 24  # pixels between a sign and its shape


def box_of(clicker: Clicker, side: str) -> Locator:
    """The drawn diagram of one side."""
    box = clicker.page.locator(f".diagram[data-side={side}]:not(.waiting)")
    expect(box.locator(".djs-element").first).to_be_visible()
    return box


@pytest.mark.parametrize("side", ["before", "after"])
def test_the_marks_are_on_the_shapes_that_differ_and_on_no_other(
    lived_in: LivedIn, visit: Visit, side: str
) -> None:
    clicker = visit(lived_in.office).sign_in("jiang.bo")
    clicker.page.goto(COMPARE)
    box = box_of(clicker, side)
    assert box.evaluate(MARKED) == MARKS[side]
    for element, how in MARKS[side].items():
        shape = box.locator(f".djs-element[data-element-id='{element}']").first.bounding_box()
        sign = box.locator(f".djs-overlays[data-container-id='{element}'] .diagram-sign")
        expect(sign).to_have_text(SIGNS[how])
        place = sign.bounding_box()
        assert shape
        assert place
        x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
        assert shape["x"] - NEAR < x < shape["x"] + shape["width"] + NEAR
        assert shape["y"] - NEAR < y < shape["y"] + shape["height"] + NEAR


def test_the_kinds_of_line_differ_so_that_colour_alone_says_nothing(lived_in: LivedIn, visit: Visit) -> None:
    clicker = visit(lived_in.office).sign_in("jiang.bo")
    clicker.page.goto(COMPARE)
    dashes = {}
    for side, element in (("before", "UT_gone"), ("after", "UT_new"), ("after", "EE_done")):
        drawn = (
            box_of(clicker, side).locator(f".djs-element[data-element-id='{element}'] .djs-visual > *").first
        )
        dashes[element] = drawn.evaluate("shape => getComputedStyle(shape).strokeDasharray")
    assert len(set(dashes.values())) == 3


def test_on_a_narrow_screen_the_diagrams_stand_one_after_the_other(lived_in: LivedIn, visit: Visit) -> None:
    clicker = visit(lived_in.office).sign_in("jiang.bo")
    clicker.page.goto(COMPARE)
    wide = [box_of(clicker, side).bounding_box() for side in ("before", "after")]
    clicker.page.set_viewport_size({"width": 390, "height": 900})
    narrow = [box_of(clicker, side).bounding_box() for side in ("before", "after")]
    assert wide[0]["y"] == wide[1]["y"]  # type: ignore[index]
    assert narrow[0]["y"] + narrow[0]["height"] <= narrow[1]["y"]  # type: ignore[index]


def test_without_a_script_every_change_is_told_in_words(lived_in: LivedIn, visit: Visit) -> None:
    clicker = visit(lived_in.office, java_script_enabled=False).sign_in("jiang.bo")
    clicker.page.goto(COMPARE)
    words = clicker.page.locator("main").inner_text()
    for told in ("需要 JavaScript", "新步骤", "旧步骤", "登记信息", "事由要点", '"漏"', "仅在图中移动位置"):
        assert told in words
