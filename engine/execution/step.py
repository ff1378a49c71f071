"""What goes into and what comes out of one step of an instance. Plain data: no database, no SpiffWorkflow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.elements.propagation import Sent

__all__ = ["Clash", "Event", "ExternalItem", "Live", "Sent", "Step", "Wait", "WorkItem"]


@dataclass(frozen=True)
class Live:
    """What storage loaded: the live rows of an instance in the order of `seq`, and its body."""

    rows: Sequence[Mapping[str, Any]]
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """One line of a step's trace, in the order in which things happened.

    kind: entered (a token came from `source` to the element), completed, cancelled, or decided (`data` holds
    decision, inputs and outputs). A multi-instance or loop activity is entered once, and once more by each
    instance, without a source; only its instances complete, unless there are none.
    scope: id of the innermost multi-instance instance around (or itself), "" outside of all.
    call: id of the engine task whose inside the element belongs to, "" at the top.
    """

    at: datetime
    kind: str
    process_id: str
    element_id: str
    scope: str
    call: str
    source: str | None
    engine_task_id: str
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class WorkItem:
    """A task that now waits for a person; its templates are evaluated. Times are aware, in UTC."""

    engine_task_id: str
    process_id: str
    element_id: str
    scope: str
    data: Mapping[str, Any]
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    due: datetime | None
    follow_up: datetime | None
    priority: int


@dataclass(frozen=True)
class ExternalItem:
    """A service task that now waits for a program outside; its templates are evaluated. `inputs`: the names
    that its input parameters set, which only it sees."""

    engine_task_id: str
    process_id: str
    element_id: str
    scope: str
    topic: str
    priority: int
    inputs: Mapping[str, Any]


@dataclass(frozen=True)
class Wait:
    """A task that waits for a message or signal (`kind`) of this name; `position`: of the definition."""

    engine_task_id: str
    position: int
    kind: str
    name: str
    process_id: str
    element_id: str


@dataclass(frozen=True)
class Clash:
    """Two branches changed the same names (dotted) differently; at this element the later one won."""

    process_id: str
    element_id: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """What one step changed.

    rows_upsert: engine_task rows, keys = column names. `data` and `internal` are JSON texts; None means
    "as it was".
    body: the instance's own facts (JSON), needed to load it again.
    opened: tasks that now wait for people. closed: tasks that were taken away from them (not the completed
    one).
    outcome: id of the end event that the instance ended with. sent: messages that left the instance.
    next_due: when the earliest timer is due. standstill: (process id, element id) at which the instance is
    stuck: it has not ended, but nobody and nothing can move it any more.
    waits: messages and signals that are waited for since this step; waits_over: engine tasks that no longer
    wait for one.
    retimed: open tasks whose due time has moved with a clock.
    asked: tasks that now wait for programs; asked_no_more: such tasks that were taken away from them.
    """

    rows_upsert: list[dict[str, Any]]
    body: dict[str, Any]
    opened: list[WorkItem]
    closed: list[str]
    trace: list[Event]
    ended: bool
    outcome: str | None
    clashes: list[Clash]
    sent: list[Sent]
    next_due: datetime | None
    standstill: tuple[str, str] | None = None
    waits: list[Wait] = field(default_factory=list)
    waits_over: list[str] = field(default_factory=list)
    retimed: list[WorkItem] = field(default_factory=list)
    asked: list[ExternalItem] = field(default_factory=list)
    asked_no_more: list[str] = field(default_factory=list)
