"""The time limits of a case as its page shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle
from engine.diagram.expressions import ReadClock
from engine.queries.access import may_see_one
from engine.queries.bundles import bundle_of
from engine.queries.definitions import may_start
from engine.queries.items import Item, items_of
from engine.queries.people import names_of
from engine.queries.reference import clock_names
from engine.queries.views import Actor, Text
from engine.schedule.calendar import Calendar
from engine.storage.models import Clock, ClockExtension, ProcessDefinition, ProcessInstance

EXTENSION_PROCESS = "sla_extension"
EXTENSION_FIELDS = "case_no", "clock"  # of its start form


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
    the first year on the way whose working days nobody has published. `limit` as decided, ISO 8601.
    `extendable`: the reader may ask now for an extension of it. `items`: to which of several it belongs,
    where it runs inside a multi-instance activity (`scope`)."""

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
    extendable: bool = False
    items: tuple[Item, ...] = ()

    @property
    def running(self) -> bool:
        """Whether it still counts."""
        return self.stopped_at is None


def clocks_of(
    session: Session, instance_id: str, actor: Actor, now: datetime, bundle: Bundle
) -> list[ClockView]:
    """The clocks of a case, the running ones first, each group by when it is due; the caller has checked who
    asks. `bundle`: what the case runs."""
    rows = list(session.scalars(select(Clock).where(Clock.instance_id == instance_id)))
    if not rows:
        return []
    labels, calendar = clock_names(session), Calendar(session)
    granted = _extensions(session, [row.id for row in rows if row.extensions], actor)
    items = items_of(session, {row.scope: bundle.hash for row in rows})
    shown = [_view(row, labels, granted.get(row.id, ()), calendar, now) for row in rows]
    shown = [replace(clock, items=items.get(clock.scope, ())) for clock in shown]
    if any(map(_can_move, shown)):
        asked = _can_be_asked_for(session, actor)
        shown = [replace(c, extendable=_can_move(c) and (asked is None or c.name in asked)) for c in shown]
    return sorted(shown, key=_order)


def _can_move(clock: ClockView) -> bool:
    """A running clock of the whole case that is not over yet (S2-2.2(1)b)."""
    return clock.running and clock.due_at is not None and not clock.late and not clock.scope


def _can_be_asked_for(session: Session, actor: Actor) -> frozenset[str] | None:
    """The clocks whose extension the actor may ask for, as the start form of the extension process offers
    them; None for any, where the form offers no choice."""
    latest = select(ProcessDefinition).where(
        ProcessDefinition.process_id == EXTENSION_PROCESS, ProcessDefinition.latest.is_(True)
    )
    definition = session.scalars(latest).one_or_none()
    if definition is None or may_start(definition, actor) is not None:
        return frozenset()
    form = bundle_of(session, definition.bundle_hash).start_form
    if form is None or not form.field_names.issuperset(EXTENSION_FIELDS):
        return frozenset()
    options = form.field(EXTENSION_FIELDS[1]).options
    return frozenset(option.value for option in options) if options else None


def clock_reader(session: Session, actor: Actor, instance_id: str | None = None) -> ReadClock:
    """For the conditions of a form: reads a clock of that case, or of another one by its number, if the
    actor may see it."""

    def read(name: str, number: str | None) -> Clock | None:
        if number is None:
            return _latest(session, Clock.instance_id == (instance_id or ""), name)
        case = ProcessInstance.business_key == number, may_see_one(actor, ProcessInstance.id)
        return _latest(session, Clock.instance_id.in_(select(ProcessInstance.id).where(*case)), name)

    return read


def _latest(session: Session, case: ColumnElement[bool], name: str) -> Clock | None:
    turns = select(Clock).where(case, Clock.name == name, Clock.scope == "").order_by(Clock.turn.desc())
    return session.scalars(turns.limit(1)).one_or_none()


def _order(clock: ClockView) -> tuple[bool, float, str, list[int], int]:
    moment = clock.due_at if clock.running else clock.stopped_at
    numbers = [item.number for item in clock.items]
    return not clock.running, moment.timestamp() if moment else float("inf"), clock.name, numbers, clock.turn


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
    seen = may_see_one(actor, ProcessInstance.id).label("seen")
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
