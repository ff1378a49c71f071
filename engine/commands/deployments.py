"""The verb that makes a regulation run: deploy its files."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle, read_bundles
from engine.diagram.bundle_cache import remember
from engine.diagram.checked import linted
from engine.errors import BundleRefused, Problem, ReasonRequired
from engine.queries.clock import time_of
from engine.queries.reference import REFERENCE_FILES
from engine.queries.views import Deployment
from engine.storage import models
from engine.storage.ids import new_id
from engine.storage.organisation import OrgGroup
from engine.storage.session import begin_write, insert_for

GROUPS_FILE = "groups.csv"


def deploy(
    session: Session, files: Mapping[str, bytes], actor_id: str, reason: str, now: datetime | None = None
) -> Deployment:
    """Makes new versions of all processes whose bundle changed; running instances keep theirs.

    `files`: name -> bytes of diagrams, decisions, forms and the owner's csv files. The same bundle hash makes
    no new version. Raises BundleRefused with every error at once (nothing is stored), ReasonRequired."""
    if not reason.strip():
        raise ReasonRequired()
    bundles, problems = checked(files)
    begin_deploying(session)
    record = models.Deployment(id=new_id(), at=time_of(now), by=actor_id, reason=reason.strip())
    versions, new = keep_deployment(session, record, files, bundles)
    return Deployment(record.id, record.at, actor_id, versions, tuple(new), problems)


def begin_deploying(session: Session) -> None:
    """One deployment at a time: a version is counted from the one before, which nobody else may be writing.

    Cases start and go on meanwhile: they only read versions."""
    begin_write(session)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE process_definition IN SHARE ROW EXCLUSIVE MODE"))


def checked(files: Mapping[str, bytes]) -> tuple[list[Bundle], tuple[Problem, ...]]:
    """The compiled bundles of files and the warnings about them. Raises BundleRefused with the errors."""
    problems = linted(files)
    if any(problem.level == "error" for problem in problems):
        raise BundleRefused([problem for problem in problems if problem.level == "error"])
    return read_bundles(files, problems), problems


def keep_deployment(
    session: Session, record: models.Deployment, handed_in: Mapping[str, bytes], bundles: Iterable[Bundle]
) -> tuple[dict[str, int], list[str]]:
    """Writes a deployment, the files as handed in, and a version of each process whose bundle changed.

    Returns the version of each bundle's process, and which processes have a new one."""
    session.add(record)
    session.flush()
    _keep_reference_files(session, handed_in, record.id)
    _keep_resources(session, handed_in, record.id)
    return _keep_definitions(session, bundles, record)


def _keep_resources(session: Session, files: Mapping[str, bytes], deployment_id: str) -> None:
    hashes = {name: keep_source(session, content) for name, content in files.items()}
    rows = [{"deployment_id": deployment_id, "name": n, "source_hash": h} for n, h in hashes.items()]
    session.execute(insert(models.DeploymentResource), rows)


def _keep_definitions(
    session: Session, bundles: Iterable[Bundle], record: models.Deployment
) -> tuple[dict[str, int], list[str]]:
    latest = (
        select(models.ProcessDefinition).where(models.ProcessDefinition.latest.is_(True)).with_for_update()
    )
    known = {definition.process_id: definition for definition in session.scalars(latest)}
    versions: dict[str, int] = {}
    new: list[str] = []
    for bundle in bundles:
        before = known.get(bundle.process_id)
        versions[bundle.process_id] = before.version if before else 1
        if before is None or before.bundle_hash != bundle.hash:
            _keep_bundle(session, remember(bundle), record.at)
            versions[bundle.process_id] = before.version + 1 if before else 1
            _add_version(session, bundle, versions[bundle.process_id], record)
            new.append(bundle.process_id)
    session.flush()
    return versions, new


def _keep_bundle(session: Session, bundle: Bundle, at: datetime) -> None:
    insert_new = insert_for(session)
    row = {"hash": bundle.hash, "process_id": bundle.process_id, "created_at": at}
    session.execute(insert_new(models.Bundle).values(row).on_conflict_do_nothing())
    named = {name: keep_source(session, content) for name, content in bundle.sources.items()}
    rows = [{"bundle_hash": bundle.hash, "name": name, "source_hash": h} for name, h in named.items()]
    session.execute(insert_new(models.BundleSource).on_conflict_do_nothing(), rows)


def keep_source(session: Session, content: bytes) -> str:
    """Keeps the bytes of a file, once; returns their hash."""
    digest = hashlib.sha256(content).hexdigest()
    statement = insert_for(session)(models.Source).values(hash=digest, content=content)
    session.execute(statement.on_conflict_do_nothing())
    return digest


def _add_version(session: Session, bundle: Bundle, version: int, record: models.Deployment) -> None:
    table, facts = models.ProcessDefinition, bundle.processes[bundle.process_id]
    before = table.process_id == bundle.process_id, table.latest.is_(True)
    session.execute(update(table).where(*before).values(latest=False))
    session.add(
        table(
            id=new_id(), process_id=bundle.process_id, version=version, latest=True,
            bundle_hash=bundle.hash, deployment_id=record.id, name=bundle.name, name_en=bundle.name_en,
            documentation=facts.documentation, documentation_en=facts.documentation_en,
            startable=bundle.startable, starter_groups=list(bundle.starter_groups),
        )
    )  # fmt: skip


def _keep_reference_files(session: Session, files: Mapping[str, bytes], deployment_id: str) -> None:
    for path, content in files.items():
        name = path.rsplit("/", 1)[-1]
        if name not in REFERENCE_FILES:
            continue
        row = {"name": name, "source_hash": keep_source(session, content), "deployment_id": deployment_id}
        fresh = insert_for(session)(models.ReferenceFile).values(row)
        changed = models.ReferenceFile.source_hash != fresh.excluded.source_hash
        session.execute(fresh.on_conflict_do_update(index_elements=["name"], set_=row, where=changed))
        if name == GROUPS_FILE:
            _keep_groups(session, content)


def _keep_groups(session: Session, content: bytes) -> None:
    rows = [
        {"id": row["id"], "name": row["zh"], "name_en": row["en"], "duty": row["duty_zh"],
         "duty_en": row["duty_en"]}
        for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    ]  # fmt: skip
    fresh = insert_for(session)(OrgGroup.__table__)
    texts = {c: fresh.excluded[c] for c in ("name", "name_en", "duty", "duty_en")}
    statement = fresh.on_conflict_do_update(index_elements=["id"], set_=texts)
    session.connection().execute(statement, rows)
