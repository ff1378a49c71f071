"""Two ways to run an instance, step by step: kept in memory for ever, or frozen and thawed after every
step."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.diagram.bundle import Bundle, compile_bundle
from engine.execution import workflow
from engine.execution.instance import Instance
from engine.execution.live_set import freeze, live_ids
from engine.execution.names import Names
from engine.execution.step import Live, Step
from tests.engine.drawing import MESSAGES, bpmn

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


class Frozen:
    """Keeps rows as a database would: upserts them, None leaves `data` and `internal` as they were."""

    def __init__(self, bundle: Bundle, data: Mapping[str, Any], now: datetime = NOON) -> None:
        self.bundle, self.rows, self.now = bundle, {}, now
        self.keep(workflow.start(bundle, data, now))

    def keep(self, step: Step) -> Step:
        for row in step.rows_upsert:
            before = self.rows.get(row["id"], {})
            held = {key: before.get(key) if row[key] is None else row[key] for key in ("data", "internal")}
            self.rows[row["id"]] = {**row, **held}
        self.step, self.body = step, json.loads(json.dumps(step.body))
        return step

    @property
    def live(self) -> Live:
        rows = (row for row in self.rows.values() if row["live"])
        return Live(sorted(rows, key=lambda row: row["seq"]), self.body)

    def complete(self, task: str, values: Mapping[str, Any] | None = None) -> Step:
        return self.keep(workflow.complete(self.bundle, self.live, task, values or {}, self.now))

    def deliver(self, name: str, payload: Mapping[str, Any] | None = None, **correlation: Any) -> Step:
        return self.keep(workflow.deliver(self.bundle, self.live, name, correlation, payload or {}, self.now))

    def wait(self, **time: float) -> Step:
        self.now += timedelta(**time)
        return self.keep(workflow.advance(self.bundle, self.live, self.now))

    # -- what tests look at

    def open(self) -> list[str]:
        """The elements that wait for people, sorted."""
        return sorted(element for element, _ in self.tasks())

    def tasks(self) -> list[tuple[str, str]]:
        """(element, task id) of everything that waits for people, oldest first."""
        instance = workflow.thaw(self.bundle, self.live, self.now)
        found = [t for scope in instance.scopes() for t in scope.tasks.values()]
        ready = [t for t in found if t.task_spec.waits_for_work and t.unfinished]
        return [(t.task_spec.element_id, str(t.id)) for t in sorted(ready, key=lambda t: t.seq)]

    def do(self, element: str, number: int = 0, /, **values: Any) -> Step:
        """Completes the oldest (or the `number`th) open task of an element."""
        return self.complete([task for name, task in self.tasks() if name == element][number], values)

    def data(self, element: str, number: int = 0) -> dict[str, Any]:
        """The token data of an open task."""
        task = [task for name, task in self.tasks() if name == element][number]
        return json.loads(self.rows[task]["data"])


class Remembered:
    """One instance in memory, never frozen."""

    def __init__(self, bundle: Bundle, data: Mapping[str, Any], now: datetime = NOON) -> None:
        self.instance = Instance(bundle, now)
        self.now = now
        workflow.begin(self.instance, data)
        self.step = freeze(self.instance, None)

    def _step(self, verb: Any, *arguments: Any) -> Step:
        instance = self.instance
        instance.now, instance.names = self.now, Names(instance.bundle, self.now)
        instance.trace, instance.clashes, instance.sent = [], [], []
        verb(instance, *arguments)
        self.step = freeze(instance, None)
        return self.step

    def complete(self, task: str, values: Mapping[str, Any]) -> Step:
        return self._step(workflow.submit, task, values)

    def deliver(self, name: str, payload: Mapping[str, Any]) -> Step:
        return self._step(workflow.receive, name, {}, payload)

    def wait(self, **time: float) -> Step:
        self.now += timedelta(**time)
        return self._step(lambda instance: instance.run())


def picture(instance: Instance) -> dict[str, Any]:
    """All that an instance will ever look at again, without the random ids: tasks by their number."""
    facts = [(host_of(scope), scope.data, scope.correlations) for scope in instance.scopes()]
    tasks = {task.seq: seen(task, live) for scope in instance.scopes() for task, live in living(scope)}
    return {"tasks": tasks, "scopes": facts, "number": instance.number}


def living(scope: Any) -> list[tuple[Any, set[Any]]]:
    """The live tasks of a scope, each with the ids of all."""
    live = live_ids(scope)
    return [(task, live) for task in scope.tasks.values() if task.id in live]


def seen(task: Any, live: set[Any]) -> tuple[Any, ...]:
    """What a later step can see of a task. Of the root only that it is there."""
    above = task.parent
    while above is not None and above.id not in live:
        above = above.parent
    data = task.data if task.unfinished or task is not task.workflow.task_tree else None
    facts = (task.task_spec.name, task.state, task.triggered, task.changed_at, task.internal_data, data)
    return (*facts, above and above.seq, host_of(task.workflow))


def host_of(scope: Any) -> int | None:
    """The number of the task whose inside a scope is."""
    return scope.host.seq if scope.host is not None else None


def all_scopes(instance: Instance) -> list[Any]:
    """The outermost scope and every inside that is in memory."""
    return [instance, *instance.subprocesses.values()]


def outcome(step: Step, seqs: Mapping[str, int]) -> dict[str, Any]:
    """What a step tells the outside, without the random ids."""
    return {
        "trace": [
            (
                e.at,
                e.kind,
                e.element_id,
                e.source,
                *(seqs.get(i) for i in (e.scope, e.call, e.engine_task_id)),
            )
            for e in step.trace
        ],
        "ended": (step.ended, step.outcome),
        "clashes": step.clashes,
        "sent": step.sent,
        "due": step.next_due,
    }


def running(nodes: str, flows: str, /, **start: object) -> Frozen:
    """A started instance of one process."""
    return Frozen(compile_bundle({"p.bpmn": bpmn("p", nodes, flows, MESSAGES)}, "p"), start)
