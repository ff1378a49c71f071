"""The rows of running instances: locked, read, written. What they mean is not known here."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from engine import logs
from engine.storage.cases import EngineTask, ProcessInstance, UserTask
from engine.storage.organisation import Person
from engine.storage.session import begin_write, insert_of

ROW_COLUMNS = tuple(c.name for c in EngineTask.__table__.columns if c.name != "instance_id")
FINAL = frozenset({"id", "instance_id", "scope", "parent"})  # never rewritten once there


_LOCK_TASK = (  # built once: it is part of every step
    select(UserTask, ProcessInstance, Person)
    .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    .outerjoin(Person, Person.id == bindparam("person"))
    .where(UserTask.id == bindparam("task"))
    .with_for_update(of=ProcessInstance)
    .execution_options(populate_existing=True)
)


def lock_task(
    session: Session, task_id: str, person_id: str
) -> Row[UserTask, ProcessInstance, Person | None] | None:
    """The task, its instance (locked until the transaction ends) and who acts; None if no such task.

    Only the instance is locked: whoever works on a case holds that one row, so nobody can deadlock."""
    begin_write(session)
    found = session.execute(_LOCK_TASK, {"task": task_id, "person": person_id}).one_or_none()
    if found is not None:
        logs.about(instance=found[1].id)
    return found


def lock_instance(session: Session, instance_id: str) -> ProcessInstance | None:
    """The instance, locked until the transaction ends; None if there is none."""
    begin_write(session)
    statement = select(ProcessInstance).where(ProcessInstance.id == instance_id).with_for_update()
    found = session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
    if found is not None:
        logs.about(instance=found.id)
    return found


_LIVE_ROWS = (
    select(*(EngineTask.__table__.c[name] for name in ROW_COLUMNS))
    .where(EngineTask.instance_id == bindparam("instance"), EngineTask.live.is_(True))
    .order_by(EngineTask.seq)
)


def live_rows(session: Session, instance_id: str) -> list[dict[str, object]]:
    """The engine tasks that the next step can look at, in order."""
    return [dict(row) for row in session.execute(_LIVE_ROWS, {"instance": instance_id}).mappings()]


def save_rows(session: Session, instance_id: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Writes the engine tasks that a step changed, in one statement.

    A None in `data` or `internal` means "as it was"."""
    if not rows:
        return
    statement = _save_statement(session.get_bind().dialect.name)
    session.connection().execute(statement, [{"instance_id": instance_id, **row} for row in rows])


@cache
def _save_statement(dialect: str) -> Any:
    """Built once: it is part of every step."""
    insert = insert_of(dialect)(EngineTask.__table__)
    changes = {name: insert.excluded[name] for name in ROW_COLUMNS if name not in FINAL}
    for name in ("data", "internal"):
        changes[name] = func.coalesce(insert.excluded[name], EngineTask.__table__.c[name])
    return insert.on_conflict_do_update(index_elements=["id"], set_=changes)
