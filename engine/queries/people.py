"""People and groups, read."""

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.queries.access import EVERYBODY, NO_BUSINESS
from engine.queries.views import Actor, GroupView, PersonView, Text
from engine.storage.models import OrgGroup, Person, PersonGroup


def get_actor(session: Session, person_id: str) -> Actor | None:
    """Who acts under this user name now; None if there is no such active person."""
    person = session.get(Person, person_id)
    if person is None or not person.active:
        return None
    groups = session.scalars(select(PersonGroup.group_id).where(PersonGroup.person_id == person_id))
    everything = frozenset(groups) | {EVERYBODY}
    return Actor(person.id, person.name, everything, person.language, person.must_change_password)


def list_people(session: Session, group: str | None = None) -> list[PersonView]:
    """Everybody with an account (of one group if given), by name."""
    columns = Person.id, Person.name, Person.language, Person.active
    statement = select(*columns).order_by(Person.name, Person.id)
    if group and group != EVERYBODY:
        members = select(PersonGroup.person_id).where(PersonGroup.group_id == group)
        statement = statement.where(Person.id.in_(members))
    people = session.execute(statement).all()
    groups: dict[str, list[str]] = {}
    for row in session.execute(select(PersonGroup.person_id, PersonGroup.group_id)):
        groups.setdefault(row.person_id, []).append(row.group_id)
    return [
        PersonView(p.id, p.name, tuple(sorted(groups.get(p.id, ()))), p.language, p.active) for p in people
    ]


def list_groups(session: Session, *, staffed: bool = False) -> list[GroupView]:
    """Every candidate group of the organisation; `staffed`: only those that a case can be handed to."""
    groups = select(OrgGroup).order_by(OrgGroup.id)
    if staffed:
        groups = groups.where(OrgGroup.id.in_(staffed_groups()))
    return [
        GroupView(g.id, Text(g.name, g.name_en), Text(g.duty, g.duty_en)) for g in session.scalars(groups)
    ]


def staffed_groups() -> Select[str]:
    """SELECT of the groups in which somebody active can do business: nobody waits for an empty department."""
    members = select(PersonGroup.group_id).join(Person, Person.id == PersonGroup.person_id)
    return members.where(Person.active.is_(True), PersonGroup.group_id.not_in(NO_BUSINESS))


ROLES = {
    "assignee": Text("经办人", "Assignee"),
    "starter": Text("发起人", "Starter"),
    EVERYBODY: Text("全体员工", "All staff"),
}


def role_names(session: Session) -> dict[str, Text]:
    """The names of all roles in which people act: candidate groups, assignee, starter."""
    return ROLES | {group.id: group.name for group in list_groups(session)}


def names_of(session: Session, people: Iterable[str | None]) -> dict[str, str]:
    """Printed names by user name."""
    wanted = {person for person in people if person}
    if not wanted:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in rows}
