"""People and groups for programs. Whoever may look at accounts finds every person, everybody else oneself;
the names of groups stand on every page."""

from typing import Any

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session

from engine.errors import GroupNotFound, PersonNotFound
from engine.queries.access import EVERYBODY
from engine.queries.account_rules import may_read_accounts
from engine.queries.finding import UNSORTED, Sort, Wanted, fitting, how_many, piece
from engine.queries.views import Actor, GroupView, Text
from engine.storage.models import OrgGroup, Person, PersonGroup

PEOPLE = {"id": Person.id, "name": Person.name}
GROUPS = {"id": OrgGroup.id, "name": OrgGroup.name}


def find_people(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    first: int = 0,
    limit: int = 200,
    sort: Sort = UNSORTED,
) -> list[tuple[str, str]]:
    """User name and name of active people, by user name if not sorted otherwise, those that fit every one of
    `wanted`: id, id_in, name, group."""
    statement = piece(_people(actor, wanted), PEOPLE, Person.id, Person.id, sort, first, limit)
    return [(row.id, row.name) for row in session.execute(statement)]


def count_people(session: Session, actor: Actor, wanted: Wanted) -> int:
    """How many there are."""
    return how_many(session, _people(actor, wanted), Person.id)


def get_profile(session: Session, person_id: str, actor: Actor) -> tuple[str, str]:
    """User name and name of a person. Raises PersonNotFound, also for whom the actor may not look at."""
    found = find_people(session, actor, {"id": person_id}, limit=1)
    if not found:
        raise PersonNotFound(person_id)
    return found[0]


def find_groups(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    first: int = 0,
    limit: int = 200,
    sort: Sort = UNSORTED,
) -> list[GroupView]:
    """Groups, by id if not sorted otherwise, those that fit every one of `wanted`: id, id_in, name
    (the Chinese one), member (a user name)."""
    statement = piece(_groups(actor, wanted), GROUPS, OrgGroup.id, OrgGroup.id, sort, first, limit)
    return [
        GroupView(g.id, Text(g.name, g.name_en), Text(g.duty, g.duty_en)) for g in session.scalars(statement)
    ]


def count_groups(session: Session, actor: Actor, wanted: Wanted) -> int:
    """How many there are."""
    return how_many(session, _groups(actor, wanted), OrgGroup.id)


def get_group(session: Session, group_id: str, actor: Actor) -> GroupView:
    """A group. Raises GroupNotFound."""
    found = find_groups(session, actor, {"id": group_id}, limit=1)
    if not found:
        raise GroupNotFound(group_id)
    return found[0]


def _seen(actor: Actor, person_id: Any) -> Any:
    return true() if may_read_accounts(actor) else person_id == actor.person_id


def _people(actor: Actor, wanted: Wanted) -> Any:
    seen = Person.active.is_(True), _seen(actor, Person.id)
    statement: Any = select(Person.id, Person.name).where(*seen, *fitting(PEOPLE, wanted))
    if wanted.get("group", EVERYBODY) == EVERYBODY:
        return statement
    members = select(PersonGroup.person_id).where(PersonGroup.group_id == wanted["group"])
    return statement.where(Person.id.in_(members))


def _groups(actor: Actor, wanted: Wanted) -> Select[Any]:
    statement = select(OrgGroup).where(*fitting(GROUPS, wanted))
    if "member" not in wanted:
        return statement
    member = PersonGroup.person_id == wanted["member"], _seen(actor, PersonGroup.person_id)
    person = select(Person.id).where(Person.id == wanted["member"], _seen(actor, Person.id))
    of_all = (OrgGroup.id == EVERYBODY) & person.exists()
    return statement.where(OrgGroup.id.in_(select(PersonGroup.group_id).where(*member)) | of_all)
