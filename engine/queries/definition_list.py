"""The list of process definitions: who published what and why, what runs on it, how healthy it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, Subquery, func, or_, select
from sqlalchemy.orm import Session

from engine.queries.access import check_definition_reader
from engine.queries.callers import callers
from engine.queries.clock import time_of
from engine.queries.definitions import may_start
from engine.queries.instances import has_late_clock, late_tasks
from engine.queries.paging import count, order_by
from engine.queries.views import Actor, Page, Text
from engine.storage.models import (
    Deployment,
    Incident,
    Person,
    ProcessDefinition,
    ProcessInstance,
    UserTask,
)

SORTS = {"name": ProcessDefinition.name, "key": ProcessDefinition.process_id, "published": Deployment.at}


@dataclass(frozen=True)
class DefinitionRow:
    """A process definition: its latest `version`, and of all its versions together how many instances are
    running, completed and cancelled, how many incidents are open, and how many running cases are late, as the
    list of cases counts them. `startable`: people start it, rather than messages and other processes only.
    `inside`: the processes, id → name, in whose cases it runs as a called process; they are counted there."""

    process_id: str
    name: Text
    version: int
    published_at: datetime
    published_by_name: str
    reason: str
    startable: bool
    may_start: bool
    running: int
    completed: int
    cancelled: int
    incidents: int
    late: int
    inside: Mapping[str, Text]

    @property
    def own_cases(self) -> bool:
        """Whether a case of it ever ran, or could be started by people."""
        return self.startable or bool(self.running or self.completed or self.cancelled)

    @property
    def elsewhere(self) -> bool:
        """Whether its cases are those of the processes it runs inside, and none are its own."""
        return bool(self.inside) and not self.own_cases


def list_definitions(
    session: Session,
    actor: Actor,
    *,
    search: str | None = None,
    sort: str = "name",
    descending: bool = False,
    cursor: str | None = None,
    limit: int = 50,
    now: datetime | None = None,
) -> Page[DefinitionRow]:
    """One page of the process definitions in their latest version.

    `search`: part of the key or of either name. `sort`: name, key or published. Raises NotAllowed."""
    check_definition_reader(actor)
    column = SORTS.get(sort, ProcessDefinition.name)
    order = order_by(column, ProcessDefinition.id, descending, cursor, limit)
    statement = _latest(search)
    rows = session.execute(order.apply(_with_numbers(statement, time_of(now)))).all()
    kept, following, preceding = order.cut(rows, lambda row: (_value(row, sort), row[0].id))
    total = count(session, statement.with_only_columns(ProcessDefinition.id))
    within = callers(session)
    return Page(
        [_row(row, actor, within.get(row.ProcessDefinition.process_id, {})) for row in kept],
        following, preceding, *total,
    )  # fmt: skip


def _latest(search: str | None) -> Select[Any]:
    definition = ProcessDefinition
    published = Deployment.at, Deployment.by, Deployment.reason
    columns: tuple[Any, ...] = definition, *published, Person.name.label("by_name")
    statement: Select[Any] = (
        select(*columns)
        .join(Deployment, Deployment.id == definition.deployment_id)
        .outerjoin(Person, Person.id == Deployment.by)
        .where(definition.latest.is_(True))
    )
    if not search:
        return statement
    named = definition.process_id, definition.name, definition.name_en
    return statement.where(or_(*(column.icontains(search, autoescape=True) for column in named)))


def _with_numbers(statement: Select[Any], now: datetime) -> Select[Any]:
    """Counted inside the one statement, by the indexes of the instances."""
    states = ("running", "completed", "cancelled")
    still_open = select(func.count(Incident.id)).join(
        ProcessInstance, ProcessInstance.id == Incident.instance_id
    )
    numbers = [_of_process(select(func.count()).where(ProcessInstance.state == s)).label(s) for s in states]
    incidents = _of_process(still_open.where(Incident.resolved_at.is_(None))).label("incidents")
    clock_late = select(func.count()).where(ProcessInstance.state == "running", has_late_clock(now))
    task_late = _late_by_tasks(now)
    late = _of_process(clock_late) + func.coalesce(task_late.c.number, 0)
    with_tasks = statement.outerjoin(task_late, task_late.c.process_id == ProcessDefinition.process_id)
    return with_tasks.add_columns(*numbers, incidents, late.label("late"))


def _late_by_tasks(now: datetime) -> Subquery:
    """By process how many cases only a task makes late; they run, as tasks are open. Read from the tasks that
    are late, which are few, and not from all that run."""
    process_id = func.coalesce(ProcessInstance.process_id, "")  # no index in its order shall be walked
    late = select(UserTask.instance_id).where(late_tasks(now))
    return (
        select(process_id.label("process_id"), func.count().label("number"))
        .where(ProcessInstance.id.in_(late), ~has_late_clock(now))
        .group_by(process_id)
        .subquery()
    )


def _of_process(numbers: Select[Any]) -> ScalarSelect[Any]:
    same = ProcessInstance.process_id == ProcessDefinition.process_id
    return numbers.where(same).correlate(ProcessDefinition).scalar_subquery()


def _value(row: Any, sort: str) -> Any:
    definition = row.ProcessDefinition
    return {"key": definition.process_id, "published": row.at}.get(sort, definition.name)


def _row(row: Any, actor: Actor, inside: Mapping[str, Text]) -> DefinitionRow:
    definition = row.ProcessDefinition
    return DefinitionRow(
        definition.process_id, Text(definition.name, definition.name_en), definition.version, row.at,
        row.by_name or row.by, row.reason, definition.startable, may_start(definition, actor) is None,
        row.running, row.completed, row.cancelled, row.incidents, row.late, inside,
    )  # fmt: skip
