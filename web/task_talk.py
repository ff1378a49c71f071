"""A task between people: delegated, given back, commented on."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from engine import add_comment, delegate_task, resolve_task, transaction
from web.auth import actor
from web.db import db
from web.i18n import now

bp = Blueprint("task_talk", __name__)


@bp.post("/tasks/<task_id>/delegate")
@login_required
def delegate(task_id: str) -> ResponseReturnValue:
    """Have a colleague prepare one's task, with a reason."""
    person, reason = (request.form.get(name, "").strip() for name in ("person", "reason"))
    with transaction(db.session()):
        delegate_task(db.session(), task_id, actor(), person, reason, now=now())
    flash(gettext("The task is delegated. It comes back to you, and you complete it."), "done")
    return redirect(url_for("tasks.show", task_id=task_id))


@bp.post("/tasks/<task_id>/recall")
@login_required
def recall(task_id: str) -> ResponseReturnValue:
    """Take back what one has delegated; what the colleague saved stays in the form."""
    with transaction(db.session()):
        resolve_task(db.session(), task_id, actor(), now=now())
    flash(gettext("The task is back with you."), "done")
    return redirect(url_for("tasks.show", task_id=task_id))


@bp.post("/tasks/<task_id>/comments")
@login_required
def comment(task_id: str) -> ResponseReturnValue:
    """Say something about a task, for all who see the case."""
    with transaction(db.session()):
        add_comment(db.session(), task_id, actor(), request.form.get("text", ""), now=now())
    flash(gettext("Your comment stands with the task."), "done")
    return redirect(url_for("tasks.show", task_id=task_id, _anchor="comments"))
