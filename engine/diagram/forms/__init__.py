"""Forms: one model, whether drawn in the form editor (`.form`) or inside the diagram (`camunda:formData`)."""

from engine.diagram.forms.data import read_form_data
from engine.diagram.forms.field import Field, Option
from engine.diagram.forms.model import Form, Shown
from engine.diagram.forms.reader import check_form, read_form
from engine.diagram.forms.scope import Lookups, form_functions

__all__ = [
    "Field",
    "Form",
    "Lookups",
    "Option",
    "Shown",
    "check_form",
    "form_functions",
    "read_form",
    "read_form_data",
]
