"""Tokens: what a program signs in with instead of a password."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine
from engine.errors import (
    BadToken,
    BadTokenRequest,
    NotAllowed,
    ReasonRequired,
    TokenNotFound,
    TokenRevoked,
)
from engine.storage.models import AccessLog, ApiToken, PersonEvent
from tests.drive import Clock, actor


def make(
    session: Session, clock: Clock, who: str = "qa", scopes: Iterable[str] = ("read",)
) -> engine.NewToken:
    """A token of somebody's."""
    with engine.transaction(session):
        return engine.create_token(session, actor(session, who), "reports", scopes, days=30, now=clock.now)


def use(session: Session, clock: Clock, secret: str) -> engine.Bearer:
    """A program signs in."""
    with engine.transaction(session):
        return engine.sign_in_with_token(session, secret, now=clock.now)


def test_a_token_stands_for_its_person_with_the_groups_of_today(people: Session, clock: Clock) -> None:
    bearer = use(people, clock, make(people, clock, scopes=["work", "read"]).secret)
    assert (bearer.actor.person_id, bearer.scopes) == ("qa", {"read", "work"})
    assert "qa" in bearer.actor.groups


def test_kept_is_the_fingerprint_and_never_the_token(people: Session, clock: Clock) -> None:
    made = make(people, clock)
    row = people.scalars(select(ApiToken)).one()
    assert row.sha256 == hashlib.sha256(made.secret.encode()).hexdigest()
    assert made.secret not in repr([vars(row), made.token])


def test_an_expired_a_revoked_and_an_unknown_token_are_refused_alike(people: Session, clock: Clock) -> None:
    old, revoked = make(people, clock), make(people, clock)
    with engine.transaction(people):
        engine.revoke_token(people, revoked.token.id, actor(people, "qa"), now=clock.now)
    clock.advance(days=30)
    said = set()
    for secret in (old.secret, revoked.secret, "zh_nobody", ""):
        with pytest.raises(BadToken) as refused:
            use(people, clock, secret)
        said.add(str(refused.value))
    assert len(said) == 1
    assert [row.action for row in people.scalars(select(AccessLog))] == ["token_refused"] * 2


def test_a_token_lives_until_its_last_second(people: Session, clock: Clock) -> None:
    made = make(people, clock)
    clock.now += timedelta(days=30, seconds=-1)
    assert use(people, clock, made.secret).actor.person_id == "qa"


def test_a_token_of_an_account_that_is_switched_off_is_refused(people: Session, clock: Clock) -> None:
    made = make(people, clock)
    with engine.transaction(people):
        engine.set_active(people, "qa", False, by="admin", reason="left", now=clock.now)
    with pytest.raises(BadToken):
        use(people, clock, made.secret)


def test_its_use_is_noted_once_a_minute(people: Session, clock: Clock) -> None:
    made, first = make(people, clock), clock.now
    for seconds in (0, 30, 31):
        clock.advance(seconds=seconds)
        use(people, clock, made.secret)
    (token,) = engine.list_tokens(people, actor(people, "qa"))
    assert token.last_used_at == first + timedelta(seconds=61)


def test_an_administrator_revokes_with_a_reason_and_nobody_else_does(people: Session, clock: Clock) -> None:
    made = make(people, clock)
    for who, reason, refusal in (("qa2", "x", TokenNotFound), ("admin", " ", ReasonRequired)):
        with pytest.raises(refusal), engine.transaction(people):
            engine.revoke_token(people, made.token.id, actor(people, who), reason, now=clock.now)
    with engine.transaction(people):
        engine.revoke_token(people, made.token.id, actor(people, "admin"), "laptop lost", now=clock.now)
    with pytest.raises(TokenRevoked), engine.transaction(people):
        engine.revoke_token(people, made.token.id, actor(people, "qa"), now=clock.now)
    events = people.scalars(select(PersonEvent).order_by(PersonEvent.id))
    assert [(e.kind, e.by, e.reason) for e in events] == [
        ("token_created", "qa", None),
        ("token_revoked", "admin", "laptop lost"),
    ]


def test_tokens_of_others_are_seen_by_who_reads_accounts_only(people: Session, clock: Clock) -> None:
    make(people, clock)
    assert len(engine.list_tokens(people, actor(people, "compliance"), "qa")) == 1
    with pytest.raises(NotAllowed):
        engine.list_tokens(people, actor(people, "gm"), "qa")


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [
        (" ", ["read"], 30), ("x" * 101, ["read"], 30), ("x", [], 30), ("x", ["all"], 30),
        ("x", ["read", "all"], 30), ("x", ["read"], 0), ("x", ["read"], 367),
    ],
)  # fmt: skip
def test_a_token_without_name_scope_or_end_is_refused(
    people: Session, name: str, scopes: list[str], days: int
) -> None:
    with pytest.raises(BadTokenRequest):
        engine.create_token(people, actor(people, "qa"), name, scopes, days=days)
