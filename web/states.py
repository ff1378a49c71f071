"""The words for the states of cases and tasks, and what the filters offer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial

from flask import Flask
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session

from engine import AttachmentView, Text, list_steps
from web.choices import Choices
from web.db import db
from web.forms.shown import shown
from web.i18n import language, zone

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
# What a signature says, as the diagrams write it (Chinese) and as an English page does.
MEANINGS = {
    "编制": lazy_gettext("prepared"),
    "审核": lazy_gettext("reviewed"),
    "会签": lazy_gettext("countersigned"),
    "批准": lazy_gettext("approved"),
    "签收": lazy_gettext("received"),
    "验证": lazy_gettext("verified"),
    "确认": lazy_gettext("confirmed"),
    "接受": lazy_gettext("accepted"),
    "拒绝": lazy_gettext("refused"),
}


def meaning(sign: str) -> str:
    """The meaning of a signature in the page's language; unknown ones as the diagram has them."""
    return str(MEANINGS.get(sign, sign))


def by_id(files: Iterable[AttachmentView]) -> dict[str, AttachmentView]:
    """Files by their id."""
    return {file.id: file for file in files}


def plain(value: object) -> str:
    """A variable's value as text: words for yes and no, lists and tables in short."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def page_words() -> dict[str, object]:
    """What every page may need: names of people and groups, and how a submission reads."""
    choices = Choices(db.session(), language())

    return {"choices": choices, "filled_in": partial(shown, choices=choices, zone=zone())}


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals.update(STATES=STATES, TASK_STATES=TASK_STATES)
    app.jinja_env.filters.update(meaning=meaning, by_id=by_id, plain=plain)
    app.context_processor(page_words)


def known_processes(session: Session) -> dict[str, Text]:
    """The names of the deployed processes that have steps for people, by process id."""
    return {step.process_id: step.process_name for step in list_steps(session)}
