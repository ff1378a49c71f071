"""Decision tables as a process owner edits them: read from a file, changed, written back into it."""

from engine.diagram.table_draft.editing import ACTS, edit_table
from engine.diagram.table_draft.model import POLICIES, TYPES, TableColumn, TableDraft, TableRule
from engine.diagram.table_draft.placing import TableProblem, place_problems
from engine.diagram.table_draft.reading import read_tables
from engine.diagram.table_draft.writing import write_tables

__all__ = [
    "ACTS",
    "POLICIES",
    "TYPES",
    "TableColumn",
    "TableDraft",
    "TableProblem",
    "TableRule",
    "edit_table",
    "place_problems",
    "read_tables",
    "write_tables",
]
