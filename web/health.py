"""Whether this process lives and can work: for load balancers and supervisors, without signing in."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from engine import is_migrated, is_unattended, job_lag
from engine.errors import DatabaseUnavailable
from web.db import db

log = logging.getLogger("zhihuan.web")

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return jsonify(alive=True)


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """200 if work can be done here, else 503 with the check that failed; the reason is in the log only.

    That due jobs wait for a worker elsewhere is told (`degraded`) and changes nothing: were every page out of
    rotation because of it, nobody could work at all, and no timer would come any sooner."""
    failed = next((name for name, check in _checks().items() if not _passes(name, check)), None)
    if failed is not None:
        return jsonify(ready=False, failed=failed), 503
    if "zhihuan_worker" not in current_app.extensions and _unattended():
        return jsonify(ready=True, degraded="worker")
    return jsonify(ready=True)


def _checks() -> dict[str, Callable[[], bool]]:
    """In order: the later ones make sense only if the earlier ones pass."""
    checks: dict[str, Callable[[], bool]] = {"database": _answers, "schema": lambda: is_migrated(db.engine)}
    worker = current_app.extensions.get("zhihuan_worker")
    if worker is not None:
        checks |= {"worker": lambda: worker.alive, "lag": _keeps_up}
    return checks


def _answers() -> bool:
    with db.engine.connect():
        return True


def _keeps_up() -> bool:
    return job_lag(db.session()) <= current_app.config["SETTINGS"].ready_lag


def _unattended() -> bool:
    """Told in the answer, not in the log: it is no fault of this process, and is asked every few seconds."""
    try:
        return is_unattended(db.session())
    except (SQLAlchemyError, DatabaseUnavailable):
        log.warning("whether a worker lives could not be looked up", exc_info=True)
        return False


def _passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        passed = check()
    except (SQLAlchemyError, DatabaseUnavailable):
        log.warning("not ready: %s", name, exc_info=True)
        return False
    if not passed:
        log.warning("not ready: %s", name)
    return passed
