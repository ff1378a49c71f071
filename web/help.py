"""The page that explains the pages."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from engine import list_groups
from web.db import db

bp = Blueprint("help", __name__)


@bp.get("/help")
@login_required
def show() -> ResponseReturnValue:
    """How the work goes, what the marks mean, who the groups are."""
    return render_template("help.html", groups=list_groups(db.session()))
