"""A task changes hands: claimed, released, handed over, delegated, given back."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.commands.opened import Opened, change_task, task_event
from engine.queries.access import sees_clear
from engine.queries.personal import draft_author
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
    drafted: dict[str, object] | None = None,
) -> int:
    """Makes a person the assignee (None: nobody) and keeps it in the history as an event of `kind`; who gets
    a task from somebody else is told. `drafted`: the columns of the draft, where the actor has typed into it.
    Returns the new revision. Raises StaleTask."""
    told = person_id is not None and person_id != actor.person_id
    untold = {"announced": False} if told else {}
    draft = drafted or _handed_over(opened, actor, person_id)
    changes = {"assignee_id": person_id, **draft, **delegation, **untold}
    revision = change_task(session, opened, actor.person_id, **changes)
    rows = UserTaskCandidate.task_id == opened.task.id
    session.execute(update(UserTaskCandidate).where(rows).values(claimed=person_id is not None))
    audit.append(session, opened.instance, [task_event(opened, kind, actor, reason, at, person_id)])
    write_instance(session, opened.instance)
    return revision


def _handed_over(opened: Opened, actor: Actor, person_id: str | None) -> dict[str, object]:
    """The draft as it goes on when `actor` gives the task to `person_id`: without the personal data that a
    third person typed, unless the actor's work needs them."""
    draft, form = opened.task.draft or {}, opened.bundle.form_of(opened.element)
    personal = draft.keys() & form.personal_names if form else set()
    authors = {name: draft_author(opened.task, name) for name in personal}
    if not sees_clear(actor):
        authors = {name: by for name, by in authors.items() if by in (actor.person_id, person_id)}
    kept = {name: value for name, value in draft.items() if name in authors or name not in personal}
    return {"draft": kept or None, "draft_by": authors or None}
