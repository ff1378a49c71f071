"""Keeping what the engine did: one step of execution becomes rows, tasks and history."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import bindparam, delete, update
from sqlalchemy.orm import Session

from engine.commands.asking import keep_asked
from engine.commands.posting import keep_sent, keep_waits
from engine.commands.submissions import with_path
from engine.diagram.bundle import Bundle
from engine.errors import Standstill
from engine.execution.workflow import Step, WorkItem
from engine.queries.access import principals
from engine.queries.permissions import Holders, may_complete
from engine.queries.views import Actor
from engine.records import audit
from engine.schedule.clocks import ClockBook
from engine.schedule.jobs import put_wake
from engine.storage.instances import save_rows
from engine.storage.locked import LockedInstance, write_instance
from engine.storage.models import UserTask, UserTaskCandidate
from engine.storage.prepared import Prepared
from engine.storage.session import insert_rows

NO_DUE = datetime(9999, 12, 31, tzinfo=UTC)  # sorts after every due time


def keep_step(
    session: Session,
    instance: LockedInstance,
    bundle: Bundle,
    step: Step,
    act: audit.Event,
    book: ClockBook,
    *,
    woken: bool = False,
) -> None:
    """Writes a step: engine rows, closed and opened tasks, messages, clocks, history (`act` first), the
    instance and when it must next look at the time (always, if it has just been `woken` for that).

    Raises Standstill: a case that waits for what can no longer come would be lost."""
    if step.standstill and act.kind != "cancelled":
        raise Standstill(*step.standstill)
    save_rows(session, instance.id, step.rows_upsert)
    _close_tasks(session, step.closed, act)
    _open_tasks(session, instance, bundle, step.opened, act.at)
    _move_due_times(session, step.retimed)
    keep_asked(session, instance, step, act.at)
    keep_waits(session, instance, step, act.at)
    keep_sent(session, instance, step, act)
    over = step.ended or act.kind == "cancelled"
    if over and bundle.has_clocks:
        book.close()
    events = [with_path(act, _path(step)), *_machine_events(bundle, step, act.at), *clock_events(book)]
    if step.ended:
        instance.state, instance.outcome, instance.ended_at = "completed", step.outcome, act.at
        events.append(audit.Event(act.at, "ended", process_id=instance.process_id, element_id=step.outcome))
    elif over:
        instance.state, instance.ended_at = "cancelled", act.at
    audit.append(session, instance, events)
    instance.body, instance.revision = step.body, instance.revision + 1
    _set_wake(session, instance, None if over else step.next_due, book, act.at, over, woken)
    book.flush()
    write_instance(session, instance)


def _set_wake(
    session: Session,
    instance: LockedInstance,
    timer_at: datetime | None,
    book: ClockBook,
    now: datetime,
    over: bool,
    woken: bool,
) -> None:
    """Moves the instance's wake job if its earliest timer or clock has moved; else costs no statement."""
    before = earliest(instance)
    instance.timer_at = timer_at
    if over:
        instance.clock_at = None
    elif book.touched:
        instance.clock_at = book.next_at
    after = earliest(instance)
    if woken or after != before:
        put_wake(session, instance.id, after, now)


def earliest(instance: LockedInstance) -> datetime | None:
    """When the first of an instance's timers and clocks comes due; while it is suspended, of its clocks."""
    timer_at = None if instance.suspended else instance.timer_at
    return min((at for at in (timer_at, instance.clock_at) if at), default=None)


def clock_events(book: ClockBook) -> list[audit.Event]:
    """What became of clocks, as history events; each is told once."""
    told = [
        audit.Event(
            book.at, f"clock_{h.kind}", process_id=h.process_id, element_id=h.element_id, scope=h.scope,
            data=h.facts,
        )
        for h in book.happened
    ]  # fmt: skip
    book.happened.clear()
    return told


def _move_due_times(session: Session, retimed: Sequence[WorkItem]) -> None:
    """Open tasks whose due time reads a clock that has moved."""
    for item in retimed:
        due = {"due_at": item.due, "due_sort": item.due or NO_DUE, "follow_up_at": item.follow_up}
        task = UserTask.id == item.engine_task_id, UserTask.state == "open"
        session.execute(update(UserTask).where(*task).values({**due, "revision": UserTask.revision + 1}))
        offers = UserTaskCandidate.task_id == item.engine_task_id
        session.execute(update(UserTaskCandidate).where(offers).values(due_sort=due["due_sort"]))


def computed(bundle: Bundle, step: Step) -> dict[tuple[str, str], object]:
    """What scripts, decisions and mappings set in a step, as far as an open task or a decision shows it:
    (scope, name) -> value. Names that people fill in are left to their submissions."""
    found: dict[tuple[str, str], object] = {}
    for event in step.trace:
        outputs = (event.data or {}).get("outputs") if event.kind == "decided" else None
        if isinstance(outputs, dict):
            found |= {(event.scope, n): v for n, v in outputs.items() if n in bundle.known_names}
    for item in step.opened:
        names = item.data.keys() & bundle.known_names - bundle.asked_names
        found |= {(item.scope, name): item.data[name] for name in sorted(names)}
    return found


def opened_for(step: Step, actor: Actor) -> tuple[str, ...]:
    """The tasks that a step opened and this actor may work on."""
    return tuple(i.engine_task_id for i in step.opened if may_complete(holders_of(i), actor))


def holders_of(item: WorkItem) -> Holders:
    """Who an engine's work item is offered to."""
    return Holders(item.assignee, item.candidate_groups, item.candidate_users)


def remove_candidates(session: Session, tasks: Iterable[str]) -> None:
    """Closed tasks leave everybody's list."""
    _REMOVE_CANDIDATES.write(session, [{"task": task_id} for task_id in tasks])


_candidates: Any = UserTaskCandidate.__table__
_REMOVE_CANDIDATES = Prepared(lambda _: delete(_candidates).where(_candidates.c.task_id == bindparam("task")))


def _close_tasks(session: Session, closed: Sequence[str], act: audit.Event) -> None:
    """Tasks that the diagram took away (a boundary event, a terminate end)."""
    if not closed:
        return
    gone = {"state": "cancelled", "completed_at": act.at, "changed_by": act.actor_id, "announced": True}
    open_ones = UserTask.id.in_(closed), UserTask.state == "open"
    session.execute(update(UserTask).where(*open_ones).values(revision=UserTask.revision + 1, **gone))
    remove_candidates(session, closed)


def _open_tasks(
    session: Session, instance: LockedInstance, bundle: Bundle, opened: Sequence[WorkItem], now: datetime
) -> None:
    if not opened:
        return
    insert_rows(session, UserTask, [_task_row(instance, bundle, item, now) for item in opened])
    candidates = [row for item in opened for row in candidate_rows(instance, item, now)]
    if candidates:
        insert_rows(session, UserTaskCandidate, candidates)


def _task_row(instance: LockedInstance, bundle: Bundle, item: WorkItem, now: datetime) -> dict[str, object]:
    element = bundle.elements[item.process_id, item.element_id]
    return {
        "id": item.engine_task_id, "instance_id": instance.id, "business_key": instance.business_key,
        "process_id": item.process_id, "element_id": item.element_id, "scope": item.scope,
        "name": element.name, "name_en": element.name_en or "", "lane": element.lane or "",
        "lane_en": element.lane_en or "", "state": "open", "assignee_id": item.assignee,
        "candidate_groups": list(item.candidate_groups), "candidate_users": list(item.candidate_users),
        "created_at": now, "due_at": item.due, "due_sort": item.due or NO_DUE,
        "follow_up_at": item.follow_up, "priority": item.priority, "revision": 1,
    }  # fmt: skip


def candidate_rows(instance: LockedInstance, item: WorkItem, now: datetime) -> list[dict[str, object]]:
    """Whom a task that has just opened is offered to, as rows."""
    facts: dict[str, object] = {
        "task_id": item.engine_task_id, "instance_id": instance.id, "element_id": item.element_id,
        "claimed": item.assignee is not None, "business_key": instance.business_key, "created_at": now,
        "due_sort": item.due or NO_DUE, "priority": item.priority,
    }  # fmt: skip
    who = [f"group:{group}" for group in item.candidate_groups]
    who += [principals(user, ())[0] for user in item.candidate_users]
    return [{"principal": principal, **facts} for principal in dict.fromkeys(who)]


def _path(step: Step) -> list[list[str]]:
    """The way the tokens took, in order: kind, process, element, scope, source of each engine event."""
    return [[e.kind, e.process_id, e.element_id, e.scope or "", e.source or ""] for e in step.trace]


def _machine_events(bundle: Bundle, step: Step, now: datetime) -> list[audit.Event]:
    """What no person did but a reader must know: decisions with their inputs and outputs, and elements that
    the diagram flags to a group (`flag`) when they complete."""
    told: list[audit.Event] = []
    for e in step.trace:
        place = partial(audit.Event, process_id=e.process_id, element_id=e.element_id, scope=e.scope)
        if e.kind == "decided":
            told.append(place(now, "decided", data=dict(e.data or {})))
        elif e.kind == "completed" and (group := bundle.elements[e.process_id, e.element_id].flag):
            told.append(place(now, "flagged", data={"group": group}))
    return told
