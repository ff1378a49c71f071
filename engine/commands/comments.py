"""The verb on comments: somebody says something about a task, for all who see the case and for good."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.commands.idempotent import Once
from engine.commands.opened import Opened, open_task
from engine.errors import BadComment
from engine.queries.access import visible_task
from engine.queries.clock import time_of
from engine.queries.comments import KIND, CommentView, get_comment
from engine.queries.permissions import role_of
from engine.queries.views import Actor
from engine.records import audit
from engine.storage.locked import write_instance

LONGEST = 4000  # characters, as in Camunda


@dataclass(frozen=True)
class Kept:
    """What is remembered of a comment that was sent with a key."""

    id: str


def add_comment(
    session: Session,
    task_id: str,
    actor: Actor,
    text: str,
    *,
    idempotency_key: str | None = None,
    now: datetime | None = None,
) -> CommentView:
    """Adds a comment to an open task; whoever sees the case may. It is an event of the case's history, so
    nobody can change it, and the task stays as it is for who is working on it.

    Raises TaskNotFound, TaskNotOpen, BadComment, KeyUsedDifferently."""
    said, at = text.strip(), time_of(now)
    if not 0 < len(said) <= LONGEST:
        raise BadComment(most=LONGEST)
    visible_task(session, task_id, actor)
    call, sent = f"comment {task_id}", {"text": said}
    once = Once(session, actor.person_id, call, idempotency_key, sent, at)
    if once.answer is not None:
        return get_comment(session, task_id, once.answer["id"], actor)
    opened = open_task(session, task_id, actor, None, moves=False)
    audit.append(session, opened.instance, [_event(opened, actor, said, at)])
    write_instance(session, opened.instance)
    once.keep(Kept(opened.instance.chain_head))
    return get_comment(session, task_id, opened.instance.chain_head, actor)


def _event(opened: Opened, actor: Actor, said: str, at: datetime) -> audit.Event:
    task, holders = opened.task, opened.holders
    works = holders.assignee == actor.person_id or holders.offered_to(actor)
    return audit.Event(
        at, KIND, actor.person_id, actor.name, role_of(holders, actor) if works else None, task.process_id,
        task.element_id, task.scope, said, {"task": task.id},
    )  # fmt: skip
