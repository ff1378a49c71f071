"""Verbs on accounts for administrators: open, group, switch off and on, give a password.

`by` is the user name of an active administrator, or `system:<login>` for the operator at the machine.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands import membership
from engine.errors import (
    BadName,
    BadUserName,
    EngineError,
    NothingToChange,
    PersonExists,
    PersonNotFound,
    ReasonRequired,
    StaleAccount,
)
from engine.queries.account_rules import ADMIN, SYSTEM, is_system, may_administer, may_leave_admin
from engine.queries.clock import time_of
from engine.queries.people import get_actor
from engine.queries.views import PersonView
from engine.records.passwords import hash_password, refuse_weak
from engine.storage.models import OrgGroup, Person, PersonEvent
from engine.storage.session import begin_write

USER_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
NAME_MAX = 200


def account_problems(
    session: Session, person_id: str, name: str, password: str, groups: Iterable[str], reason: str
) -> dict[str, EngineError]:
    """What is wrong with an account that is to be opened, by argument of `create_person`: all at once."""
    found: dict[str, EngineError | None] = {
        "person_id": _bad_user_name(session, person_id),
        "name": None if name.strip() and name.isprintable() and len(name) <= NAME_MAX else BadName(),
        "password": refuse_weak(person_id, password),
        "groups": membership.refusal(session, groups),
        "reason": None if reason.strip() else ReasonRequired(),
    }
    return {argument: refusal for argument, refusal in found.items() if refusal}


def create_person(
    session: Session,
    person_id: str,
    name: str,
    password: str,
    groups: Iterable[str] = (),
    *,
    language: str = "zh",
    must_change_password: bool = True,
    by: str,
    reason: str,
    now: datetime | None = None,
) -> PersonView:
    """Opens an account; `person_id` is the user name for good, the password is to be changed at sign-in.

    Raises the first of `account_problems`: BadUserName, PersonExists, BadName, WeakPassword, GroupNotFound,
    AdminAlone, ReasonRequired; NotAllowed."""
    at, wanted = time_of(now), membership.chosen(groups)
    _begin(session, by)
    for refusal in account_problems(session, person_id, name, password, wanted, reason).values():
        raise refusal
    session.add(
        Person(id=person_id, name=name.strip(), language=language, created_at=at, created_by=by,
               password_hash=hash_password(person_id, password), password_changed_at=at,
               must_change_password=must_change_password)
    )  # fmt: skip
    session.flush()
    membership.write(session, person_id, wanted)
    _keep(session, person_id, "created", by, at, reason, {"groups": wanted})
    return PersonView(person_id, name.strip(), tuple(wanted), language, True)


def set_groups(
    session: Session,
    person_id: str,
    groups: Iterable[str],
    *,
    by: str,
    reason: str,
    expected: Iterable[str] | None = None,
    now: datetime | None = None,
) -> None:
    """Replaces a person's groups; `expected` are those that `by` saw, if they may have changed since.

    Raises PersonNotFound, GroupNotFound, ReasonRequired, NotAllowed, OwnAccount, AdminAlone, LastAdmin,
    StaleAccount, NothingToChange."""
    _person(session, person_id, by, reason)
    wanted, present = membership.chosen(groups), membership.of(session, person_id)
    if expected is not None and membership.chosen(expected) != present:
        raise StaleAccount(person_id)
    refusal = membership.refusal(session, wanted) or (NothingToChange() if wanted == present else None)
    if ADMIN in present and ADMIN not in wanted:
        refusal = refusal or may_leave_admin(session, person_id).refusal
    if refusal:
        raise refusal
    membership.write(session, person_id, wanted)
    changed: dict[str, object] = {
        "added": [group for group in wanted if group not in present],
        "removed": [group for group in present if group not in wanted],
    }
    _keep(session, person_id, "groups_set", by, time_of(now), reason, changed)


def set_active(
    session: Session, person_id: str, active: bool, *, by: str, reason: str, now: datetime | None = None
) -> None:
    """Switches an account on or off; accounts are never deleted.

    Raises PersonNotFound, ReasonRequired, NotAllowed, OwnAccount, LastAdmin, NothingToChange."""
    person = _person(session, person_id, by, reason)
    if person.active == active:
        raise NothingToChange()
    refusal = None if active else may_leave_admin(session, person_id).refusal
    if refusal:
        raise refusal
    person.active = active
    _keep(session, person_id, "activated" if active else "deactivated", by, time_of(now), reason)


def set_password(
    session: Session, person_id: str, new: str, *, by: str, reason: str, now: datetime | None = None
) -> None:
    """Gives a new password, to be changed at the next sign-in, and unlocks the account.

    Sessions that are still open can do nothing until then either. Raises PersonNotFound, ReasonRequired,
    NotAllowed, OwnAccount, WeakPassword."""
    person, at = _person(session, person_id, by, reason), time_of(now)
    person.password_hash, person.password_changed_at = hash_password(person_id, new), at
    person.must_change_password = True
    person.failed_count, person.locked_until = 0, None
    _keep(session, person_id, "password_set", by, at, reason)


def _begin(session: Session, by: str, person_id: str | None = None) -> None:
    """One change of accounts at a time: two administrators cannot switch each other off at once.

    Raises NotAllowed, OwnAccount."""
    begin_write(session)
    session.execute(select(OrgGroup.id).where(OrgGroup.id == ADMIN).with_for_update())
    if is_system(by):
        return
    session.get(Person, by, populate_existing=True)  # as the account is now that this transaction writes
    actor = get_actor(session, by)
    if actor is None:
        raise PersonNotFound(by)
    refusal = may_administer(actor, person_id).refusal
    if refusal:
        raise refusal


def _person(session: Session, person_id: str, by: str, reason: str) -> Person:
    if not reason.strip():
        raise ReasonRequired()
    _begin(session, by, person_id)
    person = session.get(Person, person_id, populate_existing=True)
    if person is None:
        raise PersonNotFound(person_id)
    return person


def _bad_user_name(session: Session, person_id: str) -> EngineError | None:
    if not USER_NAME.fullmatch(person_id) or person_id == SYSTEM:
        return BadUserName(person_id)
    return PersonExists(person_id) if session.get(Person, person_id) else None


def _keep(
    session: Session, person_id: str, kind: str, by: str, at: datetime, reason: str | None,
    data: dict[str, object] | None = None,
) -> None:  # fmt: skip
    why = reason.strip() if reason else None
    session.add(PersonEvent(person_id=person_id, at=at, by=by, kind=kind, reason=why, data=data))
    session.flush()
