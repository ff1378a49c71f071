"""Passwords: argon2 hashes, and accounts that lock after wrong guesses (21 CFR 11.300)."""

from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from engine.errors import AccountLocked, WeakPassword, WrongPassword
from engine.storage.organisation import AccessLog, Person

MAX_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
MIN_LENGTH = 10
_hasher = PasswordHasher()
_NOBODY = (  # a hash as this hasher makes them: an unknown name takes as long to refuse as a known one
    "$argon2id$v=19$m=65536,t=3,p=4$fyAajSFJvQyrkA65DY6QVw$c6zaa+PkRj3Wv+BIc7Umt1IWsjURJ14ycV70Afl+x4M"
)


def refuse_weak(username: str, password: str) -> WeakPassword | None:
    """Refuses a password below `MIN_LENGTH` characters, or the user name itself; None if it will do."""
    weak = len(password) < MIN_LENGTH or password.casefold() == username.casefold()
    return WeakPassword(minimum=MIN_LENGTH) if weak else None


def hash_password(username: str, password: str) -> str:
    """The argon2id hash. Raises WeakPassword, as `refuse_weak` says."""
    refusal = refuse_weak(username, password)
    if refusal:
        raise refusal
    return _hasher.hash(password)


def has_password(session: Session, person_id: str, password: str) -> bool:
    """Whether this active person signs in with this password; nothing is counted or kept."""
    person = session.get(Person, person_id)
    return person is not None and person.active and _matches(person.password_hash, password)


def check_password(
    session: Session, username: str, person: Person | None, password: str, now: datetime
) -> None:
    """Returns if the password is right. Otherwise counts and logs the failure, and raises WrongPassword;
    after `MAX_FAILURES` in a row, and while locked, AccountLocked."""
    if person and person.locked_until and person.locked_until > now:
        _log(session, username, "sign_in_locked", now)
        raise AccountLocked(until=person.locked_until)
    right = _matches(person.password_hash if person else _NOBODY, password)
    if person is None or not person.active or not right:
        _count_failure(session, username, person, now)
        raise WrongPassword()
    person.failed_count, person.locked_until = 0, None
    if _hasher.check_needs_rehash(person.password_hash):
        person.password_hash = _hasher.hash(password)


def _count_failure(session: Session, username: str, person: Person | None, now: datetime) -> None:
    _log(session, username, "sign_in_failed", now)
    if person is None:
        session.flush()
        return
    person.failed_count = Person.failed_count + 1  # counted by the database: guesses may come at once
    session.flush()
    if person.failed_count >= MAX_FAILURES:
        person.failed_count, person.locked_until = 0, now + LOCKED_FOR
        _log(session, username, "account_locked", now)
    session.flush()


def _log(session: Session, username: str, action: str, now: datetime) -> None:
    session.add(AccessLog(at=now, person_id=username[:200], action=action))


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
