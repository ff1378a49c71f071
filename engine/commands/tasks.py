"""Verbs on open tasks: claim, release, assign, save a draft."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from engine.commands.drafts import check_draft, typed_into
from engine.commands.handing import give
from engine.commands.opened import change_task, open_task, refuse_four_eyes, require
from engine.errors import NotACandidate, PersonNotFound, ReasonRequired
from engine.queries import permissions
from engine.queries.clock import time_of
from engine.queries.people import get_actor
from engine.queries.views import Actor


def claim_task(
    session: Session, task_id: str, actor: Actor, *, revision: int | None = None, now: datetime | None = None
) -> int:
    """A candidate takes a task; it leaves the group's list. Returns the task's new revision.

    Raises TaskNotFound, TaskNotOpen, CaseSuspended, StaleTask, NotACandidate, FourEyes."""
    opened = open_task(session, task_id, actor, revision)
    require(permissions.may_claim(opened.holders, actor))
    refuse_four_eyes(session, opened, actor.person_id)
    return give(session, opened, actor, actor.person_id, "claimed", None, time_of(now))


def release_task(
    session: Session, task_id: str, actor: Actor, *, revision: int | None = None, now: datetime | None = None
) -> int:
    """The assignee gives a task back to its candidates. Returns the new revision.

    Raises TaskNotFound, TaskNotOpen, CaseSuspended, StaleTask, NotACandidate."""
    opened = open_task(session, task_id, actor, revision)
    require(permissions.may_release(opened.holders, actor))
    return give(session, opened, actor, None, "released", None, time_of(now))


def assign_task(
    session: Session,
    task_id: str,
    actor: Actor,
    person_id: str,
    reason: str,
    *,
    revision: int | None = None,
    now: datetime | None = None,
) -> int:
    """Hands a task to a person who is a candidate for it. Returns the new revision.

    Raises TaskNotFound, TaskNotOpen, CaseSuspended, StaleTask, NotACandidate (for either of the two),
    ReasonRequired, PersonNotFound, FourEyes."""
    if not reason.strip():
        raise ReasonRequired()
    opened = open_task(session, task_id, actor, revision)
    require(permissions.may_assign(opened.holders, actor))
    receiver = get_actor(session, person_id)
    if receiver is None:
        raise PersonNotFound(person_id)
    offered = opened.holders.candidate_groups or opened.holders.candidate_users
    if offered and not opened.holders.offered_to(receiver):
        raise NotACandidate(who=opened.holders.names())
    refuse_four_eyes(session, opened, person_id)
    return give(session, opened, actor, person_id, "assigned", reason.strip(), time_of(now))


def save_draft(
    session: Session,
    task_id: str,
    actor: Actor,
    raw: Mapping[str, object],
    *,
    revision: int | None = None,
    now: datetime | None = None,
) -> int:
    """Keeps an unfinished form as it was typed; checked is only that the fields exist and can be kept.

    A personal value that the actor saw masked and left alone is no entry and is not kept; one that somebody
    else had typed, hidden from the actor, stays.

    Returns the new revision. Raises TaskNotFound, TaskNotOpen, StaleTask, NotACandidate, FourEyes,
    FormInvalid."""
    opened = open_task(session, task_id, actor, revision, moves=False)
    require(permissions.may_work(opened.holders, actor))
    refuse_four_eyes(session, opened, actor.person_id)
    form = opened.bundle.form_of(opened.element)
    check_draft(form, raw)
    drafted = typed_into(form, opened.task, actor, raw)
    return change_task(session, opened, actor.person_id, **drafted, draft_saved_at=time_of(now))
