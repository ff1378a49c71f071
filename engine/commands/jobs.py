"""Verbs on jobs by their id, as programs know them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.incidents import retry_incident
from engine.errors import AlreadyResolved
from engine.queries.operations import check_operator
from engine.queries.queue import get_job
from engine.queries.views import Actor
from engine.storage.models import Incident


def retry_job(
    session: Session, job_id: str, actor: Actor, reason: str, *, now: datetime | None = None
) -> None:
    """Has a job that failed for good done again, as `retry_incident` does.

    For operators. Raises NotAllowed, ReasonRequired, JobNotFound; AlreadyResolved for one that is due
    anyway."""
    check_operator(actor)
    get_job(session, job_id, actor)
    still_open = Incident.job_id == job_id, Incident.resolved_at.is_(None)
    incident_id = session.scalar(select(Incident.id).where(*still_open).limit(1))
    if incident_id is None:
        raise AlreadyResolved()
    retry_incident(session, incident_id, actor, reason, now=now)
