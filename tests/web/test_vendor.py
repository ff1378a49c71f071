"""What is vendored is what its manifest says, byte for byte, and carries its licences."""

import json

from web.vendor import FOLDER, MANIFEST, PACKAGES, sha256

KEPT = json.loads((FOLDER / MANIFEST).read_text())


def test_every_vendored_file_is_the_one_that_was_checked() -> None:
    found = {str(f.relative_to(FOLDER)): sha256(f.read_bytes()) for f in FOLDER.rglob("*") if f.is_file()}
    del found[MANIFEST]
    assert found == KEPT["sha256"]


def test_the_manifest_names_the_packages_that_the_tool_fetches() -> None:
    assert KEPT["packages"] == list(PACKAGES)
    assert set(KEPT["sha256"]) == {target for wanted in PACKAGES.values() for target in wanted.values()}


def test_the_licence_that_asks_for_the_mark_on_diagrams_is_kept() -> None:
    assert "bpmn.io project watermark" in (FOLDER / "camunda-bpmn-js" / "LICENSE.bpmn-js.txt").read_text()


def test_no_vendored_stylesheet_loads_anything_from_elsewhere() -> None:
    for sheet in FOLDER.rglob("*.css"):
        assert "url('http" not in sheet.read_text().replace('"', "'").replace("url(http", "url('http")
