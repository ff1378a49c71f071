"""One token at one node: SpiffWorkflow's task with deep-copied data, guarded states and no wall clock."""

from typing import Any
from uuid import UUID

from SpiffWorkflow import TaskState
from SpiffWorkflow.task import Task
from uuid_utils.compat import uuid7

from engine.elements.runtime import Runtime
from engine.elements.task_data import copy_value

UNFINISHED = TaskState.NOT_FINISHED_MASK
FINISHED = TaskState.FINISHED_MASK


class EngineTask(Task):
    """A task whose tree holds only what was reached: nothing is predicted, nothing is ever removed.

    `seq` orders tasks by creation. A finished task never changes again.
    """

    def __init__(
        self,
        workflow: Any,
        task_spec: Any,
        parent: Any = None,
        state: int = TaskState.FUTURE,
        id: str | None = None,
    ) -> None:
        self.id = UUID(id) if id else uuid7()
        self.text_id = id or str(self.id)
        self.workflow = workflow
        self.task_spec = task_spec
        self._parent = parent.id if parent is not None else None
        self._children: list[UUID] = []
        self._state = state
        self.triggered = False
        self.thread_id = 0
        self._start()
        workflow.tasks[self.id] = self
        if parent is not None:
            parent._children.append(self.id)

    def _start(self) -> None:
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.seq = self.top.next_number()
        self.changed_at = self.top.now

    @property
    def top(self) -> Runtime:
        """The running instance."""
        runtime: Runtime = self.workflow.top_workflow
        return runtime

    @property
    def last_state_change(self) -> float:
        """When the state last changed, in seconds; SpiffWorkflow's own name for it."""
        return self.changed_at.timestamp()

    @property
    def unfinished(self) -> bool:
        """Whether this token is still on its way."""
        return bool(self._state & UNFINISHED)

    def _add_child(self, task_spec: Any, state: int = TaskState.FUTURE) -> "EngineTask":
        return EngineTask(self.workflow, task_spec, self, state)

    def _set_state(self, value: int) -> None:
        if value != self._state:
            self._state = value
            self.changed_at = self.top.now

    def _inherit_data(self) -> None:
        """A new token gets its own deep copy of its predecessor's data; a token that waits keeps what it
        has."""
        if self._state < TaskState.WAITING and self.parent is not None:
            self.data = {**copy_value(self.parent.data), **self.data}

    def write(self, values: dict[str, Any]) -> None:
        """Sets variables, of which the token keeps those that the diagram reads.

        Inside a multi-instance activity the instance remembers their names: they are its result.
        """
        kept = copy_value(self.top.kept(values))
        self.data.update(kept)
        if "index" in self.internal_data:
            names = {*self.internal_data.get("set", ()), *kept}
            self.internal_data = {**self.internal_data, "set": sorted(names)}

    def _ready(self) -> None:
        if self._state >= TaskState.READY and self._state != TaskState.STARTED:
            return
        self._set_state(TaskState.READY)
        self.task_spec._on_ready(self)
        if not self.task_spec.waits_for_work:
            self.top.enqueue(self)

    def run(self) -> bool:
        """Runs a READY task and nothing else: SpiffWorkflow's own method would also run finished ones."""
        if self._state != TaskState.READY:
            raise ValueError(f"{self.task_spec.name} is {TaskState.get_name(self._state)}, not READY")
        before, self.top.running = self.top.running, self
        try:
            self.task_spec._run(self)
            self.complete()
        finally:
            self.top.running = before
        return True

    def complete(self) -> None:
        """Finishes this task; its token moves on unless the task itself ended the scope around it."""
        self._set_state(TaskState.COMPLETED)
        self.task_spec._on_complete(self)

    def finish_quietly(self) -> None:
        """Takes the token away without moving it on: it was joined into another one, or its wait is over."""
        self._set_state(TaskState.CANCELLED)

    def cancel(self) -> None:
        """Stops an unfinished task and what runs inside it. What it has already set off runs on."""
        if not self.unfinished or self is self.top.running:
            return
        self._set_state(TaskState.CANCELLED)
        self.task_spec._on_cancel(self)
