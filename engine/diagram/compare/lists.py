"""The owner's tables of names (csv) compared row by row; a row is known by its id."""

import csv
import io

from engine.diagram.compare.changes import Change, Thing, changed_things


def compare_lists(before: bytes, after: bytes) -> tuple[Change, ...]:
    """The rows that differ between two states of a csv file, the columns by their names; one that cannot be
    read, or that is not there, has no rows."""
    return changed_things(_rows(before), _rows(after))


def _rows(data: bytes) -> dict[str, Thing]:
    try:
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return {}
    return {row["id"]: _row(row["id"], row) for row in rows if row.get("id")}


def _row(key: str, row: dict[str, str]) -> Thing:
    cells = {name: cell for name, cell in row.items() if isinstance(name, str) and isinstance(cell, str)}
    return Thing("row", key, key, key, {name: cell for name, cell in cells.items() if cell and name != "id"})
