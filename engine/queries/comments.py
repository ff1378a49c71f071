"""What people said about tasks, read from the histories of their cases."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.errors import CommentNotFound
from engine.queries.access import visible_task
from engine.queries.finding import how_many
from engine.queries.paging import count, order_by
from engine.queries.views import Actor, Page
from engine.storage.models import HistoryEvent

KIND = "commented"


@dataclass(frozen=True)
class CommentView:
    """A comment on a task. `id` is the hash of its event in the case's chain."""

    id: str
    task_id: str
    instance_id: str
    at: datetime
    by: str
    by_name: str
    text: str


def list_comments(
    session: Session, task_id: str, actor: Actor, *, cursor: str | None = None, limit: int = 10
) -> Page[CommentView]:
    """One page of the comments on a task, the newest first. Raises TaskNotFound."""
    task = visible_task(session, task_id, actor)
    return comments_on(session, task.id, task.instance_id, cursor, limit)


def comments_on(
    session: Session, task_id: str, instance_id: str, cursor: str | None, limit: int = 10
) -> Page[CommentView]:
    """The same of a task of a case, for a caller who has checked who asks."""
    statement = _about(task_id, instance_id)
    order = order_by(HistoryEvent.seq, HistoryEvent.hash, True, cursor, limit)
    rows = list(session.scalars(order.apply(statement)))
    kept, following, preceding = order.cut(rows, lambda row: (row.seq, row.hash))
    total = count(session, statement.with_only_columns(HistoryEvent.seq))
    return Page([_view(task_id, row) for row in kept], following, preceding, *total)


def find_comments(
    session: Session, task_id: str, actor: Actor, first: int = 0, limit: int = 200
) -> list[CommentView]:
    """The same by number, for programs. Raises TaskNotFound."""
    statement = _comments(session, task_id, actor).order_by(HistoryEvent.seq.desc())
    return [_view(task_id, row) for row in session.scalars(statement.offset(first).limit(limit))]


def count_comments(session: Session, task_id: str, actor: Actor) -> int:
    """How many there are. Raises TaskNotFound."""
    return how_many(session, _comments(session, task_id, actor), HistoryEvent.seq)


def get_comment(session: Session, task_id: str, comment_id: str, actor: Actor) -> CommentView:
    """One comment on a task. Raises TaskNotFound, CommentNotFound."""
    statement = _comments(session, task_id, actor).where(HistoryEvent.hash == comment_id)
    row = session.scalars(statement).one_or_none()
    if row is None:
        raise CommentNotFound(comment_id)
    return _view(task_id, row)


def _comments(session: Session, task_id: str, actor: Actor) -> Select[Any]:
    task = visible_task(session, task_id, actor)
    return _about(task.id, task.instance_id)


def _about(task_id: str, instance_id: str) -> Select[Any]:
    """The events of one case that say something about one task: their data name the task and nothing else."""
    these = HistoryEvent.kind == KIND, HistoryEvent.data == {"task": task_id}
    return select(HistoryEvent).where(HistoryEvent.instance_id == instance_id, *these)


def _view(task_id: str, row: HistoryEvent) -> CommentView:
    return CommentView(
        row.hash, task_id, row.instance_id, row.at, str(row.actor_id), str(row.actor_name), str(row.reason)
    )
