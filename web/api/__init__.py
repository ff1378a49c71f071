"""The interface for programs under `/engine-rest`, in the shapes of Camunda 7: JSON in, verb, JSON out."""

from __future__ import annotations

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from engine.errors import DatabaseUnavailable, EngineError
from web import errors
from web.api import (
    about,
    access,
    definitions,
    deployments,
    directory,
    external_tasks,
    incidents,
    instances,
    jobs,
    messages,
    past_activities,
    past_instances,
    past_tasks,
    refusals,
    task_comments,
    task_delegation,
    task_variables,
    tasks,
    user_operations,
    values,
)
from web.api.blueprint import bp
from web.security import csrf


def answered(error: HTTPException) -> ResponseReturnValue:
    """An address that does not exist: as JSON inside, as a page elsewhere."""
    return refusals.http_error(error) if refusals.concerns(request.path) else errors.http_error(error)


def stand_in_front(app: Flask) -> None:
    """Before any other hook reads the cookie of a browser, forget it here."""
    app.before_request(access.forget_the_browser)


RESOURCES = (
    about,
    deployments,
    definitions,
    instances,
    tasks,
    task_comments,
    task_delegation,
    task_variables,
    external_tasks,
    messages,
    incidents,
    jobs,
    values,
    past_instances,
    past_activities,
    past_tasks,
    user_operations,
    directory,
)  # each enters its operations when it is read in

bp.before_request(access.admit)
bp.register_error_handler(EngineError, refusals.refused)
bp.register_error_handler(DatabaseUnavailable, refusals.unavailable)
bp.register_error_handler(HTTPException, refusals.http_error)
bp.register_error_handler(500, refusals.crash)


def init_app(app: Flask) -> None:
    """Hang the interface on the app. No form token is asked for here, since no cookie counts here."""
    csrf.exempt(bp)
    app.register_blueprint(bp)
    app.register_blueprint(about.well_known)
    app.register_error_handler(HTTPException, answered)
