"""From a limit as decided to moments: when a clock warns and when its time is up."""

import re
from datetime import UTC, datetime, timedelta

import isodate

from engine.errors import BadLimit
from engine.schedule.calendar import OFFICE_ZONE, Calendar

PERCENT = re.compile(r"(\d{1,2})\s*%")
MOST_HOURS = 24 * 366 * 10


def iso_limit(limit: object) -> str:
    """A limit as ISO 8601 text: given so, as a number of hours, or as a duration. Raises BadLimit."""
    if isinstance(limit, bool) or limit is None:
        raise BadLimit(limit=str(limit))
    if isinstance(limit, timedelta):
        return str(isodate.duration_isoformat(limit))
    if isinstance(limit, (int, float)) or (isinstance(limit, str) and limit.strip().isdecimal()):
        hours = float(limit)
        if not 0 <= hours <= MOST_HOURS:
            raise BadLimit(limit=str(limit))
        return isodate.duration_isoformat(timedelta(hours=hours)) if hours % 1 else f"PT{int(hours)}H"
    _parsed(str(limit))
    return str(limit).strip()


def due_at(start: datetime, limit: str, calendar: str, days: Calendar) -> datetime | None:
    """When a limit that counts from `start` is up, in UTC.

    `natural`: by the wall clock. `working`: whole days, counted as working days; None if the calendar of a
    year on the way is not known. Raises BadLimit."""
    span = _parsed(limit)
    try:
        if calendar != "working":
            end: datetime = start.astimezone(OFFICE_ZONE) + span
            return end.astimezone(UTC)
        if not isinstance(span, timedelta) or span % timedelta(days=1) or span < timedelta(days=1):
            raise BadLimit(limit=limit)
        return days.after_working_days(start, span.days)
    except (OverflowError, ValueError) as error:
        raise BadLimit(limit=limit) from error


def warn_at(start: datetime, due: datetime | None, warn: str) -> datetime | None:
    """When to warn: a share of the limit (`75%`) or a duration after the start; never after the end."""
    if due is None:
        return None
    match = PERCENT.fullmatch(warn.strip())
    if match:
        return start + (due - start) * int(match[1]) / 100
    early: datetime = start + _parsed(warn)
    return min(early, due)


def moment(value: object) -> datetime | None:
    """A moment as a template gave it: a time, or its ISO text; without an offset it is house time.

    Raises BadLimit."""
    if value in (None, ""):
        return None
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as error:
        raise BadLimit(limit=str(value)) from error
    return (found if found.tzinfo else found.replace(tzinfo=OFFICE_ZONE)).astimezone(UTC)


def _parsed(limit: str) -> timedelta | isodate.Duration:
    try:
        span: timedelta | isodate.Duration = isodate.parse_duration(limit.strip())
    except (isodate.ISO8601Error, ValueError, OverflowError, TypeError) as error:
        raise BadLimit(limit=limit) from error
    if not isinstance(span, timedelta):
        negative = span.years < 0 or span.months < 0 or span.tdelta < timedelta()
        too_long = span.years * 12 + span.months > 1200
    else:
        negative, too_long = span < timedelta(), span > timedelta(hours=MOST_HOURS)
    if negative or too_long:
        raise BadLimit(limit=limit)
    return span
