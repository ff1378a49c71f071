"""Time limits on pages: the words for limits and verdicts, and the bar that shows how far one has run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from flask_babel import gettext, lazy_gettext, ngettext

from engine import ClockView
from web.i18n import now

VERDICTS = {
    "running": lazy_gettext("running"),
    "on_time": lazy_gettext("✓ in time"),
    "extended": lazy_gettext("✓ in time, with extension"),
    "breached": lazy_gettext("▲ late"),
    "void": lazy_gettext("– no verdict"),
}
TONES = {"on_time": "good", "extended": "good", "breached": "bad", "void": "plain"}
LIMIT = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+(?:\.\d+)?S)?)?")


@dataclass(frozen=True)
class Track:
    """How far a clock has run, in percent of the bar: from its start to its end, or to now if it is late."""

    run: float
    warn: float | None
    first: float | None
    due: float


def track(clock: ClockView) -> Track | None:
    """The bar of a clock; None while nobody knows when it is due."""
    if clock.due_at is None:
        return None
    at = clock.stopped_at or now()
    whole = (max(at, clock.due_at) - clock.started_at).total_seconds() or 1

    def share(moment: datetime) -> float:
        return round(min(max((moment - clock.started_at).total_seconds() / whole, 0), 1) * 100, 2)

    moved = clock.first_due_at is not None and clock.first_due_at != clock.due_at
    first = share(clock.first_due_at) if moved and clock.first_due_at else None
    return Track(share(at), share(clock.warn_at) if clock.warn_at else None, first, share(clock.due_at))


def limit_text(limit: str, calendar: str) -> str:
    """A limit in words, by its two largest units: 48 hours, 2 working days, 7 days 11 hours. One that has no
    such words stays ISO 8601."""
    match = LIMIT.fullmatch(limit)
    if match is None or not any(match.groups()):
        return limit
    days, hours, minutes = (int(part or 0) for part in match.groups())
    if calendar == "working":
        return ngettext("%(num)d working day", "%(num)d working days", days)
    parts = [ngettext("%(num)d day", "%(num)d days", days)] if days else []
    parts += [ngettext("%(num)d hour", "%(num)d hours", hours)] if hours else []
    parts += [ngettext("%(num)d minute", "%(num)d minutes", minutes)] if minutes else []
    return gettext(" ").join(parts[:2])


def init_app(app: Flask) -> None:
    """Tell the templates."""
    app.jinja_env.globals.update(CLOCK_VERDICTS=VERDICTS, CLOCK_TONES=TONES, track=track)
    app.jinja_env.filters["limit_text"] = limit_text
