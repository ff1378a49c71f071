"""Whoever was given a password chooses an own one first: until then no page does anything else."""

from __future__ import annotations

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from web.auth import actor

MACHINES = frozenset({"static", "health.healthz", "health.readyz", "metrics.metrics"})  # whoever asks
OPEN = frozenset({"auth.account", "auth.sign_out", "auth.choose_language", *MACHINES})


def ask_for_own_password() -> ResponseReturnValue | None:
    """Leads to the page where the password is changed."""
    if request.endpoint in OPEN or not current_user.is_authenticated or not actor().must_change_password:
        return None
    return redirect(url_for("auth.account"))


def init_app(app: Flask) -> None:
    """Stand before every request."""
    app.before_request(ask_for_own_password)
