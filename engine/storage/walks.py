"""Tables of trying a process: the walk somebody is on, and walks kept as scenarios. Nothing of any case."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base
from engine.storage.types import Json, UtcDateTime


class DefinitionWalk(Base):
    """The walk of one person through one draft or version (`subject`), as the steps that make it again.

    `began_at`: what its driven clock shows at the first step."""

    __tablename__ = "definition_walk"

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    steps: Mapped[list[dict[str, object]]] = mapped_column(Json)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DefinitionScenario(Base):
    """A walk of a process with what must come of it. One that was deleted stays, with who did so and why."""

    __tablename__ = "definition_scenario"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    process_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    steps: Mapped[list[dict[str, object]]] = mapped_column(Json)
    expected: Mapped[dict[str, object]] = mapped_column(Json)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_by: Mapped[str | None] = mapped_column(String(64))
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delete_reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_definition_scenario_process", "process_id", "deleted_at", "name"),)
