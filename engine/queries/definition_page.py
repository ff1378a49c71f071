"""The page of one process definition: its versions, what a version consists of, the clauses it realises."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle
from engine.diagram.forms import read_form
from engine.diagram.library import base_name
from engine.errors import VersionNotFound
from engine.queries.access import check_definition_reader
from engine.queries.bundles import bundle_of, latest_definition
from engine.queries.callers import callers
from engine.queries.definitions import may_start
from engine.queries.permissions import may_suspend_process
from engine.queries.reference import clause_views, list_clauses
from engine.queries.suspension import DefinitionChangeView, changes_of
from engine.queries.views import Actor, ClauseView, Text
from engine.storage.models import Deployment, Person, ProcessDefinition, ProcessInstance

VERSIONS_SHOWN = 50


@dataclass(frozen=True)
class VersionRow:
    """A version: who published it when and why, its bundle, and its instances by state."""

    version: int
    latest: bool
    bundle_hash: str
    published_at: datetime
    published_by_name: str
    reason: str
    running: int
    completed: int
    cancelled: int


@dataclass(frozen=True)
class SourceView:
    """A file of a bundle. `kind`: process, decision or form; `key`: the id of what it defines (of the first,
    if it defines several processes); `size` in bytes."""

    name: str
    kind: str
    key: str
    title: Text
    size: int
    sha256: str


@dataclass(frozen=True)
class ClauseUse:
    """A clause, and the elements of the process that realise it."""

    clause: ClauseView
    elements: tuple[Text, ...]


@dataclass(frozen=True)
class ElementView:
    """An element in words; `kind` is the BPMN name."""

    id: str
    kind: str
    name: Text
    lane: Text


@dataclass(frozen=True)
class DefinitionView:
    """A process definition in one chosen version.

    `versions`: the newest first, at most `VERSIONS_SHOWN`; `more`: there are older ones. `diagram`: the name
    of the file that draws the process. `sources`: the files of the bundle; `called`: the processes in it;
    `inside`: the processes whose cases it runs inside."""

    process_id: str
    name: Text
    documentation: Text
    chosen: VersionRow
    latest: int
    versions: tuple[VersionRow, ...]
    more: bool
    diagram: str
    elements: tuple[ElementView, ...]
    clauses: tuple[ClauseUse, ...]
    called: Mapping[str, Text]
    inside: Mapping[str, Text]
    sources: tuple[SourceView, ...]
    starter_groups: tuple[str, ...]
    startable: bool
    may_start: bool
    suspended: bool
    may_suspend: bool
    changes: tuple[DefinitionChangeView, ...]
    definition_id: str


def get_definition(
    session: Session, process_id: str, actor: Actor, *, version: int | None = None, before: int | None = None
) -> DefinitionView:
    """A process definition, in its latest version or in `version`; of its versions those before `before`.

    Raises NotAllowed, ProcessNotFound, VersionNotFound."""
    check_definition_reader(actor)
    latest = latest_definition(session, process_id)
    chosen = find_version(session, process_id, latest.version if version is None else version)
    bundle = bundle_of(session, chosen.bundle_hash)
    rows = _versions(session, process_id, latest.version + 1 if before is None else before)
    shown = rows[:VERSIONS_SHOWN]
    return DefinitionView(
        process_id, Text(chosen.name, chosen.name_en), Text(chosen.documentation, chosen.documentation_en),
        version_row(session, process_id, chosen.version), latest.version, tuple(shown),
        len(rows) > len(shown), base_name(bundle.processes[process_id].file), _elements(bundle),
        _clauses(session, bundle), _called(bundle), callers(session).get(process_id, {}),
        _sources(bundle), bundle.starter_groups, chosen.startable,
        may_start(latest, actor) is None and not latest.suspended, chosen.suspended,
        may_suspend_process(actor).allowed, changes_of(session, chosen), chosen.id,
    )  # fmt: skip


def find_version(session: Session, process_id: str, version: int) -> ProcessDefinition:
    """That version of a process. Raises ProcessNotFound, VersionNotFound."""
    this = ProcessDefinition.process_id == process_id, ProcessDefinition.version == version
    found = session.scalars(select(ProcessDefinition).where(*this)).one_or_none()
    if found is None:
        latest_definition(session, process_id)
        raise VersionNotFound(id=process_id, version=version)
    return found


def version_row(session: Session, process_id: str, version: int) -> VersionRow:
    """That version with its numbers. Raises ProcessNotFound, VersionNotFound."""
    find_version(session, process_id, version)
    return _versions(session, process_id, version + 1, 1)[0]


def _versions(
    session: Session, process_id: str, before: int, shown: int = VERSIONS_SHOWN
) -> list[VersionRow]:
    """The versions before `before`, the newest first, one more than `shown`; counted in one statement."""
    definition, instance = ProcessDefinition, ProcessInstance
    states = {s: func.count().filter(instance.state == s) for s in ("running", "completed", "cancelled")}
    numbers = (
        select(instance.definition_id, *(number.label(state) for state, number in states.items()))
        .where(instance.definition_id.in_(select(definition.id).where(definition.process_id == process_id)))
        .group_by(instance.definition_id)
        .subquery()
    )
    statement = (
        select(definition, Deployment.at, Deployment.by, Deployment.reason, Person.name.label("by_name"),
               *(func.coalesce(numbers.c[state], 0).label(state) for state in states))
        .join(Deployment, Deployment.id == definition.deployment_id)
        .outerjoin(Person, Person.id == Deployment.by)
        .outerjoin(numbers, numbers.c.definition_id == definition.id)
        .where(definition.process_id == process_id, definition.version < before)
        .order_by(definition.version.desc())
        .limit(shown + 1)
    )  # fmt: skip
    return [_version(row) for row in session.execute(statement)]


def _version(row: Any) -> VersionRow:
    definition = row.ProcessDefinition
    return VersionRow(
        definition.version, definition.latest, definition.bundle_hash, row.at, row.by_name or row.by,
        row.reason, row.running, row.completed, row.cancelled,
    )  # fmt: skip


def _elements(bundle: Bundle) -> tuple[ElementView, ...]:
    own = (e for e in bundle.elements.values() if e.process_id == bundle.process_id and e.name)
    return tuple(ElementView(e.id, e.kind, Text(e.name, e.name_en), Text(e.lane, e.lane_en)) for e in own)


def _called(bundle: Bundle) -> dict[str, Text]:
    called = (p for p in bundle.processes.values() if p.id != bundle.process_id)
    return {p.id: Text(p.name, p.name_en) for p in called}


def _clauses(session: Session, bundle: Bundle) -> tuple[ClauseUse, ...]:
    used: dict[str, list[Text]] = {}
    for element in bundle.elements.values():
        for clause in element.clauses if element.process_id == bundle.process_id else ():
            used.setdefault(clause, []).append(Text(element.name or element.id, element.name_en))
    known = clause_views(list_clauses(session), sorted(used))
    return tuple(ClauseUse(clause, tuple(used[clause.id])) for clause in known)


def _sources(bundle: Bundle) -> tuple[SourceView, ...]:
    named: dict[str, tuple[str, str, Text]] = {}
    for process in reversed(list(bundle.processes.values())):
        named[base_name(process.file)] = "process", process.id, Text(process.name, process.name_en)
    for decision in bundle.decisions.values():
        named[base_name(decision.file)] = "decision", decision.id, Text(decision.name)
    for name, content in bundle.sources.items():
        if name not in named:
            form = read_form(content, name)
            named[name] = "form", form.key, Text(form.title or form.key, form.title_en)
    order = {"process": 0, "decision": 1, "form": 2}
    views = (
        SourceView(name, *named[name], len(content), hashlib.sha256(content).hexdigest())
        for name, content in bundle.sources.items()
    )
    return tuple(sorted(views, key=lambda view: (order[view.kind], view.name)))
