"""The table of work that programs outside do: who has which piece of it, and until when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base
from engine.storage.types import CanonicalJson, UtcDateTime

OPEN = text("state = 'open'")


class ExternalTask(Base):
    """A service task that waits for a program, or did; its id is the engine task's.

    `state`: open, completed, error (a BPMN error was reported) or cancelled (the diagram took it away).
    A program has it as `worker_id` until `locked_until`; after a failure nobody gets it before that.
    `retries`: None until it first failed; at 0 nobody gets it any more, and an incident is open.
    """

    __tablename__ = "external_task"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    business_key: Mapped[str] = mapped_column(String(40))
    process_id: Mapped[str] = mapped_column(Text)
    element_id: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(String(36), default="")
    topic: Mapped[str] = mapped_column(String(64))
    priority: Mapped[int] = mapped_column(Integer)
    inputs: Mapped[dict[str, object]] = mapped_column(CanonicalJson)
    state: Mapped[str] = mapped_column(String(10), default="open")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    worker_id: Mapped[str | None] = mapped_column(Text)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retries: Mapped[int | None] = mapped_column(Integer)
    error_message: Mapped[str | None] = mapped_column(Text)
    error_details: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        Index(
            "ix_external_task_open", "topic", "priority", "created_at", "id", sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )  # fmt: skip
