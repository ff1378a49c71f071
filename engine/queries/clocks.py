"""The time limits of a case as its page shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.queries.access import may_see
from engine.queries.people import names_of
from engine.queries.reference import clock_names
from engine.queries.views import Actor, Text
from engine.schedule.calendar import Calendar
from engine.storage.models import Clock, ClockExtension, ProcessInstance


@dataclass(frozen=True)
class ExtensionView:
    """A granted extension. `case_id` is None where the reader may not see the case that granted it."""

    at: datetime
    due_before: datetime
    due_after: datetime
    reason: str
    by_name: str
    case_number: str
    case_id: str | None


@dataclass(frozen=True)
class ClockView:
    """A turn of a clock. `verdict`: running, on_time, extended, breached or void.

    `late`: its end has passed (still running), or it was stopped late. `unknown_year`: why `due_at` is empty:
    the first year on the way whose working days nobody has published. `limit` as decided, ISO 8601."""

    name: str
    label: Text
    turn: int
    scope: str
    verdict: str
    limit: str
    calendar: str
    started_at: datetime
    warn_at: datetime | None
    due_at: datetime | None
    first_due_at: datetime | None
    warned_at: datetime | None
    stopped_at: datetime | None
    late: bool
    warned: bool
    unknown_year: int | None
    extensions: tuple[ExtensionView, ...]

    @property
    def running(self) -> bool:
        """Whether it still counts."""
        return self.stopped_at is None


def clocks_of(session: Session, instance_id: str, actor: Actor, now: datetime) -> list[ClockView]:
    """The clocks of a case, the running ones first, each group by when it is due; the caller has checked who
    asks."""
    rows = list(session.scalars(select(Clock).where(Clock.instance_id == instance_id)))
    if not rows:
        return []
    labels, calendar = clock_names(session), Calendar(session)
    granted = _extensions(session, [row.id for row in rows if row.extensions], actor)
    shown = [_view(row, labels, granted.get(row.id, ()), calendar, now) for row in rows]
    return sorted(shown, key=_order)


def _order(clock: ClockView) -> tuple[bool, float, str, int]:
    moment = clock.due_at if clock.running else clock.stopped_at
    return not clock.running, moment.timestamp() if moment else float("inf"), clock.name, clock.turn


def _view(
    row: Clock,
    labels: Mapping[str, Text],
    extensions: Iterable[ExtensionView],
    calendar: Calendar,
    now: datetime,
) -> ClockView:
    running = row.stopped_at is None
    late = row.verdict == "breached" or (running and row.due_at is not None and now >= row.due_at)
    warned = running and not late and row.warn_at is not None and now >= row.warn_at
    unknown = calendar.unknown_year(row.started_at) if row.due_at is None else None
    return ClockView(
        row.name, labels.get(row.name) or Text(row.name), row.turn, row.scope, row.verdict, row.limit,
        row.calendar, row.started_at, row.warn_at, row.due_at, row.first_due_at, row.warned_at,
        row.stopped_at, late, warned, unknown, tuple(extensions),
    )  # fmt: skip


def _extensions(session: Session, clocks: list[str], actor: Actor) -> dict[str, list[ExtensionView]]:
    """By clock, oldest first."""
    if not clocks:
        return {}
    seen = may_see(actor, ProcessInstance.id).label("seen")
    statement = (
        select(ClockExtension, ProcessInstance.business_key, seen)
        .join(ProcessInstance, ProcessInstance.id == ClockExtension.granted_in)
        .where(ClockExtension.clock_id.in_(clocks))
        .order_by(ClockExtension.at, ClockExtension.due_after)
    )
    rows = session.execute(statement).all()
    names = names_of(session, (row.ClockExtension.granted_by for row in rows))
    found: dict[str, list[ExtensionView]] = {}
    for one, number, visible in rows:
        by = names.get(one.granted_by, one.granted_by)
        view = ExtensionView(
            one.at, one.due_before, one.due_after, one.reason, by, number, one.granted_in if visible else None
        )
        found.setdefault(one.clock_id, []).append(view)
    return found
