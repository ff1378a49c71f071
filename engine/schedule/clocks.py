"""The clocks of one case, for the time of one verb: read when first asked for, written once at the end."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.schedule.calendar import Calendar
from engine.schedule.limits import due_at, iso_limit, moment, warn_at
from engine.storage.clocks import Clock
from engine.storage.ids import new_id
from engine.storage.models import ProcessInstance
from engine.storage.session import insert_for

COLUMNS = tuple(column.name for column in Clock.__table__.columns)


@dataclass(frozen=True)
class Happened:
    """What became of a clock; `kind`: started, retimed, stopped, warned, breached, extended or void."""

    kind: str
    clock: str
    process_id: str
    element_id: str
    scope: str
    facts: dict[str, object]


@dataclass
class ClockBook:
    """What `engine.execution.clocks.Clocks` asks for, kept in rows."""

    session: Session
    instance_id: str
    at: datetime
    happened: list[Happened] = field(default_factory=list)
    extends: list[Any] = field(default_factory=list)
    breaches: list[Happened] = field(default_factory=list)  # of these somebody is to be told
    _clocks: dict[tuple[str, str], Clock] | None = None
    _changed: dict[str, Clock] = field(default_factory=dict)
    _calendar: Calendar | None = None

    # -- what execution asks

    def read(self, name: str, scope: str, case: str | None) -> Clock | None:
        """The latest turn of a clock, of this case or of the one with that number."""
        if case is not None:
            return self._of_case(name, case)
        clocks = self._loaded()
        return clocks.get((name, scope)) or clocks.get((name, ""))

    def start(self, start: Any) -> None:
        """Starts a clock, or gives a running one another limit. Raises BadLimit."""
        running = self._running(start.name, start.scope)
        since = moment(start.since) or (running.started_at if running else self.at)
        limit = iso_limit(start.limit)
        clock = running or self._new(start, since)
        due = due_at(since, limit, start.calendar, self.calendar)
        if running and (running.limit, running.started_at) == (limit, since):
            return
        clock.limit, clock.calendar, clock.warn, clock.started_at = limit, start.calendar, start.warn, since
        clock.first_due_at = due
        if not clock.extensions or (due and clock.due_at and due > clock.due_at):
            clock.due_at = due
        clock.warn_at = warn_at(since, clock.due_at, start.warn)
        if clock.warn_at and clock.warn_at > self.at:  # what still lies ahead is said again when it comes
            clock.warned_at = None
        if clock.due_at and clock.due_at > self.at:
            clock.breached_at = None
        self._note("retimed" if running else "started", clock, start.process_id, start.element_id)

    def stop(self, name: str, scope: str) -> None:
        """Stops a running clock and gives its verdict."""
        clock = self._running(name, scope)
        if clock is None:
            return
        clock.stopped_at, clock.verdict = self.at, _verdict(clock, self.at)
        self._note_breach(clock)
        self._note("stopped", clock)

    def extend(self, extend: Any) -> None:
        """Notes that another case's clock shall move; the verb moves it in the same transaction."""
        self.extends.append(extend)

    # -- what the verbs ask

    @property
    def calendar(self) -> Calendar:
        """The working days, read only if a clock counts them."""
        if self._calendar is None:
            self._calendar = Calendar(self.session)
        return self._calendar

    def move(self, name: str, until: datetime) -> Clock | None:
        """Moves the running clock of this name (of the whole case) to a later end; None if none can move: it
        does not run, is over, or would end earlier."""
        clock = self._running(name, "")
        if clock is None or clock.due_at is None or not self.at < clock.due_at < until:
            return None
        before, clock.due_at = clock.due_at, until
        clock.extensions += 1
        clock.warn_at, clock.warned_at = warn_at(clock.started_at, until, clock.warn), None
        self._note("extended", clock, due_before=before.isoformat())
        return clock

    def expire(self) -> list[Happened]:
        """Marks what has come due by now: warnings, and ends. What was missed for long is said once: a clock
        that is over no longer warns."""
        first = len(self.happened)
        for clock in self._all_running():
            if clock.due_at and clock.breached_at is None and self.at >= clock.due_at:
                clock.breached_at, clock.warned_at = clock.due_at, clock.warned_at or self.at
                self._note("breached", clock)
            elif clock.warn_at and clock.warned_at is None and self.at >= clock.warn_at:
                clock.warned_at = self.at
                self._note("warned", clock)
        return self.happened[first:]

    def close(self) -> None:
        """The case is over: clocks that still run end without a verdict, but for those already late."""
        for clock in self._all_running():
            late = clock.due_at is not None and self.at > clock.due_at
            clock.stopped_at, clock.verdict = self.at, "breached" if late else "void"
            self._note_breach(clock)
            self._note("stopped" if late else "void", clock)

    def recount(self) -> set[str]:
        """Works out again what waits for a calendar; returns the names of the clocks that found their end."""
        found = set()
        for clock in self._all_running():
            if clock.due_at is None:
                due = due_at(clock.started_at, clock.limit, clock.calendar, self.calendar)
                if due is not None:
                    clock.first_due_at = clock.due_at = due
                    clock.warn_at = warn_at(clock.started_at, due, clock.warn)
                    self._note("retimed", clock)
                    found.add(clock.name)
        return found

    @property
    def touched(self) -> bool:
        """Whether the clocks were read at all, so that `next_at` is known."""
        return self._clocks is not None

    @property
    def next_at(self) -> datetime | None:
        """When the next warning or end comes."""
        return min(_moments(self._all_running()), default=None)

    def flush(self) -> None:
        """Writes what changed in one statement."""
        if not self._changed:
            return
        insert = insert_for(self.session)(Clock.__table__)
        statement = insert.on_conflict_do_update(
            index_elements=["id"], set_={name: insert.excluded[name] for name in COLUMNS if name != "id"}
        )
        rows = [{name: getattr(clock, name) for name in COLUMNS} for clock in self._changed.values()]
        self.session.connection().execute(statement, rows)
        self._changed.clear()

    # -- inside

    def _loaded(self) -> dict[tuple[str, str], Clock]:
        if self._clocks is None:
            statement = select(Clock.__table__).where(Clock.instance_id == self.instance_id)
            rows = self.session.execute(statement.order_by(Clock.turn)).mappings()
            self._clocks = {(row["name"], row["scope"]): Clock(**row) for row in rows}
        return self._clocks

    def _running(self, name: str, scope: str) -> Clock | None:
        clock = self._loaded().get((name, scope)) or self._loaded().get((name, ""))
        return clock if clock is not None and clock.stopped_at is None else None

    def _all_running(self) -> list[Clock]:
        return [clock for clock in self._loaded().values() if clock.stopped_at is None]

    def _new(self, start: Any, since: datetime) -> Clock:
        before = self._loaded().get((start.name, start.scope))
        clock = Clock(
            id=new_id(), instance_id=self.instance_id, name=start.name, scope=start.scope,
            turn=before.turn + 1 if before else 1, process_id=start.process_id, element_id=start.element_id,
            started_at=since, verdict="running", extensions=0,
        )  # fmt: skip
        self._loaded()[start.name, start.scope] = clock
        return clock

    def _of_case(self, name: str, case: str) -> Clock | None:
        """Always read anew: another case does not stand still."""
        statement = (
            select(Clock.__table__)
            .join(ProcessInstance, ProcessInstance.id == Clock.instance_id)
            .where(ProcessInstance.business_key == case, Clock.name == name, Clock.scope == "")
            .order_by(Clock.turn.desc())
            .limit(1)
        )
        row = self.session.execute(statement).mappings().one_or_none()
        return Clock(**row) if row else None

    def _note_breach(self, clock: Clock) -> None:
        """A breach that nobody has seen come: the step that ends the clock is the first to look."""
        if clock.verdict == "breached" and clock.breached_at is None:
            clock.breached_at = clock.due_at
            self._note("breached", clock)

    def _note(
        self, kind: str, clock: Clock, process_id: str = "", element_id: str = "", **facts: object
    ) -> None:
        self._changed[clock.id] = clock
        due = clock.due_at.isoformat() if clock.due_at else None
        told = {
            "clock": clock.name, "due": due, "limit": clock.limit, "calendar": clock.calendar,
            "turn": clock.turn, "verdict": clock.verdict, "extensions": clock.extensions, **facts,
        }  # fmt: skip
        place = process_id or clock.process_id, element_id or clock.element_id
        self.happened.append(Happened(kind, clock.name, *place, clock.scope, told))
        if kind == "breached":
            self.breaches.append(self.happened[-1])


def _verdict(clock: Clock, at: datetime) -> str:
    if clock.due_at is None or at <= (clock.first_due_at or clock.due_at):
        return "on_time"
    return "extended" if at <= clock.due_at else "breached"


def _moments(clocks: Iterable[Clock]) -> Iterable[datetime]:
    for clock in clocks:
        if clock.warn_at and clock.warned_at is None:
            yield clock.warn_at
        if clock.due_at and clock.breached_at is None:
            yield clock.due_at

