"""A list as a CSV file that spreadsheets open as it is: UTF-8 with BOM, formulas defused."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from flask import Response

RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would calculate what begins so


def defused(cell: object) -> str:
    """The cell as text, with an apostrophe before anything a spreadsheet would run."""
    text = "" if cell is None else str(cell)
    return "'" + text if text.startswith(RISKY) else text


def disposition(filename: str, kind: str = "attachment") -> str:
    """A Content-Disposition that carries Chinese file names (RFC 5987), and an ASCII one for old clients."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in filename)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The rows as a download."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([defused(cell) for cell in row] for row in rows)
    response = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = disposition(filename)
    return response
