"""Tasks as programs look back on them: open, completed and cancelled ones of cases that the actor may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.queries.access import may_see_wanted
from engine.queries.bundles import bundle_of
from engine.queries.finding import UNSORTED, Sort, Wanted, fitting, how_many, piece
from engine.queries.running import keyed
from engine.queries.views import Actor, Text
from engine.storage.models import ProcessInstance, UserTask


@dataclass(frozen=True)
class PastTask:
    """A task from its opening to its end. `state`: open, completed, cancelled. `process_id`,
    `definition_id`: of its case."""

    id: str
    instance_id: str
    definition_id: str
    process_id: str
    element_id: str
    name: Text
    documentation: Text
    state: str
    owner: str | None
    assignee: str | None
    created_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int


COLUMNS = {
    "id": UserTask.id,
    "instance_id": UserTask.instance_id,
    "process_id": ProcessInstance.process_id,
    "definition_id": ProcessInstance.definition_id,
    "case_ended": ProcessInstance.ended_at,
    "element_id": UserTask.element_id,
    "name": UserTask.name,
    "owner": UserTask.owner_id,
    "assignee": UserTask.assignee_id,
    "state": UserTask.state,
    "created": UserTask.created_at,
    "ended": UserTask.completed_at,
    "due": UserTask.due_at,
    "follow_up": UserTask.follow_up_at,
    "priority": UserTask.priority,
}


def find_past_tasks(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    first: int = 0,
    limit: int = 200,
    sort: Sort = UNSORTED,
) -> list[PastTask]:
    """Tasks, the oldest first if not sorted otherwise, those that fit every one of `wanted`: id, instance_id,
    process_id, definition_id, element_id, name, owner, assignee, state, key; created_from, created_until,
    ended_from, ended_until (aware times); ended_set, assignee_set, case_ended_set."""
    statement = _tasks(actor, wanted)
    rows = session.execute(piece(statement, COLUMNS, UserTask.created_at, UserTask.id, sort, first, limit))
    return [_view(session, *row) for row in rows]


def count_past_tasks(session: Session, actor: Actor, wanted: Wanted) -> int:
    """How many there are."""
    return how_many(session, _tasks(actor, wanted), UserTask.id)


def _tasks(actor: Actor, wanted: Wanted) -> Any:
    case = ProcessInstance.process_id, ProcessInstance.definition_id, ProcessInstance.bundle_hash
    return (
        select(UserTask, *case)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(may_see_wanted(actor, UserTask.instance_id, wanted), *fitting(COLUMNS, wanted), *keyed(wanted))
    )


def _view(session: Session, row: UserTask, process_id: str, definition_id: str, bundle_hash: str) -> PastTask:
    element = bundle_of(session, bundle_hash).elements.get((row.process_id, row.element_id))
    told = Text(element.documentation, element.documentation_en) if element else Text("")
    return PastTask(
        row.id, row.instance_id, definition_id, process_id, row.element_id, Text(row.name, row.name_en),
        told, row.state, row.owner_id, row.assignee_id,
        row.created_at, row.completed_at, row.due_at, row.follow_up_at, row.priority,
    )  # fmt: skip
