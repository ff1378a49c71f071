"""The verb of a modeler: deploy one diagram with its forms, beside everything that is deployed already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.deployments import begin_deploying, checked, keep_deployment
from engine.commands.idempotent import Once
from engine.diagram.bundle import Bundle
from engine.diagram.checked import played
from engine.diagram.completing import complete
from engine.diagram.library import base_name
from engine.errors import BundleRefused, Problem, ReasonRequired
from engine.queries.bundles import bundle_of, latest_hashes
from engine.queries.clock import time_of
from engine.queries.deployed import (
    DeployedDefinition,
    DeploymentView,
    get_deployed_definition,
    get_deployment,
)
from engine.queries.permissions import may_publish
from engine.queries.reference import REFERENCE_FILES
from engine.queries.views import Actor
from engine.storage import models
from engine.storage.ids import new_id

# Of a game that is played while a modeler waits for its answer: half a second; all of ours together make a
# fortieth of them. What is larger is published with a warning, as on the page of publishing, which plays on.
MOVES = 20_000


@dataclass(frozen=True)
class Handed:
    """What became of files that were handed in: the deployment they are in, the present versions of the
    processes they touch (those handed in first), which of these are new, and the warnings about the files."""

    deployment: DeploymentView
    definitions: tuple[DeployedDefinition, ...]
    new: frozenset[str]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True)
class _Kept:
    """What an idempotency key answers: ids, since the rest can be read again."""

    deployment_id: str
    definitions: list[str]
    new: list[str]


def deploy_part(
    session: Session,
    files: Mapping[str, bytes],
    actor: Actor,
    reason: str,
    *,
    name: str = "",
    source: str = "",
    only_changed: bool = False,
    idempotency_key: str | None = None,
    now: datetime | None = None,
) -> Handed:
    """Deploys some files; what they refer to is taken from what is deployed: see `completing.complete`.

    `only_changed`: if nothing would change, nothing is written and the deployment of the present version is
    given. The same `idempotency_key` deploys once and answers the same. Raises NotAllowed, ReasonRequired,
    KeyUsedDifferently, BundleRefused (also for files that no process uses, and for processes in which a case
    would get stuck)."""
    require = may_publish(actor)
    if require.refusal:
        raise require.refusal
    if not reason.strip():
        raise ReasonRequired()
    before = latest_hashes(session)
    prepared = _prepared(session, files, before)  # takes a while: nobody waits for the lock meanwhile
    begin_deploying(session)
    if latest_hashes(session) != before:
        prepared = _prepared(session, files, latest_hashes(session))
    ordered, warnings = prepared
    facts = {"reason": reason, "name": name, "source": source, "only_changed": only_changed}
    request = {**facts, "files": {file: sha256(data).hexdigest() for file, data in files.items()}}
    once = Once(session, actor.person_id, "deploy", idempotency_key, request, time_of(now))
    if once.answer is not None:
        return _again(session, actor, _Kept(**once.answer), warnings)
    if only_changed and not _changes(session, ordered):
        present = _present(session, actor, ordered)
        deployment = get_deployment(session, present[0].deployment_id, actor)
        once.keep(_kept(deployment.id, present, ()))
        return Handed(deployment, present, frozenset(), warnings)
    record = models.Deployment(
        id=new_id(), at=time_of(now), by=actor.person_id, reason=reason.strip(), name=name, source=source
    )
    _, new = keep_deployment(session, record, files, ordered)
    present = _present(session, actor, ordered)
    once.keep(_kept(record.id, present, new))
    return Handed(get_deployment(session, record.id, actor), present, frozenset(new), warnings)


def _kept(deployment_id: str, present: Iterable[DeployedDefinition], new: Iterable[str]) -> _Kept:
    return _Kept(deployment_id, [view.id for view in present], sorted(new))


def _again(session: Session, actor: Actor, kept: _Kept, warnings: tuple[Problem, ...]) -> Handed:
    """What was answered, whatever has been deployed since."""
    views = tuple(get_deployed_definition(session, actor, id=known) for known in kept.definitions)
    deployment = get_deployment(session, kept.deployment_id, actor)
    return Handed(deployment, views, frozenset(kept.new), warnings)


def _present(session: Session, actor: Actor, bundles: Iterable[Bundle]) -> tuple[DeployedDefinition, ...]:
    processes = [bundle.process_id for bundle in bundles]
    return tuple(get_deployed_definition(session, actor, process_id=process_id) for process_id in processes)


def _prepared(
    session: Session, files: Mapping[str, bytes], deployed: list[str]
) -> tuple[list[Bundle], tuple[Problem, ...]]:
    """The bundles to deploy and the warnings about the files. Raises BundleRefused."""
    completed = complete(files, [bundle_of(session, bundle_hash) for bundle_hash in deployed])
    bundles, problems = checked({**_reference_files(session, files), **completed.files})
    wanted = {bundle.process_id: bundle for bundle in bundles if bundle.process_id in completed.processes}
    _refuse_unused(files, wanted)
    problems += _stuck(files, completed.files)
    warnings = tuple(problem for problem in problems if problem.file in files)
    return [wanted[process_id] for process_id in completed.processes], warnings


def _stuck(files: Mapping[str, bytes], completed: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """What the game of soundness warns of in the files. Raises BundleRefused where a case would get stuck."""
    found = played(completed, files, MOVES)
    if errors := [problem for problem in found if problem.level == "error"]:
        raise BundleRefused(errors)
    return found


def _reference_files(session: Session, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The owner's tables as last deployed: names in the diagrams are checked against them."""
    own = {base_name(name) for name in files}
    table = models.ReferenceFile
    statement = select(table.name, models.Source.content).join(
        models.Source, models.Source.hash == table.source_hash
    )
    rows = session.execute(statement.where(table.name.in_(REFERENCE_FILES - own)))
    return {row.name: row.content for row in rows}


def _changes(session: Session, bundles: list[Bundle]) -> bool:
    table = models.ProcessDefinition
    known = set(session.scalars(select(table.bundle_hash).where(table.latest.is_(True))))
    return any(bundle.hash not in known for bundle in bundles)


def _refuse_unused(files: Mapping[str, bytes], wanted: Mapping[str, Bundle]) -> None:
    """A file that no process uses would be kept and never run: whoever handed it in meant something else."""
    used = {name for bundle in wanted.values() for name in bundle.sources} | REFERENCE_FILES
    zh, en = "没有流程使用该文件。", "No process uses this file."
    unused = [
        Problem(name, 1, 1, "error", "", "file.unused", zh, en)
        for name in sorted(files)
        if base_name(name) not in used
    ]
    if not wanted:
        unused = unused or [Problem("", 1, 1, "error", "", "file.none", "没有流程。", "No process.")]
    if unused:
        raise BundleRefused(unused)
