"""The verbs of execution. Pure: an instance and a time go in, a step comes out; nothing is stored here.

Every verb first lets what is due happen, then does its own, then runs until everything waits again. A
refusal leaves nothing behind: the caller keeps what it had.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow import TaskState

from engine.diagram.bundle import Bundle
from engine.elements.propagation import correlation_keys, receivers
from engine.errors import NobodyWaits, TaskNotOpen
from engine.execution.instance import Instance
from engine.execution.live_set import freeze, thaw
from engine.execution.step import Clash, Event, Live, Sent, Step, WorkItem

__all__ = [
    "Clash", "Event", "Live", "Sent", "Step", "WorkItem", "advance", "cancel", "complete", "deliver", "start",
]  # fmt: skip


def start(bundle: Bundle, data: Mapping[str, Any], now: datetime) -> Step:
    """Starts an instance of the bundle's process with the values of its start form."""
    instance = Instance(bundle, now)
    begin(instance, data)
    return freeze(instance, None)


def complete(bundle: Bundle, live: Live, task_id: str, values: Mapping[str, Any], now: datetime) -> Step:
    """Completes the task of a person with its submitted values.

    Raises TaskNotOpen if the task is not ready: unknown, finished, or taken away by something that was due
    before.
    """
    instance = thaw(bundle, live, now)
    submit(instance, task_id, values)
    return freeze(instance, live)


def advance(bundle: Bundle, live: Live, now: datetime) -> Step:
    """Lets time pass: what is due at `now` happens."""
    instance = thaw(bundle, live, now)
    instance.run()
    return freeze(instance, live)


def deliver(
    bundle: Bundle,
    live: Live,
    message: str,
    correlation: Mapping[str, Any],
    payload: Mapping[str, Any],
    now: datetime,
) -> Step:
    """Delivers a message to the task that waits for it, the longest waiting one if there are several.

    A receiver must agree with the message's correlation keys (computed from `payload`, as the diagram
    says) and its variables must have the values in `correlation`. Raises NobodyWaits.
    """
    instance = thaw(bundle, live, now)
    receive(instance, message, correlation, payload)
    return freeze(instance, live)


def cancel(bundle: Bundle, live: Live, now: datetime | None = None) -> Step:
    """Stops the instance wherever it is; `now` is the time of the last step if not given. It has no
    outcome then."""
    instance = thaw(bundle, live, now or datetime.fromisoformat(live.body["at"]))
    instance.stop()
    step = freeze(instance, live)
    return Step(**{**vars(step), "ended": False})


def begin(instance: Instance, data: Mapping[str, Any]) -> None:
    """Starts an instance in memory and runs it to its first wait."""
    for name in instance.spec.data_objects:
        instance.data.setdefault("data_objects", {})[name] = None
    Instance.begin(instance, instance.kept(data))
    instance.run()


def submit(instance: Instance, task_id: str, values: Mapping[str, Any]) -> None:
    """Completes a ready task of a person in memory and runs to the next wait."""
    instance.run()
    found = (task for scope in instance.scopes() for task in scope.tasks.values() if str(task.id) == task_id)
    task = next(found, None)
    if task is None or task.state != TaskState.READY or not task.task_spec.waits_for_work:
        raise TaskNotOpen(state="cancelled", state_zh="已取消", completed_by="-")
    task.write(dict(values))
    task.run()
    instance.run()


def receive(
    instance: Instance, message: str, correlation: Mapping[str, Any], payload: Mapping[str, Any]
) -> None:
    """Delivers a message in memory and runs to the next wait."""
    instance.run()
    for task, position in receivers(instance, message, {}):
        definition = task.task_spec.definitions()[position]
        keys = correlation_keys(task, definition, payload)
        agreed = (task, position) in receivers(instance, message, keys)
        if agreed and all(task.data.get(name) == value for name, value in correlation.items()):
            task.workflow.correlations.update(keys)
            task.task_spec.happened(task, position, payload)
            instance.run()
            return
    raise NobodyWaits(name=message)
