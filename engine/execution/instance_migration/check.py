"""May a running case be moved to another version of its process, and what changes in it if so?

Conservative: moved is only what is proven to go on exactly as a case of the new version in the same state.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.diagram.bundle import Bundle
from engine.errors import EngineError
from engine.execution.clocks import NO_CLOCKS, Clocks
from engine.execution.instance import Instance
from engine.execution.instance_migration.current import current_obstacles
from engine.execution.instance_migration.facts import CaseFacts
from engine.execution.instance_migration.kept import kept_obstacles
from engine.execution.instance_migration.names import (
    given_back,
    moved_rows,
    name_obstacles,
    type_obstacles,
)
from engine.execution.instance_migration.obstacle import Obstacle, at_place, at_task
from engine.execution.instance_migration.state import state_obstacles
from engine.execution.live_set import freeze, thaw
from engine.execution.step import Live, WorkItem
from engine.execution.work_items import external_item, work_item


@dataclass(frozen=True)
class Verdict:
    """`obstacles`: why it cannot be moved; none means that it can. Then `rows` are the live rows whose data
    change, and `open` the tasks that wait for people, as the new version offers them."""

    obstacles: tuple[Obstacle, ...]
    rows: tuple[Mapping[str, Any], ...] = ()
    open: tuple[WorkItem, ...] = ()


def check_move(
    old: Bundle,
    new: Bundle,
    live: Live,
    facts: CaseFacts,
    now: datetime,
    clocks: Clocks = NO_CLOCKS,
) -> Verdict:
    """The verdict on a running case of `old` as it would be under `new`. Changes nothing."""
    case = thaw(old, live, now, clocks)
    found = [*current_obstacles(case, new), *kept_obstacles(case, new, facts)]
    found = found or [
        *state_obstacles(case, new), *name_obstacles(case, new, facts), *type_obstacles(case, new, facts)
    ]  # fmt: skip
    if found:
        return Verdict(tuple(dict.fromkeys(found)))
    rows = moved_rows(case, new, list(live.rows), given_back(case, new, facts))
    return _dry_run(case, new, Live(rows, live.body), live, now, clocks)


def _dry_run(case: Instance, new: Bundle, moved: Live, live: Live, now: datetime, clocks: Clocks) -> Verdict:
    """Loads the moved rows under the new version: nothing may move by itself, and all that was open is."""
    try:
        tried = thaw(new, moved, now, clocks)
        tried.patient = True
        tried.run()
        step = freeze(tried, moved)
        offered, late = _offered(tried), _other_clocks(tried)
    except EngineError as error:
        return Verdict((_failed(case, new, error),))
    if step.rows_upsert or step.trace or step.standstill or _picture(tried) != _picture(case):
        return Verdict((_moved_on(case, step.trace[0].element_id if step.trace else ""),))
    if late:
        return Verdict(tuple(at_task("event", case.bundle, task) for task in late))
    pairs = zip(moved.rows, live.rows, strict=True)
    changed = tuple(after for after, before in pairs if after["data"] != before["data"])
    return Verdict((), changed, offered)


def _offered(tried: Instance) -> tuple[WorkItem, ...]:
    """The open tasks with their templates worked out anew. Raises ElementFailed."""
    work = [task for task in _unfinished(tried) if task.task_spec.waits_for_work]
    for task in work:
        if task.task_spec.by_machine:
            external_item(tried, task)
    return tuple(work_item(tried, task) for task in work if not task.task_spec.by_machine)


def _other_clocks(tried: Instance) -> list[Any]:
    """Armed timers that the new version ties to other clocks: they would not move with those."""
    return [
        task
        for task in tried.waiting_events()
        for position, facts in task.internal_data.get("timers", {}).items()
        if _clocks(tried, task, int(position)) != facts.get("clocks", [])
    ]


def _clocks(tried: Instance, task: Any, position: int) -> list[str]:
    return tried.evaluate_timer(task, task.task_spec.definitions()[position].expression)[1]


def _unfinished(case: Instance) -> list[Any]:
    return [t for scope in case.scopes() for t in scope.tasks.values() if t.unfinished]


def _picture(case: Instance) -> dict[str, tuple[object, ...]]:
    return {str(t.id): (t.task_spec.name, t.state, t.internal_data) for t in _unfinished(case)}


def _failed(case: Instance, new: Bundle, error: EngineError) -> Obstacle:
    element_id = getattr(error, "element_id", "")
    process_id = getattr(error, "process_id", "") or new.process_id
    return at_place("fails", case.bundle, process_id, element_id, (error.message("zh"), error.message("en")))


def _moved_on(case: Instance, element_id: str) -> Obstacle:
    if element_id:
        return at_place("moves", case.bundle, case.bundle.process_id, element_id)
    return at_task("moves", case.bundle, max(_unfinished(case), key=lambda task: int(task.seq)))
