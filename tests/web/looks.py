"""How a page must look to everybody: both themes, a telephone and a desk, one language, no axe violation."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Theme = Literal["light", "dark"]
SCREENS = Path(__file__).parents[2] / "build" / "screens"
PICTURES = bool(os.environ.get("ZHIHUAN_SCREENS"))  # whether pictures are kept there
LOOKS: dict[str, tuple[tuple[int, Theme], ...]] = {  # widths are CSS pixels
    "zh": ((390, "light"), (1280, "dark")),
    "en": ((390, "dark"), (1280, "light")),
}
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
UNFOLD = "() => document.querySelectorAll('main details').forEach(each => { each.open = true; })"
PRESENT = "() => typeof axe !== 'undefined'"

# Three elements for each look: contrast is a matter of an element's own style and of those that it lies in,
# and a long table shows few. Marks the first three of each and has axe measure what is marked.
MARK = """mark => {
  const names = ["color", "fill", "backgroundColor", "backgroundImage", "opacity", "filter", "fontSize",
    "fontWeight", "textShadow", "position", "clipPath", "overflowX"];
  const numbers = new Map(), looks = new Map(), seen = new Map();
  const look = node => {
    if (!node) return 0;
    if (!looks.has(node)) {
      const style = getComputedStyle(node);
      const own = [node.localName, node.disabled, ...names.map(name => style[name])];
      const text = [look(node.parentElement), ...own].join("|");
      if (!numbers.has(text)) numbers.set(text, numbers.size + 1);
      looks.set(node, numbers.get(text));
    }
    return looks.get(node);
  };
  for (const node of document.querySelectorAll("*")) {
    node.removeAttribute(mark);
    const written = [...node.childNodes].some(each => each.nodeType === 3 && each.data.trim());
    if (!written && !/^(input|select|textarea)$/.test(node.localName)) continue;
    if (!node.checkVisibility({ visibilityProperty: true })) continue;
    const times = seen.get(look(node)) ?? 0;
    seen.set(look(node), times + 1);
    if (times < 3) node.setAttribute(mark, "");
  }
  axe.configure({ rules: [{ id: "color-contrast", selector: `[${mark}]` }] });
}"""
MARKED = "data-one-of-its-look"
EVERY_ELEMENT = bool(os.environ.get("ZHIHUAN_EVERY_CONTRAST"))  # measures all of them, in many minutes
COLOURS = ("color-contrast", "link-in-text-block")  # the rules for which the theme makes a difference
SIZES = ("scrollable-region-focusable",)  # the rule for which the width does, whatever is shown or hidden
NAMES = (  # the rules about what is shown or hidden at a width, with the name that it has in a language
    "aria-hidden-focus", "aria-input-field-name", "aria-valid-attr-value", "button-name", "duplicate-id-aria",
    "image-alt", "label", "link-name", "nested-interactive", "select-name", "summary-name",
)  # fmt: skip
AXE: dict[tuple[str, int], dict[str, object]] = {
    ("zh", 390): {"rules": {"color-contrast": {"enabled": False}}},
    ("zh", 1280): {"runOnly": [*COLOURS, *SIZES, *NAMES]},
    ("en", 390): {"runOnly": [*SIZES, *NAMES]},
    ("en", 1280): {},
}


def faults(page: Page, name: str, language: str, typed: Iterable[str]) -> Iterator[str]:
    """Everything wrong with the page as it stands open; `typed` are the texts that people wrote themselves.

    Axe is slow, so all of its rules meet a page once in each language and once at each width; the two other
    pairs meet those about names, and those for which a theme or a width makes a difference. And measuring
    contrast takes most of its time, so that is done at a desk, in both themes, and at the first three of the
    elements that look alike.
    """
    page.wait_for_load_state()  # a word of it may be there before its style sheets are
    if PICTURES:
        for width, theme in LOOKS[language]:
            look(page, width, theme)
            picture(page, f"{name}-{language}-{theme}-{width}")
    page.evaluate(UNFOLD)
    yield from (f"{name}: not in its language: {text}" for text in strangers(page, language, typed))
    for width, theme in LOOKS[language]:
        look(page, width, theme)
        wider = page.evaluate(WIDER)
        if wider > 0:
            yield f"{name}: {wider} pixels wider than a screen of {width}"
        found = violations(page, AXE[language, width])
        yield from (f"{name}, {theme}, {width}: {violation}" for violation in found)


def look(page: Page, width: int, theme: Theme) -> None:
    """Shows the page on a screen of `width`, in a theme, without movement."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")


def violations(page: Page, rules: Mapping[str, object]) -> Iterator[str]:
    """What axe finds, by rule and element; `rules`: which it goes by, as its options say it."""
    if not page.evaluate(PRESENT):
        page.evaluate(Axe().axe_script)
    if not EVERY_ELEMENT:
        page.evaluate(MARK, MARKED)
    options = {"resultTypes": ["violations"], "preload": False, **rules}
    for found in page.evaluate("options => axe.run(options).then(run => run.violations)", options):
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
    """Keeps a picture of the whole page in build/screens."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)
