"""What people did, for programs: the events with an actor in the histories of cases that the reader sees."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.queries.access import may_see_wanted
from engine.queries.finding import UNSORTED, Sort, Wanted, fitting, how_many, piece
from engine.queries.running import keyed
from engine.queries.views import Actor
from engine.storage.models import HistoryEvent, ProcessInstance, Submission

# What Camunda calls an event, and what it was done to. Others keep the name of their kind.
CALLED = {
    "started": ("Create", "ProcessInstance"),
    "cancelled": ("Delete", "ProcessInstance"),
    "completed": ("Complete", "Task"),
    "claimed": ("Claim", "Task"),
    "released": ("Claim", "Task"),
    "assigned": ("Assign", "Task"),
    "delegated": ("Delegate", "Task"),
    "resolved": ("Resolve", "Task"),
    "recalled": ("Resolve", "Task"),
    "commented": ("AddComment", "Task"),
    "external_completed": ("Complete", "ExternalTask"),
    "external_error": ("HandleBpmnError", "ExternalTask"),
    "incident_retried": ("SetJobRetries", "Job"),
    "incident_cancelled": ("Delete", "Job"),
}
OTHER = "ProcessInstance"
HANDED = frozenset({"claimed", "released", "assigned", "delegated", "resolved", "recalled"})


@dataclass(frozen=True)
class UserOperation:
    """One thing that a person did. `id` is the hash of the event in its case's chain; `property`, `value`:
    what it changed, and to what; `reason`: as given."""

    id: str
    instance_id: str
    process_id: str
    definition_id: str
    task_id: str | None
    at: datetime
    person_id: str
    kind: str
    entity: str
    property: str | None
    value: str | None
    reason: str | None


COLUMNS = {
    "instance_id": HistoryEvent.instance_id,
    "process_id": ProcessInstance.process_id,
    "definition_id": ProcessInstance.definition_id,
    "person": HistoryEvent.actor_id,
    "at": HistoryEvent.at,
}


def find_operations(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    first: int = 0,
    limit: int = 200,
    sort: Sort = UNSORTED,
) -> list[UserOperation]:
    """Operations, case by case in order if not sorted otherwise, those that fit every one of `wanted`:
    instance_id, process_id, definition_id, key, person; at_from, at_until (aware times); kind, entity (as in
    CALLED)."""
    statement, case = _operations(actor, wanted), HistoryEvent.instance_id
    ordered = piece(statement, COLUMNS, case, case, sort, first, limit)
    last = HistoryEvent.seq.desc() if sort[1] else HistoryEvent.seq
    rows = session.execute(ordered.order_by(last)).all()
    tasks = _submitted(session, (row[0] for row in rows))
    return [_view(tasks, *row) for row in rows]


def count_user_operations(session: Session, actor: Actor, wanted: Wanted) -> int:
    """How many there are."""
    return how_many(session, _operations(actor, wanted), HistoryEvent.seq)


def _operations(actor: Actor, wanted: Wanted) -> Any:
    by_people = HistoryEvent.actor_id.is_not(None), may_see_wanted(actor, HistoryEvent.instance_id, wanted)
    return (
        select(HistoryEvent, ProcessInstance.process_id, ProcessInstance.definition_id)
        .join(ProcessInstance, ProcessInstance.id == HistoryEvent.instance_id)
        .where(*by_people, *fitting(COLUMNS, wanted), *keyed(wanted), *_called(wanted))
    )


def _called(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if "kind" in wanted:
        named = [kind for kind, (called, _) in CALLED.items() if called == wanted["kind"]]
        own = [str(wanted["kind"])] if wanted["kind"] not in CALLED else []
        found.append(HistoryEvent.kind.in_([*named, *own]))
    if "entity" in wanted:
        named = [kind for kind, (_, entity) in CALLED.items() if entity == wanted["entity"]]
        others = HistoryEvent.kind.not_in(CALLED) if wanted["entity"] == OTHER else None
        these = HistoryEvent.kind.in_(named)
        found.append(these if others is None else these | others)
    return found


def _submitted(session: Session, events: Iterable[HistoryEvent]) -> dict[str, str | None]:
    """The tasks that submissions completed, by submission."""
    named = {str(kept["id"]) for event in events if (kept := _facts(event).get("submission"))}
    if not named:
        return {}
    rows = session.execute(select(Submission.id, Submission.task_id).where(Submission.id.in_(named)))
    return {row.id: row.task_id for row in rows}


def _facts(event: HistoryEvent) -> Mapping[str, Any]:
    return event.data or {}


def _view(
    tasks: Mapping[str, str | None], event: HistoryEvent, process_id: str, definition_id: str
) -> UserOperation:
    facts = _facts(event)
    kind, entity = CALLED.get(event.kind, (event.kind, OTHER))
    task_id = facts.get("task") or tasks.get((facts.get("submission") or {}).get("id", ""))
    handed = event.kind in HANDED
    return UserOperation(
        event.hash, event.instance_id, process_id, definition_id, task_id, event.at, str(event.actor_id),
        kind, entity, "assignee" if handed else None, facts.get("assignee") if handed else None, event.reason,
    )  # fmt: skip
