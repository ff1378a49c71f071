"""How the work stands: what is due, what failed, whose tasks are open. For operators and their monitors."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.queries.clock import time_of
from engine.schedule.heartbeat import last_beat
from engine.storage.models import Incident, Job, UserTask, UserTaskCandidate

UNTOLD = UserTask.announced.is_(False)
WORKER_PATIENCE = timedelta(seconds=120)  # without a worker: one that lives says so every 20 seconds


@dataclass(frozen=True)
class JobQueue:
    """`due`: jobs that are due, and tasks of which nobody was told yet; `lag_seconds`: see `job_lag`;
    `failed`: jobs given up; `incidents`: open ones; `seen_at`: when a worker last looked for work (None:
    never), and `seen_seconds`: how long ago that is (infinite: never)."""

    due: int
    lag_seconds: float
    failed: int
    incidents: int
    seen_at: datetime | None
    seen_seconds: float


def job_lag(session: Session, now: datetime | None = None) -> float:
    """How many seconds the oldest due job that no worker holds, or task of which nobody was told yet, has
    waited; 0 if there is none.

    A task waits to be told of since it is there or, as it may be handed on later, since a worker last looked
    whether there is one."""
    at = time_of(now)
    free = or_(Job.leased_until.is_(None), Job.leased_until <= at)
    waiting = select(Job.due_at).where(Job.state == "due", Job.due_at <= at, free)
    since = [session.scalar(waiting.order_by(Job.due_at).limit(1)), _untold_since(session)]
    return max((max((at - moment).total_seconds(), 0.0) for moment in since if moment), default=0.0)


def is_unattended(session: Session, now: datetime | None = None) -> bool:
    """Whether something is due and no worker, wherever it runs, has looked for work for WORKER_PATIENCE."""
    at, seen_at = time_of(now), last_beat(session)
    silent = seen_at is None or at - seen_at > WORKER_PATIENCE
    return silent and job_lag(session, at) > 0


def _untold_since(session: Session) -> datetime | None:
    created = session.scalar(select(UserTask.created_at).where(UNTOLD).order_by(UserTask.created_at).limit(1))
    return max(created, last_beat(session) or created) if created else None


def job_queue(session: Session, now: datetime | None = None) -> JobQueue:
    """How the work stands, each number by an index."""
    at = time_of(now)
    due = select(func.count()).where(Job.state == "due", Job.due_at <= at)
    untold = select(func.count()).select_from(UserTask).where(UNTOLD)
    failed = select(func.count()).where(Job.state == "failed")
    incidents = select(func.count()).where(Incident.resolved_at.is_(None))
    counted = [session.scalar(statement) or 0 for statement in (due, untold, failed, incidents)]
    seen_at = last_beat(session)
    seen = max((at - seen_at).total_seconds(), 0.0) if seen_at else float("inf")
    return JobQueue(counted[0] + counted[1], job_lag(session, at), counted[2], counted[3], seen_at, seen)


def open_tasks_by_group(session: Session) -> dict[str, int]:
    """How many open tasks each group is offered, claimed ones too. A task of two groups counts in both."""
    principal = UserTaskCandidate.principal
    rows = session.execute(select(principal, func.count()).group_by(principal))
    return {name.removeprefix("group:"): count for name, count in rows if name.startswith("group:")}
