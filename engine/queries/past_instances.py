"""Cases as programs look back on them: running, completed and cancelled ones that the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.errors import InstanceNotFound
from engine.queries.access import may_see_wanted
from engine.queries.finding import UNSORTED, Sort, Wanted, fitting, how_many, piece
from engine.queries.running import keyed
from engine.queries.views import Actor, Text
from engine.storage.models import HistoryEvent, ProcessDefinition, ProcessInstance


@dataclass(frozen=True)
class PastInstance:
    """A case with its beginning and, if it has ended, its end. `state`: running, completed, cancelled;
    `reason`: why it was cancelled; `started_at_element`: the start event, None where a message started it."""

    id: str
    business_key: str
    client_key: str | None
    process_id: str
    definition_id: str
    name: Text
    version: int
    state: str
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    started_at_element: str | None
    reason: str | None


COLUMNS = {
    "id": ProcessInstance.id,
    "process_id": ProcessInstance.process_id,
    "definition_id": ProcessInstance.definition_id,
    "business_key": ProcessInstance.business_key,
    "state": ProcessInstance.state,
    "started_by": ProcessInstance.started_by,
    "started": ProcessInstance.started_at,
    "ended": ProcessInstance.ended_at,
    "version": ProcessDefinition.version,
}


def find_past_instances(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    first: int = 0,
    limit: int = 200,
    sort: Sort = UNSORTED,
) -> list[PastInstance]:
    """Cases, the oldest first if not sorted otherwise, those that fit every one of `wanted`: id, process_id,
    definition_id, state, started_by, key, id_in, state_in; started_from, started_until, ended_from,
    ended_until (aware times), ended_set."""
    statement = _instances(actor, wanted)
    started, key = ProcessInstance.started_at, ProcessInstance.id
    rows = session.execute(piece(statement, COLUMNS, started, key, sort, first, limit)).all()
    told = _told(session, [row.id for row in rows])
    return [_view(row, told) for row in rows]


def count_past_instances(session: Session, actor: Actor, wanted: Wanted) -> int:
    """How many there are."""
    return how_many(session, _instances(actor, wanted), ProcessInstance.id)


def get_past_instance(session: Session, instance_id: str, actor: Actor) -> PastInstance:
    """A case, running or not. Raises InstanceNotFound."""
    found = find_past_instances(session, actor, {"id": instance_id}, limit=1)
    if not found:
        raise InstanceNotFound(instance_id)
    return found[0]


def _instances(actor: Actor, wanted: Wanted) -> Select[Any]:
    columns = [column for column in ProcessInstance.__table__.columns if column.name != "body"]
    name = ProcessDefinition.name.label("process_name"), ProcessDefinition.name_en.label("process_name_en")
    return (
        select(*columns, *name, ProcessDefinition.version)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .where(may_see_wanted(actor, ProcessInstance.id, wanted), *fitting(COLUMNS, wanted), *keyed(wanted))
    )


def _told(session: Session, instances: Sequence[str]) -> dict[tuple[str, str], Any]:
    """What the histories of cases say of their beginning and their end, by case and kind of event."""
    columns = HistoryEvent.instance_id, HistoryEvent.kind, HistoryEvent.element_id, HistoryEvent.reason
    these = HistoryEvent.instance_id.in_(instances), HistoryEvent.kind.in_(("started", "cancelled"))
    rows = session.execute(select(*columns).where(*these)) if instances else ()
    return {(row.instance_id, row.kind): row for row in rows}


def _view(row: Any, told: dict[tuple[str, str], Any]) -> PastInstance:
    begun, gone = told.get((row.id, "started")), told.get((row.id, "cancelled"))
    return PastInstance(
        row.id, row.business_key, row.client_key, row.process_id, row.definition_id,
        Text(row.process_name, row.process_name_en), row.version, row.state, row.started_at, row.started_by,
        row.ended_at, begun.element_id if begun else None, gone.reason if gone else None,
    )  # fmt: skip
