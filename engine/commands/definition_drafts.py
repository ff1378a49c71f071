"""Verbs on definition drafts: a process owner copies a process, changes its files, gives them up."""

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from engine.commands.deployments import keep_source
from engine.diagram.blank import blank_process
from engine.errors import (
    BadDraft,
    DefinitionDraftNotFound,
    DraftNotOpen,
    ProcessNotFound,
    ReasonRequired,
)
from engine.queries.bundles import latest_definition, stored_sources
from engine.queries.clock import time_of
from engine.queries.definition_drafts import STATES
from engine.queries.permissions import may_publish
from engine.queries.reference import reference_files
from engine.queries.views import Actor
from engine.storage.ids import new_id
from engine.storage.models import DefinitionDraft, DefinitionDraftEvent, DefinitionDraftFile
from engine.storage.session import begin_write

LONGEST_TITLE = 200
PROCESS_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


def create_definition_draft(
    session: Session,
    actor: Actor,
    process_id: str | None,
    title: str,
    *,
    new_id: str = "",
    now: datetime | None = None,
) -> str:
    """Copies the files of a process's latest version and the owner's tables into a new draft; returns its id.

    `process_id` None: a new process `new_id`, drawn as a start, a task and an end.
    Raises NotAllowed, BadDraft, ProcessNotFound."""
    _check_owner(actor)
    called = _title(title)
    begin_write(session)
    base, files = _first_files(session, process_id, new_id, called)
    return keep_draft(
        session, actor.person_id, process_id or new_id, called, base, files, time_of(now), kind="created"
    ).id


def keep_draft(
    session: Session, by: str, process_id: str, title: str, base: str | None, files: Mapping[str, bytes],
    at: datetime, *, kind: str, reason: str | None = None,
) -> DefinitionDraft:  # fmt: skip
    """Writes a new draft with these files; `kind` of the event that begins it. Raises BadDraft."""
    draft = DefinitionDraft(
        id=new_id(), process_id=process_id, title=_title(title), base_definition_id=base,
        created_by=by, created_at=at, updated_by=by, updated_at=at,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    for name, content in files.items():
        session.add(new_file(session, draft, name, content))
    note(session, draft, kind, reason=reason)
    return draft


def _title(title: str) -> str:
    called = " ".join(title.split())
    if not 0 < len(called) <= LONGEST_TITLE or not called.isprintable():
        raise BadDraft(longest=LONGEST_TITLE)
    return called


def _first_files(
    session: Session, process_id: str | None, new_id: str, title: str
) -> tuple[str | None, Mapping[str, bytes]]:
    tables = reference_files(session)
    if process_id is not None:
        latest = latest_definition(session, process_id)
        return latest.id, {**tables, **stored_sources(session, latest.bundle_hash)[1]}
    if not PROCESS_ID.fullmatch(new_id) or _exists(session, new_id):
        raise BadDraft(longest=LONGEST_TITLE)
    return None, {**tables, f"{new_id}.bpmn": blank_process(new_id, title)}


def _exists(session: Session, process_id: str) -> bool:
    try:
        latest_definition(session, process_id)
    except ProcessNotFound:
        return False
    return True


def discard_definition_draft(
    session: Session, actor: Actor, draft_id: str, reason: str, *, now: datetime | None = None
) -> None:
    """Gives a draft up; it stays readable. Raises NotAllowed, DraftNotOpen, ReasonRequired."""
    if not reason.strip():
        raise ReasonRequired()
    draft = open_draft(session, actor, draft_id)
    draft.state = "discarded"
    touch(draft, actor, time_of(now))
    note(session, draft, "discarded", reason=reason.strip())


def open_draft(session: Session, actor: Actor, draft_id: str) -> DefinitionDraft:
    """The draft, locked for change until the end of the transaction.

    Raises NotAllowed, DefinitionDraftNotFound, DraftNotOpen."""
    _check_owner(actor)
    begin_write(session)
    draft = session.get(DefinitionDraft, draft_id, populate_existing=True, with_for_update=True)
    if draft is None:
        raise DefinitionDraftNotFound(draft_id)
    if draft.state != "open":
        zh, en = STATES[draft.state]
        raise DraftNotOpen(state=en, state_zh=zh)
    return draft


def new_file(session: Session, draft: DefinitionDraft, name: str, content: bytes) -> DefinitionDraftFile:
    return DefinitionDraftFile(
        draft_id=draft.id, name=name, source_hash=keep_source(session, content), updated_by=draft.updated_by,
        updated_at=draft.updated_at,
    )  # fmt: skip


def touch(draft: DefinitionDraft, actor: Actor, at: datetime) -> None:
    draft.updated_by, draft.updated_at, draft.revision = actor.person_id, at, draft.revision + 1


def note(
    session: Session, draft: DefinitionDraft, kind: str, file: str | None = None, digest: str | None = None,
    reason: str | None = None, *, decided: bool = False,
) -> None:  # fmt: skip
    """An event of whoever has just changed the draft or, if it is `decided`, decided on it; of a renamed
    file, `reason` is its former name."""
    by, at = (draft.decided_by, draft.decided_at) if decided else (draft.updated_by, draft.updated_at)
    session.add(
        DefinitionDraftEvent(
            draft_id=draft.id, at=at, by=by, kind=kind, file=file, source_hash=digest, reason=reason
        )
    )
    session.flush()


def _check_owner(actor: Actor) -> None:
    if refusal := may_publish(actor).refusal:
        raise refusal
