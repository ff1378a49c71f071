"""The editors of a draft's files: the modeler for a process, text for everything that has no other page."""

from __future__ import annotations

import base64
import hashlib
from pathlib import PurePosixPath

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from engine import (
    DraftFile,
    draft_choices,
    get_definition_draft,
    kind_of_file,
    read_draft_file,
    save_definition_file,
    title_of_file,
    transaction,
)
from engine.errors import BundleRefused, StaleDraft
from web.auth import actor
from web.db import db
from web.draft_files import said, sent_revision
from web.errors import status_of
from web.house_properties import choices, fields
from web.i18n import language, now
from web.security import POLICY

# The modeler writes these style attributes itself, for its panel and its icons: they and no other are let in.
STYLES = (
    "height: 100%",
    "flex: none; height: auto",
    "stroke-width:2",
    "stroke:currentColor;stroke-width:100;stroke-linecap:round;",
    "fill:none;stroke:currentColor;stroke-width:100;",
    "fill:none;stroke:currentColor;stroke-width:100;stroke-linejoin:round;",
    "fill:currentColor;stroke:currentColor;stroke-width:100;opacity:.5;",
)
bp = Blueprint("draft_editors", __name__, url_prefix="/drafts/<draft_id>/edit")


@bp.get("/<name>")
@login_required
def show(draft_id: str, name: str) -> ResponseReturnValue:
    """The editor that fits the file."""
    file, content = read_draft_file(db.session(), draft_id, name, actor())
    if kind_of_file(name) == "process":
        return _modeler(draft_id, file, content)
    if kind_of_file(name) == "decision":
        place = {part: request.args.get(part, type=int) for part in ("line", "column")}
        return redirect(url_for("draft_tables.show", draft_id=draft_id, name=name, **place))
    if kind_of_file(name) == "form":
        return redirect(url_for("draft_forms.show", draft_id=draft_id, name=name))
    return _as_text(draft_id, file, content.decode("utf-8-sig", "replace"), file.revision)


def _modeler(draft_id: str, file: DraftFile, content: bytes) -> ResponseReturnValue:
    zh, en = title_of_file(file.name, content)
    offered = draft_choices(db.session(), draft_id, actor())
    page = render_template(
        "modeler.html", view=get_definition_draft(db.session(), draft_id, actor()), file=file,
        title=(en if language() == "en" else "") or zh, fields=fields(), choices=choices(offered),
        files=offered,
    )  # fmt: skip
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = f"{POLICY}; style-src-attr 'unsafe-hashes' {_hashes()}"
    return answer


def _hashes() -> str:
    digests = (base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in STYLES)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


@bp.get("/<name>/text")
@login_required
def text(draft_id: str, name: str) -> ResponseReturnValue:
    """Any file as it is written."""
    file, content = read_draft_file(db.session(), draft_id, name, actor())
    return _as_text(draft_id, file, content.decode("utf-8-sig", "replace"), file.revision)


@bp.post("/<name>/text")
@login_required
def save_text(draft_id: str, name: str) -> ResponseReturnValue:
    """The text came back; a refusal keeps what was typed."""
    typed, revision = request.form.get("content", "").replace("\r\n", "\n"), sent_revision()
    try:
        with transaction(db.session()):
            save_definition_file(
                db.session(), actor(), draft_id, name, typed.encode("utf-8", "replace"), revision, now=now()
            )
    except (BundleRefused, StaleDraft) as refused:
        file, _ = read_draft_file(db.session(), draft_id, name, actor())
        return _as_text(draft_id, file, typed, revision, said(refused)), status_of(refused)
    flash(gettext("%(name)s is saved.", name=name), "done")
    return redirect(url_for("draft_editors.text", draft_id=draft_id, name=name))


def _as_text(
    draft_id: str, file: DraftFile, content: str, revision: int, problem: str = ""
) -> ResponseReturnValue:
    view = get_definition_draft(db.session(), draft_id, actor())
    return render_template(
        "draft_text.html", view=view, file=file, content=content, revision=revision, problem=problem,
        suffix=PurePosixPath(file.name).suffix,
    )  # fmt: skip
