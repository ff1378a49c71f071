"""Accounts: signing in, locking out, groups, passwords, language."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine
from engine.errors import (
    AccountLocked,
    GroupNotFound,
    PersonExists,
    PersonNotFound,
    ReasonRequired,
    WeakPassword,
    WrongPassword,
)
from engine.records import passwords
from engine.storage.models import AccessLog, Person, PersonEvent
from tests.drive import PASSWORD, Clock


def sign_in(session: Session, clock: Clock, password: str = PASSWORD, username: str = "cs") -> engine.Actor:
    """Signs in as the page does: one transaction, kept where the refusal says so."""
    with engine.transaction(session):
        return engine.authenticate(session, username, password, now=clock.now)


def logged(session: Session) -> list[str]:
    """What the access log says, in order."""
    return list(session.scalars(select(AccessLog.action).order_by(AccessLog.id)))


def test_the_right_password_signs_in_with_groups_and_everybody_is_staff(
    people: Session, clock: Clock
) -> None:
    actor = sign_in(people, clock)
    assert (actor.person_id, actor.name, actor.groups) == ("cs", "cs 先生", {"cs", "staff"})
    assert logged(people) == ["sign_in"]


@pytest.mark.parametrize(
    ("username", "password"), [("cs", "wrong"), ("nobody", PASSWORD), ("cs", ""), ("", "")]
)
def test_a_wrong_name_or_password_is_refused_alike_and_kept(
    people: Session, clock: Clock, username: str, password: str
) -> None:
    with pytest.raises(WrongPassword) as refused:
        sign_in(people, clock, password, username)
    assert refused.value.message("zh") == "用户名或密码不正确。"
    people.rollback()
    assert logged(people) == ["sign_in_failed"]


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(
    people: Session, clock: Clock
) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in(people, clock, "wrong")
    with pytest.raises(AccountLocked):
        sign_in(people, clock)
    assert logged(people)[-2:] == ["account_locked", "sign_in_locked"]
    clock.advance(minutes=15, seconds=1)
    assert sign_in(people, clock).person_id == "cs"


def test_a_right_password_forgets_the_wrong_ones(people: Session, clock: Clock) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(WrongPassword):
                sign_in(people, clock, "wrong")
        sign_in(people, clock)


def test_an_account_switched_off_cannot_sign_in_nor_act(people: Session, clock: Clock) -> None:
    with engine.transaction(people):
        engine.set_active(people, "cs", False, by="admin", reason="离职", now=clock.now)
    with pytest.raises(WrongPassword):
        sign_in(people, clock)
    assert engine.get_actor(people, "cs") is None


def test_an_account_is_opened_once_and_never_reused(people: Session, clock: Clock) -> None:
    with engine.transaction(people):
        made = engine.create_person(
            people, "li.na", "李娜", "a long password", ["cs"], by="admin", reason="入职", now=clock.now
        )
    assert made.groups == ("cs",)
    assert sign_in(people, clock, "a long password", "li.na").groups == {"cs", "staff"}
    with pytest.raises(PersonExists):
        engine.create_person(people, "li.na", "别人", "a long password", by="admin", reason="入职")


@pytest.mark.parametrize("password", ["short", "li.na.name"])
def test_a_weak_password_is_refused(people: Session, password: str) -> None:
    with pytest.raises(WeakPassword):
        engine.create_person(people, "li.na.name", "李娜", password, by="admin", reason="入职")


def test_an_unknown_group_is_refused(people: Session) -> None:
    with pytest.raises(GroupNotFound):
        engine.create_person(
            people, "li.na", "李娜", "a long password", ["nowhere"], by="admin", reason="入职"
        )


def test_changing_accounts_needs_a_person_and_a_reason_and_is_kept(people: Session, clock: Clock) -> None:
    with pytest.raises(PersonNotFound):
        engine.set_groups(people, "nobody", ["qa"], by="admin", reason="x")
    with pytest.raises(ReasonRequired):
        engine.set_groups(people, "cs", ["qa"], by="admin", reason=" ")
    with engine.transaction(people):
        engine.set_groups(people, "cs", ["qa", "staff"], by="admin", reason="调岗", now=clock.now)
    actor = engine.get_actor(people, "cs")
    assert actor is not None
    assert actor.groups == {"qa", "staff"}
    kept = people.scalars(select(PersonEvent).where(PersonEvent.person_id == "cs")).one()
    assert (kept.kind, kept.by, kept.at, kept.reason) == ("groups_set", "admin", clock.now, "调岗")
    assert kept.data == {"added": ["qa"], "removed": ["cs"]}


def test_a_password_is_changed_by_who_knows_the_old_one(people: Session, clock: Clock) -> None:
    with pytest.raises(WrongPassword), engine.transaction(people):
        engine.change_password(people, "cs", "wrong", "another password", now=clock.now)
    with engine.transaction(people):
        engine.change_password(people, "cs", PASSWORD, "another password", now=clock.now)
    assert sign_in(people, clock, "another password")


def test_an_administrator_gives_a_new_password_which_unlocks(people: Session, clock: Clock) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in(people, clock, "wrong")
    with engine.transaction(people):
        engine.set_password(people, "cs", "another password", by="admin", reason="忘记密码", now=clock.now)
    assert sign_in(people, clock, "another password")


def test_passwords_are_kept_as_argon2_hashes(people: Session) -> None:
    assert people.get_one(Person, "cs").password_hash.startswith("$argon2id$")


def test_an_unknown_name_is_refused_after_as_much_work_as_a_known_one() -> None:
    assert passwords._NOBODY.startswith("$argon2id$")
    assert not PasswordHasher().check_needs_rehash(passwords._NOBODY)


def test_the_language_follows_the_choice_of_the_person(people: Session, clock: Clock) -> None:
    with engine.transaction(people):
        engine.set_language(people, "cs", "en")
    assert sign_in(people, clock).language == "en"


def test_people_and_groups_are_listed_by_group(people: Session) -> None:
    assert [person.id for person in engine.list_people(people, "cs")] == ["cs", "cs2"]
    assert len(engine.list_people(people, "staff")) == len(engine.list_people(people))
    assert "qa_lead" in {group.id for group in engine.list_groups(people)}


def test_a_lock_lasts_no_longer_than_it_says(people: Session, clock: Clock) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in(people, clock, "wrong")
    with pytest.raises(AccountLocked) as refused:
        sign_in(people, clock)
    assert refused.value.until == clock.now + timedelta(minutes=15)
