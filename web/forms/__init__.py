"""Pages for forms: what a browser sent becomes raw values, and a form with its values becomes widgets."""

from web.forms.page import FormPage, receive

__all__ = ["FormPage", "receive"]
