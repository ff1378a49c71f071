"""Rooms that are not for everybody: the navigation leads there only those whom they concern."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask_login import current_user

from engine import Actor, may_edit_calendar, may_read_accounts, may_read_operations
from web.auth import actor

# Where the navigation leads, and for whom. Who may do what inside is the engine's business.
GUESTS: dict[str, Callable[[Actor], bool]] = {
    "people.index": may_read_accounts,
    "operations.index": may_read_operations,
    "calendar.show": may_edit_calendar,
}


def leads_to(endpoint: str) -> bool:
    """Whether the navigation offers this room to who is signed in."""
    concerns = GUESTS.get(endpoint)
    return concerns is None or bool(current_user.is_authenticated and concerns(actor()))


def init_app(app: Flask) -> None:
    """Tell the templates."""
    app.jinja_env.globals["leads_to"] = leads_to
