"""Verbs on the tokens that programs sign in with: create, revoke, sign in."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.errors import (
    BadToken,
    BadTokenRequest,
    PersonNotFound,
    ReasonRequired,
    TokenNotFound,
    TokenRevoked,
)
from engine.queries.account_rules import may_administer
from engine.queries.clock import time_of
from engine.queries.people import get_actor
from engine.queries.tokens import SCOPES, TokenView, token_view
from engine.queries.views import Actor
from engine.storage.ids import new_id
from engine.storage.models import AccessLog, ApiToken, Person, PersonEvent
from engine.storage.session import begin_write

PREFIX = "zh_"  # so that a secret scanner, and a reader of a log, knows one
LONGEST_NAME = 100
LONGEST_LIFE = 366  # days
NOTED = timedelta(minutes=1)  # how exactly the last use is kept: not every request writes


@dataclass(frozen=True)
class NewToken:
    """A token just made: `secret` is shown this once and kept nowhere."""

    token: TokenView
    secret: str


@dataclass(frozen=True)
class Bearer:
    """Who a token stands for, and what it opens."""

    actor: Actor
    scopes: frozenset[str]


def create_token(
    session: Session,
    actor: Actor,
    name: str,
    scopes: Iterable[str],
    *,
    days: int = 90,
    now: datetime | None = None,
) -> NewToken:
    """Makes a token of one's own that lives for `days` days. Raises BadTokenRequest, PersonNotFound."""
    at, wanted, called = time_of(now), [s for s in SCOPES if s in set(scopes)], " ".join(name.split())
    fits = 0 < len(called) <= LONGEST_NAME and called.isprintable() and 1 <= days <= LONGEST_LIFE
    if not fits or not wanted or set(scopes) - set(SCOPES):
        raise BadTokenRequest(longest=LONGEST_NAME, scopes=", ".join(SCOPES), days=LONGEST_LIFE)
    begin_write(session)
    if get_actor(session, actor.person_id) is None:
        raise PersonNotFound(actor.person_id)
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        id=new_id(), person_id=actor.person_id, name=called, sha256=_digest(secret), scopes=wanted,
        created_at=at, expires_at=at + timedelta(days=days),
    )  # fmt: skip
    session.add(row)
    _keep(session, row, "token_created", actor, at, None)
    return NewToken(token_view(row), secret)


def revoke_token(
    session: Session, token_id: str, actor: Actor, reason: str = "", *, now: datetime | None = None
) -> None:
    """Ends a token at once: one's own, or as an administrator somebody else's, with a reason.

    Raises TokenNotFound, ReasonRequired, TokenRevoked."""
    at = time_of(now)
    begin_write(session)
    row = session.get(ApiToken, token_id, populate_existing=True, with_for_update=True)
    if row is None or (row.person_id != actor.person_id and not may_administer(actor, row.person_id)):
        raise TokenNotFound(token_id)
    if row.person_id != actor.person_id and not reason.strip():
        raise ReasonRequired()
    if row.revoked_at is not None:
        raise TokenRevoked()
    row.revoked_at = at
    _keep(session, row, "token_revoked", actor, at, reason.strip() or None)


def sign_in_with_token(session: Session, secret: str, *, now: datetime | None = None) -> Bearer:
    """Who the token stands for. A refused use of a token that once was good is kept in the access log.

    Raises BadToken (unknown, revoked, expired, account switched off alike); it must be committed."""
    at = time_of(now)
    row = session.scalars(select(ApiToken).where(ApiToken.sha256 == _digest(secret))).one_or_none()
    if row is None:
        raise BadToken()
    session.get(Person, row.person_id, populate_existing=True)
    actor = get_actor(session, row.person_id) if token_view(row).is_open(at) else None
    if actor is None:
        session.add(AccessLog(at=at, person_id=row.person_id, action="token_refused"))
        session.flush()
        raise BadToken()
    if row.last_used_at is None or row.last_used_at < at - NOTED:
        session.execute(update(ApiToken).where(ApiToken.id == row.id).values(last_used_at=at))
    return Bearer(actor, frozenset(row.scopes))


def _digest(secret: str) -> str:
    """sha256 is enough: a token is 256 random bits, there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _keep(session: Session, row: ApiToken, kind: str, by: Actor, at: datetime, reason: str | None) -> None:
    data: dict[str, object] = {"token": row.name, "scopes": list(row.scopes)}
    event = PersonEvent(person_id=row.person_id, at=at, by=by.person_id, kind=kind, reason=reason, data=data)
    session.add(event)
    session.flush()
