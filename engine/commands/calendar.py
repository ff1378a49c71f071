"""Verbs of the process owner on the working calendar: days set against the published one, years declared."""

from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from engine.commands.clocks import wake_waiting_clocks
from engine.errors import BadDay, NotAllowed, NothingToChange, ReasonRequired
from engine.queries.calendar import FIRST_YEAR, LAST_YEAR, may_edit_calendar
from engine.queries.clock import time_of
from engine.queries.views import Actor
from engine.schedule.calendar import published
from engine.storage.models import AccessLog, CalendarDay, CalendarYear
from engine.storage.session import begin_write, insert_for

DAY_SET, DAY_CLEARED, YEAR_DECLARED = "calendar_day_set", "calendar_day_cleared", "calendar_year_declared"


def set_calendar_day(
    session: Session, day: date, working: bool, actor: Actor, note: str, *, now: datetime | None = None
) -> int:
    """Makes a day a working day or a day off, whatever the published calendar says.

    Clocks that already have an end keep it; those that wait for a calendar are worked out again, and how
    many that are is returned. For the process owner. Raises NotAllowed, BadDay, ReasonRequired (no note),
    NothingToChange."""
    at = _checked(session, actor, day.year, note, now)
    before = session.get(CalendarDay, day)
    if before is not None and (before.working, before.note) == (working, note.strip()):
        raise NothingToChange()
    row = {"day": day, "working": working, "note": note.strip(), "set_at": at, "set_by": actor.person_id}
    statement = insert_for(session)(CalendarDay.__table__).values(row)
    changed = {name: statement.excluded[name] for name in row if name != "day"}
    session.execute(statement.on_conflict_do_update(index_elements=["day"], set_=changed))
    session.expire_all()
    detail = {"day": day.isoformat(), "working": working, "note": note.strip()}
    return _changed(session, actor, DAY_SET, detail, at)


def clear_calendar_day(
    session: Session, day: date, actor: Actor, reason: str, *, now: datetime | None = None
) -> int:
    """Takes a set day back: the published calendar counts again. Otherwise as `set_calendar_day`."""
    at = _checked(session, actor, day.year, reason, now)
    if session.get(CalendarDay, day) is None:
        raise NothingToChange()
    session.execute(delete(CalendarDay).where(CalendarDay.day == day))
    session.expire_all()
    return _changed(session, actor, DAY_CLEARED, {"day": day.isoformat(), "note": reason.strip()}, at)


def declare_calendar_year(
    session: Session, year: int, actor: Actor, reason: str, *, now: datetime | None = None
) -> int:
    """Declares complete a year that is not published: Monday to Friday are worked, but for the days set.

    For the process owner. Raises NotAllowed, BadDay, ReasonRequired, NothingToChange (it is published or
    declared already)."""
    at = _checked(session, actor, year, reason, now)
    if published(year) or session.get(CalendarYear, year) is not None:
        raise NothingToChange()
    session.add(CalendarYear(year=year, note=reason.strip(), set_at=at, set_by=actor.person_id))
    session.flush()
    return _changed(session, actor, YEAR_DECLARED, {"year": year, "note": reason.strip()}, at)


def _checked(session: Session, actor: Actor, year: int, reason: str, now: datetime | None) -> datetime:
    if not may_edit_calendar(actor):
        raise NotAllowed(what="change the working calendar", what_zh="更改工作日历")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadDay(first=FIRST_YEAR, last=LAST_YEAR)
    if not reason.strip():
        raise ReasonRequired()
    begin_write(session)
    return time_of(now)


def _changed(session: Session, actor: Actor, action: str, detail: dict[str, object], at: datetime) -> int:
    """Every change stays readable, also of days that are taken back."""
    session.add(AccessLog(at=at, person_id=actor.person_id, action=action, instance_id=None, detail=detail))
    session.flush()
    return wake_waiting_clocks(session, now=at)
