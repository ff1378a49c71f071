"""The files of a definition draft, read: all of them, one of them, and what lint finds in them."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagram.checked import linted
from engine.diagram.completing import complete
from engine.diagram.library import base_name
from engine.diagram.readable import check_readable
from engine.diagram.titles import title_of_file
from engine.errors import DefinitionDraftNotFound, DraftFileNotFound, Problem, StaleDraft
from engine.queries.access import check_definition_reader
from engine.queries.bundles import bundle_of, latest_hashes
from engine.queries.definition_drafts import DraftFile, get_definition_draft
from engine.queries.reference import reference_files
from engine.queries.views import Actor, Text
from engine.storage.models import DefinitionDraft, DefinitionDraftFile, Source


def draft_files(session: Session, draft_id: str) -> dict[str, bytes]:
    """Everything in a draft by name, as `lint` and `deploy` take it. Raises DefinitionDraftNotFound."""
    statement = (
        select(DefinitionDraftFile.name, Source.content)
        .join(Source, Source.hash == DefinitionDraftFile.source_hash)
        .where(DefinitionDraftFile.draft_id == draft_id)
        .order_by(DefinitionDraftFile.name)
    )
    files = {row.name: row.content for row in session.execute(statement)}
    if not files and session.get(DefinitionDraft, draft_id) is None:
        raise DefinitionDraftNotFound(draft_id)
    return files


def read_draft_file(
    session: Session, draft_id: str, name: str, actor: Actor, kind: str | None = None
) -> tuple[DraftFile, bytes]:
    """A file and what it holds. `kind`: process, decision, form or table; a file of another is not found.

    Raises NotAllowed, DefinitionDraftNotFound, DraftFileNotFound."""
    view = get_definition_draft(session, draft_id, actor)
    for file in view.files:
        if file.name == name and kind in (None, file.kind):
            content = session.scalar(select(Source.content).where(Source.hash == file.sha256))
            assert content is not None
            return file, content
    raise DraftFileNotFound(name)


def check_revision(file: DraftFile, revision: int) -> None:
    """Raises StaleDraft if somebody saved the file after that revision."""
    if file.revision != revision:
        raise StaleDraft(file.name, file.updated_by_name, file.updated_at, file.revision)


def draft_titles(session: Session, draft_id: str, actor: Actor) -> dict[str, Text]:
    """What the files of a draft call what they define, by file; those that say it. Raises NotAllowed,
    DefinitionDraftNotFound."""
    check_definition_reader(actor)
    titles = {n: title_of_file(n, content) for n, content in draft_files(session, draft_id).items()}
    return {name: Text(*title) for name, title in titles.items() if title[0]}


def draft_problems(
    session: Session, draft_id: str, actor: Actor, replacing: Mapping[str, bytes] | None = None
) -> tuple[Problem, ...]:
    """What lint finds in the files of a draft, some of them replaced by what is being drawn now, beside the
    deployed ones they belong to: a called process reads what its callers set.

    Raises NotAllowed, DefinitionDraftNotFound, DraftFileNotFound, BundleRefused (what replaces a file cannot
    be read at all)."""
    check_definition_reader(actor)
    files = draft_files(session, draft_id)
    for name, content in (replacing or {}).items():
        if name not in files:
            raise DraftFileNotFound(name)
        check_readable(name, content)
    now = {**files, **(replacing or {})}
    found = linted(beside_deployed(session, now))
    return tuple(problem for problem in found if base_name(problem.file) in {base_name(name) for name in now})


def beside_deployed(session: Session, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files with the deployed ones that they change (what calls, asks or takes them) or refer to, and with
    the tables of names."""
    deployed = [bundle_of(session, one) for one in latest_hashes(session)]
    return {**reference_files(session), **complete(files, deployed).files}
