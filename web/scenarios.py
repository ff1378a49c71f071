"""The scenarios of a process: the list, run against a draft or a version, renamed, deleted, walked."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, login_required

from engine import (
    ScenarioResult,
    delete_scenario,
    get_definition,
    get_scenario,
    list_definition_drafts,
    list_scenarios,
    may_publish,
    rename_scenario,
    run_scenarios,
    subject_of,
    transaction,
    walk_scenario,
)
from engine.errors import BadScenario, EngineError, ProcessNotFound, ReasonRequired, StaleScenario
from web.auth import actor
from web.db import db
from web.i18n import language, now
from web.paging import listing, text
from web.walk_page import opened
from web.walk_time import computing

bp = Blueprint("scenarios", __name__)

VERDICTS = {
    "running": lazy_gettext("running"),
    "on_time": lazy_gettext("on time"),
    "extended": lazy_gettext("on time after an extension"),
    "breached": lazy_gettext("late"),
    "void": lazy_gettext("void"),
}
MOST_DRAFTS = 50


@bp.get("/processes/<process_id>/scenarios")
@login_required
def index(process_id: str) -> ResponseReturnValue:
    """The list; `against` runs all scenarios through a draft or a version."""
    return _show(process_id, {})


def _show(process_id: str, refused: dict[str, str]) -> ResponseReturnValue:
    against = text("against", 200)
    state = listing(
        "scenarios.index", {"process_id": process_id, "against": against}, ("name",), "name", "asc"
    )
    page = list_scenarios(db.session(), process_id, actor(), cursor=state.cursor, limit=state.limit)
    subjects = _subjects(process_id)
    results = _results(process_id, against) if against is not None else {}
    return render_template(
        "scenarios.html", process_id=process_id, page=page, state=state, subjects=subjects, against=against,
        results=results, red=sum(result.red for result in results.values()), refused=refused,
        left=sum(not result.ran for result in results.values()), only=text("only", 36),
        may_change=bool(may_publish(actor())),
    ), 422 if refused else 200  # fmt: skip


def _results(process_id: str, against: str) -> dict[str, ScenarioResult]:
    """What comes of all scenarios, or of the one that the address names (`only`), by id."""
    subject = subject_of(db.session(), against)
    if subject.process_id != process_id:
        raise ProcessNotFound(process_id)
    published, only = subject.version is not None, text("only", 36)
    with computing() as seconds:
        ran = run_scenarios(
            db.session(), process_id, subject.files, published=published, only=only, seconds=seconds
        )
    return {result.scenario_id: result for result in ran}


def _subjects(process_id: str) -> dict[str, str]:
    """What scenarios can be run through: open drafts and the latest version, by key."""
    found = {}
    drafts = list_definition_drafts(
        db.session(), actor(), process_id=process_id, state="open", limit=MOST_DRAFTS
    )
    for row in drafts.items:
        found[f"draft:{row.id}"] = gettext("draft “%(title)s”", title=row.title)
    try:
        latest = get_definition(db.session(), process_id, actor()).latest
    except ProcessNotFound:
        return found
    return {f"version:{process_id}:{latest}": gettext("version %(number)s", number=latest), **found}


def _revision() -> int:
    given = request.form.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


@bp.post("/scenarios/<scenario_id>/<any(rename, delete):act>")
@login_required
def change(scenario_id: str, act: str) -> ResponseReturnValue:
    """Give it another name, or delete it with a reason."""
    process_id = get_scenario(db.session(), scenario_id, actor()).process_id
    typed = request.form.get("name" if act == "rename" else "reason", "")
    verb = rename_scenario if act == "rename" else delete_scenario
    try:
        with transaction(db.session()):
            verb(db.session(), actor(), scenario_id, typed, _revision(), now=now())
    except (BadScenario, ReasonRequired, StaleScenario) as refused:
        return _refused(process_id, scenario_id, act, typed, refused)
    done = gettext("The scenario is renamed.") if act == "rename" else gettext("The scenario is deleted.")
    flash(done, "done")
    return redirect(url_for("scenarios.index", process_id=process_id))


def _refused(
    process_id: str, scenario_id: str, act: str, typed: str, refused: EngineError
) -> ResponseReturnValue:
    words = refused.message("zh" if language() == "zh" else "en")
    return _show(process_id, {"id": scenario_id, "act": act, "reason": typed, "problem": words})


@bp.post("/scenarios/<scenario_id>/walk")
@login_required
def walk(scenario_id: str) -> ResponseReturnValue:
    """Makes it the walk of who asks, through a draft or a version."""
    subject = request.form.get("subject", "")
    with opened(subject) as walking, transaction(db.session()):
        walk_scenario(db.session(), actor(), scenario_id, walking, now=now())
    return redirect(url_for("trying.show", subject=subject))


def may_try() -> bool:
    """Whether who is signed in may try processes."""
    return bool(current_user.is_authenticated and may_publish(actor()))


def init_app(app: Flask) -> None:
    """Hang the room on the app."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(SCENARIO_VERDICTS=VERDICTS, may_try=may_try)
