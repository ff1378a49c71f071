"""What was deployed, for programs: deployments with their files, and every version of every process."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engine.errors import DeploymentNotFound, ProcessNotFound, ResourceNotFound
from engine.queries.access import check_definition_reader, may_read_definitions
from engine.queries.bundles import bundle_of
from engine.queries.definitions import startable
from engine.queries.sorting import Order, ordered
from engine.queries.views import Actor, Text
from engine.storage.models import (
    BundleSource,
    Deployment,
    DeploymentResource,
    ProcessDefinition,
    Source,
)


@dataclass(frozen=True)
class DeployedDefinition:
    """A version of a process; `resource` is the file that draws it."""

    id: str
    process_id: str
    version: int
    latest: bool
    name: Text
    documentation: Text
    deployment_id: str
    resource: str
    startable: bool
    suspended: bool


@dataclass(frozen=True)
class DeploymentView:
    """An act of deploying; `name` and `source` as a modeler gave them, else empty."""

    id: str
    name: str
    source: str
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class ResourceView:
    """A file of a deployment."""

    id: str
    name: str
    deployment_id: str


DEFINITION_ORDER = ("id", "process_id", "name", "version", "deployment_id")


def list_deployed_definitions(
    session: Session,
    actor: Actor,
    wanted: Mapping[str, object],
    first: int = 0,
    limit: int = 200,
    order: Order | None = None,
) -> list[DeployedDefinition]:
    """Versions by process and version, those that fit every one of `wanted`: id, process_id, version, latest,
    deployment_id, name, suspended. Whoever may not read all definitions sees those of processes that he may
    start."""
    columns = {name: getattr(ProcessDefinition, name) for name in DEFINITION_ORDER}
    usual = ProcessDefinition.process_id, ProcessDefinition.version
    statement = ordered(_definitions(session, actor, wanted), columns, order, *usual)
    return _views(session, list(session.scalars(statement.offset(first).limit(limit))))


def count_definitions(session: Session, actor: Actor, wanted: Mapping[str, object]) -> int:
    """How many there are."""
    counted = _definitions(session, actor, wanted).with_only_columns(func.count(ProcessDefinition.id))
    return session.scalar(counted) or 0


def get_deployed_definition(
    session: Session, actor: Actor, *, id: str | None = None, process_id: str | None = None
) -> DeployedDefinition:
    """A version by its id, or the latest of a process. Raises ProcessNotFound."""
    wanted: dict[str, object] = {"id": id} if id is not None else {"process_id": process_id, "latest": True}
    found = list_deployed_definitions(session, actor, wanted, limit=1)
    if not found:
        raise ProcessNotFound(id if id is not None else process_id)
    return found[0]


def get_definition_xml(session: Session, definition: DeployedDefinition) -> bytes:
    """The diagram of a version, as it was handed in."""
    hashed = select(ProcessDefinition.bundle_hash).where(ProcessDefinition.id == definition.id)
    return bundle_of(session, session.scalars(hashed).one()).diagram_of(definition.process_id)


def _definitions(session: Session, actor: Actor, wanted: Mapping[str, object]) -> Select[Any]:
    fitting = [getattr(ProcessDefinition, name) == value for name, value in wanted.items()]
    if not may_read_definitions(actor):
        own = [one.process_id for one in startable(session, actor)]
        fitting.append(ProcessDefinition.process_id.in_(own))
    return select(ProcessDefinition).where(*fitting)


def _views(session: Session, rows: Sequence[ProcessDefinition]) -> list[DeployedDefinition]:
    hashes = {row.bundle_hash for row in rows}
    named = select(BundleSource.bundle_hash, BundleSource.name).where(BundleSource.bundle_hash.in_(hashes))
    files = {(row.bundle_hash, row.name) for row in session.execute(named)}
    return [
        DeployedDefinition(
            row.id, row.process_id, row.version, row.latest, Text(row.name, row.name_en),
            Text(row.documentation, row.documentation_en), row.deployment_id, _file(session, row, files),
            row.startable, row.suspended,
        )
        for row in rows
    ]  # fmt: skip


def _file(session: Session, row: ProcessDefinition, files: set[tuple[str, str]]) -> str:
    """By our rule the file is called like the process; where it is not, the bundle is looked into."""
    usual = f"{row.process_id}.bpmn"
    if (row.bundle_hash, usual) in files:
        return usual
    return bundle_of(session, row.bundle_hash).processes[row.process_id].file.rpartition("/")[2]


def list_deployments(
    session: Session,
    actor: Actor,
    wanted: Mapping[str, object],
    first: int = 0,
    limit: int = 200,
    order: Order | None = None,
) -> list[DeploymentView]:
    """Deployments, the newest first, those that fit every one of `wanted`: id, name, source. Raises
    NotAllowed."""
    columns = {"id": Deployment.id, "name": Deployment.name, "at": Deployment.at}
    usual = Deployment.at.desc(), Deployment.id
    statement = ordered(_deployments(actor, wanted), columns, order, *usual).offset(first).limit(limit)
    return [
        DeploymentView(row.id, row.name, row.source, row.at, row.by, row.reason)
        for row in session.scalars(statement)
    ]


def count_deployments(session: Session, actor: Actor, wanted: Mapping[str, object]) -> int:
    """How many there are. Raises NotAllowed."""
    return session.scalar(_deployments(actor, wanted).with_only_columns(func.count(Deployment.id))) or 0


def get_deployment(session: Session, deployment_id: str, actor: Actor) -> DeploymentView:
    """One deployment. Raises NotAllowed, DeploymentNotFound."""
    found = list_deployments(session, actor, {"id": deployment_id}, limit=1)
    if not found:
        raise DeploymentNotFound(deployment_id)
    return found[0]


def _deployments(actor: Actor, wanted: Mapping[str, object]) -> Select[Any]:
    check_definition_reader(actor)
    return select(Deployment).where(*[getattr(Deployment, name) == value for name, value in wanted.items()])


def list_resources(session: Session, deployment_id: str, actor: Actor) -> list[ResourceView]:
    """The files of a deployment by name. Raises NotAllowed, DeploymentNotFound."""
    get_deployment(session, deployment_id, actor)
    names = _files_of(session, deployment_id)
    return [ResourceView(_resource_id(name), name, deployment_id) for name in sorted(names)]


def read_resource(
    session: Session, deployment_id: str, resource_id: str, actor: Actor
) -> tuple[str, bytes]:
    """Name and content of a file of a deployment. Raises NotAllowed, DeploymentNotFound, ResourceNotFound."""
    get_deployment(session, deployment_id, actor)
    for name, digest in _files_of(session, deployment_id).items():
        if _resource_id(name) == resource_id:
            return name, session.scalars(select(Source.content).where(Source.hash == digest)).one()
    raise ResourceNotFound(resource_id)


def _files_of(session: Session, deployment_id: str) -> dict[str, str]:
    """Name → hash of the files as handed in; of a deployment before that was kept, those of its processes."""
    kept = select(DeploymentResource.name, DeploymentResource.source_hash)
    rows = session.execute(kept.where(DeploymentResource.deployment_id == deployment_id)).all()
    if not rows:
        made = select(BundleSource.name, BundleSource.source_hash).join(
            ProcessDefinition, ProcessDefinition.bundle_hash == BundleSource.bundle_hash
        )
        rows = session.execute(made.where(ProcessDefinition.deployment_id == deployment_id)).all()
    return {row.name: row.source_hash for row in rows}


def _resource_id(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]
