"""When a timer is due: worked out once, when the token comes, from the time passed in; stored as an
absolute time.

The stored facts are JSON: {"due": ISO time in UTC, "every": ISO duration or seconds, "left": further turns
or None, "clocks": the clocks that its expression read, if any}.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions import (
    CycleTimerEventDefinition,
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from engine.errors import BadTimer


class DateTimer(TimeDateEventDefinition):
    """Due at a date and time; a date alone means its first moment, without an offset in the house's own
    zone."""


class DurationTimer(DurationTimerEventDefinition):
    """Due a duration after the token came."""


class CycleTimer(CycleTimerEventDefinition):
    """Due again and again: `R3/PT1H`, `R/2026-11-22T08:00:00+08:00/P1D` or `R2/P1D/2026-11-30`."""


MOST_YEARS = 1_000  # of a duration: they are counted out one by one


def timer_facts(definition: Any, value: Any, now: datetime, zone: tzinfo) -> dict[str, Any]:
    """The facts to store for a timer whose expression has the given value at `now`.

    Raises BadTimer if the value is not a time of the kind that the definition needs.
    """
    try:
        if isinstance(definition, CycleTimer):
            return _cycle(value, now, zone)
        if isinstance(definition, DurationTimer):
            return {"due": _text(after(now, value))}
        return {"due": _text(moment(value, zone))}
    except (ValueError, TypeError, AttributeError, OverflowError, BadTimer) as error:
        raise BadTimer(name=definition.name, value=repr(value)) from error


def due_of(facts: Mapping[str, Any]) -> datetime | None:
    """When the timer with these facts is due."""
    return datetime.fromisoformat(facts["due"]) if facts.get("due") else None


def next_turn(facts: Mapping[str, Any], now: datetime) -> dict[str, Any] | None:
    """The facts of a cycle after it fired at `now`, or None if that was the last time.

    Turns that were missed while nobody looked are not made up for: the next one lies after `now`.
    """
    if "every" not in facts:
        return None
    left, due, every = facts.get("left"), datetime.fromisoformat(facts["due"]), facts["every"]
    missed = 0
    if not {"Y", "M"} & set(every.upper().partition("T")[0]):  # days and less: all turns are equally long
        missed = max(0, (now - due) // (after(due, every) - due))
        due += missed * (after(due, every) - due)
    while due <= now:
        due, missed = after(due, every), missed + 1
    if left is not None and missed > left:
        return None
    return {**facts, "due": _text(due), "left": None if left is None else left - missed}


def _cycle(value: str, now: datetime, zone: tzinfo) -> dict[str, Any]:
    head, *parts = value.strip().split("/")
    if head[:1] not in ("R", "r") or not 1 <= len(parts) <= 2:
        raise BadTimer(value=value)
    turns = int(head[1:]) if head[1:] else None
    first, last = parts[0], parts[-1]
    every = last if last[:1] in "Pp" else first
    if first[:1] not in "Pp":
        due = moment(first, zone)
    elif len(parts) == 2:
        due = moment(last, zone) - (turns or 1) * (after(now, every) - now)
    else:
        due = after(now, every)
    if after(due, every) <= due or turns == 0:
        raise BadTimer(value=value)
    return {"due": _text(due), "every": every, "left": None if turns is None else turns - 1}


def after(start: datetime, duration: Any) -> datetime:
    """A duration (ISO text or timedelta) after `start`; months have their real length. Raises BadTimer."""
    if isinstance(duration, timedelta):
        return start + duration
    if not isinstance(duration, str) or not duration.upper().startswith("P"):
        raise BadTimer(value=duration)
    span: timedelta = TimerEventDefinition.get_timedelta_from_start(_duration(duration), start)
    return start + span


def _duration(text: str) -> dict[str, float]:
    try:
        parts = dict(TimerEventDefinition.parse_iso_duration(text))
    except Exception as error:  # SpiffWorkflow raises a bare Exception
        raise BadTimer(value=text) from error
    if not parts or parts.get("years", 0) > MOST_YEARS or parts.get("months", 0) > 12 * MOST_YEARS:
        raise BadTimer(value=text)
    return parts


def moment(value: Any, zone: tzinfo) -> datetime:
    """An absolute time in UTC; without an offset it is meant in `zone`, a date means its first moment."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        raise BadTimer(value=value)
    moment: datetime = value if value.tzinfo else value.replace(tzinfo=zone)
    return moment.astimezone(UTC)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
