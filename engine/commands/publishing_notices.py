"""Who is told what becomes of a submitted draft. What leaves the house names the process and colleagues."""

from datetime import datetime

from sqlalchemy import and_, update
from sqlalchemy.orm import Session

from engine.queries.concerned import active_people, members_of
from engine.queries.definition_drafts import person_name
from engine.queries.permissions import PUBLISHERS
from engine.queries.publishing import editors, now_running
from engine.queries.views import Actor
from engine.schedule.outbox import Notice, put_notices
from engine.storage.models import DefinitionDraft, Notification


def tell_owners(session: Session, draft: DefinitionDraft, actor: Actor, at: datetime) -> None:
    """Tells those who may approve a draft that it waits for them."""
    owners = frozenset[str]().union(*members_of(session, PUBLISHERS).values())
    tell(session, draft, "draft_submitted", owners - editors(session, draft), actor, at)


def answered(session: Session, draft: DefinitionDraft, actor: Actor, at: datetime) -> None:
    """Whoever decides on a draft has read that it waits for an approval."""
    asked = and_(
        Notification.person_id == actor.person_id, Notification.kind == "draft_submitted",
        Notification.dedup.startswith(f"draft:{draft.id}:", autoescape=True), Notification.read_at.is_(None),
    )  # fmt: skip
    unread = update(Notification).where(asked).values(read_at=at)
    session.execute(unread, execution_options={"synchronize_session": False})


def tell(
    session: Session, draft: DefinitionDraft, kind: str, people: frozenset[str], actor: Actor, at: datetime
) -> None:
    """Tells people what the actor did to a draft: `kind` of the notification."""
    latest = now_running(session, draft.process_id)
    facts = {
        "process": latest.name if latest else draft.process_id,
        "process_en": (latest.name_en if latest else "") or draft.process_id,
        "by": person_name(session, actor.person_id), "link": f"/publishing/{draft.id}",
    }  # fmt: skip
    dedup = f"draft:{draft.id}:{draft.revision}:{kind}"
    put_notices(session, [Notice(kind, active_people(session, people), facts, dedup)], at)
