"""Tables of time limits: the clocks of each case, their extensions, and the owner's working days."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base
from engine.storage.types import UtcDateTime


class Clock(Base):
    """A time limit that runs or ran in a case: one row a turn (a clock that starts again begins turn 2).

    `limit` as decided, ISO 8601; `calendar`: natural or working. `due_at` is empty while no published
    calendar says when it is due; `first_due_at` is what it was before any extension. `verdict`: running,
    on_time, extended (on time thanks to an extension), breached, void (the case ended without it).
    """

    __tablename__ = "clock"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    name: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(String(36), default="")
    turn: Mapped[int] = mapped_column(Integer, default=1)
    process_id: Mapped[str] = mapped_column(Text)
    element_id: Mapped[str] = mapped_column(Text)
    limit: Mapped[str] = mapped_column(Text)
    warn: Mapped[str] = mapped_column(Text)
    calendar: Mapped[str] = mapped_column(String(8))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    warn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    breached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verdict: Mapped[str] = mapped_column(String(10), default="running")
    extensions: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (
        UniqueConstraint("instance_id", "name", "scope", "turn"),
        Index("ix_clock_verdict", "verdict", "due_at"),
    )


class ClockExtension(Base):
    """A granted extension: what was due before and after, why, and which case granted it. Append-only."""

    __tablename__ = "clock_extension"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    clock_id: Mapped[str] = mapped_column(ForeignKey("clock.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_before: Mapped[datetime] = mapped_column(UtcDateTime)
    due_after: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    granted_by: Mapped[str] = mapped_column(String(64))
    granted_in: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))


class CalendarDay(Base):
    """A day that the company's calendar makes a working day or a day off, against the published one."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    working: Mapped[bool]
    note: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by: Mapped[str] = mapped_column(String(64))


class CalendarYear(Base):
    """A year that somebody has declared complete before a calendar was published: Monday to Friday are
    worked, but for the days set."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by: Mapped[str] = mapped_column(String(64))
