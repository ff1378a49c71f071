"""Tables of what was deployed: sources by hash, bundles, versions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base
from engine.storage.types import Json, UtcDateTime


class Source(Base):
    """The bytes of one uploaded file, kept once by sha256."""

    __tablename__ = "source"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Bundle(Base):
    """A process with everything it needs, under one content hash."""

    __tablename__ = "bundle"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    process_id: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BundleSource(Base):
    """A file of a bundle, by name."""

    __tablename__ = "bundle_source"

    bundle_hash: Mapped[str] = mapped_column(ForeignKey("bundle.hash"), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    source_hash: Mapped[str] = mapped_column(ForeignKey("source.hash"))


class Deployment(Base):
    """One act of deploying: who, when, why; `name` and `source` as a modeler gave them, else empty;
    `shipped`: the version of the product whose files these are, empty if an owner made them."""

    __tablename__ = "deployment"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text, default="", server_default="")
    source: Mapped[str] = mapped_column(Text, default="", server_default="")
    shipped: Mapped[str] = mapped_column(Text, default="", server_default="")


class DeploymentResource(Base):
    """A file as it was handed in with a deployment."""

    __tablename__ = "deployment_resource"

    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    source_hash: Mapped[str] = mapped_column(ForeignKey("source.hash"))


class ReferenceFile(Base):
    """The owner's csv files (clauses, records), as last deployed."""

    __tablename__ = "reference_file"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    source_hash: Mapped[str] = mapped_column(ForeignKey("source.hash"))
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"))


class ProcessDefinition(Base):
    """A version of a process, counted 1, 2, 3 …; a new one is made only when the bundle's hash changes.

    `suspended`: no case of it starts."""

    __tablename__ = "process_definition"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    process_id: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    latest: Mapped[bool] = mapped_column(default=True)
    bundle_hash: Mapped[str] = mapped_column(ForeignKey("bundle.hash"))
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"))
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text, default="")
    documentation: Mapped[str] = mapped_column(Text, default="")
    documentation_en: Mapped[str] = mapped_column(Text, default="")
    startable: Mapped[bool] = mapped_column(default=True)
    starter_groups: Mapped[list[str]] = mapped_column(Json)
    suspended: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        UniqueConstraint("process_id", "version"),
        Index("ix_process_definition_latest", "process_id", "latest"),
    )


class DefinitionChange(Base):
    """A version was suspended or activated: who did it, when, why. Append-only."""

    __tablename__ = "definition_change"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"))
    kind: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(64))
    by_name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_definition_change", "definition_id", "at"),)
