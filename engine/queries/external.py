"""Service tasks of programs, as programs and operators see them. Personal data are not given to programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from engine.queries.operations import check_reader
from engine.queries.paging import count, order_by
from engine.queries.views import Actor, Page
from engine.storage.external import ExternalTask
from engine.storage.keeping import Variable


@dataclass(frozen=True)
class ExternalWork:
    """A service task that waits for a program. `variables`: what the program may see of the case."""

    id: str
    instance_id: str
    business_key: str
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
    variables: Mapping[str, object]


def list_external(
    session: Session,
    actor: Actor,
    *,
    topic: str | None = None,
    cursor: str | None = None,
    limit: int = 25,
) -> Page[ExternalWork]:
    """One page of the open service tasks, oldest first, without their variables. Raises NotAllowed."""
    check_reader(actor)
    order = order_by(ExternalTask.created_at, ExternalTask.id, False, cursor, limit)
    statement = select(ExternalTask).where(ExternalTask.state == "open")
    if topic:
        statement = statement.where(ExternalTask.topic == topic)
    rows = list(session.scalars(order.apply(statement)))
    kept, following, preceding = order.cut(rows, lambda row: (row.created_at, row.id))
    total = count(session, statement.with_only_columns(ExternalTask.id))
    return Page([work_view(row, {}, ()) for row in kept], following, preceding, *total)


def work_view(
    task: ExternalTask, known: Mapping[str, object], wanted: Sequence[str] | None
) -> ExternalWork:
    """A task with those of its `known` variables that are wanted (None: all)."""
    return ExternalWork(
        task.id, task.instance_id, task.business_key, task.process_id, task.element_id, task.topic,
        task.priority, task.state, task.created_at, task.worker_id, task.locked_until, task.retries,
        task.error_message, {n: v for n, v in known.items() if wanted is None or n in wanted},
    )  # fmt: skip


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
