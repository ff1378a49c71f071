"""Fetch the diagram viewer and the modeler that the pages show: `python -m web.vendor`, for maintainers only.

The result is committed, so nobody who runs the product needs Node or a network. Every package is checked
against the integrity its registry published, only a whitelist of its files is kept, and `manifest.json` lists
what was kept.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "vendor"
MANIFEST = "manifest.json"

# package → {file inside it: where it lands below static/vendor}. The stylesheets import each other by
# relative path, so they stay side by side. bpmn-js and diagram-js and the others below are inside the
# bundles: only their licences are fetched.
PACKAGES: dict[str, dict[str, str]] = {
    "camunda-bpmn-js@5.35.0": {
        "dist/camunda-platform-navigated-viewer.production.min.js": "camunda-bpmn-js/viewer.min.js",
        "dist/camunda-platform-modeler.production.min.js": "camunda-bpmn-js/modeler.min.js",
        "dist/assets/base-navigated-viewer.css": "camunda-bpmn-js/assets/base-navigated-viewer.css",
        "dist/assets/bpmn-js.css": "camunda-bpmn-js/assets/bpmn-js.css",
        "dist/assets/diagram-js.css": "camunda-bpmn-js/assets/diagram-js.css",
        **{
            f"dist/assets/{name}": f"camunda-bpmn-js/assets/{name}"
            for name in (
                "bpmn-font/css/bpmn.css",  # with the font as files: no style may hold one as data
                "bpmn-font/font/bpmn.woff",
                "bpmn-font/font/bpmn.woff2",
                "color-picker.css",
                "diagram-js-minimap.css",
                "element-template-chooser.css",
                "element-templates.css",
                "popup-menu.css",
                "properties-panel.css",
            )
        },
        "LICENSE": "camunda-bpmn-js/LICENSE.txt",
    },
    "bpmn-js@18.29.1": {"LICENSE": "camunda-bpmn-js/LICENSE.bpmn-js.txt"},
    "diagram-js@15.26.0": {"LICENSE": "camunda-bpmn-js/LICENSE.diagram-js.txt"},
    "bpmn-font@0.12.1": {"LICENSE": "camunda-bpmn-js/LICENSE.bpmn-font.txt"},
    "bpmn-js-properties-panel@5.65.0": {"LICENSE": "camunda-bpmn-js/LICENSE.properties-panel.txt"},
    "preact@11.2.0": {"LICENSE": "camunda-bpmn-js/LICENSE.preact.txt"},
    "@codemirror/view@6.43.15": {"LICENSE": "camunda-bpmn-js/LICENSE.codemirror.txt"},
}


def sha256(data: bytes) -> str:
    """The hash by which the manifest knows a file."""
    return hashlib.sha256(data).hexdigest()


def npm(folder: Path, *arguments: str) -> str:
    """Run npm quietly in a scratch folder, never a package's own scripts; returns its JSON."""
    command = ["npm", *arguments, "--json", "--ignore-scripts"]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout  # noqa: S603


def pack(package: str, folder: Path) -> bytes:
    """Download one package as its registry serves it; refuses bytes that miss the published integrity."""
    published = json.loads(npm(folder, "view", package, "dist.integrity"))
    data = (folder / json.loads(npm(folder, "pack", package))[0]["filename"]).read_bytes()
    computed = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
    if computed != published:
        raise SystemExit(f"{package}: integrity is {computed}, its registry published {published}")
    return data


def extract(archive: bytes, wanted: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """The wanted files of a packed package as (path below static/vendor, bytes)."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for inside, target in wanted.items():
            member = tar.extractfile(f"package/{inside}")
            if member is None:
                raise SystemExit(f"{inside} is not a file of its package")
            yield target, member.read()


def main() -> None:
    """Replace static/vendor by what the packages hold, and write the manifest of it."""
    kept: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for package, wanted in PACKAGES.items():
            for target, data in extract(pack(package, Path(scratch)), wanted):
                (FOLDER / target).parent.mkdir(parents=True, exist_ok=True)
                (FOLDER / target).write_bytes(data)
                kept[target] = sha256(data)
    manifest = {"packages": list(PACKAGES), "sha256": dict(sorted(kept.items()))}
    (FOLDER / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(f"{len(kept)} files in {FOLDER}")


if __name__ == "__main__":
    main()
