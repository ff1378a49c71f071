"""Trying a process: a walk through a draft or a version on a scratch store, step by step."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from engine import WalkStep, clock_reader, save_scenario, transaction
from engine.errors import BadScenario, BadWalkStep, BundleRefused, NotOpenInWalk, NotStarted
from web.auth import actor
from web.db import db
from web.forms.conditions import applying
from web.forms.reading import read_submission
from web.i18n import language, now, zone
from web.walk_page import asked, opened, walk_page
from web.walk_steps import check, keep, received, revision, take, typed_in

bp = Blueprint("trying", __name__, url_prefix="/try/<subject>")

PLACE = "/<process_id>/<element_id>/<int(max=9999):position>"
UNITS = {"minutes": 60, "hours": 3600, "days": 86400}


@bp.get("")
@login_required
def show(subject: str) -> ResponseReturnValue:
    """Where the walk is, and what can be done next; `task` chooses the open task whose form is shown."""
    try:
        with opened(subject) as walk:
            return walk_page(walk, asked())
    except BundleRefused as refused:
        return render_template("trying_refused.html", problems=refused.problems, subject=subject), 422


@bp.post("/start")
@login_required
def start(subject: str) -> ResponseReturnValue:
    """Start the case that is tried: with the start form, or with values."""
    with opened(subject) as walk:
        view = walk.view()
        if view.start is None:
            return typed_in(walk, WalkStep("start"))
        sent = received(view.start.form)
        if sent.action != "complete":
            return walk_page(walk, None, sent.values)
        return take(walk, WalkStep("start", values=sent.values), sent.revision, sent.values)


@bp.post("/tasks" + PLACE)
@login_required
def complete(subject: str, process_id: str, element_id: str, position: int) -> ResponseReturnValue:
    """Complete an open task as the stand-in who may."""
    place = WalkStep("complete", process_id, element_id, position)
    with opened(subject) as walk:
        check(walk, request.form.get("_revision", ""))
        try:
            form = walk.task(place)[0].form
        except (NotOpenInWalk, NotStarted) as gone:
            return walk_page(walk, refused=gone.message("zh" if language() == "zh" else "en"))
        sent = received(form)
        if sent.action != "complete":
            return walk_page(walk, place, sent.values)
        return take(walk, replace(place, values=sent.values), sent.revision, sent.values, place)


@bp.post("/services" + PLACE)
@login_required
def service(subject: str, process_id: str, element_id: str, position: int) -> ResponseReturnValue:
    """What the program of a service task answers: a result, or the code of an error."""
    code = request.form.get("code", "").strip()
    kind = "error" if code else "result"
    with opened(subject) as walk:
        return typed_in(walk, WalkStep(kind, process_id, element_id, position, name=code))


@bp.post("/message")
@login_required
def message(subject: str) -> ResponseReturnValue:
    """Send a message."""
    with opened(subject) as walk:
        return typed_in(walk, WalkStep("message", name=request.form.get("name", "").strip()[:200]))


@bp.post("/time")
@login_required
def time(subject: str) -> ResponseReturnValue:
    """Let time pass: until something is due, or by so much."""
    amount, unit = request.form.get("amount", ""), UNITS.get(request.form.get("unit", ""), 0)
    with opened(subject) as walk:
        if request.form.get("_action") == "next":
            return take(walk, WalkStep("next"), revision())
        try:
            number = int(amount) if amount.isdecimal() and len(amount) < 7 else 0
            step = WalkStep("wait", seconds=number * unit)
        except BadWalkStep:
            words = gettext("Time passes by a whole number, and by ten years at the most.")
            return walk_page(walk, refused=words, kept=request.form)
        return take(walk, step, revision())


@bp.post("/undo")
@login_required
def undo(subject: str) -> ResponseReturnValue:
    """Take the last step back; of a walk that cannot go on, the steps from the failed one."""
    with opened(subject) as walk:
        check(walk, request.form.get("_revision", ""))
        return keep(walk, walk.steps if walk.failed else walk.steps[:-1])


@bp.post("/reset")
@login_required
def reset(subject: str) -> ResponseReturnValue:
    """Begin again."""
    with opened(subject) as walk:
        check(walk, request.form.get("_revision", ""))
        return keep(walk, ())


@bp.post("/scenario")
@login_required
def save(subject: str) -> ResponseReturnValue:
    """Keep the walk as a scenario that expects what has come of it."""
    chosen = {kind: request.form.getlist(kind) for kind in ("variable", "clock")}
    with opened(subject) as walk:
        try:
            with transaction(db.session()):
                save_scenario(
                    db.session(), actor(), walk, request.form.get("name", ""), chosen["variable"],
                    chosen["clock"], now=now(),
                )  # fmt: skip
        except BadScenario as refused:
            return walk_page(
                walk, refused=refused.message("zh" if language() == "zh" else "en"), kept=request.form
            )
        flash(gettext("The walk is kept as a scenario. It runs whenever a version is published."), "done")
        return redirect(url_for("scenarios.index", process_id=walk.subject.process_id))


@bp.post("/conditions")
@login_required
def conditions(subject: str) -> ResponseReturnValue:
    """Which fields apply to what is typed so far; nothing is stored."""
    with opened(subject) as walk:
        place = asked()
        if place is not None:
            task, who = walk.task(place)
            form, names, case = task.form, task.names, task.row.instance_id
        else:
            view = walk.view()
            form, names, case, who = (view.start.form if view.start else None), {}, None, actor()
        if form is None:
            return jsonify(visible=[], required=[])
        raw = read_submission(form, request.form, zone()).values
        clocks = clock_reader(walk.session, who, case)
        visible, required = applying(form, raw, names, walk.now, clocks)
    return jsonify(visible=sorted(visible), required=sorted(required))


@bp.get("/diagrams/<process_id>.bpmn")
@login_required
def diagram(subject: str, process_id: str) -> ResponseReturnValue:
    """The diagram that is tried, for the viewer."""
    with opened(subject) as walk:
        return Response(walk.diagram(process_id), mimetype="application/xml")
