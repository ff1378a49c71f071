"""Tables of messages between cases, and to and from the outside."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base
from engine.storage.types import Json, UtcDateTime


class Message(Base):
    """A message on its way: from a case (`sent_in`) or from a person or program (`sent_by`).

    `state`: pending, delivered, dead (nobody took it; an operator may send it again or drop it: dropped).
    `business_key` and `correlation` (values of variables) say for whom it is.
    """

    __tablename__ = "message"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    business_key: Mapped[str | None] = mapped_column(Text)
    correlation: Mapped[dict[str, object]] = mapped_column(Json)
    payload: Mapped[dict[str, object]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default="pending")
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by: Mapped[str | None] = mapped_column(String(64))
    sent_in: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_to: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    job_id: Mapped[str | None] = mapped_column(ForeignKey("job.id"))

    __table_args__ = (Index("ix_message_state", "state", "sent_at", "id"),)


class MessageWait(Base):
    """An element of a running case that waits for a message (or signal: `kind`): the correlation table."""

    __tablename__ = "message_wait"

    engine_task_id: Mapped[str] = mapped_column(ForeignKey("engine_task.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), default="message", server_default="message")
    name: Mapped[str] = mapped_column(Text)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    business_key: Mapped[str] = mapped_column(String(40))
    process_id: Mapped[str] = mapped_column(Text)
    element_id: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_message_wait_name", "name", "since", "engine_task_id"),
        Index("ix_message_wait_case", "name", "business_key"),
    )
