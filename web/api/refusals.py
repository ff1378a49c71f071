"""Every refusal as JSON `{"type", "message", "code"}`: the one place that knows how programs are told no."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException

from engine import errors, measures
from web.api.blueprint import PREFIX
from web.choices import Choices
from web.db import db
from web.errors import RETRY_AFTER, Unreadable, status_of
from web.i18n import language

log = logging.getLogger("zhihuan.web")

COULD_NOT_PARSE = "ENGINE-09005 Could not parse BPMN process."
MISMATCHING = (
    "org.camunda.bpm.engine.MismatchingMessageCorrelationException: Cannot correlate message '{name}': "
    "No process definition or execution matches the parameters"
)
UNAUTHENTICATED = (errors.WrongPassword, errors.BadToken)
CHALLENGES = ('Basic realm="zhihuan", charset="UTF-8"', 'Bearer realm="zhihuan"')
UNPROCESSABLE, BAD_REQUEST = 422, 400


def refusal(status: int, kind: str, message: str, code: str, **more: Any) -> Response:
    """An answer that says no."""
    answer = jsonify({"type": kind, "message": message, "code": code, **more})
    answer.status_code = status
    if status == 401:
        for challenge in CHALLENGES:
            answer.headers.add("WWW-Authenticate", challenge)
    return answer


def concerns(path: str) -> bool:
    """Whether an address belongs to the interface for programs."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def refused(error: errors.EngineError) -> Response:
    """The engine said no: nothing is kept, the reason is told in the person's language."""
    measures.refused(error)
    db.session.rollback()
    if isinstance(error, errors.BundleRefused):
        return could_not_parse(error.problems)
    if isinstance(error, errors.NobodyTookMessage):
        return mismatching(error)
    status = 401 if isinstance(error, UNAUTHENTICATED) else status_of(error)
    said = Choices(db.session(), language()).refusal(error)
    return refusal(BAD_REQUEST if status == UNPROCESSABLE else status, type(error).__name__, said, error.code)


def mismatching(error: errors.NobodyTookMessage) -> Response:
    """A message that nobody takes, as clients look for it: by the name of Camunda's exception."""
    said = MISMATCHING.format(name=error.name)
    told = f"{said}\n{Choices(db.session(), language()).refusal(error)}"
    return refusal(BAD_REQUEST, "RestException", told, error.code)


def could_not_parse(problems: Sequence[errors.Problem]) -> Response:
    """Files with errors, as a modeler shows them: every problem with its file, line, column and element."""
    details: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for problem in problems:
        kinds = details.setdefault(problem.file, {"errors": [], "warnings": []})
        kinds[f"{problem.level}s"].append(_shown(problem))
    lang: errors.Lang = "zh" if language() == "zh" else "en"
    lines = [COULD_NOT_PARSE, *(p.text(lang) for p in problems if p.level == "error")]
    return refusal(
        BAD_REQUEST, "ParseException", "\n".join(lines), errors.BundleRefused.code, details=details
    )


def _shown(problem: errors.Problem) -> dict[str, Any]:
    return {
        "message": problem.message(language()),
        "line": problem.line,
        "column": problem.column,
        "mainBpmnElementId": problem.element or None,
        "bpmnElementIds": [problem.element] if problem.element else [],
    }


def unavailable(error: errors.DatabaseUnavailable) -> Response:
    """The database is full, read-only, busy or gone: the answer asks it nothing."""
    log.error("503: %s", error.code, exc_info=error)
    db.session.rollback()
    answer = refusal(503, type(error).__name__, error.message("en"), error.code)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def http_error(error: HTTPException) -> Response:
    """No such route, a method that it does not have, a body that is too large or no JSON."""
    db.session.rollback()
    status = error.code or 500
    said = error.description if isinstance(error, Unreadable) else None
    said = said or f"{request.method} {request.path}: {error.name}"
    answer = refusal(status, type(error).__name__, said, f"http_{status}")
    if allowed := getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def crash(error: Exception) -> Response:
    """A fault of ours: it is logged with its traceback; the program learns only that it happened."""
    db.session.rollback()
    return refusal(
        500, "InternalServerError", "Something went wrong on our side. Nothing was stored.", "fault"
    )
