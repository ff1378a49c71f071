"""Draws diagrams as pictures, as the pages show them: `python tests/render_diagrams.py [FILE…]`.

Without arguments all of `bpmn/`. The vendored viewer draws them in Chromium; they land in build/diagrams/.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HOUSE = Path(__file__).resolve().parent.parent
VIEWER = HOUSE / "web/static/vendor/camunda-bpmn-js"
FOLDER = HOUSE / "build/diagrams"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
AIR = 20
SHARPNESS = 2

OPEN = """async ({xml, air}) => {
  const viewer = new BpmnNavigatedViewer({container: '#canvas'});
  const {warnings} = await viewer.importXML(xml);
  const canvas = viewer.get('canvas'), inner = canvas.viewbox().inner;
  const width = Math.ceil(inner.width + 2 * air), height = Math.ceil(inner.height + 3 * air);
  Object.assign(document.getElementById('canvas').style, {width: width + 'px', height: height + 'px'});
  canvas.resized();
  canvas.viewbox({x: inner.x - air, y: inner.y - air, width, height});
  return {width, height, warnings: warnings.map(warning => warning.message)};
}"""


def render(page: Page, file: Path, folder: Path) -> Path:
    """Draws one diagram; returns the picture. Raises ValueError when the viewer warns about the file."""
    page.set_content("<style>body { margin: 0; background: white }</style><div id=canvas></div>")
    for sheet in sorted(VIEWER.glob("assets/*.css")):
        page.add_style_tag(path=sheet)
    page.add_script_tag(path=VIEWER / "viewer.min.js")
    drawn = page.evaluate(OPEN, {"xml": file.read_text("utf-8"), "air": AIR})
    if drawn["warnings"]:
        raise ValueError(f"{file.name}: {drawn['warnings']}")
    page.set_viewport_size({"width": drawn["width"], "height": drawn["height"]})
    picture = folder / f"{file.stem}.png"
    page.screenshot(path=picture)
    return picture


@contextmanager
def blank_page() -> Iterator[Page]:
    """A page in the Chromium of this machine (ZHIHUAN_CHROMIUM, else the first on the PATH)."""
    browsers = ("chromium", "chromium-browser", "google-chrome")
    chromium = os.environ.get("ZHIHUAN_CHROMIUM") or next(filter(None, map(shutil.which, browsers)), None)
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser.new_page(device_scale_factor=SHARPNESS)
        browser.close()


def main(arguments: Sequence[str]) -> None:
    """Draws the files named, by default all of `bpmn/`, and prints where each picture is."""
    files = [Path(name) for name in arguments] or sorted((HOUSE / "bpmn").glob("*.bpmn"))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with blank_page() as page:
        for file in files:
            print(render(page, file, FOLDER))


if __name__ == "__main__":
    main(sys.argv[1:])
