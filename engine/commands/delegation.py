"""Verbs on delegation: somebody else prepares a task, and whoever delegated it completes it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from engine.commands.drafts import check_draft, typed_into
from engine.commands.handing import give
from engine.commands.opened import PENDING, open_task, refuse_four_eyes, require
from engine.errors import NotAllowed, PersonNotFound, ReasonRequired
from engine.queries import permissions
from engine.queries.access import sees_nothing
from engine.queries.clock import time_of
from engine.queries.people import get_actor
from engine.queries.views import Actor

RESOLVED = "resolved"


def delegate_task(
    session: Session,
    task_id: str,
    actor: Actor,
    person_id: str,
    reason: str,
    *,
    revision: int | None = None,
    now: datetime | None = None,
) -> int:
    """Has somebody else prepare the actor's task: anybody who works on cases, candidate or not, since it
    comes back to the actor to be completed. Returns the new revision.

    Raises TaskNotFound, TaskNotOpen, StaleTask, NotACandidate, DelegationPending, ReasonRequired,
    PersonNotFound, NotAllowed (oneself, or somebody who sees no cases), FourEyes."""
    if not reason.strip():
        raise ReasonRequired()
    opened = open_task(session, task_id, actor, revision)
    require(permissions.may_delegate(opened.holders, actor))
    receiver = get_actor(session, person_id)
    if receiver is None:
        raise PersonNotFound(person_id)
    if person_id == actor.person_id:
        raise NotAllowed(what="delegate a task to yourself", what_zh="将任务委派给自己")
    if sees_nothing(receiver):
        raise NotAllowed(
            what="delegate a task to somebody who sees no cases", what_zh="将任务委派给不接触案件的人员"
        )
    refuse_four_eyes(session, opened, person_id)
    owed: dict[str, object] = {"owner_id": actor.person_id, "delegation": PENDING}
    return give(session, opened, actor, person_id, "delegated", reason.strip(), time_of(now), owed)


def resolve_task(
    session: Session,
    task_id: str,
    actor: Actor,
    raw: Mapping[str, object] | None = None,
    *,
    revision: int | None = None,
    now: datetime | None = None,
) -> int:
    """Whoever has a delegated task gives it back to its owner, or the owner takes it back. What the actor
    typed (`raw`) joins the draft, which the owner finds in the form. Whom four eyes bind may give it back,
    but enter nothing. Returns the new revision.

    Raises TaskNotFound, TaskNotOpen, StaleTask, NotDelegated, NotACandidate, FourEyes, FormInvalid."""
    opened = open_task(session, task_id, actor, revision)
    require(permissions.may_resolve(opened.holders, actor))
    if raw:
        refuse_four_eyes(session, opened, actor.person_id)
    form, owner = opened.bundle.form_of(opened.element), opened.task.owner_id
    check_draft(form, raw or {})
    typed, at = typed_into(form, opened.task, actor, raw or {}, joins=True), time_of(now)
    saved: dict[str, object] = {"draft_saved_at": at} if raw else {}
    kind = "resolved" if actor.person_id == opened.task.assignee_id else "recalled"
    back: dict[str, object] = {"delegation": RESOLVED}
    return give(session, opened, actor, owner, kind, None, at, back, typed | saved)
