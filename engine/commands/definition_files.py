"""Verbs on the files of a definition draft: save, add, rename, remove; nobody overwrites unseen work."""

import re
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.commands.definition_drafts import new_file, note, open_draft, touch
from engine.commands.deployments import keep_source
from engine.diagram.blank import blank_file
from engine.diagram.readable import check_readable, kind_of_file
from engine.errors import BadDraftFile, DraftFileExists, DraftFileNotFound, EngineError, StaleDraft
from engine.queries.clock import time_of
from engine.queries.definition_drafts import person_name
from engine.queries.definition_files import check_revision, read_draft_file
from engine.queries.views import Actor
from engine.storage.models import DefinitionDraft, DefinitionDraftFile

MOST_FILES = 300
FILE_NAME = re.compile(r"\w[\w.-]{0,99}")


def save_definition_file(
    session: Session,
    actor: Actor,
    draft_id: str,
    name: str,
    content: bytes,
    revision: int,
    *,
    now: datetime | None = None,
) -> int:
    """Replaces what a file holds; `revision` is that of the file when it was opened. Returns the new one.

    Raises NotAllowed, DefinitionDraftNotFound, DraftNotOpen, DraftFileNotFound, BundleRefused (the content
    cannot be read: line and reason), StaleDraft (somebody saved meanwhile)."""
    check_readable(name, content)
    draft, file = _opened_file(session, actor, draft_id, name)
    if file.revision != revision:
        raise StaleDraft(name, person_name(session, file.updated_by), file.updated_at, file.revision)
    digest = keep_source(session, content)
    if digest == file.source_hash:
        return file.revision
    file.source_hash, file.revision = digest, revision + 1
    _changed(session, draft, actor, time_of(now), "saved", file)
    return file.revision


def change_definition_file(
    session: Session,
    actor: Actor,
    draft_id: str,
    name: str,
    kind: str,
    revision: int,
    change: Callable[[bytes], bytes],
    *,
    now: datetime | None = None,
) -> int:
    """Replaces what a file of that kind holds by what `change` makes of it; returns the new revision.

    The draft is locked first: what is changed is what stands there, and that a draft is closed is told before
    anything that is wrong with the change. Raises as `save_definition_file`, and what `change` raises."""
    open_draft(session, actor, draft_id)
    file, content = read_draft_file(session, draft_id, name, actor, kind)
    check_revision(file, revision)
    check_readable(name, content)
    return save_definition_file(session, actor, draft_id, name, change(content), revision, now=now)


def add_definition_file(
    session: Session,
    actor: Actor,
    draft_id: str,
    name: str,
    content: bytes | None = None,
    *,
    now: datetime | None = None,
) -> None:
    """Adds a file; without content, one to begin with. Raises as `save_definition_file`, BadDraftFile,
    DraftFileExists."""
    _check_name(name)
    content = blank_file(name) if content is None else content
    check_readable(name, content)
    draft = open_draft(session, actor, draft_id)
    if session.get(DefinitionDraftFile, (draft_id, name)):
        raise DraftFileExists(name)
    held = select(func.count()).where(DefinitionDraftFile.draft_id == draft_id)
    if (session.scalar(held) or 0) >= MOST_FILES:
        raise _bad_name()
    file = new_file(session, draft, name, content)
    session.add(file)
    _changed(session, draft, actor, time_of(now), "added", file)


def rename_definition_file(
    session: Session, actor: Actor, draft_id: str, name: str, new_name: str, *, now: datetime | None = None
) -> None:
    """Gives a file another name of the same kind. Raises as `add_definition_file`."""
    _check_name(new_name)
    draft, file = _opened_file(session, actor, draft_id, name)
    if kind_of_file(new_name) != kind_of_file(name):
        raise _bad_name()
    if session.get(DefinitionDraftFile, (draft_id, new_name)):
        raise DraftFileExists(new_name)
    file.name = new_name
    _changed(session, draft, actor, time_of(now), "renamed", file, name)


def remove_definition_file(
    session: Session, actor: Actor, draft_id: str, name: str, *, now: datetime | None = None
) -> None:
    """Takes a file out of the draft; what it held stays in the draft's events."""
    draft, file = _opened_file(session, actor, draft_id, name)
    session.delete(file)
    touch(draft, actor, time_of(now))
    note(session, draft, "removed", name, file.source_hash)


def _opened_file(
    session: Session, actor: Actor, draft_id: str, name: str
) -> tuple[DefinitionDraft, DefinitionDraftFile]:
    draft = open_draft(session, actor, draft_id)
    file = session.get(DefinitionDraftFile, (draft_id, name), populate_existing=True)
    if file is None:
        raise DraftFileNotFound(name)
    return draft, file


def _changed(
    session: Session, draft: DefinitionDraft, actor: Actor, at: datetime, kind: str,
    file: DefinitionDraftFile, before: str | None = None,
) -> None:  # fmt: skip
    file.updated_by, file.updated_at = actor.person_id, at
    touch(draft, actor, at)
    note(session, draft, kind, file.name, file.source_hash, before)


def _check_name(name: str) -> None:
    if not FILE_NAME.fullmatch(name) or kind_of_file(name) is None:
        raise _bad_name()


def _bad_name() -> EngineError:
    return BadDraftFile(example="qf_main.bpmn, severity.dmn, triage.form", most=MOST_FILES)
