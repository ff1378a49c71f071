"""Publishing drafts of processes: what stands in the way, submit, approve, send back; import of files."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, login_required

from engine import (
    PublishView,
    ScenarioResult,
    approve_definition_draft,
    count_submitted,
    draft_titles,
    get_publishing,
    import_definition_draft,
    list_definition_drafts,
    may_publish,
    return_definition_draft,
    run_scenarios,
    subject_of,
    submit_definition_draft,
    transaction,
)
from engine.errors import (
    AccountLocked,
    BadDraft,
    BadImport,
    BundleRefused,
    DraftOutdated,
    EngineError,
    NothingToPublish,
    Problem,
    ReasonRequired,
    SignatureRequired,
    WrongPassword,
)
from web.auth import actor
from web.db import db
from web.errors import at, at_password, status_of
from web.i18n import language, now
from web.paging import listing
from web.security import limiter
from web.walk_time import computing

bp = Blueprint("publishing", __name__, url_prefix="/publishing")

EVENTS = {
    "created": lazy_gettext("began the draft"),
    "imported": lazy_gettext("imported the files"),
    "saved": lazy_gettext("saved"),
    "added": lazy_gettext("added"),
    "renamed": lazy_gettext("renamed"),
    "removed": lazy_gettext("removed"),
    "submitted": lazy_gettext("submitted it"),
    "returned": lazy_gettext("sent it back"),
    "published": lazy_gettext("published it"),
    "discarded": lazy_gettext("gave the draft up"),
}
AT_FIELDS = (ReasonRequired, SignatureRequired, WrongPassword, AccountLocked)
UPLOADS_MOST = "30 per minute"


@dataclass(frozen=True)
class Refused:
    """What a form was refused for: at one of its fields, or for errors in the files."""

    form: str
    text: str
    at_field: bool


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    """The drafts that wait for an approval, the last submitted first."""
    state = listing("publishing.index", {}, ("changed",), "changed", "desc")
    page = list_definition_drafts(
        db.session(), actor(), state="submitted", cursor=state.cursor, limit=state.limit
    )
    return render_template("publishing_waiting.html", page=page, state=state)


@bp.get("/<draft_id>")
@login_required
def show(draft_id: str) -> ResponseReturnValue:
    """What stands in the way of publishing a draft, what differs, and what may be done."""
    return _page(draft_id)


@bp.post("/<draft_id>/submit")
@login_required
def submit(draft_id: str) -> ResponseReturnValue:
    """Submits the draft; where no approval is asked for, that publishes it."""
    over = request.form.get("over", "")
    try:
        with transaction(db.session()):
            done = submit_definition_draft(
                db.session(), actor(), draft_id, request.form.get("reason", ""), _revision(),
                over_version=int(over) if over.isascii() and over.isdigit() and len(over) < 10 else None,
                approval=current_app.config["SETTINGS"].publish_approval, now=now(),
            )  # fmt: skip
    except (*AT_FIELDS, BundleRefused, DraftOutdated, NothingToPublish) as refusal:
        return _page(draft_id, "submit", refusal)
    flash(gettext("Published.") if done else gettext("Submitted: another process owner approves it."), "done")
    return redirect(url_for("publishing.show", draft_id=draft_id))


@bp.post("/<draft_id>/approve")
@login_required
@limiter.limit(UPLOADS_MOST)
def approve(draft_id: str) -> ResponseReturnValue:
    """Approves, signs and publishes."""
    try:
        with transaction(db.session()):
            version = approve_definition_draft(
                db.session(), actor(), draft_id, _revision(), request.form.get("password"), now=now()
            )
    except (*AT_FIELDS, BundleRefused, DraftOutdated) as refusal:
        return _page(draft_id, "approve", refusal)
    flash(_published(get_publishing(db.session(), draft_id, actor()), version), "done")
    return redirect(url_for("publishing.show", draft_id=draft_id))


@bp.post("/<draft_id>/return")
@login_required
def send_back(draft_id: str) -> ResponseReturnValue:
    """Sends the draft back with a note."""
    try:
        with transaction(db.session()):
            return_definition_draft(db.session(), actor(), draft_id, request.form.get("note", ""), now=now())
    except ReasonRequired as refusal:
        return _page(draft_id, "return", refusal)
    flash(gettext("Sent back: the draft is open again."), "done")
    return redirect(url_for("publishing.show", draft_id=draft_id))


@bp.get("/_import")
@login_required
def upload() -> ResponseReturnValue:
    """The form that takes a zip or single files."""
    _check_owner()
    return render_template("publishing_import.html", problem="", problems=(), given={})


@bp.post("/_import")
@login_required
@limiter.limit(UPLOADS_MOST)
def take() -> ResponseReturnValue:
    """Makes a draft of the files."""
    _check_owner()
    given = {name: request.form.get(name, "").strip() for name in ("title", "process")}
    try:
        files = _files()
        with transaction(db.session()):
            draft_id = import_definition_draft(
                db.session(), actor(), files, given["title"], process_id=given["process"], now=now()
            )
    except (BadImport, BadDraft, BundleRefused) as refusal:
        db.session.rollback()
        problems = refusal.problems if isinstance(refusal, BundleRefused) else ()
        text = "" if problems else at("files", refusal).zh
        words = {"problem": text, "problems": problems, "given": given}
        return render_template("publishing_import.html", **words), status_of(refusal)
    flash(gettext("Imported as a draft: nothing runs before it is published."), "done")
    return redirect(url_for("publishing.show", draft_id=draft_id))


def _published(view: PublishView, version: int) -> str:
    if view.renewed or not view.tables:
        return gettext("Published as version %(number)s.", number=version)
    names = gettext(", ").join(part.id for part in view.tables)
    return gettext(
        "Published: %(files)s. The process is unchanged and keeps version %(number)s.",
        files=names, number=version,
    )  # fmt: skip


def _files() -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for sent in request.files.getlist("files"):
        if sent.filename:
            if sent.filename in files:
                raise BadImport(sent.filename[:100], "there are two files of that name", "有两个同名文件")
            files[sent.filename] = sent.read()
    return files


def _check_owner() -> None:
    if refusal := may_publish(actor()).refusal:
        raise refusal


def _revision() -> int:
    given = request.form.get("revision", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def _page(draft_id: str, form: str = "", refusal: EngineError | None = None) -> ResponseReturnValue:
    problems: tuple[Problem, ...] = ()
    refused = None
    if refusal is not None:
        db.session.rollback()
        problems = tuple(refusal.problems) if isinstance(refusal, BundleRefused) else ()
        refused = Refused(form, at_password(form, refusal).zh, isinstance(refusal, AT_FIELDS))
    view = get_publishing(db.session(), draft_id, actor())
    fresh = tuple(problem for problem in problems if problem not in view.problems)
    return render_template(
        "publishing.html", view=view, refused=refused, problems=(*fresh, *view.problems), typed=request.form,
        approval=current_app.config["SETTINGS"].publish_approval, EVENTS=EVENTS, scenarios=_scenarios(view),
        titles={} if view.against else draft_titles(db.session(), draft_id, actor()),
    ), status_of(refusal) if refusal else 200  # fmt: skip


def _scenarios(view: PublishView) -> list[ScenarioResult]:
    """The process's scenarios as they go through the draft's files. They forbid nothing."""
    if view.errors or not (view.may_submit or view.may_return):
        return []
    subject = subject_of(db.session(), f"draft:{view.draft.row.id}")
    with computing() as seconds:
        return run_scenarios(db.session(), subject.process_id, subject.files, seconds=seconds)


def waiting_approvals() -> int:
    """How many drafts wait for an approval; 0 for whoever may not publish."""
    owner = current_user.is_authenticated and may_publish(actor()).allowed
    return count_submitted(db.session()) if owner else 0


def said(problem: Problem) -> str:
    """A problem in the page's language, without its place."""
    return problem.message(language())


def init_app(app: Flask) -> None:
    """Hang the pages on the app, and what the page of processes says of them."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        waiting_approvals=waiting_approvals, said=said, may_publish_now=lambda: may_publish(actor()).allowed
    )
