"""Where a walk can act: the open tasks and service tasks of a scratch store, by element and place.

Ids are made anew at every replay, so steps do not name them: the same steps open the same tasks in the same
order, which is that of their rows in the scratch store."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from engine.commands.trying.steps import WalkStep
from engine.errors import NotOpenInWalk, NotStarted
from engine.storage.models import ExternalTask, ProcessInstance, UserTask

Waiting = TypeVar("Waiting", UserTask, ExternalTask)


def open_tasks(session: Session) -> list[UserTask]:
    """Everything that waits for people, the oldest first."""
    waiting = select(UserTask).where(UserTask.state == "open")
    return list(session.scalars(waiting.order_by(literal_column("user_task.rowid"))))


def open_externals(session: Session) -> list[ExternalTask]:
    """Everything that waits for programs, the oldest first."""
    waiting = select(ExternalTask).where(ExternalTask.state == "open")
    return list(session.scalars(waiting.order_by(literal_column("external_task.rowid"))))


def open_task(session: Session, step: WalkStep) -> UserTask:
    """The open task that a step is about. Raises NotStarted, NotOpenInWalk."""
    return _chosen(session, open_tasks(session), step)


def open_external(session: Session, step: WalkStep) -> ExternalTask:
    """The service task that a step is about. Raises NotStarted, NotOpenInWalk."""
    return _chosen(session, open_externals(session), step)


def root_of(session: Session) -> ProcessInstance | None:
    """The case that the walk started; others may have been started by its messages."""
    first = select(ProcessInstance).order_by(literal_column("process_instance.rowid")).limit(1)
    return session.scalars(first).one_or_none()


def with_places(waiting: Sequence[Waiting]) -> list[tuple[Waiting, int]]:
    """Each with its place among those of the same element, from 0."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for one in waiting:
        place = one.process_id, one.element_id
        found.append((one, seen[place]))
        seen[place] += 1
    return found


def _chosen(session: Session, waiting: Sequence[Waiting], step: WalkStep) -> Waiting:
    wanted = step.process_id, step.element_id, step.position
    for one, position in with_places(waiting):
        if (one.process_id, one.element_id, position) == wanted:
            return one
    root = root_of(session)
    if root is None:
        raise NotStarted()
    names = list(dict.fromkeys(one.element_id for one in waiting))
    raise NotOpenInWalk(
        element=step.element_id, open=", ".join(names) or "nothing", open_zh="、".join(names) or "无"
    )
