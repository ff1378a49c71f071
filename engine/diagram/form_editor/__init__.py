"""Changes a `.form` file field by field and leaves everything else in it as it was written."""

from engine.diagram.form_editor.changes import (
    add_field,
    check_addable,
    edit_field,
    move_field,
    remove_field,
    set_title,
)
from engine.diagram.form_editor.entries import Entries, read_entries
from engine.diagram.form_editor.kinds import ADDABLE, ENTRIES, kin
from engine.diagram.form_editor.options import OptionEntry
from engine.diagram.form_editor.outline import (
    FormPart,
    Outline,
    Place,
    blank_entries,
    no_field,
    read_outline,
    read_titles,
)

__all__ = [
    "ADDABLE",
    "ENTRIES",
    "Entries",
    "FormPart",
    "OptionEntry",
    "Outline",
    "Place",
    "add_field",
    "blank_entries",
    "check_addable",
    "edit_field",
    "kin",
    "move_field",
    "no_field",
    "read_entries",
    "read_outline",
    "read_titles",
    "remove_field",
    "set_title",
]
