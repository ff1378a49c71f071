"""Forms: one model, whether drawn in the form editor (`.form`) or inside the diagram (`camunda:formData`)."""

from engine.diagram.form_data import read_form_data
from engine.diagram.form_field import Field, Option
from engine.diagram.form_model import Form, Shown
from engine.diagram.form_reader import check_form, read_form
from engine.diagram.form_scope import Lookups

__all__ = [
    "Field",
    "Form",
    "Lookups",
    "Option",
    "Shown",
    "check_form",
    "read_form",
    "read_form_data",
]
