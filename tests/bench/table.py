"""The table as it is printed."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from tests.bench.measure import Measure

COLUMNS = (("measure", 76), ("ours", 9), ("baseline", 9), ("ratio", 7), ("spread", 13), ("target", 8))


def machine() -> str:
    """What it was measured on."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {cores} cores, {memory:.0f} GiB, {platform.system()} "
        f"{platform.machine()} · Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"SpiffWorkflow {version('SpiffWorkflow')}, django-viewflow {version('django-viewflow')} · load "
        f"before: {os.getloadavg()[0]:.1f}"
    )


def heading() -> str:
    """The names of the columns."""
    return "  ".join(name.ljust(width) for name, width in COLUMNS) + "  holds"


def line(measure: Measure) -> str:
    """One measure."""
    spread = "–".join(_number(end) for end in measure.spread) if measure.spread else ""
    cells = (measure.name, *map(_number, (measure.ours, measure.baseline, measure.ratio)), spread,
             measure.target or "")  # fmt: skip
    padded = (cell.ljust(width) for cell, (_, width) in zip(cells, COLUMNS, strict=True))
    return "  ".join(padded) + "  " + _holds(measure)


def notes(measures: Sequence[Measure]) -> str:
    """What must be said beside the numbers."""
    return "\n".join(f"* {measure.name}: {measure.note}" for measure in measures if measure.note)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _holds(measure: Measure) -> str:
    if measure.target is None:
        return ""
    return {True: "yes", False: "NO", None: "not measurable here, see below"}[measure.holds]
