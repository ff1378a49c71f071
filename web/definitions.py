"""Process definitions, for those who own and review them: the list, one definition, its files."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from engine import (
    DefinitionRow,
    Page,
    activate_definition,
    export_bundle,
    get_definition,
    get_source,
    list_definitions,
    suspend_definition,
    transaction,
)
from engine.errors import NotSuspended, ReasonRequired, SuspendedAlready
from web.auth import actor
from web.csvfile import csv_response, disposition
from web.db import db
from web.i18n import language, local, now
from web.paging import Listing, listing, number, text
from web.security import SANDBOX

bp = Blueprint("definitions", __name__)

SORTS = ("name", "key", "published")
ROWS = 50
EXPORT_MAX = 10_000
HOLDING = {"suspend": suspend_definition, "activate": activate_definition}


def listed(endpoint: str) -> Listing:
    """The state of the list, from the address."""
    state = listing(endpoint, {"search": text("search")}, SORTS, "name", "asc")
    return state if "limit" in request.args else replace(state, limit=ROWS)


def page_of(state: Listing) -> Page[DefinitionRow]:
    """One page of the list."""
    return list_definitions(
        db.session(), actor(), search=state.filters["search"], sort=state.sort, descending=state.descending,
        cursor=state.cursor, limit=state.limit, now=now(),
    )  # fmt: skip


@bp.get("/processes.csv")
@login_required
def export_list() -> ResponseReturnValue:
    """The list as chosen, all of its pages, as CSV."""
    state = listed("definitions.export_list").whole()
    header = [gettext("Process"), gettext("Key"), gettext("Version"), gettext("Published"),
              gettext("Published by"), gettext("Reason"), gettext("Running"), gettext("Completed"),
              gettext("Cancelled"), gettext("Open incidents"),
              gettext("Cases with a late limit"), gettext("Runs inside")]  # fmt: skip
    rows: list[DefinitionRow] = []
    while len(rows) < EXPORT_MAX:
        page = page_of(state)
        rows += page.items
        if page.next_cursor is None:
            break
        state = state.at(page.next_cursor)
    name = gettext("processes")
    return csv_response(f"{name}-{local(now()):%Y%m%d-%H%M}.csv", header, map(_csv_row, rows))


def _csv_row(row: DefinitionRow) -> list[object]:
    """As on the page: a process whose cases are counted where it runs inside has no numbers of its own."""
    published = f"{local(row.published_at):%Y-%m-%d %H:%M}"
    numbers = row.running, row.completed, row.cancelled, row.incidents, row.late
    inside = gettext(", ").join(name.get(language()) for name in row.inside.values())
    return [row.name.get(language()), row.process_id, row.version, published, row.published_by_name,
            row.reason, *("" if row.elsewhere else number for number in numbers), inside]  # fmt: skip


@bp.get("/processes/<process_id>")
@login_required
def show(process_id: str) -> ResponseReturnValue:
    """One definition in its latest or a chosen version."""
    chosen, before = number("version"), number("before")
    view = get_definition(
        db.session(), process_id, actor(), version=int(chosen) if chosen else None,
        before=int(before) if before else None,
    )  # fmt: skip
    return render_template("definition.html", view=view, problem="", act="")


@bp.post("/processes/<process_id>/versions/<int(max=999999999):version>/<any(suspend, activate):act>")
@login_required
def hold(process_id: str, version: int, act: str) -> ResponseReturnValue:
    """Let no case of a version start, or let them start again, with a reason."""
    verb, reason = HOLDING[act], request.form.get("reason", "").strip()
    view = get_definition(db.session(), process_id, actor(), version=version)
    try:
        with transaction(db.session()):
            verb(db.session(), actor(), reason, id=view.definition_id, now=now())
    except ReasonRequired as refused:
        said = refused.message(language())
        page = render_template("definition.html", view=view, problem=said, act=act)
        return page, 422
    except (SuspendedAlready, NotSuspended) as refused:
        flash(refused.message(language()), "bad")
    else:
        held, free = gettext("No case of it starts."), gettext("Cases of it start again.")
        flash(held if act == "suspend" else free, "done")
    return redirect(url_for("definitions.show", process_id=process_id, version=version))


@bp.get("/processes/<process_id>/versions/<int(max=999999999):version>/files/<name>")
@login_required
def source(process_id: str, version: int, name: str) -> ResponseReturnValue:
    """A file of a version, as it was deployed: for the viewer, or to keep."""
    content = get_source(db.session(), process_id, version, name, actor())
    kind = "application/json" if name.lower().endswith(".form") else "application/xml"
    return _kept(Response(content, mimetype=kind), name)


@bp.get("/processes/<process_id>/versions/<int(max=999999999):version>.zip")
@login_required
def export(process_id: str, version: int) -> ResponseReturnValue:
    """All files of a version, to be kept or deployed elsewhere."""
    archive = export_bundle(db.session(), process_id, version, actor())
    return _kept(Response(archive, mimetype="application/zip"), f"{process_id}-v{version}.zip")


def _kept(response: Response, name: str) -> Response:
    """What an owner wrote is never shown as a page of ours."""
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
