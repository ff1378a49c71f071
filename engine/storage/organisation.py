"""Tables of the organisation: who people are and which groups they belong to."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base
from engine.storage.types import Json, UtcDateTime


class OrgGroup(Base):
    """A candidate group, as `groups.csv` of the last deployment says."""

    __tablename__ = "org_group"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text, default="")
    duty: Mapped[str] = mapped_column(Text, default="")
    duty_en: Mapped[str] = mapped_column(Text, default="")


class Person(Base):
    """An account. The id is the user name; never deleted, never given to somebody else (21 CFR 11.100)."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2), default="zh")
    password_hash: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    failed_count: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(64))
    password_changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    must_change_password: Mapped[bool] = mapped_column(default=False)


class PersonGroup(Base):
    """A person's membership of a group."""

    __tablename__ = "person_group"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("org_group.id"), primary_key=True)

    __table_args__ = (Index("ix_person_group_group", "group_id", "person_id"),)


class PersonEvent(Base):
    """What was done to an account: when, by whom, what, why. Append-only.

    `by` is a user name, or `system:<login>` for the operator at the machine."""

    __tablename__ = "person_event"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(Text)
    data: Mapped[dict[str, object] | None] = mapped_column(Json)

    __table_args__ = (Index("ix_person_event_person", "person_id", "id"),)


class AccessLog(Base):
    """Who signed in or failed to, and who saw personal data in clear. Append-only."""

    __tablename__ = "access_log"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(64))
    instance_id: Mapped[str | None] = mapped_column(String(36))
    detail: Mapped[dict[str, object] | None] = mapped_column(Json)

    __table_args__ = (
        Index("ix_access_log_person", "person_id", "at"),
        Index("ix_access_log_instance", "instance_id", "at"),
    )
