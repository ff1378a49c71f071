"""How the work stands: what is due, what failed, whose tasks are open. For operators and their monitors."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.queries.clock import time_of
from engine.storage.models import Incident, Job, UserTaskCandidate


@dataclass(frozen=True)
class JobQueue:
    """`due`: jobs that are due; `lag_seconds`: how long the oldest one that no worker holds has been due;
    `failed`: jobs given up; `incidents`: open ones."""

    due: int
    lag_seconds: float
    failed: int
    incidents: int


def job_lag(session: Session, now: datetime | None = None) -> float:
    """How many seconds the oldest due job that no worker holds has waited; 0 if there is none."""
    at = time_of(now)
    free = or_(Job.leased_until.is_(None), Job.leased_until <= at)
    waiting = select(Job.due_at).where(Job.state == "due", Job.due_at <= at, free)
    due_at = session.scalar(waiting.order_by(Job.due_at).limit(1))
    return (at - due_at).total_seconds() if due_at else 0.0


def job_queue(session: Session, now: datetime | None = None) -> JobQueue:
    """The numbers of the job table, each by an index."""
    at = time_of(now)
    due = select(func.count()).where(Job.state == "due", Job.due_at <= at)
    failed = select(func.count()).where(Job.state == "failed")
    incidents = select(func.count()).where(Incident.resolved_at.is_(None))
    counted = [session.scalar(statement) or 0 for statement in (due, failed, incidents)]
    return JobQueue(counted[0], job_lag(session, at), counted[1], counted[2])


def open_tasks_by_group(session: Session) -> dict[str, int]:
    """How many open tasks each group is offered, claimed ones too. A task of two groups counts in both."""
    principal = UserTaskCandidate.principal
    rows = session.execute(select(principal, func.count()).group_by(principal))
    return {name.removeprefix("group:"): count for name, count in rows if name.startswith("group:")}
