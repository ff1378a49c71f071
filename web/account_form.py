"""What was typed into the forms of the People room, and what is wrong with it."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext

from engine import account_problems
from web.db import db
from web.i18n import LANGUAGES, language

Problems = dict[str, str]  # by the name of the input


def new_account() -> dict[str, Any]:
    """The account to open, by the arguments of the verb."""
    texts = {name: request.form.get(name, "").strip() for name in ("person_id", "name", "reason")}
    return texts | {"password": request.form.get("password", ""), "groups": request.form.getlist("groups")}


def spoken() -> str:
    """The language chosen for the new person, else that of the page."""
    chosen = request.form.get("language", "")
    return chosen if chosen in LANGUAGES else language()


def problems_of_new() -> Problems:
    """Everything that is wrong with the account to open."""
    found = account_problems(db.session(), **new_account())
    return differing_passwords() | {name: refusal.message(language()) for name, refusal in found.items()}


def differing_passwords() -> Problems:
    """A password is typed twice, because nobody sees it."""
    if request.form.get("password", "") == request.form.get("again", ""):
        return {}
    return {"again": gettext("This is not the same password.")}
