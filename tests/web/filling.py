"""How somebody fills a form in: each field by its kind, tables row by row, files from memory."""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import FilePayload, Locator, Page, expect

from web.demo.answers import ANSWERS
from web.demo.pictures import photo

HOUSE_ZONE = ZoneInfo("Asia/Shanghai")
INPUTS = "input:not([type=hidden]), select, textarea"


def answer(element: str, **values: object) -> dict[str, object]:
    """The demo's plain answer at an element (`process.element` where two share an id), as of now."""
    now = datetime.now(HOUSE_ZONE)
    plain = {name: value(now) if callable(value) else value for name, value in ANSWERS[element].items()}
    return plain | values


def picture(name: str) -> FilePayload:
    """A small PNG to upload under `name`."""
    return {"name": name, "mimeType": "image/png", "buffer": photo(zlib.crc32(name.encode()))}


def fill(page: Page, add_a_row: str, values: Mapping[str, object]) -> None:
    """Answers the fields named by `values` in that order; a field that depends on another is waited for."""
    for key, value in values.items():
        field = page.locator(f"[data-field='{key}']")
        expect(field).to_be_visible()
        if field.locator("[data-table]").count():
            _fill_table(field, add_a_row, value)  # type: ignore[arg-type]
        else:
            _fill_field(field, value)


def _fill_table(field: Locator, add_a_row: str, rows: Sequence[Mapping[str, object]]) -> None:
    present = field.locator("[data-row]")
    for at, row in enumerate(rows):
        if present.count() <= at:
            field.get_by_role("button", name=add_a_row).click()
            present.nth(at).wait_for()
        for column, value in row.items():
            _fill_input(present.nth(at).locator(f"[name$='.{column}']"), value)


def _fill_field(field: Locator, value: object) -> None:
    inputs = field.locator(INPUTS)
    kind = inputs.first.get_attribute("type")
    if kind == "file":
        inputs.first.set_input_files(value)  # type: ignore[arg-type]
    elif kind == "radio":
        field.locator(f"input[value='{_spelled(value)}']").check()
    elif kind == "checkbox" and isinstance(value, list):
        for each in value:
            field.locator(f"input[value='{each}']").check()
    elif kind == "checkbox":
        inputs.first.set_checked(bool(value))
    else:
        _fill_input(inputs.first, value)


def _fill_input(place: Locator, value: object) -> None:
    if place.evaluate("input => input.tagName") == "SELECT":
        place.select_option(_spelled(value))
    elif place.get_attribute("type") == "datetime-local":
        there = datetime.fromisoformat(str(value)).astimezone(HOUSE_ZONE)
        place.fill(there.strftime("%Y-%m-%dT%H:%M"))
    else:
        place.fill(str(value))


def _spelled(value: object) -> str:
    """A value as the options of a form spell it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
