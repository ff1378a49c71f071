"""How a page must look to everybody: both themes, a telephone and a desk, one language, no axe violation."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Theme = Literal["light", "dark"]
SCREENS = Path(__file__).parents[2] / "build" / "screens"
LOOKS: dict[str, tuple[tuple[int, Theme], ...]] = {  # widths are CSS pixels
    "zh": ((390, "light"), (1280, "dark")),
    "en": ((390, "dark"), (1280, "light")),
}
WIDE = 1000  # CSS pixels
CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff5e]")
ENGLISH = re.compile(r"[A-Za-z]{3,} [A-Za-z]{2,}")
PROPER = ("Powered by bpmn.io", "Zhihuan", "Asia/Shanghai", "camunda-bpmn-js", "bpmn-js", "diagram-js",
          "Camunda Modeler")  # fmt: skip

# Every text that a reader sees or hears outside elements marked as being in a language of their own.
TEXTS = """() => {
  const heard = ["title", "aria-label", "placeholder", "alt", "data-label", "data-waiting"];
  const own = node => node.closest("[lang]") !== document.documentElement
    || node.closest("script, style, template");
  const texts = [document.title];
  for (const element of document.body.querySelectorAll("*")) {
    if (own(element)) continue;
    for (const name of heard) if (element.hasAttribute(name)) texts.push(element.getAttribute(name));
    for (const node of element.childNodes) if (node.nodeType === 3) texts.push(node.data);
  }
  return texts.map(text => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults(page: Page, name: str, language: str, typed: Iterable[str]) -> Iterator[str]:
    """Everything wrong with the page as it stands open; `typed` are the texts that people wrote themselves.

    Axe is slow, so a page meets it at each width and in each theme, and in both languages in all four pairs;
    and measuring contrast takes most of its time, so that is done at a desk: in the dark theme in Chinese, in
    the light one in English.
    """
    for width, theme in LOOKS[language]:
        look(page, width, theme)
        picture(page, f"{name}-{language}-{theme}-{width}")
    page.evaluate("() => document.querySelectorAll('main details').forEach(each => { each.open = true; })")
    yield from (f"{name}: not in its language: {text}" for text in strangers(page, language, typed))
    for width, theme in LOOKS[language]:
        look(page, width, theme)
        wider = page.evaluate(WIDER)
        if wider > 0:
            yield f"{name}: {wider} pixels wider than a screen of {width}"
        yield from (f"{name}, {theme}, {width}: {violation}" for violation in violations(page, width >= WIDE))


def look(page: Page, width: int, theme: Theme) -> None:
    """Shows the page on a screen of `width`, in a theme, without movement."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")


def violations(page: Page, contrast: bool) -> Iterator[str]:
    """What axe finds, by rule and element; `contrast`: whether it measures that too."""
    rules = {"color-contrast": {"enabled": contrast}}
    options = {"resultTypes": ["violations"], "preload": False, "rules": rules}
    for found in Axe().run(page, options=options).response["violations"]:
        for node in found["nodes"]:
            yield f"{found['id']} at {node['target']}: {found['help']}"


def strangers(page: Page, language: str, typed: Iterable[str]) -> Iterator[str]:
    """Texts of the page that are in the other language, without what people wrote."""
    longest_first = sorted({*typed, *PROPER}, key=len, reverse=True)
    wrong = CHINESE if language == "en" else ENGLISH
    for text in page.evaluate(TEXTS):
        rest = text
        for known in longest_first if wrong.search(rest) else ():
            rest = rest.replace(re.sub(r"\s+", " ", known).strip(), "")
        if wrong.search(rest):
            yield text[:200]


def picture(page: Page, name: str) -> None:
    """Keeps a picture of the whole page in build/screens, if ZHIHUAN_SCREENS asks for pictures."""
    if os.environ.get("ZHIHUAN_SCREENS"):
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENS / f"{name}.png", full_page=True)
