"""The list of instances."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from engine.queries.access import may_see_one, own_instances, sees_all, sees_nothing
from engine.queries.bundles import bundle_of
from engine.queries.clock import time_of
from engine.queries.paging import COUNT_LIMIT, count, order_by
from engine.queries.search import found_by
from engine.queries.sentences import element_name
from engine.queries.views import Actor, InstanceRow, Page, Text
from engine.storage.models import Clock, Person, ProcessDefinition, ProcessInstance, UserTask

SORTS = {"started": ProcessInstance.started_at, "number": ProcessInstance.business_key}
_starter = aliased(Person)


def list_instances(
    session: Session,
    actor: Actor,
    *,
    search: str | None = None,
    state: str | None = None,
    process: str | None = None,
    version: int | None = None,
    late: bool = False,
    sort: str = "started",
    descending: bool = True,
    cursor: str | None = None,
    limit: int = 25,
    now: datetime | None = None,
) -> Page[InstanceRow]:
    """One page of the instances that the actor may see.

    `state`: running, completed, cancelled. `version`: of its process. `late`: only those that were late
    with a clock, or are at `now` with a clock or an open task. `sort`: started or number."""
    if sees_nothing(actor):
        return Page([], None, None, 0)
    column = SORTS.get(sort, ProcessInstance.started_at)
    order = order_by(column, ProcessInstance.id, descending, cursor, limit)
    at = time_of(now)
    statement = _filtered(session, actor, search, state, process, at)
    if version is not None:
        statement = statement.where(ProcessDefinition.version == version)
    if late:
        statement = statement.where(_late(session, at))
    rows = session.execute(order.apply(statement)).all()
    kept, following, preceding = order.cut(rows, lambda row: (getattr(row, column.key), row.id))
    total = count(session, statement.with_only_columns(ProcessInstance.id))
    return Page([_row(session, row) for row in kept], following, preceding, *total)


def _filtered(
    session: Session,
    actor: Actor,
    search: str | None,
    state: str | None,
    process: str | None,
    now: datetime,
) -> Select[Any]:
    statement = instance_select(now)
    if not sees_all(actor):
        own = own_instances(actor).subquery()
        statement = statement.join(own, own.c[0] == ProcessInstance.id)
    if state:
        statement = statement.where(ProcessInstance.state == state)
    if process:
        statement = statement.where(ProcessInstance.process_id == process)
    if search and search.strip():
        statement = statement.where(found_by(session, search, actor, ProcessInstance.id, now))
    return statement


def _late(session: Session, now: datetime) -> ColumnElement[bool]:
    """That a case is late: one of its clocks was or is, or a task that is open is past its due time, whether
    or not that came from a clock.

    A few such cases are looked up, each part by its index; among many the list is walked in its order, which
    finds a page of them soon."""
    over = select(Clock.instance_id).where(Clock.verdict == "breached")
    running = select(Clock.instance_id).where(Clock.verdict == "running", Clock.due_at <= now)
    tasks = select(UserTask.instance_id).where(late_tasks(now))
    parts = [part.limit(COUNT_LIMIT).subquery() for part in (over, running, tasks)]
    few = union_all(*(select(part.c.instance_id) for part in parts))
    found = session.scalar(select(func.count()).select_from(few.subquery())) or 0
    if found < COUNT_LIMIT:
        return ProcessInstance.id.in_(few)
    has_late_task = select(UserTask.id).where(_late_task(now)).correlate(ProcessInstance).exists()
    return or_(has_late_clock(now), has_late_task)


def late_tasks(now: datetime) -> ColumnElement[bool]:
    """That a task is open and past its due time; an index holds them."""
    return (UserTask.state == "open") & (UserTask.due_at < now)


def has_late_clock(now: datetime) -> ColumnElement[bool]:
    """That a clock of the case was or is late."""
    return select(Clock.id).where(_late_clock(now)).correlate(ProcessInstance).exists()


def _late_clock(now: datetime) -> ColumnElement[bool]:
    verdict = func.coalesce(Clock.verdict, "")  # no index but that of the case's own clocks may answer this
    late = (verdict == "running") & (Clock.due_at <= now)
    return (Clock.instance_id == ProcessInstance.id) & or_(verdict == "breached", late)


def _late_task(now: datetime) -> ColumnElement[bool]:
    """`due_sort` is the same time; with it no index but that of the case's own tasks can answer this."""
    own = (UserTask.instance_id == ProcessInstance.id) & (UserTask.state == "open")
    return own & (UserTask.due_sort < now)


def instance_select(now: datetime) -> Select[Any]:
    """What a line of the list needs, in one statement."""
    waiting = (
        select(func.count(UserTask.id))
        .where(UserTask.instance_id == ProcessInstance.id, UserTask.state == "open")
        .correlate(ProcessInstance)
        .scalar_subquery()
    )
    running = (Clock.instance_id == ProcessInstance.id) & Clock.stopped_at.is_(None)
    next_due = select(Clock.due_at).where(running, Clock.due_at.is_not(None))
    first = next_due.order_by(Clock.due_at).limit(1).correlate(ProcessInstance)
    warns = first.with_only_columns(Clock.warn_at).correlate(ProcessInstance)
    breaches = select(func.count(Clock.id)).where(_late_clock(now)).correlate(ProcessInstance)
    tasks = select(func.count(UserTask.id)).where(_late_task(now)).correlate(ProcessInstance)
    return (
        select(
            *(c for c in ProcessInstance.__table__.columns if c.name != "body"),
            ProcessDefinition.name.label("process_name"),
            ProcessDefinition.name_en.label("process_name_en"),
            ProcessDefinition.version,
            _starter.name.label("started_by_name"),
            waiting.label("open_tasks"),
            first.scalar_subquery().label("due_at"),
            warns.scalar_subquery().label("warn_at"),
            breaches.scalar_subquery().label("breaches"),
            tasks.scalar_subquery().label("late_tasks"),
        )
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .join(_starter, _starter.id == ProcessInstance.started_by)
    )


def visible_instance(session: Session, instance_id: str, actor: Actor) -> Any | None:
    """The line of one instance, None if there is none that the actor may see."""
    statement = instance_select(time_of(None)).where(ProcessInstance.id == instance_id)
    return session.execute(statement.where(may_see_one(actor, ProcessInstance.id))).one_or_none()


def outcome_of(session: Session, row: Any) -> Text | None:
    """The name of the end event that the instance ended with."""
    if not row.outcome:
        return None
    return element_name(bundle_of(session, row.bundle_hash), row.process_id, row.outcome)


def _row(session: Session, row: Any) -> InstanceRow:
    return InstanceRow(
        row.id, row.business_key, row.title, row.process_id, Text(row.process_name, row.process_name_en),
        row.state, outcome_of(session, row), row.started_at, row.started_by, row.started_by_name,
        row.ended_at, row.open_tasks, row.due_at, row.warn_at, row.breaches,
        row.suspended and row.state == "running", row.late_tasks,
    )  # fmt: skip
