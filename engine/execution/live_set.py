"""From rows to an instance in memory and back: only what the next step can look at is loaded and written.

Live are: unfinished tasks, the root of each running scope, and the forks between unfinished tasks (the
bases of three-way merges; also the splits of armed boundary events). Everything else is history and never
read again. A live task's `live_parent` is its nearest live ancestor, so the loaded tree stays flat however
long the history; `parent` is the truth.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from SpiffWorkflow import TaskState

from engine.diagram.bundle import Bundle
from engine.elements.propagation import awaited
from engine.elements.token_tree import forks
from engine.execution.clocks import NO_CLOCKS, Clocks
from engine.execution.instance import Instance
from engine.execution.loaded_task import LoadedTask, as_text
from engine.execution.step import Live, Step, Wait
from engine.execution.trace import place_of
from engine.execution.work_items import external_item, work_item

Row = dict[str, Any]


def thaw(bundle: Bundle, live: Live, now: datetime, clocks: Clocks = NO_CLOCKS) -> Instance:
    """The instance as it was frozen; `now` is the time of the new step."""
    instance = Instance(bundle, now, clocks)
    instance.number = live.body["number"]
    found: dict[str, Any] = {}
    for row in live.rows:
        scope = _scope_of(instance, found, row["scope"])
        parent = found[row["live_parent"]] if row["live_parent"] else None
        task = found[row["id"]] = LoadedTask(scope, row, parent)
        if parent is None:
            scope.task_tree = task
    for scope_id, facts in live.body["scopes"].items():
        scope = instance if not scope_id else instance.subprocesses[UUID(scope_id)]
        scope.data, scope.correlations = facts.get("data", {}), facts.get("correlations", {})
    return instance


def _scope_of(instance: Instance, found: dict[str, Any], host_id: str) -> Any:
    if not host_id:
        return instance
    host = found[host_id]
    return instance.inside(host) or instance.open_inside(host)


def freeze(instance: Instance, loaded: Live | None) -> Step:
    """What the step changed since `loaded` (None: the instance has just begun)."""
    rows = list(_changed_rows(instance))
    before = {row["id"] for row in loaded.rows if row["state"] == TaskState.READY} if loaded else set()
    work = sorted(_work(instance), key=lambda task: int(task.seq))
    new = [t for t in work if t.state == TaskState.READY and t.text_id not in before]
    gone = [t for t in work if t.state == TaskState.CANCELLED and t.text_id in before]
    waits, waits_over = _waits(instance)
    return Step(
        rows_upsert=rows,
        body=_body(instance),
        opened=[work_item(instance, task) for task in new if not task.task_spec.by_machine],
        closed=[task.text_id for task in gone if not task.task_spec.by_machine],
        asked=[external_item(instance, task) for task in new if task.task_spec.by_machine],
        asked_no_more=[task.text_id for task in gone if task.task_spec.by_machine],
        trace=instance.trace,
        ended=instance.completed,
        outcome=instance.outcome,
        clashes=instance.clashes,
        sent=instance.sent,
        next_due=instance.next_due(),
        standstill=instance.standstill(),
        waits=waits,
        waits_over=waits_over,
    )


def _waits(instance: Instance) -> tuple[list[Wait], list[str]]:
    """The messages and signals that are newly waited for, and the tasks that wait for none any more."""
    before = {
        task.id
        for scope in (instance, *instance.subprocesses.values())
        for task in scope.tasks.values()
        if isinstance(task, LoadedTask) and task.row["state"] == TaskState.WAITING and awaited(task)
    }
    after = {task.id: task for task in instance.waiting_events() if awaited(task)}
    new = [
        Wait(task.text_id, position, kind, name, *place_of(task))
        for task in after.values()
        if task.id not in before
        for position, kind, name in awaited(task)
    ]
    return new, [str(i) for i in sorted(before - after.keys(), key=str)]


def live_ids(scope: Any) -> set[UUID]:
    """The tasks of a scope that a later step can look at."""
    if scope.completed:
        return set()
    unfinished = [task for task in scope.tasks.values() if task.unfinished]
    return {scope.task_tree.id, *(task.id for task in unfinished), *forks(unfinished)}


def _work(instance: Instance) -> Iterator[Any]:
    """What people and programs do."""
    for scope in (instance, *instance.subprocesses.values()):
        yield from (task for task in scope.tasks.values() if task.task_spec.waits_for_work)


def _changed_rows(instance: Instance) -> Iterator[Row]:
    for scope in (instance, *instance.subprocesses.values()):
        live, host = live_ids(scope), scope.host
        host_id = host.text_id if host is not None else ""
        for task in scope.tasks.values():
            row = _changed(task, live) if isinstance(task, LoadedTask) else _row(task, host_id, live)
            if row is not None:
                yield row


def _row(task: Any, scope_id: str, live: set[UUID]) -> Row:
    """The row of a new task. Data is kept where a later step needs it: of unfinished tasks and of forks."""
    is_live = task.id in live
    carries = is_live and (task.unfinished or task is not task.workflow.task_tree)
    return {
        "id": task.text_id,
        "scope": scope_id,
        "parent": task.parent.text_id if task._parent else None,
        "live_parent": _live_parent(task, live) if is_live else None,
        "seq": task.seq,
        "spec": task.task_spec.name,
        "state": task.state,
        "triggered": task.triggered,
        "changed_at": task.changed_at,
        "internal": as_text(task.internal_data) if is_live else None,
        "data": as_text(task.data) if carries else None,
        "live": is_live,
    }


def _changed(task: LoadedTask, live: set[UUID]) -> Row | None:
    """The row of a loaded task if anything changed; the parent stays the one it was saved with."""
    is_live, was = task.id in live, task.row
    above = _live_parent(task, live) if is_live else None
    internal = task.changed_text("internal") if is_live else None
    data = task.changed_text("data") if is_live else None
    same = task.state == was["state"] and is_live == was["live"] and above == was["live_parent"]
    if same and internal is None and data is None:
        return None
    return {
        **was, "live_parent": above, "state": task.state, "triggered": task.triggered,
        "changed_at": task.changed_at, "internal": internal, "data": data, "live": is_live,
    }  # fmt: skip


def _live_parent(task: Any, live: set[UUID]) -> str | None:
    above = task.parent
    while above is not None and above.id not in live:
        above = above.parent
    return above.text_id if above is not None else None


def _body(instance: Instance) -> dict[str, Any]:
    scopes: dict[str, Any] = {}
    for scope in instance.scopes():
        facts = {key: value for key in ("data", "correlations") if (value := getattr(scope, key))}
        if facts:
            scopes[scope.host.text_id if scope.host is not None else ""] = facts
    return {"number": instance.number, "at": instance.now.isoformat(), "scopes": scopes}
