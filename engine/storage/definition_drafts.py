"""Tables of definition drafts: files that a process owner works on before they are published."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base
from engine.storage.types import UtcDateTime


class DefinitionDraft(Base):
    """A draft of a process with all its files. `state`: open, submitted, published or discarded.

    `base_definition_id`: the version it was copied from, none for a new process; `revision` counts every
    change of its files; `definition_id`: the version that it became. `over_definition_id`: a later version
    than the base, over which it is published deliberately. `shipped`: the version of the product that brought
    it, with the hash of its bundle. `signature`: hash of the approver's signature."""

    __tablename__ = "definition_draft"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    process_id: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    base_definition_id: Mapped[str | None] = mapped_column(ForeignKey("process_definition.id"))
    state: Mapped[str] = mapped_column(String(12), default="open")
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    reason: Mapped[str | None] = mapped_column(Text)
    submitted_by: Mapped[str | None] = mapped_column(String(64))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_note: Mapped[str | None] = mapped_column(Text)
    definition_id: Mapped[str | None] = mapped_column(ForeignKey("process_definition.id"))
    over_definition_id: Mapped[str | None] = mapped_column(ForeignKey("process_definition.id"))
    shipped: Mapped[str] = mapped_column(Text, default="", server_default="")
    shipped_hash: Mapped[str | None] = mapped_column(String(64))
    signature: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_definition_draft_state", "state", "updated_at"),
        Index("ix_definition_draft_process", "process_id", "state"),
    )


class DefinitionDraftFile(Base):
    """A file of a draft by name; `revision` counts its own saves, so that nobody overwrites unseen work."""

    __tablename__ = "definition_draft_file"

    draft_id: Mapped[str] = mapped_column(ForeignKey("definition_draft.id"), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    source_hash: Mapped[str] = mapped_column(ForeignKey("source.hash"))
    revision: Mapped[int] = mapped_column(Integer, default=1)
    updated_by: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DefinitionDraftEvent(Base):
    """What was done to a draft: when, by whom, to which file, what the file held then, why. Append-only."""

    __tablename__ = "definition_draft_event"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("definition_draft.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    file: Mapped[str | None] = mapped_column(Text)
    source_hash: Mapped[str | None] = mapped_column(ForeignKey("source.hash"))
    reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_definition_draft_event_draft", "draft_id", "id"),)
