"""What a step asks of programs outside: rows for new service tasks, and the end of those taken away."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.execution.workflow import Step
from engine.storage.external import ExternalTask
from engine.storage.locked import LockedInstance
from engine.storage.session import insert_rows


def keep_asked(session: Session, instance: LockedInstance, step: Step, now: datetime) -> None:
    """Keeps the list of what programs may fetch in step with the case; else costs no statement."""
    if step.asked_no_more:
        gone = ExternalTask.id.in_(step.asked_no_more), ExternalTask.state == "open"
        session.execute(update(ExternalTask).where(*gone).values(state="cancelled", finished_at=now))
    rows = [
        {"id": item.engine_task_id, "instance_id": instance.id, "business_key": instance.business_key,
         "process_id": item.process_id, "element_id": item.element_id, "scope": item.scope,
         "topic": item.topic, "priority": item.priority, "inputs": dict(item.inputs), "state": "open",
         "created_at": now}
        for item in step.asked
    ]  # fmt: skip
    insert_rows(session, ExternalTask, rows)
