"""Moving running cases to another version: what it would do, the order, how far it has come."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_login import login_required

from engine import (
    get_instance_migration,
    list_instance_migrations,
    plan_instance_migration,
    start_instance_migration,
    transaction,
)
from engine.errors import NothingToMove, ReasonRequired
from web.auth import actor
from web.db import db
from web.i18n import language, now
from web.paging import Listing, listing, number, one_of

bp = Blueprint("instance_migrations", __name__)

STATES = {
    "left": lazy_gettext("not yet done"),
    "moved": lazy_gettext("moved"),
    "refused": lazy_gettext("not moved"),
}
ONE_ORDER = ("number",)


@bp.get("/processes/<process_id>/migrate")
@login_required
def plan(process_id: str) -> ResponseReturnValue:
    """Every running case of version `from` with the verdict on moving it to `to`; nothing is changed."""
    return _plan(process_id, {})


def _plan(process_id: str, refused: dict[str, str]) -> ResponseReturnValue:
    """The plan; after a refusal with the reason as it was sent, and what is wrong with it."""
    versions = {"from": number("from"), "to": number("to")}
    state = _listing("instance_migrations.plan", {"process_id": process_id, **versions})
    before, after = (int(given) if given else None for given in versions.values())
    view = plan_instance_migration(
        db.session(), process_id, actor(), before=before, after=after, cursor=state.cursor, limit=state.limit,
        now=now(),
    )  # fmt: skip
    page = render_template("migration_plan.html", view=view, page=view.page, state=state, refused=refused)
    return page, 422 if refused else 200


def _listing(endpoint: str, filters: dict[str, str | None], order: str = "asc") -> Listing:
    return listing(endpoint, filters, ONE_ORDER, ONE_ORDER[0], order)


@bp.post("/processes/<process_id>/migrate")
@login_required
def begin(process_id: str) -> ResponseReturnValue:
    """Orders that the cases be moved, for a reason; without one the plan comes back with the form open."""
    reason = request.form.get("reason", "").strip()
    before, after = int(number("from") or 0), int(number("to") or 0)
    try:
        with transaction(db.session()):
            order = start_instance_migration(
                db.session(), process_id, actor(), before, after, reason, now=now()
            )
    except ReasonRequired as refusal:
        problem = {"reason": reason, "problem": refusal.message(language())}
        return _plan(process_id, {"id": "cases", "act": "move", **problem})
    except NothingToMove as refusal:
        flash(refusal.message(language()), "bad")
        return redirect(url_for(".plan", process_id=process_id, **{"from": before, "to": after}))
    flash(gettext("The cases are being moved, one after the other."), "done")
    return redirect(url_for(".show", migration_id=order))


@bp.get("/processes/<process_id>/migrations")
@login_required
def index(process_id: str) -> ResponseReturnValue:
    """The orders to move cases of a process, the latest first."""
    state = _listing("instance_migrations.index", {"process_id": process_id}, "desc")
    name, page = list_instance_migrations(
        db.session(), process_id, actor(), cursor=state.cursor, limit=state.limit
    )
    return render_template("migrations.html", process_id=process_id, name=name, page=page, state=state)


@bp.get("/migrations/<migration_id>")
@login_required
def show(migration_id: str) -> ResponseReturnValue:
    """One order: how far it has come, and what became of each case."""
    chosen = one_of("state", ("", *STATES), "") or None
    state = _listing("instance_migrations.show", {"migration_id": migration_id, "state": chosen})
    view = get_instance_migration(
        db.session(), migration_id, actor(), state=chosen, cursor=state.cursor, limit=state.limit
    )
    return render_template("migration.html", view=view, row=view.row, page=view.page, state=state)


def init_app(app: Flask) -> None:
    """Hang the room on the app."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(MIGRATION_STATES=STATES)
