"""One row that workers keep fresh: without it, nobody would know that none is alive while nothing is due."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.storage.jobs import WorkerHeartbeat
from engine.storage.session import begin_write, insert_for

EVERY = timedelta(seconds=20)  # how often a worker says that it lives
THE_ROW = 1


def beat(session: Session, owner: str, at: datetime) -> None:
    """A worker has looked for work; of two the later look is kept."""
    begin_write(session)
    row = {"id": THE_ROW, "at": at, "owner": owner}
    statement = insert_for(session)(WorkerHeartbeat.__table__).values(row)
    fresh = {name: statement.excluded[name] for name in ("at", "owner")}
    later = WorkerHeartbeat.at < statement.excluded.at
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=fresh, where=later))


def last_beat(session: Session) -> datetime | None:
    """When a worker last looked for work; None: never."""
    return session.scalar(select(WorkerHeartbeat.at).where(WorkerHeartbeat.id == THE_ROW))
