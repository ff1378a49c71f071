"""Pages for forms: what a browser sent becomes raw values, and a form with its values becomes widgets."""

from web.forms.page import FormPage, Sight, receive
from web.forms.uploads import with_refused

__all__ = ["FormPage", "Sight", "receive", "with_refused"]
