"""What a step leaves to the post: messages that left the case, and what it now waits for."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from engine.execution.workflow import Step
from engine.records import audit
from engine.schedule.jobs import put_jobs
from engine.storage.ids import new_id
from engine.storage.locked import LockedInstance
from engine.storage.models import Message, MessageWait
from engine.storage.session import insert_rows


def keep_waits(session: Session, instance: LockedInstance, step: Step, now: datetime) -> None:
    """Keeps the correlation table in step with what the case waits for."""
    if step.waits_over:
        session.execute(delete(MessageWait).where(MessageWait.engine_task_id.in_(step.waits_over)))
    rows = [
        {"engine_task_id": wait.engine_task_id, "position": wait.position, "kind": wait.kind,
         "name": wait.name, "instance_id": instance.id, "business_key": instance.business_key,
         "process_id": wait.process_id, "element_id": wait.element_id, "since": now}
        for wait in step.waits
    ]  # fmt: skip
    if rows:
        insert_rows(session, MessageWait, rows)


def keep_sent(session: Session, instance: LockedInstance, step: Step, act: audit.Event) -> None:
    """Messages that nobody in the case waited for go out: each with the job that delivers it."""
    if not step.sent:
        return
    messages, jobs = [], []
    for sent in step.sent:
        message_id, job_id = new_id(), new_id()
        jobs.append({"id": job_id, "kind": "message", "payload": {"message": message_id}})
        messages.append(
            {"id": message_id, "name": sent.name, "business_key": None, "correlation": {},
             "payload": sent.payload, "state": "pending", "sent_at": act.at,
             "sent_by": act.actor_id or instance.started_by, "sent_in": instance.id, "job_id": job_id}
        )  # fmt: skip
    put_jobs(session, jobs, act.at)
    insert_rows(session, Message, messages)
