"""Changes a `.form` file field by field and leaves everything else in it as it was written."""

from engine.diagram.form_editor.changes import (
    add_field,
    edit_field,
    move_field,
    remove_field,
    set_title,
)
from engine.diagram.form_editor.entries import Entries, read_entries
from engine.diagram.form_editor.kinds import ADDABLE, COLUMNS, ENTRIES, kin
from engine.diagram.form_editor.options import OptionEntry
from engine.diagram.form_editor.outline import FormPart, Outline, blank_entries, read_outline

__all__ = [
    "ADDABLE",
    "COLUMNS",
    "ENTRIES",
    "Entries",
    "FormPart",
    "OptionEntry",
    "Outline",
    "add_field",
    "blank_entries",
    "edit_field",
    "kin",
    "move_field",
    "read_entries",
    "read_outline",
    "remove_field",
    "set_title",
]
