"""The decision tables of a draft's file, as an owner edits them, and what lint says to each cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.diagram.lint import lint
from engine.diagram.readable import kind_of_file
from engine.diagram.table_draft import (
    TableDraft,
    TableProblem,
    place_problems,
    read_tables,
    write_tables,
)
from engine.errors import DraftFileNotFound
from engine.queries.definition_drafts import DraftFile
from engine.queries.definition_files import draft_problems, read_draft_file
from engine.queries.views import Actor


@dataclass(frozen=True)
class DraftTables:
    """A file of a draft with its decision tables."""

    file: DraftFile
    tables: tuple[TableDraft, ...]


def read_draft_tables(session: Session, draft_id: str, name: str, actor: Actor) -> DraftTables:
    """The tables of a decision file as they are saved.

    Raises NotAllowed, DefinitionDraftNotFound, DraftFileNotFound (or the file holds no decisions)."""
    file, content = decision_file(session, draft_id, name, actor)
    return DraftTables(file, read_tables(content, name))


def check_draft_tables(
    session: Session,
    draft_id: str,
    name: str,
    actor: Actor,
    tables: Sequence[TableDraft] = (),
    *,
    alone: bool = False,
) -> tuple[TableProblem, ...]:
    """What lint finds in the draft with these tables in the place of the saved ones; nothing is stored.

    `tables` empty: as saved. `alone`: only what the file itself is to blame for, which is quick. Raises as
    `read_draft_tables` and `write_tables` do."""
    _, content = decision_file(session, draft_id, name, actor)
    if tables:
        content = write_tables(content, name, tables)
    if alone:
        found = tuple(problem for problem in lint({name: content}) if problem.file == name)
    else:
        found = draft_problems(session, draft_id, actor, {name: content})
    return place_problems(content, name, found)


def decision_file(session: Session, draft_id: str, name: str, actor: Actor) -> tuple[DraftFile, bytes]:
    """A decision file and what it holds. Raises as `read_draft_tables` does."""
    file, content = read_draft_file(session, draft_id, name, actor)
    if kind_of_file(name) != "decision":
        raise DraftFileNotFound(name)
    return file, content
