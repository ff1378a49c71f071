"""The people of a scratch store: stand-ins for every group, who obey the rules that real people obey."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.queries.access import EVERYBODY, NO_BUSINESS
from engine.queries.bundles import bundle_of
from engine.queries.four_eyes import four_eyes
from engine.queries.people import get_actor
from engine.queries.views import Actor
from engine.records.passwords import hash_password
from engine.storage.models import OrgGroup, Person, PersonGroup, ProcessInstance, UserTask

OBSERVER = "walker"  # sees every case of the scratch store, and acts where no group is asked
EACH = 3  # people a group: one who works, one who checks, one who approves
BEGAN = datetime(2000, 1, 1, tzinfo=UTC)
PASSWORD = str(uuid4())  # of people who exist in memory only


@cache
def _secret() -> str:
    """One slow hash for all of them."""
    return hash_password("", PASSWORD)


def settle_in(session: Session, language: str) -> None:
    """Gives every group its people, and the observer all groups that do business."""
    groups = list(session.scalars(select(OrgGroup).order_by(OrgGroup.id)))
    _add_person(session, OBSERVER, "试走人" if language == "zh" else "Walker")
    business = [group.id for group in groups if group.id not in NO_BUSINESS]
    _add_members(session, [(OBSERVER, group) for group in business])
    for group in groups:
        _staff(session, group.id, group.name_en if language == "en" else group.name)


def _staff(session: Session, group: str, name: str) -> None:
    members = _members(group)
    for number, person in enumerate(members, 1):
        _add_person(session, person, f"{name or group} {number}")
    if group != EVERYBODY:
        _add_members(session, [(person, group) for person in members])


def _members(group: str) -> list[str]:
    return [f"{group}.{number}" for number in range(1, EACH + 1)]


def _add_person(session: Session, person: str, name: str) -> None:
    facts = {"id": person, "name": name, "password_hash": _secret(), "created_at": BEGAN,
             "created_by": OBSERVER, "password_changed_at": BEGAN}  # fmt: skip
    session.execute(insert(Person), [facts])


def _add_members(session: Session, pairs: Iterable[tuple[str, str]]) -> None:
    rows = [{"person_id": person, "group_id": group} for person, group in pairs]
    if rows:
        session.execute(insert(PersonGroup), rows)


def acting(session: Session, person: str) -> Actor:
    """A stand-in as the verbs want him; one for a person that only the diagram names is made."""
    if session.get(Person, person) is None:
        _add_person(session, person, person)
        session.flush()
    found = get_actor(session, person)
    assert found is not None
    return found


def observer(session: Session) -> Actor:
    """Whoever looks at the walk."""
    return acting(session, OBSERVER)


def starter(session: Session, groups: Iterable[str]) -> Actor:
    """Somebody who may start a process that these groups start (none: anybody)."""
    return acting(session, next(_of_groups(session, list(groups) or [EVERYBODY])))


def worker_for(session: Session, task: UserTask) -> Actor:
    """Somebody who may complete an open task: its assignee, else the first candidate whom four eyes allow;
    where nobody may, one whom the verb will refuse."""
    if task.assignee_id is not None:
        return acting(session, task.assignee_id)
    people = [*task.candidate_users, *_of_groups(session, task.candidate_groups)] or [OBSERVER]
    hashes = select(ProcessInstance.bundle_hash).where(ProcessInstance.id == task.instance_id)
    bundle = bundle_of(session, session.scalars(hashes).one())
    element = bundle.elements[task.process_id, task.element_id]
    for person in people:
        if not four_eyes(session, bundle, element, task.instance_id, task.scope, person):
            return acting(session, person)
    return acting(session, people[0])


def _of_groups(session: Session, groups: Iterable[str]) -> Iterator[str]:
    for group in groups:
        if session.get(OrgGroup, group) is None:  # a group that only the diagram names
            session.add(OrgGroup(id=group, name=group))
            session.flush()
            _staff(session, group, group)
        yield from _members(group)
