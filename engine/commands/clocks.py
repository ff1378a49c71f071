"""Clocks that could not be worked out yet, because no calendar was known, looked at again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.queries.clock import time_of
from engine.schedule.jobs import put_wake
from engine.storage.locked import lock_instance
from engine.storage.models import Clock


def wake_waiting_clocks(session: Session, *, now: datetime | None = None) -> int:
    """Lets every case look at the calendar again whose clock runs without a known end. Returns how many.

    For the verbs that change the calendar, in the same transaction."""
    at = time_of(now)
    waiting = select(Clock.instance_id).where(Clock.verdict == "running", Clock.due_at.is_(None)).distinct()
    ids = sorted(session.scalars(waiting))
    for instance_id in ids:
        if lock_instance(session, instance_id) is not None:
            put_wake(session, instance_id, at, at)
    return len(ids)
