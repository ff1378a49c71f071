"""Who calls: the password of the account (Basic) or a token (Bearer), never the cookie of a browser."""

from __future__ import annotations

from flask import Response, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse

from engine import SCOPES, Bearer, authenticate, logs, sign_in_with_token, transaction
from engine.errors import BadToken, InitialPassword, ScopeMissing, WrongPassword
from web.api.blueprint import OPERATIONS
from web.api.refusals import concerns, refusal
from web.auth import SignedIn
from web.db import db
from web.errors import as_nobody
from web.i18n import now
from web.security import limiter

EVERYTHING = frozenset(SCOPES)


def forget_the_browser() -> None:
    """Nobody is signed in here by a cookie, whatever the browser of the person sends along."""
    if concerns(request.path):
        as_nobody()


def admit() -> ResponseReturnValue | None:
    """Lets in who has a password or a token, as far as its scopes and the limits go; OPTIONS asks nobody.

    Raises WrongPassword, AccountLocked, BadToken, InitialPassword, ScopeMissing."""
    if request.method == "OPTIONS":
        return None
    sent = request.authorization
    if sent is None or not ((sent.type == "bearer" and sent.token) or sent.type == "basic"):
        return refusal(
            401, "Unauthorized", "Sign in with a password (Basic) or a token (Bearer).", "http_401"
        )
    if not _may_try():
        return _too_many("Too many failed attempts from this address.")
    bearer = _known()
    actor = bearer.actor
    g._login_user = SignedIn(actor)
    logs.about(actor=actor.person_id)
    if actor.must_change_password:
        raise InitialPassword()
    often = parse(current_app.config["SETTINGS"].api_limit)
    if not limiter.limiter.hit(often, "api", actor.person_id):
        return _too_many("Too many requests of this person.")
    wanted = OPERATIONS[request.endpoint or ""].scope
    if wanted not in bearer.scopes:
        raise ScopeMissing(scope=wanted)
    return None


def _known() -> Bearer:
    """Who signs in; a failure counts against the address, as on the sign-in page."""
    sent = request.authorization
    assert sent is not None
    try:
        with transaction(db.session()):
            if sent.type == "bearer":
                return sign_in_with_token(db.session(), sent.token or "", now=now())
            username, password = (sent.username or "").strip(), sent.password or ""
            return Bearer(authenticate(db.session(), username, password, now=now()), EVERYTHING)
    except (WrongPassword, BadToken):
        limiter.limiter.hit(_attempts(), "api-sign-in", get_remote_address())
        raise


def _attempts() -> RateLimitItem:
    return parse(current_app.config["SETTINGS"].sign_in_limit)


def _may_try() -> bool:
    return limiter.limiter.test(_attempts(), "api-sign-in", get_remote_address())


def _too_many(said: str) -> Response:
    answer = refusal(429, "TooManyRequests", said, "http_429")
    answer.headers["Retry-After"] = "60"
    return answer
