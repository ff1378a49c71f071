"""The inbox: what a person was told, newest first; opening a line leads to what it is about."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, login_required

from engine import count_unread, list_notifications, mark_read, open_notification, transaction
from web.auth import actor
from web.db import db
from web.i18n import now
from web.paging import listing, one_of

bp = Blueprint("inbox", __name__, url_prefix="/inbox")

VIEWS = ("unread", "all")
KINDS = {  # the mark beside the word says it without colour
    "task": ("act", "○", lazy_gettext("task")),
    "clock_warned": ("warn", "◔", lazy_gettext("near its limit")),
    "clock_breached": ("bad", "▲", lazy_gettext("late")),
    "clock_extended": ("good", "↻", lazy_gettext("extended")),
    "draft_submitted": ("warn", "◔", lazy_gettext("to approve")),
    "draft_returned": ("bad", "↩", lazy_gettext("sent back")),
    "draft_published": ("good", "✓", lazy_gettext("published")),
    "incident": ("bad", "✕", lazy_gettext("failed job")),
}


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    """One's own notifications: the unread ones, or all."""
    state = listing("inbox.index", {"view": one_of("view", VIEWS, "unread")}, ("at",), "at", "desc")
    unread = state.filters["view"] == "unread"
    page = list_notifications(
        db.session(), actor(), unread=unread, cursor=state.cursor, limit=state.limit
    )
    return render_template("inbox.html", page=page, state=state, kinds=KINDS)


@bp.get("/<notification_id>")
@login_required
def show(notification_id: str) -> ResponseReturnValue:
    """Marks it as read and goes on to the task, case or page that it is about."""
    with transaction(db.session()):
        link = open_notification(db.session(), actor(), notification_id, now=now())
    if link is None:
        flash(gettext("There is nothing more to see for you behind this notification."), "warn")
    return redirect(link or url_for("inbox.index", view="all"))


@bp.post("/read")
@login_required
def read() -> ResponseReturnValue:
    """Marks one notification, or all, as read; the list stays as it was."""
    with transaction(db.session()):
        mark_read(db.session(), actor(), request.form.get("id") or None, now=now())
    view = request.form.get("view", "")
    return redirect(url_for("inbox.index", view=view if view in VIEWS else None))


def unread_count() -> int:
    """How many notifications the person on the page has not read; one look at an index."""
    return count_unread(db.session(), current_user.id)


def init_app(app: Flask) -> None:
    """Hang the inbox on the app, and the count into the bar of every page."""
    app.register_blueprint(bp)
    app.jinja_env.globals["unread_count"] = unread_count
