"""Whom a task waits for, person by person: what notifications need and lists do not."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.queries.access import EVERYBODY
from engine.storage.models import Person, PersonGroup, UserTask

People = frozenset[str]
NOBODY: People = frozenset()


def concerned(session: Session, tasks: Sequence[UserTask]) -> dict[str, People]:
    """Who is asked to act, by task: its assignee, else its candidates; active people only, in two statements
    however many tasks. The group of all staff stands for nobody in particular."""
    free = [task for task in tasks if not task.assignee_id]
    members = members_of(session, {group for task in free for group in task.candidate_groups} - {EVERYBODY})
    named = {person for task in tasks for person in _named(task)}
    active = active_people(session, named)
    return {task.id: _of(task, active, members) for task in tasks}


def _named(task: UserTask) -> list[str]:
    return [task.assignee_id] if task.assignee_id else list(task.candidate_users)


def _of(task: UserTask, active: People, members: Mapping[str, People]) -> People:
    people = active.intersection(_named(task))
    groups = () if task.assignee_id else task.candidate_groups
    return people.union(*(members.get(group, NOBODY) for group in groups))


def active_people(session: Session, people: Collection[str]) -> People:
    """Those of some people who have an account that is switched on."""
    if not people:
        return NOBODY
    return frozenset(session.scalars(select(Person.id).where(Person.id.in_(people), Person.active.is_(True))))


def members_of(session: Session, groups: Collection[str]) -> dict[str, People]:
    """The active members of groups, by group."""
    if not groups:
        return {}
    statement = (
        select(PersonGroup.group_id, PersonGroup.person_id)
        .join(Person, Person.id == PersonGroup.person_id)
        .where(PersonGroup.group_id.in_(groups), Person.active.is_(True))
    )
    found: dict[str, set[str]] = {}
    for group, person in session.execute(statement):
        found.setdefault(group, set()).add(person)
    return {group: frozenset(people) for group, people in found.items()}
