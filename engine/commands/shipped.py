"""Verbs of the command line: deploy the product's files, or one's own, over nothing that others published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.commands.definition_drafts import keep_draft
from engine.commands.deployments import begin_deploying, checked, keep_deployment
from engine.diagram.bundle import Bundle
from engine.diagram.library import base_name
from engine.errors import ReasonRequired
from engine.queries.clock import time_of
from engine.queries.reference import REFERENCE_FILES, reference_files
from engine.queries.views import Deployment
from engine.storage import models
from engine.storage.ids import new_id
from engine.storage.models import DefinitionDraft, ProcessDefinition, ReferenceFile


@dataclass(frozen=True)
class Shipped:
    """What became of files: what was deployed, the processes `offered` as drafts (process id -> draft id),
    those `kept` as an owner has them without anything new to offer, and the owner's tables kept."""

    deployment: Deployment
    offered: Mapping[str, str]
    kept: tuple[str, ...]
    tables: tuple[str, ...]


def deploy_shipped(
    session: Session,
    files: Mapping[str, bytes],
    version: str,
    actor_id: str,
    reason: str,
    *,
    replace: bool = False,
    now: datetime | None = None,
) -> Shipped:
    """Deploys the files of a version of the product. A process of which an owner has published his own
    version since is not touched: the shipped one becomes an open draft, once. `replace`: deploys it all the
    same.

    Raises BundleRefused, ReasonRequired."""
    title = f"随质环 {version} 提供 · shipped with Zhihuan {version}"
    record = models.Deployment(id=new_id(), at=time_of(now), by=actor_id, reason=reason, shipped=version)
    return _deploy(session, files, record, title, models.Deployment.shipped == "", replace)


def deploy_own(
    session: Session,
    files: Mapping[str, bytes],
    actor_id: str,
    reason: str,
    *,
    replace: bool = False,
    now: datetime | None = None,
) -> Shipped:
    """Deploys an owner's own files, which no upgrade touches later. A process of which somebody else has
    published his own version since is not touched: this one becomes an open draft, once. `replace`: deploys
    it all the same.

    Raises BundleRefused, ReasonRequired."""
    title = "命令行提交的文件 · files from the command line"
    record = models.Deployment(id=new_id(), at=time_of(now), by=actor_id, reason=reason, shipped="")
    others = (models.Deployment.shipped == "") & (models.Deployment.by != actor_id)
    return _deploy(session, files, record, title, others, replace)


def _deploy(
    session: Session,
    files: Mapping[str, bytes],
    record: models.Deployment,
    title: str,
    theirs: ColumnElement[bool],
    replace: bool,
) -> Shipped:
    """`theirs`: the deployments over which nothing is deployed, unless it is to `replace` it."""
    record.reason = record.reason.strip()
    if not record.reason:
        raise ReasonRequired()
    bundles, problems = checked(files)
    begin_deploying(session)
    own = {} if replace else _owners(session, theirs)
    changed = [b for b in bundles if b.process_id in own and own[b.process_id].bundle_hash != b.hash]
    tables = () if replace else _own_tables(session, files, theirs)
    handed = {name: data for name, data in files.items() if base_name(name) not in tables}
    versions, new = keep_deployment(session, record, handed, [b for b in bundles if b not in changed])
    fresh = [bundle for bundle in changed if not _known(session, bundle)]
    offered = {b.process_id: _offer(session, b, files, own[b.process_id], record, title) for b in fresh}
    kept = tuple(bundle.process_id for bundle in changed if bundle not in fresh)
    done = Deployment(record.id, record.at, record.by, versions, tuple(new), problems)
    return Shipped(done, offered, kept, tables)


def _owners(session: Session, theirs: ColumnElement[bool]) -> dict[str, ProcessDefinition]:
    """The processes whose latest version is theirs, by id."""
    statement = (
        select(ProcessDefinition)
        .join(models.Deployment, models.Deployment.id == ProcessDefinition.deployment_id)
        .where(ProcessDefinition.latest.is_(True), theirs)
    )
    return {definition.process_id: definition for definition in session.scalars(statement)}


def _own_tables(
    session: Session, files: Mapping[str, bytes], theirs: ColumnElement[bool]
) -> tuple[str, ...]:
    """The tables that they have deployed differently."""
    statement = (
        select(ReferenceFile.name)
        .join(models.Deployment, models.Deployment.id == ReferenceFile.deployment_id)
        .where(theirs)
    )
    own, known = set(session.scalars(statement)), reference_files(session)
    given = {base_name(name): data for name, data in files.items() if base_name(name) in REFERENCE_FILES}
    return tuple(sorted(name for name in own & given.keys() if known[name] != given[name]))


def _known(session: Session, bundle: Bundle) -> bool:
    """Whether this very bundle ran or was offered before: what owners have seen is not offered again."""
    version, draft = ProcessDefinition, DefinitionDraft
    ran = select(version.id).where(
        version.process_id == bundle.process_id, version.bundle_hash == bundle.hash
    )
    told = select(draft.id).where(draft.process_id == bundle.process_id, draft.shipped_hash == bundle.hash)
    return any(session.scalar(statement.limit(1)) is not None for statement in (ran, told))


def _offer(
    session: Session, bundle: Bundle, files: Mapping[str, bytes], latest: ProcessDefinition,
    record: models.Deployment, title: str,
) -> str:  # fmt: skip
    held = {**_tables(files), **reference_files(session), **bundle.sources}
    draft = keep_draft(
        session, "system", bundle.process_id, title, latest.id, held, record.at, kind="created",
        reason=record.shipped or record.reason,
    )  # fmt: skip
    draft.shipped, draft.shipped_hash = record.shipped, bundle.hash
    session.flush()
    return draft.id


def _tables(files: Mapping[str, bytes]) -> dict[str, bytes]:
    named: Iterable[tuple[str, bytes]] = ((base_name(name), data) for name, data in files.items())
    return {name: data for name, data in named if name in REFERENCE_FILES}
