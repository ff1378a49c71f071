"""Two versions of a process side by side."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from engine import compare_versions
from web.auth import actor
from web.db import db
from web.paging import number

bp = Blueprint("comparisons", __name__)


@bp.get("/processes/<process_id>/compare")
@login_required
def show(process_id: str) -> ResponseReturnValue:
    """The versions `from` and `to`; without them the latest and the one before it."""
    before, after = (int(given) if given else None for given in (number("from"), number("to")))
    view = compare_versions(db.session(), process_id, actor(), before=before, after=after)
    return render_template("comparison.html", view=view)
