"""The words for the states of cases and tasks, and what the filters offer."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from flask import Flask
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from engine import AttachmentView, Text, list_steps
from web.choices import Choices
from web.db import db
from web.forms.shown import in_words, shown
from web.i18n import language, zone
from web.signatures import meaning

STATES = {
    "running": lazy_gettext("Running"),
    "completed": lazy_gettext("Completed"),
    "cancelled": lazy_gettext("Cancelled"),
}
TASK_STATES = {
    "open": lazy_gettext("Open"),
    "completed": lazy_gettext("Completed"),
    "cancelled": lazy_gettext("Withdrawn"),
}


def by_id(files: Iterable[AttachmentView]) -> dict[str, AttachmentView]:
    """Files by their id."""
    return {file.id: file for file in files}


def page_words() -> dict[str, object]:
    """What every page may need: names of people and groups, and how a submission reads."""
    choices = Choices(db.session(), language())

    return {
        "choices": choices,
        "filled_in": partial(shown, choices=choices, zone=zone()),
        "in_words": partial(in_words, choices=choices, zone=zone()),
    }


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals.update(STATES=STATES, TASK_STATES=TASK_STATES)
    app.jinja_env.filters.update(meaning=meaning, by_id=by_id)
    app.context_processor(page_words)


def known_processes(session: Session) -> dict[str, Text]:
    """The names of the deployed processes that have steps for people, by process id."""
    return {step.process_id: step.process_name for step in list_steps(session)}
