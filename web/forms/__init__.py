"""Pages for forms: what a browser sent becomes raw values, and a form with its values becomes widgets."""

from web.forms.choices import Choices
from web.forms.conditions import explain
from web.forms.reading import Submission, read_submission
from web.forms.uploads import keep_uploads
from web.forms.widgets import Widget, widgets

__all__ = ["Choices", "Submission", "Widget", "explain", "keep_uploads", "read_submission", "widgets"]
