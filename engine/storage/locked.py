"""Instances and tasks that a verb has locked: read under the lock, changed, written back at its end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, make_transient_to_detached

from engine import logs
from engine.storage.cases import ProcessInstance, UserTask
from engine.storage.organisation import Person
from engine.storage.prepared import Prepared
from engine.storage.session import begin_write


@dataclass
class LockedInstance:
    """A process instance as its row was when a verb locked it; the columns as in ProcessInstance.

    The session does not watch it: `write_instance` keeps what a verb has changed."""

    id: str
    business_key: str
    process_id: str
    definition_id: str
    bundle_hash: str
    started_by: str
    state: str
    outcome: str | None
    ended_at: datetime | None
    revision: int
    body: Mapping[str, object]
    chain_head: str
    chain_length: int
    timer_at: datetime | None
    clock_at: datetime | None
    suspended: bool


@dataclass(frozen=True)
class LockedTask:
    """A task as its row was when a verb locked its instance; the columns as in UserTask."""

    id: str
    process_id: str
    element_id: str
    scope: str
    state: str
    assignee_id: str | None
    candidate_groups: list[str]
    candidate_users: list[str]
    revision: int
    changed_by: str | None
    draft: dict[str, object] | None
    draft_by: dict[str, str] | None
    completed_at: datetime | None
    owner_id: str | None
    delegation: str | None


_instance: Any = ProcessInstance.__table__
_task: Any = UserTask.__table__
_person: Any = Person.__table__
INSTANCE_COLUMNS = [_instance.c[field.name] for field in fields(LockedInstance)]
TASK_COLUMNS = [_task.c[field.name] for field in fields(LockedTask)]
PERSON_COLUMNS = list(_person.columns)
ENDS = len(INSTANCE_COLUMNS), len(INSTANCE_COLUMNS) + len(TASK_COLUMNS)
PROGRESS = ("revision", "body", "chain_head", "chain_length", "timer_at", "clock_at")
END = ("state", "outcome", "ended_at")

# No key of an instance ever changes: rows of others that only refer to it need not wait for the lock.
_LOCK_TASK = Prepared(
    lambda _: (
        select(*INSTANCE_COLUMNS, *TASK_COLUMNS, *PERSON_COLUMNS)
        .join(_task, _task.c.instance_id == _instance.c.id)
        .outerjoin(_person, _person.c.id == bindparam("person"))
        .where(_task.c.id == bindparam("task"))
        .with_for_update(of=_instance, key_share=True)
    )
)
_LOCK_INSTANCE = Prepared(
    lambda _: (
        select(*INSTANCE_COLUMNS)
        .where(_instance.c.id == bindparam("instance"))
        .with_for_update(key_share=True)
    )
)


def lock_task(
    session: Session, task_id: str, person_id: str
) -> tuple[LockedTask, LockedInstance, Sequence[object]] | None:
    """The task, its instance (locked until the transaction ends) and the row of who acts, for `account_of`;
    None if there is no such task.

    Only the instance is locked: whoever works on a case holds that one row, so nobody can deadlock."""
    begin_write(session)
    rows = _LOCK_TASK.read(session, task=task_id, person=person_id)
    if not rows:
        return None
    row, (first, second) = rows[0], ENDS
    instance = LockedInstance(*row[:first])
    logs.about(instance=instance.id)
    return LockedTask(*row[first:second]), instance, row[second:]


def account_of(session: Session, row: Sequence[object]) -> Person | None:
    """The account of who acts, watched by the session from now on; nothing is read for it."""
    session.flush()  # what is known of the account already must not be lost in the merge
    values = {column.name: value for column, value in zip(PERSON_COLUMNS, row, strict=True)}
    if values["id"] is None:
        return None
    person = Person(**values)
    make_transient_to_detached(person)
    return session.merge(person, load=False)


def lock_instance(session: Session, instance_id: str) -> LockedInstance | None:
    """The instance, locked until the transaction ends; None if there is none."""
    begin_write(session)
    rows = _LOCK_INSTANCE.read(session, instance=instance_id)
    if not rows:
        return None
    logs.about(instance=instance_id)
    return LockedInstance(*rows[0])


def _new(names: Iterable[str]) -> dict[str, Any]:
    """What an UPDATE sets: columns and parameters of another name, as conditions may name the column, too."""
    found: list[tuple[str, Any]] = [(name, bindparam(f"new_{name}")) for name in names]
    return dict(found)


def _update_of_instance(names: tuple[str, ...]) -> Prepared:
    new = _new(names)
    return Prepared(lambda _: update(_instance).where(_instance.c.id == bindparam("instance")).values(new))


_WRITE_PROGRESS, _WRITE_END = _update_of_instance(PROGRESS), _update_of_instance(PROGRESS + END)


def suspend(session: Session, instance: LockedInstance, suspended: bool) -> None:
    """Holds a locked instance, or lets it go; `write_instance` leaves that alone."""
    instance.suspended = suspended
    statement = update(_instance).where(_instance.c.id == instance.id).values(suspended=suspended)
    session.connection().execute(statement)


def write_instance(session: Session, instance: LockedInstance) -> None:
    """Writes what may have changed in a locked instance. As long as it runs its state is left alone: lists
    are sorted and filtered by it, and SQLite would write all their indexes anew."""
    values = {f"new_{name}": getattr(instance, name) for name in PROGRESS + END}
    statement = _WRITE_PROGRESS if instance.state == "running" else _WRITE_END
    statement.write(session, [{"instance": instance.id, **values}])


@cache
def _update_of_task(names: tuple[str, ...]) -> Prepared:
    """The UPDATE of these columns of an open task, if it is still at the revision that was read."""
    task = _task.c
    unchanged = task.id == bindparam("task"), task.revision == bindparam("read"), task.state == "open"
    return Prepared(
        lambda _: update(_task).where(*unchanged).values({**_new(names), "revision": task.revision + 1})
    )


def write_task(session: Session, task: LockedTask, changes: Mapping[str, object]) -> int | None:
    """Writes an open task if nobody else has since it was read. Its new revision, or None."""
    values = {f"new_{name}": value for name, value in changes.items()}
    row = {"task": task.id, "read": task.revision, **values}
    done = _update_of_task(tuple(changes)).write(session, [row])
    return task.revision + 1 if done == 1 else None
