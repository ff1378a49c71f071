"""A process instance in memory, for the time of one step: SpiffWorkflow's workflow with our scheduling and
clock."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException

from engine.diagram.bundle import Bundle
from engine.diagram.expressions import HOUSE_ZONE, ClockFacts, plain, script_engine
from engine.elements.catching import Catching, due_positions
from engine.elements.propagation import Sent
from engine.errors import ElementFailed, EndlessRun, ExpressionError
from engine.execution.clocks import NO_CLOCKS, Clocks, apply_marks
from engine.execution.names import Names
from engine.execution.scope import Inside, Scope
from engine.execution.step import Clash, Event
from engine.execution.trace import enclosing_instance, place_of, source_of

FIRST_NUMBER = 1_000_000  # numbers keep their width, so that a step costs the same bytes early and late
MOST_RUNS = 10_000  # tasks that one step may run by itself
MOST_NUMBERS = 20_000  # tasks that one step may start, be they for people or not


class Instance(Scope, BpmnWorkflow):
    """The outermost scope and everything that its elements may ask for (see `engine.elements.runtime`)."""

    zone = HOUSE_ZONE
    host = None

    def __init__(self, bundle: Bundle, now: datetime, clocks: Clocks = NO_CLOCKS) -> None:
        self.bundle, self.now, self.clocks = bundle, now, clocks
        self.names = Names(bundle, now, self._read_clock)
        self.patient = False  # True: what is due waits; a timer that cannot run must not stop people
        self.asking: Any = None  # the task whose expression is being worked out
        self.clocks_read: dict[str, bool] = {}  # by expressions since it was emptied; whether they run
        self.number = FIRST_NUMBER
        self.running: Any = None
        self.queue: deque[Any] = deque()
        self.outcome: str | None = None
        self.trace: list[Event] = []
        self.clashes: list[Clash] = []
        self.sent: list[Sent] = []
        safe = script_engine(bundle.known_names, self.names.functions)  # SpiffWorkflow's own would eval
        BpmnWorkflow.__init__(self, bundle.spec, bundle.subspecs, script_engine=safe, deserializing=True)

    # -- what elements ask for

    def next_number(self) -> int:
        self.number += 1
        return self.number

    def enqueue(self, task: Any) -> None:
        self.queue.append(task)

    def note(self, kind: str, task: Any, data: Mapping[str, Any] | None = None) -> None:
        source = source_of(task) if kind == "entered" else None
        host, place, scope = task.workflow.host, place_of(task), enclosing_instance(task)
        call = host.text_id if host is not None else ""
        self.trace.append(
            Event(self.now, kind, *place, scope, call, source, task.text_id, data)
        )
        if kind == "completed":
            apply_marks(self, task, place, scope)

    def evaluate(self, task: Any, source: str, names: Mapping[str, Any] | None = None) -> Any:
        self.asking = task
        try:
            return self.names.evaluate(source, task.data if names is None else names)
        except ExpressionError as error:
            raise failure(task, error) from error

    def evaluate_timer(self, task: Any, source: str) -> tuple[Any, list[str]]:
        self.clocks_read.clear()
        value, read = self.evaluate(task, source), dict(self.clocks_read)
        stopped = read and not any(read.values())
        return (None if stopped else value), sorted(read)

    def template(self, task: Any, text: str) -> Any:
        """The value of a template over the task's data. Raises ElementFailed."""
        self.asking = task
        try:
            return self.names.fill(text, task.data)
        except ExpressionError as error:
            raise failure(task, error) from error

    def _read_clock(self, name: str, case: str | None) -> ClockFacts | None:
        scope = enclosing_instance(self.asking) if self.asking is not None else ""
        found = self.clocks.read(name, scope, case)
        if case is None:
            self.clocks_read[name] = found is None or found.stopped_at is None
        return found

    def retime(self, moved: set[str]) -> None:
        """Works out again when live timers are due that read one of these clocks."""
        for task in self.waiting_events() if moved else ():
            timers = task.internal_data.get("timers", {})
            stale = {p for p, facts in timers.items() if not moved.isdisjoint(facts.get("clocks", ()))}
            if stale:
                definitions = task.task_spec.definitions()
                fresh = {p: task.task_spec.timer(task, definitions[int(p)]) for p in stale}
                task.internal_data = {**task.internal_data, "timers": {**timers, **fresh}}

    def execute(self, task: Any, source: str) -> None:
        self.asking = task
        try:
            task.write(self.names.run(source, task.data))
        except ExpressionError as error:
            raise failure(task, error) from error

    def fill(self, task: Any, parameter: Mapping[str, Any]) -> Any:
        if "list" in parameter:
            return [self.fill(task, item) for item in parameter["list"]]
        if "map" in parameter:
            return {key: self.fill(task, item) for key, item in parameter["map"].items()}
        if "script" in parameter:
            return self.evaluate(task, parameter["script"])
        return self.template(task, parameter["template"])

    def decide(self, task: Any, decision_id: str, how: str = "") -> Any:
        self.asking = task
        decision, names = self.bundle.decisions[decision_id], self.names.over(task.data)
        functions = self.names.functions
        outcome = decision.mapped(how, names, functions) if how else decision.decide(names, functions)
        inputs = {name: names.get(name) for name in sorted(decision.names)}
        self.note(
            "decided", task, {"decision": decision_id, "inputs": plain(inputs), "outputs": plain(outcome)}
        )
        return outcome

    def kept(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return self.names.kept(values)

    def plain(self, value: Any) -> Any:
        return plain(value)

    def open_inside(self, task: Any) -> Inside:
        inside = Inside(self.subprocess_specs[task.task_spec.spec], task)
        self.subprocesses[task.id] = inside
        return inside

    def inside(self, task: Any) -> Inside | None:
        found: Inside | None = self.subprocesses.get(task.id)
        return found

    def waiting_events(self) -> list[Any]:
        waiting = [t for scope in self.scopes() for t in scope.tasks.values() if t.state == TaskState.WAITING]
        found = [task for task in waiting if isinstance(task.task_spec, Catching)]
        return sorted(found, key=lambda task: int(task.seq)) if len(found) > 1 else found

    def send(self, task: Any, message: Sent) -> None:
        self.sent.append(message)

    def clash(self, task: Any, names: list[str]) -> None:
        self.clashes.append(Clash(*place_of(task), tuple(names)))

    # -- running

    def scopes(self) -> list[Any]:
        """The scopes that still run, outermost first, then in the order of their hosts."""
        found: list[Any] = [] if self.completed else [self]
        if self.subprocesses:
            insides = sorted(self.subprocesses.values(), key=lambda inside: int(inside.host.seq))
            found += [inside for inside in insides if not inside.completed]
        return found

    def finish(self, data: dict[str, Any], outcome: str) -> None:
        """The instance has ended."""
        self.completed, self.outcome = True, outcome

    def run(self) -> None:
        """Runs until everything waits: due timers, then tasks without people, then joins that saw all come
        to rest. Raises EndlessRun."""
        most = self.number + MOST_NUMBERS
        for _ in range(MOST_RUNS):
            if self.number > most:
                break
            if self.queue:
                self._run_next()
            elif not (self._settle() or self._fire_due()):
                return
        process_id, element_id = place_of(self._last)
        raise EndlessRun(process_id=process_id, element_id=element_id)

    def standstill(self) -> tuple[str, str] | None:
        """Where (process id, element id) an instance is stuck in which nobody can do anything any more.

        An event that catches an error or an escalation from inside hopes for nothing where nothing runs."""
        if self.completed or any(task.task_spec.is_called_from_outside for task in self.waiting_events()):
            return None
        tasks = [task for scope in self.scopes() for task in scope.tasks.values()]
        if any(task.state == TaskState.READY for task in tasks):
            return None
        waiting = [t for t in tasks if t.state == TaskState.WAITING and not isinstance(t.task_spec, Catching)]
        return place_of(max(waiting or tasks, key=lambda task: int(task.seq)))

    def _run_next(self) -> None:
        task = self._last = self.queue.popleft()
        if task.state == TaskState.READY:
            try:
                task.run()
            except SpiffWorkflowException as error:
                raise failure(task, error) from error

    def _settle(self) -> bool:
        scopes = self.scopes()
        innermost_first = scopes if len(scopes) < 2 else sorted(scopes, key=lambda scope: -int(scope.depth))
        return any(scope.settle() for scope in innermost_first)

    def _fire_due(self) -> bool:
        if self.patient:
            return False
        due = [(when, t.seq, at, t) for t in self.waiting_events() for when, at in due_positions(t)]
        first = min(due, key=lambda entry: entry[:3], default=None)
        if first is None or first[0] > self.now:
            return False
        _, _, position, task = first
        self._last = task
        task.task_spec.happened(task, position, {})
        return True

    def skip_due(self) -> list[tuple[str, str]]:
        """Disarms the timers that are due; they will not fire any more. Returns where (process, element)."""
        skipped = []
        for task in self.waiting_events():
            late = {str(at) for when, at in due_positions(task) if when <= self.now}
            if late:
                timers = task.internal_data["timers"]
                off = {p: {**facts, "due": None} if p in late else facts for p, facts in timers.items()}
                task.internal_data = {**task.internal_data, "timers": off}
                skipped.append(place_of(task))
        return skipped

    def next_due(self) -> datetime | None:
        """When the earliest timer is due."""
        return min((when for task in self.waiting_events() for when, _ in due_positions(task)), default=None)


def failure(task: Any, error: Exception) -> ElementFailed:
    """An error inside an element, with the element's name and place."""
    process_id, element_id = place_of(task)
    message = getattr(error, "message", None)
    zh, en = (message("zh"), message("en")) if message else (str(error), str(error))
    name = task.task_spec.bpmn_name or element_id
    return ElementFailed(element=name, element_id=element_id, process_id=process_id, reason=en, reason_zh=zh)
