"""Handing out attached files: never executed, never guessed at, with their Chinese names."""

from __future__ import annotations

from flask import Blueprint, current_app, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import login_required

from engine import read_attachment, transaction
from web.auth import actor
from web.csvfile import disposition
from web.db import db
from web.security import SANDBOX

bp = Blueprint("attachments", __name__)

SHOWN = frozenset({"image/jpeg", "image/png"})  # what a page may show; everything else is downloaded


@bp.get("/attachments/<attachment_id>")
@login_required
def show(attachment_id: str) -> ResponseReturnValue:
    """A file as a download, or with ?view=1 a picture to look at."""
    folder = current_app.config["SETTINGS"].files
    with transaction(db.session()):
        file, path = read_attachment(db.session(), attachment_id, actor(), folder)
    inline = request.args.get("view") == "1" and file.media_type in SHOWN
    response = send_file(path.resolve(), mimetype=file.media_type, etag=file.sha256, conditional=True)
    response.headers["Content-Disposition"] = disposition(file.filename, "inline" if inline else "attachment")
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-cache"
    return response
