"""Cases: the list, one case with its diagrams and history, cancelling it."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from engine import (
    Field,
    InstanceRow,
    InstanceView,
    Page,
    activate_instance,
    cancel_instance,
    get_diagram,
    get_instance,
    list_instances,
    suspend_instance,
    transaction,
)
from engine.errors import NotSuspended, ReasonRequired, SuspendedAlready
from web import errors
from web.auth import actor
from web.csvfile import csv_response
from web.db import db
from web.i18n import language, local, now
from web.paging import Listing, listing, number, one_of, text
from web.states import STATES, known_processes

bp = Blueprint("instances", __name__)

SORTS = ("started", "number", "title")
EXPORT_MAX = 10_000
HOLDING = {"suspend": suspend_instance, "activate": activate_instance}


def _state(endpoint: str) -> Listing:
    filters = {
        "search": text("search"),
        "state": one_of("state", ("", *STATES), "") or None,
        "process": text("process"),
        "version": number("version"),
        "breached": one_of("breached", ("", "1"), "") or None,
    }
    return listing(endpoint, filters, SORTS, "started", "desc")


def _page(state: Listing) -> Page[InstanceRow]:
    chosen = {name: state.filters[name] for name in ("search", "state", "process")}
    version = state.filters["version"]
    return list_instances(
        db.session(), actor(), **chosen, late=bool(state.filters["breached"]),
        version=int(version) if version else None, sort=state.sort, descending=state.descending,
        cursor=state.cursor, limit=state.limit, now=now(),
    )  # fmt: skip


@bp.get("/instances")
@login_required
def index() -> ResponseReturnValue:
    """The list of cases."""
    state = _state("instances.index")
    page = _page(state)
    return render_template("instances.html", page=page, state=state, processes=known_processes(db.session()))


@bp.get("/instances.csv")
@login_required
def export() -> ResponseReturnValue:
    """The list as chosen, all of its pages, as CSV."""
    state = _state("instances.export").whole()
    header = [gettext("Number"), gettext("Subject"), gettext("Process"), gettext("State"), gettext("Outcome"),
              gettext("Started"), gettext("Started by"), gettext("Ended"), gettext("Open tasks"),
              gettext("Due"), gettext("Late limits"), gettext("Late tasks")]  # fmt: skip
    rows: list[InstanceRow] = []
    while len(rows) < EXPORT_MAX:
        page = _page(state)
        rows += page.items
        if page.next_cursor is None:
            break
        state = state.at(page.next_cursor)
    name = gettext("cases")
    return csv_response(f"{name}-{local(now()):%Y%m%d-%H%M}.csv", header, map(_csv_row, rows))


def _csv_row(row: InstanceRow) -> list[object]:
    moments = (row.started_at, row.ended_at, row.due_at)
    started, ended, due = (f"{local(at):%Y-%m-%d %H:%M}" if at else "" for at in moments)
    outcome = row.outcome.get(language()) if row.outcome else ""
    return [row.business_key, row.title, row.process_name.get(language()), STATES[row.state], outcome,
            started, row.started_by_name, ended, row.open_tasks, due, row.breaches,
            row.late_tasks]  # fmt: skip


@bp.get("/instances/<instance_id>")
@login_required
def show(instance_id: str) -> ResponseReturnValue:
    """One case: where it is, how it got there, everything submitted."""
    return _show(instance_id)


def _show(instance_id: str, problem: str = "", reason: str = "", act: str = "") -> ResponseReturnValue:
    """The page; after a refusal with the form of the act that was sent, and what is wrong with it."""
    with transaction(db.session()):  # reading personal data in clear is logged
        case = get_instance(db.session(), instance_id, actor(), now=now())
        page = render_template(
            "instance.html", case=case, fields=fields_of(case), problem=problem, reason=reason, act=act,
            diagram_url=partial(url_for, "instances.diagram", instance_id=case.id),
        )  # fmt: skip
    return page, 422 if problem else 200


def fields_of(case: InstanceView) -> dict[str, Field]:
    """Every field that anybody filled in, by key, the latest winning: what a current value was asked as."""
    forms = (submission.form for submission in case.submissions if submission.form)
    return {field.key: field for form in forms for field in form.inputs}


@bp.get("/instances/<instance_id>/diagrams/<process_id>.bpmn")
@login_required
def diagram(instance_id: str, process_id: str) -> ResponseReturnValue:
    """The very diagram the case runs, for the viewer or to keep."""
    xml = get_diagram(db.session(), instance_id, process_id, actor())
    return Response(xml, mimetype="application/xml")


@bp.post("/instances/<instance_id>/cancel")
@login_required
def cancel(instance_id: str) -> ResponseReturnValue:
    """Stop the case for good, with a reason."""
    reason = request.form.get("reason", "").strip()
    try:
        with transaction(db.session()):
            cancel_instance(db.session(), instance_id, actor(), reason, now=now())
    except ReasonRequired as refused:
        return _show(instance_id, errors.at("reason", refused).text(language()), reason, "cancel")
    flash(gettext("The case is cancelled."), "done")
    return redirect(url_for("instances.show", instance_id=instance_id))


@bp.post("/instances/<instance_id>/<any(suspend, activate):act>")
@login_required
def hold(instance_id: str, act: str) -> ResponseReturnValue:
    """Hold the case for a while, or let it go on, with a reason."""
    verb, reason = HOLDING[act], request.form.get("reason", "").strip()
    try:
        with transaction(db.session()):
            verb(db.session(), instance_id, actor(), reason, now=now())
    except ReasonRequired as refused:
        return _show(instance_id, errors.at("reason", refused).text(language()), reason, act)
    except (SuspendedAlready, NotSuspended) as refused:
        flash(refused.message(language()), "bad")
    else:
        held, free = gettext("The case is suspended."), gettext("The case is active again.")
        flash(held if act == "suspend" else free, "done")
    return redirect(url_for("instances.show", instance_id=instance_id))
