"""A year of the working calendar: what is published, what the owner has set, what nobody knows."""

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import chinese_calendar
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import BadDay
from engine.queries.people import names_of
from engine.queries.views import Actor, Text
from engine.schedule.calendar import FRIDAY, Calendar, published
from engine.storage.models import AccessLog, CalendarDay, CalendarYear, Clock

EDITORS = frozenset({"owner"})
FIRST_YEAR, LAST_YEAR = 2004, 2100  # the first one published, and the last one anybody plans for
ACTIONS = ("calendar_day_set", "calendar_day_cleared", "calendar_year_declared")
MOST_CHANGES = 50


@dataclass(frozen=True)
class DayView:
    """A day. `working` is None if no calendar knows; `special`: worked at a weekend or off on a weekday;
    `holiday`: whose holiday or whose make-up day it is; `note`: why the owner has `set_here` it."""

    day: date
    working: bool | None
    special: bool
    set_here: bool
    holiday: Text | None
    note: str


@dataclass(frozen=True)
class DaySetView:
    """A day that the owner has set, who did it and why."""

    day: date
    working: bool
    note: str
    at: datetime
    by_name: str


@dataclass(frozen=True)
class CalendarChange:
    """One change of the calendar. `kind`: calendar_day_set, calendar_day_cleared, calendar_year_declared."""

    kind: str
    at: datetime
    by_name: str
    note: str
    day: date | None
    working: bool | None
    year: int | None


@dataclass(frozen=True)
class YearView:
    """A year as twelve months of weeks (Monday first; None outside the month).

    `state`: published, declared (by the owner, with `note`), or unknown: no due times can be worked out that
    reach into it. `working_days` as far as they are known; `waiting`: clocks that wait for a calendar."""

    year: int
    state: str
    note: str
    months: Sequence[Sequence[Sequence[DayView | None]]]
    working_days: int
    days_set: Sequence[DaySetView]
    changes: Sequence[CalendarChange]
    waiting: int
    may_edit: bool


def may_edit_calendar(actor: Actor) -> bool:
    """Whether the actor may change the working calendar."""
    return not actor.groups.isdisjoint(EDITORS)


def get_calendar(session: Session, year: int, actor: Actor) -> YearView:
    """A year of the working calendar; everybody may look. Raises BadDay."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadDay(first=FIRST_YEAR, last=LAST_YEAR)
    known, declared = Calendar(session), session.get(CalendarYear, year)
    inside = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    set_days = {row.day: row for row in session.scalars(select(CalendarDay).where(inside))}
    weeks = [
        [[_day(known, set_days, day) if day.month == month else None for day in week] for week in page]
        for month in range(1, 13)
        for page in [months.Calendar().monthdatescalendar(year, month)]
    ]
    days = [day for page in weeks for week in page for day in week if day]
    state = "published" if published(year) else "declared" if declared else "unknown"
    names = names_of(session, [row.set_by for row in set_days.values()])
    return YearView(
        year, state, declared.note if declared else "", weeks, sum(day.working is True for day in days),
        [DaySetView(r.day, r.working, r.note, r.set_at, names.get(r.set_by, r.set_by))
         for _, r in sorted(set_days.items())],
        _changes(session), _waiting(session), may_edit_calendar(actor),
    )  # fmt: skip


def _day(known: Calendar, set_days: dict[date, CalendarDay], day: date) -> DayView:
    working, own = known.is_working(day), set_days.get(day)
    special = working is not None and working != (day.weekday() <= FRIDAY)
    return DayView(day, working, special, own is not None, _holiday(day), own.note if own else "")


def _holiday(day: date) -> Text | None:
    """The name of the holiday that a day belongs to, if a day off or a make-up day of one is published."""
    try:
        _, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return None
    found = next((holiday for holiday in chinese_calendar.Holiday if holiday.value == name), None)
    return Text(found.chinese, found.value) if found else None


def _changes(session: Session) -> list[CalendarChange]:
    newest = select(AccessLog).where(AccessLog.action.in_(ACTIONS)).order_by(AccessLog.id.desc())
    rows = list(session.scalars(newest.limit(MOST_CHANGES)))
    names = names_of(session, [row.person_id for row in rows])
    return [_change(row, names.get(row.person_id, row.person_id)) for row in rows]


def _change(row: AccessLog, by: str) -> CalendarChange:
    detail = row.detail or {}
    day, working, year = detail.get("day"), detail.get("working"), detail.get("year")
    return CalendarChange(
        row.action, row.at, by, str(detail.get("note", "")),
        date.fromisoformat(day) if isinstance(day, str) else None,
        working if isinstance(working, bool) else None, year if isinstance(year, int) else None,
    )  # fmt: skip


def _waiting(session: Session) -> int:
    waiting = select(func.count(Clock.id)).where(Clock.verdict == "running", Clock.due_at.is_(None))
    return session.scalar(waiting) or 0
