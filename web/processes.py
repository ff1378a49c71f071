"""What can be started, and starting it: above all the case of a feedback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from engine import (
    StartFormView,
    clock_reader,
    get_start_form,
    may_read_definitions,
    sees,
    start_instance,
    start_problems,
    startable,
    transaction,
)
from engine.errors import FieldProblem, FormInvalid
from web import definitions
from web.auth import actor
from web.db import db
from web.forms import FormPage, receive, with_refused
from web.forms.conditions import applying
from web.forms.reading import Submission, read_submission
from web.i18n import now, zone

bp = Blueprint("processes", __name__, url_prefix="/processes")


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    """What this person may start; a single process leads straight to its form.

    Process owners, compliance and administrators see every definition below it."""
    offered = startable(db.session(), actor())
    if may_read_definitions(actor()):
        state = definitions.listed("processes.index")
        page = definitions.page_of(state)
        return render_template("definitions.html", offered=offered, page=page, state=state)
    if len(offered) == 1 and not offered[0].suspended:
        return redirect(url_for("processes.start", process_id=offered[0].process_id))
    return render_template("processes.html", offered=offered)


@bp.get("/<process_id>/start")
@login_required
def start(process_id: str) -> ResponseReturnValue:
    """The start form; the address may fill in some of its fields, checked like any entry."""
    view = get_start_form(db.session(), process_id, actor())
    given = _given(view)
    problems = start_problems(db.session(), process_id, actor(), given, now=now()) if given else ()
    return render_template("start.html", view=view, page=_form_page(view, view.values | given, problems))


def _given(view: StartFormView) -> dict[str, object]:
    """What the address says of the form's fields; of another field it may say nothing (400)."""
    if view.form is None or not request.args:
        return {}
    values = read_submission(view.form, request.args, zone()).values
    return {key: value for key, value in values.items() if key in request.args}


def _form_page(
    view: StartFormView, values: Mapping[str, object], problems: Sequence[FieldProblem] = ()
) -> FormPage | None:
    if view.form is None:
        return None
    fixed = {field.key: view.values.get(field.key) for field in view.form.inputs if field.read_only}
    return FormPage.of(view.form, {**values, **fixed}, {}, problems)


@bp.post("/<process_id>/start")
@login_required
def submit(process_id: str) -> ResponseReturnValue:
    """The start form came back: keep its files, then start the case."""
    view = get_start_form(db.session(), process_id, actor())
    sent, problems = receive(view.form)
    if sent.action == "complete":
        try:
            return _start(view, sent, problems)
        except FormInvalid as refused:
            problems = refused.problems
    return render_template("start.html", view=view, page=_form_page(view, sent.values, problems)), (
        422 if problems else 200
    )


def _start(view: StartFormView, sent: Submission, refused: Sequence[FieldProblem]) -> ResponseReturnValue:
    """With `refused` files nothing starts; all else that is wrong is told along with them."""
    with transaction(db.session()):
        if view.form and refused:
            others = start_problems(db.session(), view.process_id, actor(), sent.values, now=now())
            raise FormInvalid(with_refused(view.form, sent.values, refused, others))
        started = start_instance(db.session(), view.process_id, actor(), sent.values, now=now())
    flash(gettext("Registered as %(number)s. Quote this number in every question about it.",
                  number=started.business_key), "done")  # fmt: skip
    if not sees(db.session(), actor(), started.instance_id):  # administrators report, but read no cases
        return redirect(url_for("processes.index"))
    return redirect(url_for("instances.show", instance_id=started.instance_id))


@bp.post("/<process_id>/conditions")
@login_required
def conditions(process_id: str) -> ResponseReturnValue:
    """Which fields apply to what is typed so far; nothing is stored."""
    view = get_start_form(db.session(), process_id, actor())
    if view.form is None:
        return jsonify(visible=[], required=[])
    raw = read_submission(view.form, request.form, zone()).values
    visible, required = applying(view.form, raw, {}, now(), clock_reader(db.session(), actor()))
    return jsonify(visible=sorted(visible), required=sorted(required))
