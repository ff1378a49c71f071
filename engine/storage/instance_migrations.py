"""Tables of running instances that are moved to another version of their process, many at a time."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base
from engine.storage.types import Json, UtcDateTime


class InstanceMigration(Base):
    """An order to move all cases that ran on one version: who gave it, in which role, when and why."""

    __tablename__ = "instance_migration"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    process_id: Mapped[str] = mapped_column(Text)
    from_definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"))
    to_definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_instance_migration_process", "process_id", "at", "id"),)


class InstanceMigrationCase(Base):
    """A case of such an order. `state`: left (its job is not done yet), moved, or refused for `obstacles`,
    each with its code, place and words in both languages."""

    __tablename__ = "instance_migration_case"

    migration_id: Mapped[str] = mapped_column(ForeignKey("instance_migration.id"), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="left")
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    obstacles: Mapped[list[dict[str, str]]] = mapped_column(Json)

    __table_args__ = (Index("ix_instance_migration_case", "migration_id", "state"),)
