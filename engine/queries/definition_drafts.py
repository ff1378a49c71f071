"""Definition drafts, read: the list, one draft with its files, the files themselves, their problems."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from engine.diagram.readable import kind_of_file
from engine.errors import DefinitionDraftNotFound
from engine.queries.access import check_definition_reader
from engine.queries.paging import count, order_by
from engine.queries.permissions import may_publish
from engine.queries.views import Actor, Page, Text
from engine.storage.models import (
    DefinitionDraft,
    DefinitionDraftEvent,
    DefinitionDraftFile,
    Person,
    ProcessDefinition,
    Source,
)

STATES = {
    "open": ("修订中", "open"),
    "submitted": ("待批准", "submitted"),
    "published": ("已发布", "published"),
    "discarded": ("已放弃", "discarded"),
}
PENDING = frozenset({"open", "submitted"})
EVENTS_SHOWN = 50
# made once: the first use of each column of an alias costs as much as the query
_base, _became, _latest = (aliased(ProcessDefinition) for _ in range(3))
_creator, _editor = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class DraftRow:
    """A draft in a list. `base_version`: the version it was copied from, None for a new process; `version`:
    the one it became; `latest`: the version that starts now; `files`: how many;
    `name`: what the process is called now, empty for one that is new."""

    id: str
    process_id: str
    title: str
    state: str
    base_version: int | None
    latest: int | None
    version: int | None
    created_at: datetime
    created_by_name: str
    updated_at: datetime
    updated_by_name: str
    revision: int
    files: int
    name: Text

    @property
    def pending(self) -> bool:
        """Whether it may still be published: what was published or given up is not checked again."""
        return self.state in PENDING


@dataclass(frozen=True)
class DraftFile:
    """A file of a draft. `kind`: process, decision, form or table; `revision`: what a save must name;
    `size` in bytes."""

    name: str
    kind: str
    revision: int
    size: int
    sha256: str
    updated_at: datetime
    updated_by_name: str


@dataclass(frozen=True)
class DraftEvent:
    """What was done to a draft. `kind`: created, saved, added, renamed, removed, discarded, …"""

    at: datetime
    by_name: str
    kind: str
    file: str | None
    reason: str | None


@dataclass(frozen=True)
class DraftView:
    """A draft with its files by name, its latest events, and what was said of it when it was submitted."""

    row: DraftRow
    files: tuple[DraftFile, ...]
    events: tuple[DraftEvent, ...]
    may_edit: bool
    reason: str | None
    submitted_by_name: str | None
    submitted_at: datetime | None
    decided_by_name: str | None
    decided_at: datetime | None
    decision_note: str | None


def list_definition_drafts(
    session: Session,
    actor: Actor,
    *,
    process_id: str | None = None,
    state: str | None = None,
    search: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[DraftRow]:
    """One page of drafts, the last changed first. `search`: part of the title or key. Raises NotAllowed."""
    check_definition_reader(actor)
    draft = DefinitionDraft
    statement = _rows()
    if process_id:
        statement = statement.where(draft.process_id == process_id)
    if state in STATES:
        statement = statement.where(draft.state == state)
    if search:
        named = draft.title, draft.process_id
        statement = statement.where(or_(*(c.icontains(search, autoescape=True) for c in named)))
    order = order_by(draft.updated_at, draft.id, True, cursor, limit)
    rows = session.execute(order.apply(statement)).all()
    kept, following, preceding = order.cut(rows, lambda row: (row[0].updated_at, row[0].id))
    total = count(session, statement.with_only_columns(draft.id))
    return Page([_row(row) for row in kept], following, preceding, *total)


def get_definition_draft(session: Session, draft_id: str, actor: Actor) -> DraftView:
    """One draft. Raises NotAllowed, DefinitionDraftNotFound."""
    check_definition_reader(actor)
    found = session.execute(_rows().where(DefinitionDraft.id == draft_id)).one_or_none()
    if found is None:
        raise DefinitionDraftNotFound(draft_id)
    draft = found[0]
    may_edit = draft.state == "open" and may_publish(actor).allowed
    return DraftView(
        _row(found), _files(session, draft_id), _events(session, draft_id), may_edit, draft.reason,
        _name_or_none(session, draft.submitted_by), draft.submitted_at,
        _name_or_none(session, draft.decided_by), draft.decided_at, draft.decision_note,
    )  # fmt: skip


def person_name(session: Session, person_id: str) -> str:
    """The name of a person; of the system, its login."""
    return session.scalar(select(Person.name).where(Person.id == person_id)) or person_id


def _name_or_none(session: Session, person_id: str | None) -> str | None:
    return person_name(session, person_id) if person_id else None


def _rows() -> Select[Any]:
    draft, file = DefinitionDraft, DefinitionDraftFile
    files = select(func.count()).where(file.draft_id == draft.id).correlate(draft).scalar_subquery()
    names = func.coalesce(_creator.name, draft.created_by), func.coalesce(_editor.name, draft.updated_by)
    called = _latest.name, _latest.name_en
    return (
        select(draft, _base.version, _latest.version, _became.version, *names, files, *called)
        .outerjoin(_base, _base.id == draft.base_definition_id)
        .outerjoin(_became, _became.id == draft.definition_id)
        .outerjoin(_latest, (_latest.process_id == draft.process_id) & _latest.latest.is_(True))
        .outerjoin(_creator, _creator.id == draft.created_by)
        .outerjoin(_editor, _editor.id == draft.updated_by)
    )


def _row(row: Any) -> DraftRow:
    draft, base, latest, became, creator, editor, files, name, name_en = row
    return DraftRow(
        draft.id, draft.process_id, draft.title, draft.state, base, latest, became, draft.created_at, creator,
        draft.updated_at, editor, draft.revision, files,
        Text(name or "", name_en or ""),
    )  # fmt: skip


def _files(session: Session, draft_id: str) -> tuple[DraftFile, ...]:
    file = DefinitionDraftFile
    statement = (
        select(file, func.length(Source.content), func.coalesce(Person.name, file.updated_by))
        .join(Source, Source.hash == file.source_hash)
        .outerjoin(Person, Person.id == file.updated_by)
        .where(file.draft_id == draft_id)
        .order_by(file.name)
    )
    return tuple(
        DraftFile(f.name, kind_of_file(f.name) or "", f.revision, size, f.source_hash, f.updated_at, by)
        for f, size, by in session.execute(statement)
    )


def _events(session: Session, draft_id: str) -> tuple[DraftEvent, ...]:
    event = DefinitionDraftEvent
    statement = (
        select(event, func.coalesce(Person.name, event.by))
        .outerjoin(Person, Person.id == event.by)
        .where(event.draft_id == draft_id)
        .order_by(event.id.desc())
        .limit(EVENTS_SHOWN)
    )
    return tuple(DraftEvent(e.at, by, e.kind, e.file, e.reason) for e, by in session.execute(statement))
