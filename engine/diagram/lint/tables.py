"""The owner's tables beside the diagrams: groups, clauses, records, clocks."""

import csv
import io

from engine.diagram.lint.report import Report

COLUMNS = {
    "groups": ("id", "zh", "en", "duty_zh", "duty_en"),
    "clauses": ("id", "regulation", "zh", "en"),
    "records": ("id", "zh", "en", "number_pattern", "copies"),
    "clocks": ("id", "zh", "en"),
}
LONGEST = {"groups": (64, 200, 200, 500, 500), "records": (16, 200, 200, 40, 200)}  # columns in storage


def read_ids(report: Report, stem: str, file: str, data: bytes) -> frozenset[str] | None:
    """The ids of a table in UTF-8 (`stem` is one of COLUMNS); None if it cannot be read.

    Whoever reads a deployed table may rely on what is checked here: every column is there, every row has as
    many cells as the header, and every id is there once."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        report.add_at("table-unreadable", (file, 1, 1), "")
        return None
    header = rows[0] if rows else []
    missing = [name for name in COLUMNS[stem] if header.count(name) != 1]
    if missing:
        report.add_at("table-columns", (file, 1, 1), "", columns=", ".join(missing))
        return None
    longest = {header.index(c): n for c, n in zip(COLUMNS[stem], LONGEST.get(stem, (64,)), strict=False)}
    return frozenset(_ids(report, file, rows, header.index("id"), longest))


def _ids(report: Report, file: str, rows: list[list[str]], column: int, longest: dict[int, int]) -> set[str]:
    found: set[str] = set()
    for number, row in enumerate(rows[1:], start=2):
        place = (file, number, 1)
        if not row:
            continue
        name = row[column].strip() if len(row) == len(rows[0]) else ""
        fits = len(row) == len(rows[0]) and all(len(row[at]) <= most for at, most in longest.items())
        if not fits or not name or name != row[column] or not all(map(_is_text, row)):
            report.add_at("table-row", place, name, cells=len(rows[0]), found=len(row))
        elif name in found:
            report.add_at("table-id-twice", place, name, id=name)
        found.add(name)
    return found


def _is_text(cell: str) -> bool:
    return all(char.isprintable() or char in "\n\r\t\u3000\u00a0" for char in cell)
