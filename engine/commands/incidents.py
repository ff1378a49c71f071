"""Verbs of the operator: what becomes of a job that failed for good, and of a message that nobody takes."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.commands.steps import keep_step
from engine.errors import AlreadyResolved, IncidentNotFound, MessageNotFound, ReasonRequired
from engine.execution import workflow
from engine.queries.bundles import bundle_of
from engine.queries.clock import time_of
from engine.queries.operations import OPERATORS, check_operator
from engine.queries.views import Actor
from engine.records import audit
from engine.schedule.clocks import ClockBook
from engine.storage.ids import new_id
from engine.storage.instances import live_rows
from engine.storage.locked import LockedInstance, lock_instance, write_instance
from engine.storage.models import Incident, Job, Message
from engine.storage.session import begin_write

RETRIED, CANCELLED = "retried", "cancelled"
NEXT = {RETRIED: "due", CANCELLED: "cancelled"}  # states of the job


def retry_incident(
    session: Session, incident_id: str, actor: Actor, reason: str, *, now: datetime | None = None
) -> None:
    """Has the failed job done again: due now, with all its attempts. The case's history tells of it.

    For operators. Raises NotAllowed, ReasonRequired, IncidentNotFound, AlreadyResolved."""
    _handle(session, incident_id, actor, reason, RETRIED, time_of(now))


def cancel_incident(
    session: Session, incident_id: str, actor: Actor, reason: str, *, now: datetime | None = None
) -> None:
    """Gives the failed job up. The timers of a case that are due and could not run will not fire any more;
    a message stays a dead letter; a mail is never sent. The case's history tells of it.

    For operators. Raises NotAllowed, ReasonRequired, IncidentNotFound, AlreadyResolved."""
    _handle(session, incident_id, actor, reason, CANCELLED, time_of(now))


def resend_message(
    session: Session, message_id: str, actor: Actor, reason: str, *, now: datetime | None = None
) -> None:
    """Has a message that nobody took yet (pending or dead) delivered again: due now, with all its attempts.

    For operators. Raises NotAllowed, ReasonRequired, MessageNotFound, AlreadyResolved."""
    _handle_message(session, message_id, actor, reason, RETRIED, time_of(now))


def drop_message(
    session: Session, message_id: str, actor: Actor, reason: str, *, now: datetime | None = None
) -> None:
    """Gives a message up for good; it stays to be read, with who dropped it and why.

    For operators. Raises NotAllowed, ReasonRequired, MessageNotFound, AlreadyResolved."""
    message = _handle_message(session, message_id, actor, reason, CANCELLED, time_of(now))
    message.state = "dropped"
    session.flush()


def _handle(
    session: Session, incident_id: str, actor: Actor, reason: str, resolution: str, at: datetime
) -> None:
    _check(session, actor, reason)
    known = session.get(Incident, incident_id)
    if known is None:
        raise IncidentNotFound(incident_id)
    message_id = session.scalar(select(Message.id).where(Message.job_id == known.job_id))
    if message_id is not None:
        _resolve_message(session, _locked_message(session, message_id), actor, reason, resolution, at)
        return
    case = lock_instance(session, known.instance_id) if known.instance_id else None
    job = _locked_job(session, known.job_id)
    _close(session, _locked_incident(session, known.id), job, actor, reason, resolution, at)
    if case is not None:
        if resolution == CANCELLED and known.kind == "wake" and case.state == "running":
            _give_up_timers(session, case, known, actor, reason, at)
            return
        _tell(session, case, known, actor, reason, resolution, at)


def _handle_message(
    session: Session, message_id: str, actor: Actor, reason: str, resolution: str, at: datetime
) -> Message:
    _check(session, actor, reason)
    message = _locked_message(session, message_id)
    if message.state not in ("pending", "dead"):
        raise AlreadyResolved()
    _resolve_message(session, message, actor, reason, resolution, at)
    return message


def _resolve_message(
    session: Session, message: Message, actor: Actor, reason: str, resolution: str, at: datetime
) -> None:
    """The open incident of the message's job is dealt with; where there is none yet, one is kept to say who
    stepped in and why."""
    job = _locked_job(session, message.job_id or "")
    newest = select(Incident.id).where(Incident.job_id == job.id, Incident.resolved_at.is_(None))
    open_id = session.scalar(newest.limit(1))
    incident = _locked_incident(session, open_id) if open_id else _noted(session, job, at)
    _close(session, incident, job, actor, reason, resolution, at)
    if resolution == RETRIED:
        message.state = "pending"
    case = lock_instance(session, message.sent_in) if message.sent_in else None
    if case is not None:
        _tell(session, case, incident, actor, reason, resolution, at, message.name)


def _check(session: Session, actor: Actor, reason: str) -> None:
    check_operator(actor)
    if not reason.strip():
        raise ReasonRequired()
    begin_write(session)


def _close(
    session: Session,
    incident: Incident,
    job: Job,
    actor: Actor,
    reason: str,
    resolution: str,
    at: datetime,
) -> None:
    """Resolves an incident. A wake job that a step has meanwhile set anew is left alone."""
    incident.resolved_at, incident.resolved_by = at, actor.person_id
    incident.resolution, incident.reason = resolution, reason.strip()
    if job.kind == "wake" and job.state != "failed":
        return
    fresh = {"lease_owner": None, "leased_until": None, "fence": Job.fence + 1}
    due = {"due_at": at, "attempts": 0, "last_error": None, "finished_at": None}
    changed = due if resolution == RETRIED else {"finished_at": at}
    this = update(Job).where(Job.id == job.id).values(state=NEXT[resolution], **changed, **fresh)
    session.execute(this, execution_options={"synchronize_session": False})
    session.expire(job)


def _noted(session: Session, job: Job, at: datetime) -> Incident:
    incident = Incident(
        id=new_id(), job_id=job.id, kind=job.kind, instance_id=job.instance_id, opened_at=at,
        cause=job.last_error or "not delivered yet", cause_zh="尚未送达", attempts=job.attempts,
    )  # fmt: skip
    session.add(incident)
    session.flush()
    return incident


def _give_up_timers(
    session: Session, case: LockedInstance, incident: Incident, actor: Actor, reason: str, at: datetime
) -> None:
    """Disarms what is due in a case, and looks at the time again when the next thing comes."""
    bundle, book = bundle_of(session, case.bundle_hash), ClockBook(session, case.id, at)
    live = workflow.Live(live_rows(session, case.id), dict(case.body))
    step, skipped = workflow.skip_due(bundle, live, at, book)
    facts: dict[str, object] = {
        "incident": incident.id, "job": incident.kind, "skipped": [list(place) for place in skipped],
    }  # fmt: skip
    event = _event(case, actor, reason, CANCELLED, facts, at)
    book.read("", "", None)  # the clocks decide, too, when to look again
    keep_step(session, case, bundle, step, event, book, woken=True)


def _event(
    case: LockedInstance, actor: Actor, reason: str, resolution: str, facts: dict[str, object], at: datetime
) -> audit.Event:
    role = next(iter(sorted(actor.groups & OPERATORS)))
    return audit.Event(
        at, f"incident_{resolution}", actor.person_id, actor.name, role, case.process_id, None, "",
        reason.strip(), facts,
    )  # fmt: skip


def _tell(
    session: Session,
    case: LockedInstance,
    incident: Incident,
    actor: Actor,
    reason: str,
    resolution: str,
    at: datetime,
    message: str = "",
) -> None:
    facts: dict[str, object] = {"incident": incident.id, "job": incident.kind}
    facts |= {"message": message} if message else {}
    audit.append(session, case, [_event(case, actor, reason, resolution, facts, at)])
    write_instance(session, case)


def _locked_job(session: Session, job_id: str) -> Job:
    return session.scalars(select(Job).where(Job.id == job_id).with_for_update()).one()


def _locked_incident(session: Session, incident_id: str) -> Incident:
    found = session.scalars(
        select(Incident)
        .where(Incident.id == incident_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if found.resolved_at is not None:
        raise AlreadyResolved()
    return found


def _locked_message(session: Session, message_id: str) -> Message:
    statement = select(Message).where(Message.id == message_id).with_for_update()
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise MessageNotFound(message_id)
    return found
