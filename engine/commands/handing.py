"""A task changes hands: claimed, released, handed over, delegated, given back."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.commands.opened import Opened, change_task, task_event
from engine.queries.access import sees_clear
from engine.queries.views import Actor
from engine.records import audit
from engine.storage.locked import write_instance
from engine.storage.models import UserTaskCandidate

FOR_GOOD: dict[str, object] = {"owner_id": None, "delegation": None}  # who gets it owes it to nobody


def give(
    session: Session,
    opened: Opened,
    actor: Actor,
    person_id: str | None,
    kind: str,
    reason: str | None,
    at: datetime,
    delegation: dict[str, object] = FOR_GOOD,
    typed: dict[str, object] | None = None,
) -> int:
    """Makes a person the assignee (None: nobody) and keeps it in the history as an event of `kind`; who gets
    a task from somebody else is told. `typed` joins the draft. Returns the new revision. Raises StaleTask."""
    draft = _handed_over(opened, actor)
    if typed:
        draft = {**(draft or {}), **typed}
    told = person_id is not None and person_id != actor.person_id
    untold = {"announced": False} if told else {}
    changes = {"assignee_id": person_id, "draft": draft, **delegation, **untold}
    if typed:
        changes["draft_saved_at"] = at
    revision = change_task(session, opened, actor.person_id, **changes)
    rows = UserTaskCandidate.task_id == opened.task.id
    session.execute(update(UserTaskCandidate).where(rows).values(claimed=person_id is not None))
    audit.append(session, opened.instance, [task_event(opened, kind, actor, reason, at, person_id)])
    write_instance(session, opened.instance)
    return revision


def _handed_over(opened: Opened, actor: Actor) -> dict[str, object] | None:
    """The draft as it goes on when `actor` becomes the one who changed the task last: without the personal
    data that somebody else typed, unless the actor's work needs them."""
    draft, form = opened.task.draft, opened.bundle.form_of(opened.element)
    if not draft or form is None or opened.task.changed_by == actor.person_id or sees_clear(actor):
        return draft
    return {name: value for name, value in draft.items() if name not in form.personal_names}
