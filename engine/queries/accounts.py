"""Accounts as administrators and compliance see them: the list, and one account with what was done to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from engine.errors import PersonNotFound
from engine.queries.access import EVERYBODY
from engine.queries.account_events import AccountEvent, list_events, operator_or_person
from engine.queries.account_rules import may_administer, may_leave_admin, may_read_accounts
from engine.queries.paging import count, order_by
from engine.queries.people import names_of
from engine.queries.views import Actor, Page, Permission, Text
from engine.storage.models import AccessLog, Person, PersonGroup, UserTask

SORTS = {"name": Person.name, "id": Person.id, "created": Person.created_at}


@dataclass(frozen=True)
class AccountRow:
    """One line of the list of accounts; `groups` without the group of all staff."""

    id: str
    name: str
    groups: tuple[str, ...]
    active: bool
    created_at: datetime
    last_sign_in_at: datetime | None
    must_change_password: bool
    locked_until: datetime | None


@dataclass(frozen=True)
class AccountView:
    """One account: its line, and what an administrator must know before changing it.

    `open_tasks`: how many open tasks are assigned to the person. `events`: newest first."""

    row: AccountRow
    created_by: Text
    password_changed_at: datetime
    open_tasks: int
    events: list[AccountEvent]
    may_change: Permission
    may_deactivate: Permission


def list_accounts(
    session: Session,
    actor: Actor,
    *,
    search: str | None = None,
    group: str | None = None,
    active: bool | None = None,
    sort: str = "name",
    descending: bool = False,
    cursor: str | None = None,
    limit: int = 25,
) -> Page[AccountRow]:
    """One page of the accounts; every word of `search` is part of the user name or of the name.

    `sort`: name, id or created. Raises NotAllowed."""
    _require(may_read_accounts(actor))
    order = order_by(SORTS.get(sort, Person.name), Person.id, descending, cursor, limit)
    statement = _filtered(search, group, active)
    people = list(session.scalars(order.apply(statement)))
    kept, following, preceding = order.cut(people, lambda p: (getattr(p, order.column.key), p.id))
    total = count(session, statement.with_only_columns(Person.id))
    return Page(_rows(session, kept), following, preceding, *total)


def get_account(session: Session, person_id: str, actor: Actor) -> AccountView:
    """One account with its history. Raises NotAllowed, PersonNotFound."""
    _require(may_read_accounts(actor))
    person = session.get(Person, person_id)
    if person is None:
        raise PersonNotFound(person_id)
    mine = UserTask.assignee_id == person_id, UserTask.state == "open"
    open_tasks = session.scalar(select(func.count(UserTask.id)).where(*mine)) or 0
    may_change = may_administer(actor, person_id)
    return AccountView(
        row=_rows(session, [person])[0],
        created_by=operator_or_person(person.created_by, names_of(session, [person.created_by])),
        password_changed_at=person.password_changed_at,
        open_tasks=open_tasks,
        events=list_events(session, person_id),
        may_change=may_change,
        may_deactivate=may_leave_admin(session, person_id) if may_change else may_change,
    )


def _filtered(search: str | None, group: str | None, active: bool | None) -> Select[Any]:
    statement = select(Person)
    if group and group != EVERYBODY:
        members = select(PersonGroup.person_id).where(PersonGroup.group_id == group)
        statement = statement.where(Person.id.in_(members))
    if active is not None:
        statement = statement.where(Person.active.is_(active))
    for word in (search or "").split():
        found = (column.icontains(word, autoescape=True) for column in (Person.id, Person.name))
        statement = statement.where(or_(*found))
    return statement


def _rows(session: Session, people: Iterable[Person]) -> list[AccountRow]:
    people = list(people)
    ids = [person.id for person in people]
    groups, seen = _groups_of(session, ids), _last_sign_ins(session, ids)
    return [
        AccountRow(
            p.id, p.name, tuple(sorted(groups.get(p.id, ()))), p.active, p.created_at, seen.get(p.id),
            p.must_change_password, p.locked_until,
        )
        for p in people
    ]  # fmt: skip


def _groups_of(session: Session, ids: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    members = select(PersonGroup.person_id, PersonGroup.group_id).where(PersonGroup.person_id.in_(ids))
    for row in session.execute(members):
        found.setdefault(row.person_id, []).append(row.group_id)
    return found


def _last_sign_ins(session: Session, ids: list[str]) -> Mapping[str, datetime]:
    statement = (
        select(AccessLog.person_id, func.max(AccessLog.at).label("at"))
        .where(AccessLog.person_id.in_(ids), AccessLog.action == "sign_in")
        .group_by(AccessLog.person_id)
    )
    return {row.person_id: row.at for row in session.execute(statement)}


def _require(permission: Permission) -> None:
    if permission.refusal:
        raise permission.refusal
