"""The verb that saves the decision tables of a draft's file."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from engine.commands.definition_files import change_definition_file
from engine.diagram.table_draft import TableDraft, write_tables
from engine.queries.views import Actor


def save_draft_tables(
    session: Session,
    actor: Actor,
    draft_id: str,
    name: str,
    tables: Sequence[TableDraft],
    revision: int,
    *,
    now: datetime | None = None,
) -> int:
    """Writes edited tables into their file; `revision` is that of the file when they were read. Returns the
    new one, or the same if nothing was edited. What lint objects to is saved all the same, as in every draft.

    Raises as `save_definition_file` does (StaleDraft: somebody saved meanwhile), and DraftTableUnfit."""
    return change_definition_file(
        session, actor, draft_id, name, "decision", revision,
        lambda content: write_tables(content, name, tables), now=now,
    )  # fmt: skip
