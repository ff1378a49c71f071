"""Who is told what: new tasks, clocks that warn or run out, jobs that fail."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.queries.access import EVERYBODY
from engine.schedule.clocks import Happened
from engine.schedule.outbox import Notice, put_notices
from engine.storage.models import Incident, Person, PersonGroup, ProcessInstance, UserTask
from engine.storage.session import begin_write

BATCH = 100  # tasks announced in one transaction
OPERATORS = ("it",)  # who is told of failed jobs
TOLD = frozenset({"warned", "breached", "extended"})  # of what becomes of clocks


def announce_tasks(session: Session, now: datetime, base_url: str = "", limit: int = BATCH) -> int:
    """Tells the candidates of new open tasks, each once, oldest tasks first. Returns how many tasks.

    Tasks of the group of all staff are told to nobody in particular. Two announcers share the work."""
    fresh = UserTask.announced.is_(False)
    if session.scalar(select(UserTask.id).where(fresh).limit(1)) is None:  # a look that takes no lock
        return 0
    begin_write(session)
    chosen = select(UserTask).where(fresh).order_by(UserTask.created_at, UserTask.id).limit(limit)
    tasks = list(session.scalars(chosen.with_for_update(skip_locked=True)))
    open_ones = [task for task in tasks if task.state == "open"]
    people = concerned(session, open_ones)
    notices = [_task_notice(task, people[task.id]) for task in open_ones]
    put_notices(session, notices, base_url, now)
    done = UserTask.id.in_([task.id for task in tasks])
    session.execute(update(UserTask).where(done).values(announced=True))
    return len(tasks)


def announce_clock(
    session: Session, instance: ProcessInstance, happened: Happened, now: datetime, base_url: str = ""
) -> None:
    """Tells those who work on a case, and whoever started it, that a clock warns, ran out or was extended."""
    if happened.kind not in TOLD:
        return
    open_ones = UserTask.instance_id == instance.id, UserTask.state == "open"
    people = concerned(session, list(session.scalars(select(UserTask).where(*open_ones))))
    everyone = frozenset[str]().union(*people.values(), {instance.started_by})
    facts = {
        "number": instance.business_key, "clock": happened.clock, "due": happened.facts.get("due"),
        "link": f"/instances/{instance.id}",
    }  # fmt: skip
    told = f"clock:{instance.id}:{happened.clock}:{happened.scope}:{happened.kind}"
    dedup = f"{told}:{happened.facts.get('turn')}:{happened.facts.get('due')}"
    notice = Notice(f"clock_{happened.kind}", everyone, facts, dedup, instance.id)
    put_notices(session, [notice], base_url, now)


def announce_incident(session: Session, incident: Incident, now: datetime, base_url: str = "") -> None:
    """Tells the operators that a job has failed; nothing of the case is in it."""
    people = frozenset(_members(session, OPERATORS).get(OPERATORS[0], ()))
    facts = {"job": incident.kind, "link": "/operations"}
    put_notices(session, [Notice("incident", people, facts, f"incident:{incident.id}")], base_url, now)


def concerned(session: Session, tasks: Sequence[UserTask]) -> dict[str, frozenset[str]]:
    """Who is asked to act, by task: its assignee, else its candidates; active people only."""
    groups = {g for task in tasks if not task.assignee_id for g in task.candidate_groups} - {EVERYBODY}
    members = _members(session, sorted(groups))
    named = {p for task in tasks for p in (task.assignee_id, *task.candidate_users) if p}
    active = set(session.scalars(select(Person.id).where(Person.id.in_(named), Person.active.is_(True))))
    return {task.id: frozenset(_of_task(task, members)) & (active | _all(members)) for task in tasks}


def _of_task(task: UserTask, members: Mapping[str, Iterable[str]]) -> set[str]:
    if task.assignee_id:
        return {task.assignee_id}
    return {*task.candidate_users, *(p for g in task.candidate_groups for p in members.get(g, ()))}


def _all(members: Mapping[str, Iterable[str]]) -> set[str]:
    return {person for people in members.values() for person in people}


def _members(session: Session, groups: Sequence[str]) -> dict[str, list[str]]:
    """Active people by group."""
    if not groups:
        return {}
    statement = (
        select(PersonGroup.group_id, PersonGroup.person_id)
        .join(Person, Person.id == PersonGroup.person_id)
        .where(PersonGroup.group_id.in_(groups), Person.active.is_(True))
    )
    found: dict[str, list[str]] = {}
    for group, person in session.execute(statement):
        found.setdefault(group, []).append(person)
    return found


def _task_notice(task: UserTask, people: frozenset[str]) -> Notice:
    facts = {
        "number": task.business_key, "step": task.name, "step_en": task.name_en,
        "due": task.due_at.isoformat() if task.due_at else None, "link": f"/tasks/{task.id}",
    }  # fmt: skip
    return Notice("task", people, facts, f"task:{task.id}", task.instance_id, task.id)
