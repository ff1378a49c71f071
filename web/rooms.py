"""Rooms that are not for everybody: the navigation leads there only those whom they concern."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, request
from flask_login import current_user

from engine import (
    Actor,
    may_edit_calendar,
    may_read_accounts,
    may_read_definitions,
    may_read_migrations,
    may_read_operations,
    sees_all,
)
from web.auth import actor

# Where the navigation leads, and for whom. Who may do what inside is the engine's business.
GUESTS: dict[str, Callable[[Actor], bool]] = {
    "people.index": may_read_accounts,
    "operations.index": may_read_operations,
    "calendar.show": may_edit_calendar,
}

# Blueprint → the room it belongs to.
DRAFTS = (
    "drafts",
    "draft_files",
    "draft_editors",
    "draft_forms",
    "draft_tables",
    "publishing",
    "trying",
    "scenarios",
)
PARTS = dict.fromkeys(("definitions", "comparisons", "instance_migrations", *DRAFTS), "processes")


def is_here(endpoint: str) -> bool:
    """Whether this page belongs to that room of the navigation."""
    here = request.blueprint or ""
    return PARTS.get(here, here) == endpoint.partition(".")[0]


def leads_to(endpoint: str) -> bool:
    """Whether the navigation offers this room to who is signed in."""
    concerns = GUESTS.get(endpoint)
    return concerns is None or bool(current_user.is_authenticated and concerns(actor()))


def reads_definitions() -> bool:
    """Whether who is signed in reads process definitions: what others only start are processes to them."""
    return bool(current_user.is_authenticated and may_read_definitions(actor()))


def reads_migrations() -> bool:
    """Whether who is signed in may look at what moving cases to another version would do, and did."""
    return bool(current_user.is_authenticated and may_read_migrations(actor()))


def reads_all_cases() -> bool:
    """Whether a number of cases may lead who is signed in to the cases that it counts."""
    return bool(current_user.is_authenticated and sees_all(actor()))


def init_app(app: Flask) -> None:
    """Tell the templates."""
    app.jinja_env.globals.update(
        leads_to=leads_to,
        is_here=is_here,
        reads_definitions=reads_definitions,
        reads_migrations=reads_migrations,
        reads_all_cases=reads_all_cases,
    )
