"""The verb that makes a draft of files from elsewhere: a bundle as exported, or single files."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from engine.commands.definition_drafts import PROCESS_ID, keep_draft, note
from engine.diagram.archive import read_upload
from engine.diagram.completing import with_references
from engine.diagram.library import Library, read_library
from engine.errors import BadImport, BundleRefused
from engine.queries.bundles import bundle_of, latest_hashes, stored_sources
from engine.queries.clock import time_of
from engine.queries.permissions import may_publish
from engine.queries.publishing import now_running
from engine.queries.reference import REFERENCE_FILES, reference_files
from engine.queries.views import Actor
from engine.storage.session import begin_write


def import_definition_draft(
    session: Session,
    actor: Actor,
    uploads: Mapping[str, bytes],
    title: str,
    *,
    process_id: str = "",
    now: datetime | None = None,
) -> str:
    """Makes a draft of uploaded files and returns its id; nothing runs before it is published.

    `uploads`: name -> bytes, of a zip or of single files. `process_id`: what the draft is of; by default the
    one process among the files that none of the others calls. What the files refer to and do not bring along
    is taken from what is deployed. Raises NotAllowed, BadDraft, BadImport, BundleRefused."""
    if refusal := may_publish(actor).refusal:
        raise refusal
    given = read_upload(uploads)
    library = read_library(given)
    process = process_id.strip() or _only_root(library)
    begin_write(session)
    latest = now_running(session, process)
    if process not in library.processes:
        if latest is None:
            raise BadImport(process[:64], "no file draws this process", "没有文件定义该流程")
        given = {**stored_sources(session, latest.bundle_hash)[1], **given}
    deployed = [bundle_of(session, found) for found in latest_hashes(session)]
    files = {**reference_files(session), **with_references(given, deployed)}
    base = latest.id if latest else None
    draft = keep_draft(session, actor.person_id, process, title, base, files, time_of(now), kind="imported")
    for name in sorted(given.keys() & REFERENCE_FILES):
        note(session, draft, "imported", name)
    return draft.id


def _only_root(library: Library) -> str:
    called = {name for process in library.processes.values() for name in process.called}
    roots = sorted(library.processes.keys() - called)
    if not roots and library.problems and not library.processes:
        raise BundleRefused(problems=tuple(sorted(set(library.problems))))
    if len(roots) != 1 or not PROCESS_ID.fullmatch(roots[0]):
        names = ", ".join(roots) or "–"
        why = f"say which process it is of ({names})", f"请指明所属流程（{names}）"
        raise BadImport("bpmn", *why)
    return roots[0]
