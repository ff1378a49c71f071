"""What expressions can ask of a clock: when it is due, whether it runs or is late, how often extended."""

import datetime as dt
from collections.abc import Callable
from typing import Protocol

from engine.diagram.expressions.faults import Fault
from engine.diagram.expressions.functions import Function


class ClockFacts(Protocol):
    """A clock as it stands. `due_at` is None while no published calendar says when it is due."""

    @property
    def due_at(self) -> dt.datetime | None:
        """When the time is up, extensions included."""

    @property
    def stopped_at(self) -> dt.datetime | None:
        """When it was stopped; None while it runs."""

    @property
    def extensions(self) -> int:
        """How often it was extended."""


ReadClock = Callable[[str, str | None], ClockFacts | None]  # (name, number of another case) → clock
CLOCK_FUNCTIONS = frozenset({"due", "overdue", "overdue_hours", "remaining", "running", "extended"})


def clock_functions(read: ReadClock, now: dt.datetime) -> dict[str, Function]:
    """The functions as of `now`. A clock that was never started is neither running nor late."""

    def clock(name: object, case: object = None) -> ClockFacts | None:
        if not isinstance(name, str) or not isinstance(case, str | None):
            zh, en = "时限函数需要时限名称（和案件编号）", "a clock function needs a name (and a case number)"
            raise Fault(zh, en)
        return read(name, case or None)

    def left(found: ClockFacts | None) -> dt.timedelta | None:
        return found.due_at - (found.stopped_at or now) if found and found.due_at else None

    def late(found: ClockFacts | None) -> bool:
        rest = left(found)
        if rest is None or found is None:
            return False
        return rest < dt.timedelta() or (rest == dt.timedelta() and found.stopped_at is None)

    def due(*which: object) -> object:
        found = clock(*which)
        return found.due_at if found else None

    def overdue_hours(*which: object) -> float:
        rest = left(clock(*which))
        return 0 if rest is None else max(0.0, -rest.total_seconds() / 3600)

    def running(*which: object) -> bool:
        found = clock(*which)
        return found is not None and found.stopped_at is None

    def extended(*which: object) -> int:
        found = clock(*which)
        return found.extensions if found else 0

    return {
        "due": due, "overdue": lambda *which: late(clock(*which)), "overdue_hours": overdue_hours,
        "remaining": lambda *which: left(clock(*which)), "running": running, "extended": extended,
    }  # fmt: skip
