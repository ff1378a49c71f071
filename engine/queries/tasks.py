"""The task lists: mine, my groups', done."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
    false,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from engine.queries.access import principals, sees_nothing
from engine.queries.clock import time_of
from engine.queries.items import items_of
from engine.queries.paging import COUNT_LIMIT, Order, count, order_by
from engine.queries.search import found_by
from engine.queries.views import Actor, Page, TaskRow, Text
from engine.storage.models import (
    Clock,
    Person,
    ProcessDefinition,
    ProcessInstance,
    UserTask,
    UserTaskCandidate,
)

SORTS = {
    "due": "due_sort",
    "created": "created_at",
    "priority": "priority",
    "number": "business_key",
}
SORTS_DONE = {"completed": "completed_at", "number": "business_key"}
SOON = timedelta(hours=24)
VIEWS = ("mine", "group")
KINDS = ("overdue", "soon", "new")
_assignee, _completer = aliased(Person), aliased(Person)
Given = str | BindParameter[str]


def list_tasks(
    session: Session,
    actor: Actor,
    view: str = "mine",
    *,
    search: str | None = None,
    process: str | None = None,
    element: str | None = None,
    overdue: bool = False,
    sort: str = "due",
    descending: bool = False,
    cursor: str | None = None,
    limit: int = 25,
    now: datetime | None = None,
) -> Page[TaskRow]:
    """One page of a person's tasks.

    `view`: "mine" (assigned and open), "group" (open for the taking), "done" (completed by the person).
    `sort`: due, created, priority, number; for "done" completed (also instead of what it does not know) or
    number. `overdue` as of `now`."""
    at = time_of(now)
    column = SORTS_DONE.get(sort, "completed_at") if view == "done" else SORTS.get(sort, "due_sort")
    conditions = _conditions(session, actor, search, process, element, overdue, at)
    order = order_by(getattr(UserTask, column), UserTask.id, descending, cursor, limit)
    ids, total = _chosen(session, actor, view, conditions, order, column)
    rows = session.execute(order.apply(task_select().where(ids))).all()
    kept, following, preceding = order.cut(rows, lambda row: (getattr(row, column), row.id))
    lines = zip(task_rows(session, kept), kept, strict=True)
    items = [replace(line, draft_saved_at=_begun(row, actor)) for line, row in lines]
    return Page(items, following, preceding, *total)


def _chosen(
    session: Session,
    actor: Actor,
    view: str,
    conditions: list[ColumnElement[bool]],
    order: Order,
    column: str,
) -> tuple[ColumnElement[bool], tuple[int, bool]]:
    """The condition that picks the page's tasks, and how many tasks the list has."""
    if sees_nothing(actor):
        return false(), (0, False)
    if view != "group":
        every = and_all(_own(actor.person_id, view), conditions)
        return every, count(session, select(UserTask.id).where(every))
    offers = [_offers(principal, conditions) for principal in principals(actor.person_id, actor.groups)]
    pages = [_page_of(offer, order, column) for offer in offers]
    enough = [select(offer.limit(COUNT_LIMIT + 1).subquery().c.task_id) for offer in offers]
    distinct = select(union_all(*enough).subquery().c.task_id).distinct()
    return UserTask.id.in_(union_all(*pages)), count(session, distinct)


def _own(person_id: Given, view: str) -> ColumnElement[bool]:
    if view == "done":
        return UserTask.completed_by == person_id
    return (UserTask.assignee_id == person_id) & (UserTask.state == "open")


def _offers(principal: Given, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """The unclaimed tasks offered to one group or person."""
    offered = UserTaskCandidate.principal == principal, UserTaskCandidate.claimed.is_(False)
    statement = select(UserTaskCandidate.task_id).where(*offered)
    if conditions:
        statement = statement.join(UserTask, UserTask.id == UserTaskCandidate.task_id).where(*conditions)
    return statement


def _page_of(offer: Select[Any], order: Order, column: str) -> Select[Any]:
    """One page's worth of each group's offers is enough to build the page from; each reads one index."""
    cut = order.apply(offer, getattr(UserTaskCandidate, column), UserTaskCandidate.task_id)
    return select(cut.subquery().c.task_id)


def _conditions(
    session: Session,
    actor: Actor,
    search: str | None,
    process: str | None,
    element: str | None,
    overdue: bool,
    now: datetime,
) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if process:
        chosen.append(UserTask.process_id == process)
    if element:
        chosen.append(UserTask.element_id == element)
    if overdue:
        chosen.append(UserTask.due_sort < now)
    if search and search.strip():
        chosen.append(found_by(session, search, actor, UserTask.instance_id, now))
    return chosen


def and_all(first: ColumnElement[bool], rest: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """All conditions at once."""
    for condition in rest:
        first = first & condition
    return first


def count_tasks(session: Session, actor: Actor, *, now: datetime | None = None) -> dict[str, int]:
    """How many open tasks are mine (`mine`) and offered to my groups (`group`); of each and of both,
    how many are `overdue`, due within 24 hours (`soon`), opened within the last 24 hours (`new`).

    Keys: mine, group, overdue, soon, new, mine_overdue, mine_soon, mine_new, group_overdue …
    Nothing is counted further than just above `COUNT_LIMIT`: a greater number means "more than that"."""
    at = time_of(now)
    counts = dict.fromkeys([*VIEWS, *KINDS, *(f"{view}_{name}" for view in VIEWS for name in KINDS)], 0)
    if sees_nothing(actor):
        return counts
    who = principals(actor.person_id, actor.groups)
    given = {f"principal_{n}": principal for n, principal in enumerate(who)} | {"me": actor.person_id}
    moments = {"at": at, "soon": at + SOON, "since": at - SOON}
    for view, name, number in session.execute(_tallies(len(who)), given | moments):
        counts[f"{view}_{name}" if name else view] = number
    for name in KINDS:
        counts[name] = min(sum(counts[f"{view}_{name}"] for view in VIEWS), COUNT_LIMIT + 1)
    return counts


@cache
def _tallies(principals: int) -> CompoundSelect[Any]:
    """The counts of somebody with so many names to be offered something by; making the statement takes longer
    than counting."""
    return union_all(*(_tally(principals, view, name) for view in VIEWS for name in ("", *KINDS)))


def _tally(principals: int, view: str, name: str) -> Select[Any]:
    """How many tasks of a view are late, due soon or new; each count reads a piece of one index."""
    found = _found_mine(name) if view == "mine" else _found_offered(principals, name)
    few = found.limit(COUNT_LIMIT + 1).subquery()
    number = select(func.count()).select_from(few).scalar_subquery()
    return select(literal(view).label("view"), literal(name).label("name"), number.label("number"))


def _found_mine(name: str) -> Select[Any]:
    return select(UserTask.id).where(_own(bindparam("me"), "mine"), *_looked_for(UserTask, name))


def _found_offered(principals: int, name: str) -> Select[Any]:
    """Those offered to me or to several of my groups count once."""
    looked_for, who = _looked_for(UserTaskCandidate, name), range(principals)
    offers = [_offers(bindparam(f"principal_{n}"), ()).where(*looked_for) for n in who]
    enough = [select(offer.limit(COUNT_LIMIT + 1).subquery().c.task_id) for offer in offers]
    return select(union_all(*enough).subquery().c.task_id).distinct()


def _looked_for(table: type[UserTask] | type[UserTaskCandidate], name: str) -> list[Any]:
    conditions: dict[str, list[Any]] = {
        "overdue": [table.due_sort < bindparam("at")],
        "soon": [table.due_sort >= bindparam("at"), table.due_sort < bindparam("soon")],
        "new": [table.created_at >= bindparam("since")],
    }
    return conditions.get(name, [])


@cache
def task_select() -> Select[Any]:
    """What a line of a task list needs, in one statement."""
    return (
        select(
            *UserTask.__table__.columns,
            ProcessInstance.title,
            ProcessInstance.suspended,
            ProcessInstance.bundle_hash,
            _assignee.name.label("assignee_name"),
            _completer.name.label("completed_by_name"),
            ProcessDefinition.name.label("process_name"),
            ProcessDefinition.name_en.label("process_name_en"),
            _warned_from().label("warn_at"),
        )
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .outerjoin(_assignee, _assignee.id == UserTask.assignee_id)
        .outerjoin(_completer, _completer.id == UserTask.completed_by)
        .outerjoin(
            ProcessDefinition,
            (ProcessDefinition.process_id == UserTask.process_id) & ProcessDefinition.latest.is_(True),
        )
    )


def _warned_from() -> Any:
    """When the clock that a task's due time was read from warns; empty if it was read from none."""
    read = Clock.instance_id == UserTask.instance_id, Clock.due_at == UserTask.due_at
    warns = select(func.min(Clock.warn_at)).where(*read, Clock.stopped_at.is_(None))
    return warns.correlate(UserTask).scalar_subquery()


def _begun(row: Any, actor: Actor) -> datetime | None:
    """When the draft was saved that the actor goes on from: of a task that he has, whoever had it before; of
    a free one, if nobody else has touched it since he did."""
    his = row.assignee_id == actor.person_id or (
        row.assignee_id is None and row.changed_by == actor.person_id
    )
    return row.draft_saved_at if his and row.draft else None


def _process_name(row: Any) -> Text:
    return Text(row.process_name or row.process_id, row.process_name_en or "")


def task_rows(session: Session, rows: Sequence[Any]) -> list[TaskRow]:
    """The lines of a task list from rows of `task_select`; each knows which of several items it is about."""
    items = items_of(session, {row.id: row.bundle_hash for row in rows})
    return [replace(task_row(row), items=items.get(row.id, ())) for row in rows]


def task_row(row: Any) -> TaskRow:
    """A line of a task list from a row of `task_select`, without its items."""
    return TaskRow(
        id=row.id, instance_id=row.instance_id, business_key=row.business_key, title=row.title,
        process_id=row.process_id, process_name=_process_name(row),
        element_id=row.element_id, name=row.name, name_en=row.name_en, lane=row.lane, lane_en=row.lane_en,
        state=row.state, assignee=row.assignee_id, assignee_name=row.assignee_name or row.assignee_id,
        candidate_groups=tuple(row.candidate_groups), created_at=row.created_at, due_at=row.due_at,
        follow_up_at=row.follow_up_at, priority=row.priority, completed_at=row.completed_at,
        completed_by=row.completed_by, completed_by_name=row.completed_by_name, warn_at=row.warn_at,
        suspended=row.suspended and row.state == "open",
    )  # fmt: skip
