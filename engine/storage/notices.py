"""Tables of notifications: the inbox, and which channels reach a person. Never personal data of customers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base
from engine.storage.types import Json, UtcDateTime


class Notification(Base):
    """A line of somebody's inbox. `kind` chooses the template, `facts` fill it; `dedup` keeps a repeated
    delivery from saying the same twice."""

    __tablename__ = "notification"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"))
    task_id: Mapped[str | None] = mapped_column(ForeignKey("user_task.id"))
    facts: Mapped[dict[str, object]] = mapped_column(Json)
    dedup: Mapped[str] = mapped_column(Text, unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_notification_person", "person_id", "at", "id"),
        Index("ix_notification_unread", "person_id", "read_at"),
    )


class PersonChannel(Base):
    """A way to reach a person beside the inbox: email, wecom, dingtalk or feishu, and the address there."""

    __tablename__ = "person_channel"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    address: Mapped[str] = mapped_column(Text)
    enabled: Mapped[bool] = mapped_column(default=True)
    secret: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
