"""Tokens for programs: one's own on the account's page of tokens, somebody's for administrators."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_login import login_required

from engine import (
    SCOPES,
    NewToken,
    create_token,
    get_account,
    list_tokens,
    may_administer,
    revoke_token,
    transaction,
)
from engine.errors import BadTokenRequest, ReasonRequired, TokenRevoked
from web.auth import actor
from web.db import db
from web.i18n import language, now

bp = Blueprint("tokens", __name__)

SCOPE_NAMES = {
    "read": lazy_gettext("look: read what you may read"),
    "work": lazy_gettext("work: start, claim, complete and cancel in your name"),
    "deploy": lazy_gettext("publish: deploy processes at once, with no second approval, if you may"),
}
LIVES = (30, 90, 366)  # days on offer


def _mine(made: NewToken | None = None, problem: str = "") -> ResponseReturnValue:
    """One's own tokens; a new one with its secret, this once; after a refusal what is wrong."""
    page = render_template(
        "tokens.html", tokens=list_tokens(db.session(), actor()), made=made, problem=problem, account=None,
        may_revoke=True, lives=LIVES, given=request.form, refused="", missing="",
    )  # fmt: skip
    return page, 422 if problem else 200


@bp.get("/account/tokens")
@login_required
def index() -> ResponseReturnValue:
    """One's own tokens, and the form for a new one."""
    return _mine()


@bp.post("/account/tokens")
@login_required
def create() -> ResponseReturnValue:
    """Make a token; the answer itself shows it, for nothing else ever will."""
    name, days = request.form.get("name", ""), request.form.get("days", "")
    scopes = request.form.getlist("scopes")
    try:
        with transaction(db.session()):
            made = create_token(
                db.session(), actor(), name, scopes, days=int(days) if days.isdecimal() else 0, now=now()
            )
    except BadTokenRequest as refused:
        return _mine(problem=refused.message(language()))
    return _mine(made)


@bp.post("/account/tokens/<token_id>/revoke")
@login_required
def revoke(token_id: str) -> ResponseReturnValue:
    """End one of one's own tokens."""
    _revoke(token_id, "")
    return redirect(url_for("tokens.index"))


@bp.get("/people/<person_id>/tokens")
@login_required
def of(person_id: str) -> ResponseReturnValue:
    """Somebody's tokens, for who may read accounts."""
    return _theirs(person_id)


def _theirs(person_id: str, refused: str = "", missing: str = "") -> ResponseReturnValue:
    account = get_account(db.session(), person_id, actor())
    page = render_template(
        "tokens.html", tokens=list_tokens(db.session(), actor(), person_id), made=None, problem="",
        account=account, may_revoke=bool(may_administer(actor(), person_id)), refused=refused,
        missing=missing,
    )  # fmt: skip
    return page, 422 if missing else 200


@bp.post("/people/<person_id>/tokens/<token_id>/revoke")
@login_required
def revoke_theirs(person_id: str, token_id: str) -> ResponseReturnValue:
    """End somebody's token, with a reason."""
    try:
        _revoke(token_id, request.form.get("reason", ""))
    except ReasonRequired as refused:
        return _theirs(person_id, token_id, refused.message(language()))
    return redirect(url_for("tokens.of", person_id=person_id))


def _revoke(token_id: str, reason: str) -> None:
    try:
        with transaction(db.session()):
            revoke_token(db.session(), token_id, actor(), reason, now=now())
    except TokenRevoked as refused:
        flash(refused.message(language()), "bad")
        return
    flash(gettext("The token is revoked. Whatever uses it is refused from now on."), "done")


def init_app(app: Flask) -> None:
    """Hang the pages on the app."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(SCOPES=SCOPES, SCOPE_NAMES=SCOPE_NAMES)
