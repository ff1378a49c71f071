"""The verb of an upgrade: deploy the files that come with the product, over nothing that an owner made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.definition_drafts import keep_draft
from engine.commands.deployments import REFERENCE_FILES, begin_deploying, checked, keep_deployment
from engine.diagram.bundle import Bundle
from engine.diagram.library import base_name
from engine.errors import ReasonRequired
from engine.queries.clock import time_of
from engine.queries.reference import reference_files
from engine.queries.views import Deployment
from engine.storage import models
from engine.storage.models import DefinitionDraft, ProcessDefinition, ReferenceFile


@dataclass(frozen=True)
class Shipped:
    """What became of shipped files: what was deployed, the processes `offered` as drafts (process id -> draft
    id), those `kept` as an owner has them without anything new to offer, and the owner's tables kept."""

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
    if not reason.strip():
        raise ReasonRequired()
    bundles, problems = checked(files)
    begin_deploying(session)
    at = time_of(now)
    record = models.Deployment(id=str(uuid4()), at=at, by=actor_id, reason=reason.strip(), shipped=version)
    own = {} if replace else _owners(session)
    changed = [b for b in bundles if b.process_id in own and own[b.process_id].bundle_hash != b.hash]
    tables = () if replace else _own_tables(session, files)
    handed = {name: data for name, data in files.items() if base_name(name) not in tables}
    versions, new = keep_deployment(session, record, handed, [b for b in bundles if b not in changed])
    fresh = [bundle for bundle in changed if not _known(session, bundle)]
    offered = {b.process_id: _offer(session, b, files, own[b.process_id], version, at) for b in fresh}
    kept = tuple(bundle.process_id for bundle in changed if bundle not in fresh)
    return Shipped(Deployment(record.id, at, actor_id, versions, tuple(new), problems), offered, kept, tables)


def _owners(session: Session) -> dict[str, ProcessDefinition]:
    """The processes whose latest version an owner has made, by id."""
    statement = (
        select(ProcessDefinition)
        .join(models.Deployment, models.Deployment.id == ProcessDefinition.deployment_id)
        .where(ProcessDefinition.latest.is_(True), models.Deployment.shipped == "")
    )
    return {definition.process_id: definition for definition in session.scalars(statement)}


def _own_tables(session: Session, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The shipped tables that an owner has deployed differently."""
    statement = (
        select(ReferenceFile.name)
        .join(models.Deployment, models.Deployment.id == ReferenceFile.deployment_id)
        .where(models.Deployment.shipped == "")
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
    session: Session, bundle: Bundle, files: Mapping[str, bytes], latest: ProcessDefinition, version: str,
    at: datetime,
) -> str:  # fmt: skip
    title = f"随质环 {version} 提供 · shipped with Zhihuan {version}"
    held = {**_tables(files), **reference_files(session), **bundle.sources}
    draft = keep_draft(
        session, "system", bundle.process_id, title, latest.id, held, at, kind="created", reason=version
    )
    draft.shipped, draft.shipped_hash = version, bundle.hash
    session.flush()
    return draft.id


def _tables(files: Mapping[str, bytes]) -> dict[str, bytes]:
    named: Iterable[tuple[str, bytes]] = ((base_name(name), data) for name, data in files.items())
    return {name: data for name, data in named if name in REFERENCE_FILES}
