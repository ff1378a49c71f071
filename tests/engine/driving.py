"""Two ways to run an instance, step by step: kept in memory for ever, or frozen and thawed after every
step."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.diagram.bundle import Bundle
from engine.execution import workflow
from engine.execution.instance import Instance
from engine.execution.live_set import freeze, live_ids
from engine.execution.names import Names
from engine.execution.step import Live, Step

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
    seqs = {str(task.id): task.seq for scope in all_scopes(instance) for task in scope.tasks.values()}
    found: dict[int, Any] = {}
    for scope in instance.scopes():
        live = live_ids(scope)
        for task in scope.tasks.values():
            if task.id in live:
                above = task.parent
                while above is not None and above.id not in live:
                    above = above.parent
                carries = task.unfinished or task is not scope.task_tree
                found[task.seq] = (
                    task.task_spec.name,
                    task.state,
                    task.triggered,
                    above and above.seq,
                    scope.host and scope.host.seq,
                    task.data if carries else None,
                    task.internal_data,
                    task.changed_at,
                )
    facts = [(scope.host and scope.host.seq, scope.data, scope.correlations) for scope in instance.scopes()]
    return {
        "tasks": found,
        "scopes": facts,
        "number": instance.number,
        "count": len(seqs) and instance.number,
    }


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
                e.process_id,
                e.element_id,
                seqs.get(e.scope),
                seqs.get(e.call),
                e.source,
                seqs[e.engine_task_id],
            )
            for e in step.trace
        ],
        "ended": (step.ended, step.outcome),
        "clashes": step.clashes,
        "sent": step.sent,
        "due": step.next_due,
    }
