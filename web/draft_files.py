"""The files of a draft: add, rename, remove, download, save what an editor sends, check it while drawn."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from engine import (
    add_definition_file,
    draft_problems,
    read_draft_file,
    remove_definition_file,
    rename_definition_file,
    save_definition_file,
    transaction,
)
from engine.errors import (
    BadDraftFile,
    BundleRefused,
    DraftFileExists,
    DraftFileNotFound,
    DraftNotOpen,
    EngineError,
    Problem,
    StaleDraft,
)
from web.auth import actor
from web.csvfile import disposition
from web.db import db
from web.errors import Unreadable, status_of
from web.i18n import language, now, when
from web.security import SANDBOX

bp = Blueprint("draft_files", __name__, url_prefix="/drafts/<draft_id>/files")
SLIPS = (BadDraftFile, BundleRefused, DraftFileExists, DraftFileNotFound)


@bp.post("")
@login_required
def add(draft_id: str) -> ResponseReturnValue:
    """A file from the person's computer, or a new one by its name."""
    sent = request.files.get("file")
    name = ((sent and sent.filename) or request.form.get("name", "")).strip()
    content = sent.read() if sent and sent.filename else None
    return _change(
        draft_id, lambda: add_definition_file(db.session(), actor(), draft_id, name, content, now=now())
    )


@bp.post("/<name>/rename")
@login_required
def rename(draft_id: str, name: str) -> ResponseReturnValue:
    """Give a file another name."""
    wanted = request.form.get("name", "").strip()
    return _change(
        draft_id, lambda: rename_definition_file(db.session(), actor(), draft_id, name, wanted, now=now())
    )


@bp.post("/<name>/remove")
@login_required
def remove(draft_id: str, name: str) -> ResponseReturnValue:
    """Take a file out."""
    return _change(draft_id, lambda: remove_definition_file(db.session(), actor(), draft_id, name, now=now()))


def _change(draft_id: str, verb: Callable[[], None]) -> ResponseReturnValue:
    try:
        with transaction(db.session()):
            verb()
    except SLIPS as refused:
        flash(said(refused), "bad")
    else:
        flash(gettext("The draft is changed."), "done")
    return redirect(url_for("drafts.show", draft_id=draft_id))


@bp.get("/<name>")
@login_required
def raw(draft_id: str, name: str) -> ResponseReturnValue:
    """The file as it was last saved, to keep or for the modeler; never shown as a page of ours."""
    file, content = read_draft_file(db.session(), draft_id, name, actor())
    answer = Response(content, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = disposition(name)
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Revision"] = str(file.revision)
    return answer


@bp.post("/<name>")
@login_required
def save(draft_id: str, name: str) -> ResponseReturnValue:
    """What the modeler drew: JSON with the new revision, or with what is wrong."""
    content, revision = sent_content(), sent_revision()
    try:
        with transaction(db.session()):
            saved = save_definition_file(db.session(), actor(), draft_id, name, content, revision, now=now())
    except (StaleDraft, DraftNotOpen, BundleRefused) as refused:
        return jsonify(message=said(refused), code=refused.code), status_of(refused)
    return jsonify(revision=saved)


@bp.post("/<name>/check")
@login_required
def check(draft_id: str, name: str) -> ResponseReturnValue:
    """What lint finds in the draft with this file as it is being drawn, errors first, then by place; nothing
    is stored."""
    try:
        found = draft_problems(db.session(), draft_id, actor(), {name: sent_content()})
    except BundleRefused as refused:
        found = tuple(refused.problems)
    order = sorted(found, key=lambda p: (p.level != "error", p.file, p.line, p.column))
    return jsonify(problems=[shown(problem) for problem in order])


def shown(problem: Problem) -> dict[str, object]:
    """A problem for the script of the editor."""
    return {
        "file": problem.file, "line": problem.line, "level": problem.level, "element": problem.element,
        "text": problem.message(language()),
    }  # fmt: skip


def sent_content() -> bytes:
    """The file that an editor sends. Raises Unreadable without one."""
    sent = request.files.get("content")
    if sent is None:
        raise Unreadable(gettext("There is no file in this request."))
    return sent.read()


def sent_revision() -> int:
    """The revision that the editor opened. Raises Unreadable."""
    given = request.form.get("revision", "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Unreadable(gettext("There is no revision in this request."))
    return int(given)


def said(refused: EngineError) -> str:
    """A refusal in the language of the page, its time as the pages write times."""
    lang = "zh" if language() == "zh" else "en"
    if isinstance(refused, BundleRefused):
        return " ".join(problem.text(lang) for problem in refused.problems)
    if isinstance(refused, StaleDraft):
        refused.at = when(refused.at)  # type: ignore[assignment]
    return refused.message(lang)
