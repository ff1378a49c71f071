"""The clocks of a case as execution sees them. Who keeps them, and in which calendar they count, is not known
here: the caller passes a `Clocks` in, as it passes the time."""

from dataclasses import dataclass
from typing import Any, Protocol

from engine.diagram.clock_marks import ClockExtend
from engine.diagram.expressions import ClockFacts


@dataclass(frozen=True)
class Start:
    """A clock starts (or, if it runs, gets another limit) because an element has completed.

    limit: ISO 8601 duration, hours as a number, or timedelta. since: None means now. warn: `75%` of the limit
    or an ISO duration after the start. scope: the multi-instance instance around the element, or "".
    """

    name: str
    limit: Any
    since: Any
    warn: str
    calendar: str
    process_id: str
    element_id: str
    scope: str


@dataclass(frozen=True)
class Extend:
    """A running clock of another case, known by its number, moves to `until` because it was granted here."""

    clock: str
    case: str
    until: Any
    reason: str
    process_id: str
    element_id: str


class Clocks(Protocol):
    """The clocks of one case, loaded when first asked for."""

    def read(self, name: str, scope: str, case: str | None) -> ClockFacts | None:
        """The latest turn of a clock of this case (in `scope`, else of the whole case), or of another one."""

    def start(self, start: Start) -> None:
        """Starts or re-times a clock."""

    def stop(self, name: str, scope: str) -> None:
        """Stops a running clock; one that does not run is left alone."""

    def extend(self, extend: Extend) -> None:
        """Asks for another case's clock to be moved, in this very transaction."""


class NoClocks:
    """Clocks that never run: for execution on its own."""

    def read(self, name: str, scope: str, case: str | None) -> ClockFacts | None:
        """Nothing runs."""
        return None

    def start(self, start: Start) -> None:
        """Nobody keeps it."""

    def stop(self, name: str, scope: str) -> None:
        """There is nothing to stop."""

    def extend(self, extend: Extend) -> None:
        """There is nothing to extend."""


NO_CLOCKS = NoClocks()


def apply_marks(instance: Any, task: Any, place: tuple[str, str], scope: str) -> None:
    """What a completed element says about clocks: stops come first, so that one element can end a turn and
    begin the next. Live timers that read a clock which has moved move with it."""
    element = instance.bundle.elements.get(place)
    if element is None or not (element.clock_start or element.clock_stop or element.clock_extend):
        return
    moved = set(element.clock_stop)
    for name in element.clock_stop:
        instance.clocks.stop(name, scope)
    for mark in element.clock_start:
        limit = instance.template(task, mark.limit)
        if limit not in (None, ""):
            since = instance.template(task, mark.since) if mark.since else None
            instance.clocks.start(Start(mark.name, limit, since, mark.warn, mark.calendar, *place, scope))
            moved.add(mark.name)
    if element.clock_extend:
        instance.clocks.extend(_extend(instance, task, element.clock_extend, place))
    instance.retime(moved)


def _extend(instance: Any, task: Any, mark: ClockExtend, place: tuple[str, str]) -> Extend:
    until = instance.template(task, mark.until)
    clock, case, reason = (instance.template(task, text) for text in (mark.clock, mark.case, mark.reason))
    return Extend(str(clock or ""), str(case or ""), until, str(reason or ""), *place)
