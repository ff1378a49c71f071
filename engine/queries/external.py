"""Service tasks of programs, as programs and operators see them. Personal data are not given to programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from engine.queries.operations import check_reader
from engine.queries.sorting import Order, ordered
from engine.queries.views import Actor
from engine.storage.cases import ProcessInstance
from engine.storage.external import ExternalTask
from engine.storage.keeping import Variable


@dataclass(frozen=True)
class ExternalWork:
    """A service task that waits for a program. `definition_id`: of the version that the case runs;
    `variables`: what the program may see of the case."""

    id: str
    instance_id: str
    business_key: str
    definition_id: str
    process_id: str
    element_id: str
    topic: str
    priority: int
    state: str
    created_at: datetime
    worker_id: str | None
    locked_until: datetime | None
    retries: int | None
    error_message: str | None
    suspended: bool
    variables: Mapping[str, object]


ORDER = {
    "id": ExternalTask.id, "locked_until": ExternalTask.locked_until, "priority": ExternalTask.priority,
    "instance_id": ExternalTask.instance_id, "process_id": ExternalTask.process_id,
    "definition_id": ProcessInstance.definition_id,
}  # fmt: skip


def find_external(
    session: Session,
    actor: Actor,
    wanted: Mapping[str, str],
    first: int,
    most: int,
    order: Order | None = None,
) -> list[ExternalWork]:
    """Open service tasks, the oldest first, without their variables. `wanted`: values of `id`, `topic`,
    `worker_id`, `instance_id` or `element_id`. Raises NotAllowed."""
    cases = ProcessInstance.id == ExternalTask.instance_id
    statement = _wanted(actor, wanted).join(ProcessInstance, cases)
    statement = ordered(statement, ORDER, order, ExternalTask.created_at, ExternalTask.id)
    return work_views(session, list(session.scalars(statement.offset(first).limit(most))))


def count_external(session: Session, actor: Actor, wanted: Mapping[str, str]) -> int:
    """How many there are. Raises NotAllowed."""
    return session.scalar(select(func.count()).select_from(_wanted(actor, wanted).subquery())) or 0


def _wanted(actor: Actor, wanted: Mapping[str, str]) -> Select[Any]:
    check_reader(actor)
    conditions = [getattr(ExternalTask, name) == value for name, value in wanted.items()]
    return select(ExternalTask).where(ExternalTask.state == "open", *conditions)


def work_views(
    session: Session,
    tasks: Sequence[ExternalTask],
    known: Mapping[str, Mapping[str, object]] | None = None,
    topics: Mapping[str, Sequence[str] | None] | None = None,
) -> list[ExternalWork]:
    """Tasks with those of their `known` variables (by task) that are wanted of their topic (None: all)."""
    cases = select(ProcessInstance.id, ProcessInstance.definition_id, ProcessInstance.suspended)
    asked = cases.where(ProcessInstance.id.in_({task.instance_id for task in tasks}))
    facts = {row.id: (row.definition_id, row.suspended) for row in session.execute(asked)} if tasks else {}
    return [
        ExternalWork(
            task.id, task.instance_id, task.business_key, facts[task.instance_id][0], task.process_id,
            task.element_id, task.topic, task.priority, task.state, task.created_at, task.worker_id,
            task.locked_until, task.retries, task.error_message, facts[task.instance_id][1],
            _chosen((known or {}).get(task.id, {}), (topics or {}).get(task.topic)),
        )
        for task in tasks
    ]  # fmt: skip


def _chosen(known: Mapping[str, object], wanted: Sequence[str] | None) -> dict[str, object]:
    return {name: value for name, value in known.items() if wanted is None or name in wanted}


def variables_of(session: Session, tasks: Sequence[ExternalTask]) -> dict[str, dict[str, object]]:
    """What programs see, by task, in one statement: the case's variables, covered by those of the task's own
    instance of a multi-instance activity and by its input parameters."""
    if not tasks:
        return {}
    cases, scopes = {task.instance_id for task in tasks}, {"", *(task.scope for task in tasks)}
    statement = select(Variable.instance_id, Variable.scope, Variable.name, Variable.value).where(
        Variable.instance_id.in_(cases), Variable.scope.in_(scopes), Variable.personal.is_(False)
    )
    rows = session.execute(statement.order_by(Variable.scope)).all()
    return {task.id: {**_seen(rows, task), **task.inputs} for task in tasks}


def _seen(rows: Sequence[Row[str, str, str, object]], task: ExternalTask) -> dict[str, object]:
    mine = (row for row in rows if row.instance_id == task.instance_id and row.scope in ("", task.scope))
    return {row.name: row.value for row in mine}
