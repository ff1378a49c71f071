"""The decision tables of a draft's file, as an owner edits them, and what lint says to each cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.diagram.lint import lint
from engine.diagram.table_draft import (
    TableDraft,
    TableProblem,
    place_problems,
    read_tables,
    write_tables,
)
from engine.queries.definition_drafts import DraftFile
from engine.queries.definition_files import check_revision, draft_problems, read_draft_file
from engine.queries.views import Actor


@dataclass(frozen=True)
class DraftTables:
    """A file of a draft with its decision tables."""

    file: DraftFile
    tables: tuple[TableDraft, ...]


@dataclass(frozen=True)
class CheckedTables:
    """Edited tables as lint sees them: the problems, and whether they differ from what is saved at all."""

    problems: tuple[TableProblem, ...]
    edited: bool


def read_draft_tables(session: Session, draft_id: str, name: str, actor: Actor) -> DraftTables:
    """The tables of a decision file as they are saved.

    Raises NotAllowed, DefinitionDraftNotFound, DraftFileNotFound (or the file holds no decisions)."""
    file, content = read_draft_file(session, draft_id, name, actor, "decision")
    return DraftTables(file, read_tables(content, name))


def check_draft_tables(
    session: Session,
    draft_id: str,
    name: str,
    actor: Actor,
    tables: Sequence[TableDraft] = (),
    revision: int | None = None,
    *,
    alone: bool = False,
) -> CheckedTables:
    """What lint finds in the draft with these tables in the place of the saved ones; nothing is stored.

    `tables` empty: as saved; else `revision` is that of the file when they were read. `alone`: only what the
    file itself is to blame for, which is quick. Raises as `read_draft_tables` and `write_tables` do, and
    StaleDraft."""
    file, content = read_draft_file(session, draft_id, name, actor, "decision")
    edited = content
    if tables:
        check_revision(file, file.revision if revision is None else revision)
        edited = write_tables(content, name, tables)
    if alone:
        found = tuple(problem for problem in lint({name: edited}) if problem.file == name)
    else:
        found = draft_problems(session, draft_id, actor, {name: edited})
    return CheckedTables(place_problems(edited, name, found), edited != content)
