"""Drafts of processes (修订稿): the list, beginning one, one draft with its files and problems."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_login import login_required

from engine import (
    create_definition_draft,
    discard_definition_draft,
    draft_problems,
    draft_titles,
    get_definition_draft,
    list_definition_drafts,
    list_definitions,
    may_publish,
    transaction,
)
from engine.errors import BadDraft, ReasonRequired
from web.auth import actor
from web.db import db
from web.i18n import language, now
from web.paging import listing, one_of, text

bp = Blueprint("drafts", __name__, url_prefix="/drafts")

STATES = {
    "open": lazy_gettext("being drafted"),
    "submitted": lazy_gettext("waiting for approval"),
    "published": lazy_gettext("published"),
    "discarded": lazy_gettext("given up"),
}
FILE_HEADINGS = {
    "process": lazy_gettext("Processes"),
    "decision": lazy_gettext("Decision tables"),
    "form": lazy_gettext("Forms"),
    "table": lazy_gettext("Tables of names"),
}
EVENTS = {
    "created": lazy_gettext("began the draft"),
    "saved": lazy_gettext("saved"),
    "added": lazy_gettext("added"),
    "renamed": lazy_gettext("renamed"),
    "removed": lazy_gettext("removed"),
    "imported": lazy_gettext("imported the files"),
    "submitted": lazy_gettext("submitted it"),
    "returned": lazy_gettext("sent it back"),
    "published": lazy_gettext("published it"),
    "discarded": lazy_gettext("gave the draft up"),
}


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    """The drafts, the last changed first."""
    filters = {
        "search": text("search"),
        "state": one_of("state", ("", *STATES), "") or None,
        "process": text("process"),
    }
    state = listing("drafts.index", filters, ("changed",), "changed", "desc")
    page = list_definition_drafts(
        db.session(), actor(), process_id=filters["process"], state=filters["state"],
        search=filters["search"], cursor=state.cursor, limit=state.limit,
    )  # fmt: skip
    return render_template("drafts.html", page=page, state=state, may_draft=may_publish(actor()).allowed)


@bp.route("/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    """Begin a draft: of a process that is deployed, or of a new one."""
    if refusal := may_publish(actor()).refusal:
        raise refusal
    given = {name: request.values.get(name, "").strip() for name in ("process", "new_id", "title")}
    problem = ""
    if request.method == "POST":
        try:
            with transaction(db.session()):
                draft = create_definition_draft(
                    db.session(), actor(), given["process"] or None, given["title"], new_id=given["new_id"],
                    now=now(),
                )  # fmt: skip
            return redirect(url_for("drafts.show", draft_id=draft))
        except BadDraft as refused:
            problem = refused.message("zh" if language() == "zh" else "en")
    known = list_definitions(db.session(), actor(), limit=200).items
    page = render_template("draft_new.html", given=given, known=known, problem=problem)
    return page, 422 if problem else 200


@bp.get("/<draft_id>")
@login_required
def show(draft_id: str) -> ResponseReturnValue:
    """One draft: its files, what lint finds in them, what was done to it."""
    return _show(draft_id, {})


def _show(draft_id: str, refused: dict[str, str]) -> ResponseReturnValue:
    view = get_definition_draft(db.session(), draft_id, actor())
    problems = draft_problems(db.session(), draft_id, actor()) if view.row.pending else ()
    titles = draft_titles(db.session(), draft_id, actor())
    page = render_template("draft.html", view=view, titles=titles, problems=problems, refused=refused)
    return page, 422 if refused else 200


@bp.post("/<draft_id>/discard")
@login_required
def discard(draft_id: str) -> ResponseReturnValue:
    """Give a draft up; it stays readable."""
    reason = request.form.get("reason", "").strip()
    try:
        with transaction(db.session()):
            discard_definition_draft(db.session(), actor(), draft_id, reason, now=now())
    except ReasonRequired as refused:
        return _show(
            draft_id,
            {"act": "discard", "id": draft_id, "reason": reason, "problem": refused.message(language())},
        )
    flash(gettext("The draft is given up. It stays readable."), "done")
    return redirect(url_for("drafts.index"))


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals.update(may_draft=lambda: may_publish(actor()).allowed)
    app.jinja_env.globals.update(DRAFT_STATES=STATES, FILE_HEADINGS=FILE_HEADINGS, DRAFT_EVENTS=EVENTS)
    app.register_blueprint(bp)
