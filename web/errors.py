"""Every refusal as an answer: the one place that knows which engine error is which HTTP status."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from flask import Flask, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest, HTTPException

from engine import MOST_FILE_BYTES, Shown, errors, measures
from web.choices import Choices
from web.db import db
from web.i18n import language
from web.settings import MEGABYTE

log = logging.getLogger("zhihuan.web")

RETRY_AFTER = 5  # seconds, for programs that come back by themselves
READABLE = (errors.DatabaseReadOnly, errors.DiskFull)  # pages that only read still work


class Unreadable(BadRequest):
    """A request that makes no sense, with a description in the reader's language."""


# The nearest ancestor of an error that is listed here decides.
STATUS: dict[type[errors.EngineError], int] = {
    errors.EngineError: 400,
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.TaskNotOpen: 409,
    errors.StaleTask: 409,
    errors.NotDelegated: 409,
    errors.StaleDraft: 409,
    errors.StaleWalk: 409,
    errors.StaleScenario: 409,
    errors.DraftNotOpen: 409,
    errors.DraftFileExists: 409,
    errors.DraftNotSubmitted: 409,
    errors.DraftChanged: 409,
    errors.DraftOutdated: 409,
    errors.NothingToPublish: 409,
    errors.AlreadyEnded: 409,
    errors.AlreadyResolved: 409,
    errors.CaseSuspended: 409,
    errors.DefinitionSuspended: 409,
    errors.SuspendedAlready: 409,
    errors.NotSuspended: 409,
    errors.OlderVersion: 409,
    errors.NothingToMove: 409,
    errors.ExternalTaskNotYours: 409,
    errors.TokenRevoked: 409,
    errors.ClockExpired: 409,
    errors.PersonExists: 409,
    errors.FormInvalid: 422,
    errors.SignatureRequired: 422,
    errors.WrongPassword: 422,
    errors.WeakPassword: 422,
    errors.ReasonRequired: 422,
    errors.BadComment: 422,
    errors.SameVersion: 422,
    errors.BadScenario: 422,
    errors.WalkTooLong: 422,
    errors.BundleRefused: 422,
    errors.BadImport: 422,
    errors.DecisionError: 422,
    errors.ExpressionError: 422,
    errors.WrongFileType: 415,
    errors.FileTooLarge: 413,
    errors.DatabaseUnavailable: 503,
}

TITLES = {
    400: lazy_gettext("This request makes no sense"),
    403: lazy_gettext("You may not do this"),
    404: lazy_gettext("There is nothing here"),
    405: lazy_gettext("This cannot be done this way"),
    409: lazy_gettext("Somebody was faster"),
    413: lazy_gettext("Too much at once"),
    415: lazy_gettext("This kind of file is not accepted"),
    422: lazy_gettext("This cannot be done as it stands"),
    429: lazy_gettext("Too many attempts"),
    500: lazy_gettext("Something went wrong on our side"),
    503: lazy_gettext("This cannot be done at the moment"),
}
TEXTS = {
    400: lazy_gettext("Part of the address or form is not what the page offers. Go back and try again."),
    403: lazy_gettext("Your groups do not allow it. If they should, ask your administrator."),
    404: lazy_gettext("The address is wrong, or what it named is not for you to see."),
    405: lazy_gettext("Go back and use the buttons of the page."),
    409: lazy_gettext("What you wanted to change has changed meanwhile. Nothing of yours was stored."),
    413: lazy_gettext("All files of one submission together may have at most %(limit)d MB."),
    415: lazy_gettext("Pictures (jpg, png), documents (pdf) and videos (mp4) are accepted."),
    422: lazy_gettext("Nothing was stored."),
    429: lazy_gettext("Wait a minute, then try again."),
    500: lazy_gettext("Nothing was stored. The fault is logged; please tell your administrator about it."),
}


def status_of(error: errors.EngineError) -> int:
    """The HTTP status of an engine's refusal."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def page(status: int, text: str | None = None, kept: Sequence[Shown] = ()) -> ResponseReturnValue:
    """An error page in the reader's language; `text` replaces the general explanation.

    `kept` is what the reader had typed, shown so that it can be copied.
    """
    said = too_large() if status == 413 else str(TEXTS.get(status, ""))
    words = {
        "status": status,
        "title": TITLES.get(status) or gettext("This did not work"),
        "text": text or said,
        "kept": kept,
    }
    return render_template("error.html", **words), status


def too_large() -> str:
    """Which of the limits a request goes beyond: of all that is sent, of what is typed, or of fields. A draft
    also names that of a file: whoever is beyond the one is often beyond the other."""
    sent, most = request.content_length or 0, request.max_content_length or 0
    typed = request.max_form_memory_size or 0
    if not sent or sent > most:
        if not (request.blueprint or "").startswith("draft"):
            return str(TEXTS[413]) % {"limit": most // MEGABYTE}
        return gettext(
            "What is sent at once may have at most %(most)d MB; a file of a draft at most %(limit)d MB.",
            most=most // MEGABYTE, limit=MOST_FILE_BYTES // 1_000_000,
        )  # fmt: skip
    if sent > typed:
        return gettext(
            "What is typed into one form may have at most %(limit)d MB. Bring a larger file as a file.",
            limit=typed // MEGABYTE,
        )  # fmt: skip
    return gettext("One form may have at most %(limit)d fields.", limit=request.max_form_parts or 0)


def at(field: str, error: errors.EngineError) -> errors.FieldProblem:
    """A refusal as a problem of one input of a page, in the page's language."""
    text = Choices(db.session(), language()).refusal(error)
    return errors.FieldProblem(field, text, text)


def at_password(field: str, error: errors.EngineError) -> errors.FieldProblem:
    """The same where somebody who is signed in gives the password again: nobody was asked for a name."""
    if type(error) is errors.WrongPassword:
        text = "密码不正确。" if language() == "zh" else "The password is wrong."
        return errors.FieldProblem(field, text, text)
    return at(field, error)


def refused(error: errors.EngineError) -> ResponseReturnValue:
    """The engine said no: nothing is kept, the reason is shown."""
    measures.refused(error)
    db.session.rollback()
    return page(status_of(error), Choices(db.session(), language()).refusal(error))


def unavailable(error: errors.DatabaseUnavailable) -> ResponseReturnValue:
    """The database is full, read-only, busy or gone: the page says what to do, without asking it anything."""
    log.error("503: %s", error.code, exc_info=error)
    db.session.rollback()
    if not isinstance(error, READABLE) or not hasattr(g, "_login_user"):
        as_nobody()
    answer = make_response(page(503, error.message("zh" if language() == "zh" else "en")))
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def as_nobody() -> None:
    """The page of an error reads nobody from the database; the session of the browser stays."""
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Flask or a view said no; redirects and ready-made answers pass through."""
    if error.response is not None or error.code is None or error.code < 400:
        return error
    db.session.rollback()
    return page(error.code, error.description if isinstance(error, Unreadable) else None)


def csrf_error(error: CSRFError) -> ResponseReturnValue:
    """The form came from elsewhere, or from a session that has ended."""
    return page(400, gettext("This page is too old or came from elsewhere. Load it again and repeat."))


def crash(error: Exception) -> ResponseReturnValue:
    """A fault of ours: Flask has logged it with its traceback; the reader learns only that it happened."""
    db.session.rollback()
    as_nobody()
    return page(500)


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(errors.EngineError, refused)
    app.register_error_handler(errors.DatabaseUnavailable, unavailable)
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(500, crash)
