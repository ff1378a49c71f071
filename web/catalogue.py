"""Bring the Chinese catalogue up to date: `python -m web.catalogue`, after changing a text of a page.

Texts are written in English, in the code and the templates; the catalogue holds their Chinese. New texts
are added without a translation (and listed, so that somebody writes one), vanished ones are dropped.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).parent
PO = WEB / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trimmed": "true"}}
KEYWORDS = DEFAULT_KEYWORDS | {"lazy_gettext": None}


def extract() -> Catalog:
    """Every text that the pages ask to be translated."""
    found = Catalog()
    for _, _, message, _, context in extract_from_dir(WEB, METHODS, OPTIONS, KEYWORDS):
        found.add(message, context=context)
    return found


def read() -> Catalog:
    """The Chinese catalogue as it lies in the folder."""
    with PO.open("rb") as file:
        return read_po(file, locale="zh")


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts that have no Chinese, or only a guess."""
    return [str(text.id) for text in catalogue if text.id and (text.fuzzy or not _all(text.string))]


def _all(string: str | tuple[str, ...]) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


def main() -> None:
    """Extract, merge, write both files, and say what lacks a translation."""
    catalogue = read()
    catalogue.update(extract(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    with PO.open("wb") as file:
        write_po(file, catalogue, width=110, no_location=True, sort_output=True)
    with PO.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    for text in untranslated(catalogue):
        print(f"no Chinese: {text}")


if __name__ == "__main__":
    main()
