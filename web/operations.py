"""Operations: jobs that failed for good, and what an operator does about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_login import login_required

from engine import (
    WORKER_PATIENCE,
    IncidentRow,
    Page,
    cancel_incident,
    count_operations,
    job_queue,
    list_incidents,
    may_operate,
    retry_incident,
    transaction,
)
from engine.errors import AlreadyResolved, ReasonRequired
from web.auth import actor
from web.csvfile import csv_response
from web.db import db
from web.i18n import language, local, now
from web.paging import Listing, listing, one_of

bp = Blueprint("operations", __name__)

SORTS = ("opened", "resolved")
EXPORT_MAX = 10_000
KINDS = {
    "wake": lazy_gettext("timers and limits of a case"),
    "message": lazy_gettext("delivery of a message"),
    "mail": lazy_gettext("e-mail"),
    "webhook": lazy_gettext("chat message"),
    "external": lazy_gettext("task of a program"),
    "signal": lazy_gettext("signal to a case"),
    "instance_migration": lazy_gettext("moving a case to another version"),
}
RESOLUTIONS = {"retried": lazy_gettext("tried again"), "cancelled": lazy_gettext("given up")}
ACTS: dict[str, Callable[..., None]] = {"retry": retry_incident, "cancel": cancel_incident}


def _state(endpoint: str) -> Listing:
    filters = {
        "state": one_of("state", ("open", "resolved"), "open"),
        "kind": one_of("kind", ("", *KINDS), "") or None,
    }
    return listing(endpoint, filters, SORTS, "opened", "desc")


def _page(state: Listing) -> Page[IncidentRow]:
    return list_incidents(
        db.session(), actor(), resolved=state.filters["state"] == "resolved", kind=state.filters["kind"],
        sort=state.sort, descending=state.descending, cursor=state.cursor, limit=state.limit,
    )  # fmt: skip


@bp.get("/operations")
@login_required
def index() -> ResponseReturnValue:
    """The incidents, open ones first."""
    return _show({})


def _show(refused: dict[str, str]) -> ResponseReturnValue:
    """The list; after a refusal with the form that was sent, and what is wrong with it."""
    state = _state("operations.index")
    page = render_template(
        "operations.html", page=_page(state), state=state, may_act=may_operate(actor()), refused=refused,
        counts=count_operations(db.session(), actor()), queue=job_queue(db.session(), now()),
        patience=WORKER_PATIENCE.total_seconds(),
    )  # fmt: skip
    return page, 422 if refused else 200


@bp.get("/operations.csv")
@login_required
def export() -> ResponseReturnValue:
    """The list as chosen, all of its pages, as CSV."""
    state = _state("operations.export").whole()
    header = [gettext("Job"), gettext("Case"), gettext("Cause"), gettext("Attempts"), gettext("Since"),
              gettext("Done about it"), gettext("By"), gettext("At"), gettext("Reason")]  # fmt: skip
    rows: list[IncidentRow] = []
    while len(rows) < EXPORT_MAX:
        page = _page(state)
        rows += page.items
        if page.next_cursor is None:
            break
        state = state.at(page.next_cursor)
    name = gettext("failed jobs")
    return csv_response(f"{name}-{local(now()):%Y%m%d-%H%M}.csv", header, map(_csv_row, rows))


def _csv_row(row: IncidentRow) -> list[object]:
    since, at = (f"{local(t):%Y-%m-%d %H:%M}" if t else "" for t in (row.opened_at, row.resolved_at))
    done = RESOLUTIONS[row.resolution] if row.resolution else ""
    return [KINDS.get(row.kind, row.kind), row.business_key or "", row.cause.get(language()), row.attempts,
            since, done, row.resolved_by_name or "", at, row.reason or ""]  # fmt: skip


@bp.post("/operations/<incident_id>/<any(retry, cancel):act>")
@login_required
def resolve(incident_id: str, act: str) -> ResponseReturnValue:
    """Have the job tried again, or give it up."""
    done = gettext("The job is due again.") if act == "retry" else gettext("The job is given up.")
    return carry_out(ACTS[act], incident_id, act, done, _show, "operations.index")


def carry_out(
    verb: Callable[..., None],
    thing: str,
    act: str,
    done: str,
    show: Callable[[dict[str, str]], ResponseReturnValue],
    endpoint: str,
) -> ResponseReturnValue:
    """An operator's act with its reason; without one the page comes back with the form open."""
    reason = request.form.get("reason", "").strip()
    facts: dict[str, Any] = {"now": now()}
    try:
        with transaction(db.session()):
            verb(db.session(), thing, actor(), reason, **facts)
    except ReasonRequired as refused:
        return show({"id": thing, "act": act, "reason": reason, "problem": refused.message(language())})
    except AlreadyResolved as refused:
        flash(refused.message(language()), "bad")
    else:
        flash(done, "done")
    return redirect(url_for(endpoint))


def init_app(app: Flask) -> None:
    """Hang the room on the app."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(JOB_KINDS=KINDS, RESOLUTIONS=RESOLUTIONS)
