"""The decision tables of a draft's file, as an owner edits them, and what lint says to each cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.diagram.checked import content_key
from engine.diagram.decision_uses import DecisionUse, decision_uses
from engine.diagram.decisions import TableTrial, read_decision, try_decision
from engine.diagram.lint import lint
from engine.diagram.remembered import Remembered
from engine.diagram.table_draft import (
    TableDraft,
    TableProblem,
    place_problems,
    read_tables,
    write_tables,
)
from engine.errors import BundleRefused
from engine.queries.access import check_definition_reader
from engine.queries.clock import time_of
from engine.queries.definition_drafts import DraftFile
from engine.queries.definition_files import check_revision, draft_files, draft_problems, read_draft_file
from engine.queries.views import Actor

USES: Remembered[tuple[DecisionUse, ...]] = Remembered(64)


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


def try_draft_table(
    session: Session,
    draft_id: str,
    name: str,
    actor: Actor,
    tables: Sequence[TableDraft],
    revision: int,
    at: int,
    given: Sequence[str],
    *,
    now: datetime | None = None,
) -> TableTrial | None:
    """What the table number `at`, as it is being edited, makes of values: one text for each of its inputs, in
    the order of its columns. Nothing is stored. None while errors keep the table from deciding.

    Raises as `check_draft_tables` does."""
    file, content = read_draft_file(session, draft_id, name, actor, "decision")
    check_revision(file, revision)
    try:
        decision = read_decision(write_tables(content, name, tables), name)
    except BundleRefused:
        return None
    return try_decision(decision, given, time_of(now)) if any(table.at == at for table in tables) else None


def draft_table_uses(
    session: Session, draft_id: str, actor: Actor, tables: Sequence[TableDraft]
) -> dict[int, tuple[DecisionUse, ...]]:
    """Which business rule tasks of the draft's diagrams call each of the tables, by its number, and what
    reads the answers. Raises NotAllowed, DefinitionDraftNotFound."""
    check_definition_reader(actor)
    files = draft_files(session, draft_id)
    return {table.at: _uses(files, table) for table in tables if table.id}


def _uses(files: Mapping[str, bytes], table: TableDraft) -> tuple[DecisionUse, ...]:
    """Remembered, as every act on the page asks again."""
    outputs = sorted(column.source for column in table.outputs)
    key = content_key(files, table.id, outputs)
    found = USES.get(key)
    if found is None:
        found = decision_uses(files, table.id, outputs)
        USES.keep(key, found)
    return found
