"""Numbered records as pages to print."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from engine import get_record, transaction
from web.auth import actor
from web.db import db
from web.i18n import now

bp = Blueprint("records", __name__)


@bp.get("/instances/<instance_id>/records/<number>")
@login_required
def show(instance_id: str, number: str) -> ResponseReturnValue:
    """One record, laid out for paper."""
    with transaction(db.session()):  # reading personal data in clear is logged
        record = get_record(db.session(), instance_id, number, actor(), now=now())
        return render_template("record.html", record=record, instance_id=instance_id)
