"""Verbs on one's own account: sign in, change the password, choose the language."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.errors import PersonNotFound, SamePassword, WrongPassword
from engine.queries.clock import time_of
from engine.queries.people import get_actor
from engine.queries.views import Actor
from engine.records.passwords import check_password, hash_password
from engine.storage.guards import is_keepable
from engine.storage.models import AccessLog, Person, PersonEvent
from engine.storage.session import begin_write

LANGUAGES = ("zh", "en")


def authenticate(session: Session, username: str, password: str, *, now: datetime | None = None) -> Actor:
    """Signs somebody in. Every attempt is kept in the access log.

    Raises WrongPassword (unknown name, wrong password, inactive account alike) and, after five wrong
    passwords in a row, AccountLocked for a quarter of an hour. Both must be committed: see `transaction`."""
    if not is_keepable(username):
        raise WrongPassword()  # nobody has a name that no database keeps, nor does the access log
    at = time_of(now)
    begin_write(session)
    person = session.get(Person, username, populate_existing=True, with_for_update=True)
    check_password(session, username, person, password, at)
    session.add(AccessLog(at=at, person_id=username, action="sign_in"))
    session.flush()
    actor = get_actor(session, username)
    if actor is None:
        raise PersonNotFound(username)
    return actor


def change_password(
    session: Session, person_id: str, old: str, new: str, *, now: datetime | None = None
) -> None:
    """A person changes the own password; from now on only that person knows it.

    Raises PersonNotFound, WrongPassword, AccountLocked, SamePassword, WeakPassword."""
    at = time_of(now)
    begin_write(session)
    person = session.get(Person, person_id, populate_existing=True, with_for_update=True)
    check_password(session, person_id, person, old, at)
    if person is None:
        raise PersonNotFound(person_id)
    if new == old:
        raise SamePassword()
    person.password_hash, person.password_changed_at = hash_password(person_id, new), at
    person.must_change_password = False
    session.add(PersonEvent(person_id=person_id, at=at, by=person_id, kind="password_changed"))
    session.flush()


def set_language(session: Session, person_id: str, language: str) -> None:
    """The language of a person's pages, "zh" or "en"."""
    begin_write(session)
    person = session.get(Person, person_id, populate_existing=True)
    if person is None:
        raise PersonNotFound(person_id)
    person.language = language if language in LANGUAGES else person.language
    session.flush()
