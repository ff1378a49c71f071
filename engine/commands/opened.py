"""An open task, locked and checked: what every verb on a task begins with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle
from engine.diagram.element import Element
from engine.errors import CaseSuspended, StaleTask, TaskNotFound, TaskNotOpen
from engine.queries.access import sees
from engine.queries.bundles import bundle_of, moves_of
from engine.queries.four_eyes import four_eyes
from engine.queries.moved_tasks import moved_since, task_moved
from engine.queries.people import names_of
from engine.queries.permissions import Holders, role_of
from engine.queries.views import Actor, Permission
from engine.records import audit
from engine.storage.locked import LockedInstance, LockedTask, lock_task, write_task
from engine.storage.models import UserTask

PENDING = "pending"
STATES_ZH = {"completed": "已完成", "cancelled": "已取消"}


@dataclass(frozen=True)
class Opened:
    """A task that is open, with its locked instance, its bundle and element, and the row of who acts."""

    task: LockedTask
    instance: LockedInstance
    bundle: Bundle
    element: Element
    person: Sequence[object]

    @property
    def holders(self) -> Holders:
        """Who it is offered to and who has it."""
        task = self.task
        return Holders(
            task.assignee_id, task.candidate_groups, task.candidate_users, task.owner_id,
            task.delegation == PENDING,
        )  # fmt: skip


def open_task(
    session: Session, task_id: str, actor: Actor, revision: int | None, *, moves: bool = True
) -> Opened:
    """Locks a task's instance and checks that the task is as the actor saw it. `moves`: the verb would move
    the case on, or give the task to somebody else.

    Raises TaskNotFound, also where the refusal would tell who was faster and the actor may not see the case;
    StaleTask if `revision` is given and somebody changed the task since; TaskNotOpen;
    CaseSuspended for what moves."""
    found = lock_task(session, task_id, actor.person_id)
    if found is None:
        raise TaskNotFound(task_id)
    task, instance, person = found
    stale = revision is not None and revision != task.revision
    if (stale or task.state != "open") and not sees(session, actor, instance.id):
        raise TaskNotFound(task_id)
    if revision is not None and stale:
        raise _stale(session, instance, task, revision)
    if task.state != "open":
        raise _not_open(session, task)
    if instance.suspended and moves:
        raise CaseSuspended()
    bundle = bundle_of(session, instance.bundle_hash)
    return Opened(task, instance, bundle, bundle.elements[task.process_id, task.element_id], person)


def require(permission: Permission) -> None:
    """Raises the refusal of a permission that is not given."""
    if permission.refusal:
        raise permission.refusal


def change_task(session: Session, opened: Opened, by: str, **changes: object) -> int:
    """Writes a task if nobody else has since it was read, and returns its new revision. Raises StaleTask."""
    task = opened.task
    revision = write_task(session, task, {**changes, "changed_by": by})
    if revision is None:
        changed_by = session.scalar(select(UserTask.changed_by).where(UserTask.id == task.id))
        raise _stale(session, opened.instance, replace(task, changed_by=changed_by), task.revision)
    return revision


def task_event(
    opened: Opened, kind: str, actor: Actor, reason: str | None, at: datetime, assignee: str | None
) -> audit.Event:
    """A history event about a task."""
    task, role = opened.task, role_of(opened.holders, actor)
    return audit.Event(
        at, kind, actor.person_id, actor.name, role, task.process_id, task.element_id, task.scope, reason,
        {"task": task.id, "assignee": assignee},
    )  # fmt: skip


def refuse_four_eyes(session: Session, opened: Opened, person_id: str) -> None:
    """Raises FourEyes if this person completed an element that `notBy` names."""
    refusal = four_eyes(
        session, opened.bundle, opened.element, opened.instance.id, opened.task.scope, person_id
    )
    if refusal:
        raise refusal


def _stale(session: Session, instance: LockedInstance, task: LockedTask, revision: int) -> StaleTask:
    moves = moves_of(session, instance.id)
    if moved_since(moves, task.id, revision):
        return task_moved(moves)
    return StaleTask(completed_by=_name(session, task.changed_by))


def _not_open(session: Session, task: LockedTask) -> TaskNotOpen:
    return TaskNotOpen(
        completed_by=_name(session, task.changed_by), completed_at=task.completed_at, state=task.state,
        state_zh=STATES_ZH[task.state],
    )  # fmt: skip


def _name(session: Session, person_id: str | None) -> str:
    return names_of(session, [person_id]).get(person_id or "", person_id or "-")
