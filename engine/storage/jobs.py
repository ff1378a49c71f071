"""Tables of work that waits for its time: jobs, what became of them, and what was already answered."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base
from engine.storage.types import CanonicalJson, Json, UtcDateTime

MOST_ATTEMPTS = 6


class Job(Base):
    """A piece of work that a worker does when it is due.

    `key` names what there may be only one of (`wake:<instance>`). `state`: due, done, failed (an incident
    is open), cancelled. A worker owns it until `leased_until`; every lease and every change raises `fence`,
    and whoever holds an older fence may not complete it.
    """

    __tablename__ = "job"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str | None] = mapped_column(Text, unique=True)
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    payload: Mapped[dict[str, object]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default="due")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    most_attempts: Mapped[int] = mapped_column(Integer, default=MOST_ATTEMPTS)
    lease_owner: Mapped[str | None] = mapped_column(Text)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fence: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "ix_job_due", "due_at", "id", sqlite_where=text("state = 'due'"),
            postgresql_where=text("state = 'due'"),
        ),
        Index("ix_job_state", "state", "due_at"),
    )  # fmt: skip


class WorkerHeartbeat(Base):
    """When a worker, and which, last looked for due work: one row, whatever number of workers there are."""

    __tablename__ = "worker_heartbeat"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    owner: Mapped[str] = mapped_column(Text)


class Incident(Base):
    """A job that failed for good: why, and what an operator did about it. `resolution`: retried or
    cancelled."""

    __tablename__ = "incident"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("job.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cause: Mapped[str] = mapped_column(Text)
    cause_zh: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    resolution: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_incident_open", "resolved_at", "opened_at", "id"),)


class Idempotency(Base):
    """What a verb answered when it was called with a key: the same key again gets the same answer."""

    __tablename__ = "idempotency"

    person_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    verb: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, object]] = mapped_column(CanonicalJson)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
