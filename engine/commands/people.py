"""Verbs on accounts: create, group, switch off, sign in, passwords, language."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from engine.errors import GroupNotFound, PersonExists, PersonNotFound, ReasonRequired
from engine.queries.access import EVERYBODY
from engine.queries.clock import time_of
from engine.queries.people import get_actor
from engine.queries.views import Actor, PersonView
from engine.records.passwords import check_password, hash_password
from engine.storage.models import AccessLog, OrgGroup, Person, PersonGroup
from engine.storage.session import begin_write

LANGUAGES = ("zh", "en")


def create_person(
    session: Session,
    person_id: str,
    name: str,
    password: str,
    groups: Iterable[str] = (),
    *,
    language: str = "zh",
    by: str,
    now: datetime | None = None,
) -> PersonView:
    """Opens an account. `person_id` is the user name for good, `by` who opens it.

    Raises PersonExists, WeakPassword, GroupNotFound."""
    at = time_of(now)
    begin_write(session)
    if session.get(Person, person_id):
        raise PersonExists(person_id)
    secret = hash_password(person_id, password)
    session.add(
        Person(id=person_id, name=name, language=language, password_hash=secret, created_at=at,
               created_by=by, password_changed_at=at)
    )  # fmt: skip
    session.flush()
    kept = _write_groups(session, person_id, groups)
    _log(session, by, "person_created", at, {"person": person_id, "groups": kept})
    return PersonView(person_id, name, tuple(kept), language, True)


def set_groups(
    session: Session,
    person_id: str,
    groups: Iterable[str],
    *,
    by: str,
    reason: str,
    now: datetime | None = None,
) -> None:
    """Replaces a person's groups. Raises PersonNotFound, GroupNotFound, ReasonRequired."""
    _person(session, person_id, reason)
    kept = _write_groups(session, person_id, groups)
    _log(session, by, "groups_set", time_of(now), {"person": person_id, "groups": kept, "reason": reason})


def set_active(
    session: Session, person_id: str, active: bool, *, by: str, reason: str, now: datetime | None = None
) -> None:
    """Switches an account on or off; accounts are never deleted. Raises PersonNotFound, ReasonRequired."""
    _person(session, person_id, reason).active = active
    _log(session, by, "active_set", time_of(now), {"person": person_id, "active": active, "reason": reason})


def set_password(
    session: Session, person_id: str, new: str, *, by: str, reason: str, now: datetime | None = None
) -> None:
    """An administrator gives a new password and unlocks the account.

    Raises PersonNotFound, ReasonRequired, WeakPassword."""
    person, at = _person(session, person_id, reason), time_of(now)
    person.password_hash, person.password_changed_at = hash_password(person_id, new), at
    person.failed_count, person.locked_until = 0, None
    _log(session, by, "password_set", at, {"person": person_id, "reason": reason})


def change_password(
    session: Session, person_id: str, old: str, new: str, *, now: datetime | None = None
) -> None:
    """A person changes the own password. Raises WrongPassword, AccountLocked, WeakPassword."""
    at = time_of(now)
    begin_write(session)
    person = session.get(Person, person_id, populate_existing=True)
    check_password(session, person_id, person, old, at)
    if person:
        person.password_hash, person.password_changed_at = hash_password(person_id, new), at
    _log(session, person_id, "password_changed", at, None)


def set_language(session: Session, person_id: str, language: str) -> None:
    """The language of a person's pages, "zh" or "en"."""
    begin_write(session)
    person = session.get(Person, person_id, populate_existing=True)
    if person is None:
        raise PersonNotFound(person_id)
    person.language = language if language in LANGUAGES else person.language
    session.flush()


def authenticate(session: Session, username: str, password: str, *, now: datetime | None = None) -> Actor:
    """Signs somebody in. Every attempt is kept in the access log.

    Raises WrongPassword (unknown name, wrong password, inactive account alike) and, after five wrong
    passwords in a row, AccountLocked for a quarter of an hour. Both must be committed: see `transaction`."""
    at = time_of(now)
    begin_write(session)
    person = session.get(Person, username, populate_existing=True, with_for_update=True)
    check_password(session, username, person, password, at)
    _log(session, username, "sign_in", at, None)
    actor = get_actor(session, username)
    if actor is None:
        raise PersonNotFound(username)
    return actor


def _person(session: Session, person_id: str, reason: str) -> Person:
    if not reason.strip():
        raise ReasonRequired()
    begin_write(session)
    person = session.get(Person, person_id, populate_existing=True)
    if person is None:
        raise PersonNotFound(person_id)
    return person


def _write_groups(session: Session, person_id: str, groups: Iterable[str]) -> list[str]:
    wanted = sorted(set(groups) - {EVERYBODY})
    known = set(session.scalars(select(OrgGroup.id).where(OrgGroup.id.in_(wanted))))
    for group in wanted:
        if group not in known:
            raise GroupNotFound(group)
    session.execute(delete(PersonGroup).where(PersonGroup.person_id == person_id))
    if wanted:
        session.execute(insert(PersonGroup), [{"person_id": person_id, "group_id": g} for g in wanted])
    return wanted


def _log(session: Session, who: str, action: str, at: datetime, detail: dict[str, object] | None) -> None:
    session.add(AccessLog(at=at, person_id=who, action=action, detail=detail))
    session.flush()
