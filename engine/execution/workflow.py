"""The verbs of execution. Pure: an instance and a time go in, a step comes out; nothing is stored here.

Every verb first lets what is due happen, then does its own, then runs until everything waits again. A
refusal leaves nothing behind: the caller keeps what it had.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from SpiffWorkflow import TaskState

from engine.diagram.bundle import Bundle
from engine.elements.propagation import correlation_keys, fail, receivers, signalled
from engine.errors import NobodyWaits, TaskNotOpen, UncaughtError
from engine.execution.clocks import NO_CLOCKS, Clocks
from engine.execution.instance import Instance
from engine.execution.live_set import freeze, thaw
from engine.execution.step import Clash, Event, Live, Sent, Step, Wait, WorkItem
from engine.execution.work_items import reads_clock, work_item

__all__ = [
    "Clash", "Event", "Live", "Sent", "Step", "Wait", "WorkItem", "advance", "answer", "cancel", "complete",
    "deliver", "report_error", "retime", "signal", "skip_due", "start",
]  # fmt: skip


def start(bundle: Bundle, data: Mapping[str, Any], now: datetime, clocks: Clocks = NO_CLOCKS) -> Step:
    """Starts an instance of the bundle's process with the values of its start form, or of the message that
    starts it."""
    instance = Instance(bundle, now, clocks)
    begin(instance, data)
    return freeze(instance, None)


def complete(
    bundle: Bundle,
    live: Live,
    task_id: str,
    values: Mapping[str, Any],
    now: datetime,
    clocks: Clocks = NO_CLOCKS,
    *,
    patient: bool = False,
) -> Step:
    """Completes the task of a person with its submitted values.

    `patient`: what is due stays due, for the worker. Raises TaskNotOpen if the task is not ready: unknown,
    finished, or taken away by something that was due before.
    """
    instance = thaw(bundle, live, now, clocks)
    instance.patient = patient
    submit(instance, task_id, values)
    return freeze(instance, live)


def answer(
    bundle: Bundle,
    live: Live,
    task_id: str,
    values: Mapping[str, Any],
    now: datetime,
    clocks: Clocks = NO_CLOCKS,
) -> Step:
    """Completes the service task of a program with its results. Raises TaskNotOpen."""
    instance = thaw(bundle, live, now, clocks)
    submit(instance, task_id, values, by_machine=True)
    return freeze(instance, live)


def report_error(
    bundle: Bundle,
    live: Live,
    task_id: str,
    code: str,
    message: str,
    values: Mapping[str, Any],
    now: datetime,
    clocks: Clocks = NO_CLOCKS,
) -> Step:
    """A program could not do its service task for a reason that the diagram foresees: the error goes to the
    nearest boundary event that catches its code. Raises TaskNotOpen, UncaughtError."""
    instance = thaw(bundle, live, now, clocks)
    instance.run()
    task = _ready(instance, task_id, by_machine=True)
    if not fail(task, code, message, values):
        raise UncaughtError(element=task.task_spec.bpmn_name or task.task_spec.element_id, error_code=code)
    instance.run()
    return freeze(instance, live)


def advance(bundle: Bundle, live: Live, now: datetime, clocks: Clocks = NO_CLOCKS) -> Step:
    """Lets time pass: what is due at `now` happens."""
    instance = thaw(bundle, live, now, clocks)
    instance.run()
    return freeze(instance, live)


def skip_due(bundle: Bundle, live: Live, now: datetime, clocks: Clocks) -> tuple[Step, list[tuple[str, str]]]:
    """Gives up the timers that are due, because they cannot run; everything else stays as it is.

    Returns the step, and where (process id, element id) they stand."""
    instance = thaw(bundle, live, now, clocks)
    skipped = instance.skip_due()
    return freeze(instance, live), skipped


def retime(
    bundle: Bundle, live: Live, moved: set[str], now: datetime, clocks: Clocks, *, patient: bool = False
) -> Step:
    """Lets every live timer and every open task that reads one of the `moved` clocks move with it.

    `patient`: nothing else happens; what is due stays due, for the worker."""
    instance = thaw(bundle, live, now, clocks)
    instance.patient = patient
    instance.retime(moved)
    instance.run()
    tasks = [task for scope in instance.scopes() for task in scope.tasks.values()]
    open_ones = [t for t in tasks if is_work(t, by_machine=False)]
    retimed = [work_item(instance, task) for task in open_ones if reads_clock(instance, task, moved)]
    return replace(freeze(instance, live), retimed=retimed)


def deliver(
    bundle: Bundle,
    live: Live,
    message: str,
    correlation: Mapping[str, Any],
    payload: Mapping[str, Any],
    now: datetime,
    clocks: Clocks = NO_CLOCKS,
) -> Step:
    """Delivers a message to the task that waits for it, the longest waiting one if there are several.

    A receiver must agree with the message's correlation keys (computed from `payload`, as the diagram
    says) and its variables must have the values in `correlation`. Raises NobodyWaits.
    """
    instance = thaw(bundle, live, now, clocks)
    receive(instance, message, correlation, payload)
    return freeze(instance, live)


def signal(
    bundle: Bundle,
    live: Live,
    name: str,
    payload: Mapping[str, Any],
    now: datetime,
    clocks: Clocks = NO_CLOCKS,
) -> Step:
    """A signal reaches every event of the instance that waits for it. Raises NobodyWaits."""
    instance = thaw(bundle, live, now, clocks)
    instance.run()
    if not signalled(instance, name, payload):
        raise NobodyWaits(name=name)
    instance.run()
    return freeze(instance, live)


def cancel(bundle: Bundle, live: Live, now: datetime | None = None) -> Step:
    """Stops the instance wherever it is; `now` is the time of the last step if not given. It has no
    outcome then."""
    instance = thaw(bundle, live, now or datetime.fromisoformat(live.body["at"]))
    instance.stop()
    step = freeze(instance, live)
    return replace(step, ended=False)


def begin(instance: Instance, data: Mapping[str, Any]) -> None:
    """Starts an instance in memory and runs it to its first wait."""
    for name in instance.spec.data_objects:
        instance.data.setdefault("data_objects", {})[name] = None
    Instance.begin(instance, instance.kept(data))
    instance.run()


def submit(instance: Instance, task_id: str, values: Mapping[str, Any], *, by_machine: bool = False) -> None:
    """Completes a ready task of a person (or of a program) in memory and runs to the next wait."""
    instance.run()
    task = _ready(instance, task_id, by_machine)
    task.write(dict(values))
    task.run()
    instance.run()


def _ready(instance: Instance, task_id: str, by_machine: bool) -> Any:
    found = (task for scope in instance.scopes() for task in scope.tasks.values() if task.text_id == task_id)
    task = next(found, None)
    if task is None or not is_work(task, by_machine):
        raise TaskNotOpen(state="cancelled", state_zh="已取消", completed_by="-")
    return task


def is_work(task: Any, by_machine: bool) -> bool:
    """Whether a task waits to be done by a person, or by a program."""
    spec = task.task_spec
    return bool(task.state == TaskState.READY and spec.waits_for_work and spec.by_machine == by_machine)


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
