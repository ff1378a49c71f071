"""Boundary events: armed when the token enters their activity, disarmed when it leaves."""

from collections.abc import Mapping
from typing import Any, ClassVar

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.specs.base import TaskSpec

from engine.elements.catching import Catching
from engine.elements.flow_node import FlowNode
from engine.elements.timers import CycleTimer, next_turn


class BoundaryEvent(Catching):
    """Interrupting: stops its activity and takes the token. Otherwise: adds a token each time it happens."""

    armed: ClassVar[bool] = True
    visible: ClassVar[bool] = False  # in the trace only once it has happened

    def __init__(
        self, wf_spec: Any, bpmn_id: str, event_definition: Any, cancel_activity: bool, **kwargs: Any
    ) -> None:
        super().__init__(wf_spec, bpmn_id, event_definition, **kwargs)
        self.cancel_activity = cancel_activity

    def happened(self, my_task: Any, position: int, values: Mapping[str, Any]) -> None:
        """Stops the activity, or stays armed for the next time."""
        if self.cancel_activity:
            for sibling in my_task.parent.children:
                if sibling is not my_task and (is_armed(sibling) or is_host(my_task.parent, sibling)):
                    sibling.cancel()
        else:
            self._arm_again(my_task)
        super().happened(my_task, position, values)

    def _run_hook(self, my_task: Any) -> None:
        my_task.top.note("completed", my_task)

    def _arm_again(self, my_task: Any) -> None:
        """A new task waits for the next time; this one becomes the record of this time."""
        facts = my_task.internal_data.get("timers", {}).get("0", {})
        if isinstance(self.event_definition, CycleTimer):
            facts = next_turn(facts, my_task.top.now)
        elif isinstance(self.event_definition, TimerEventDefinition):
            facts = None
        if facts is None:
            return
        again = my_task.parent._add_child(self)
        again._inherit_data()
        again._set_state(TaskState.WAITING)
        again.internal_data = {"timers": {"0": facts}} if facts else {}


class BoundarySplit(FlowNode):
    """Stands before an activity with boundary events: its children are the activity and the armed events."""

    visible: ClassVar[bool] = False

    def leave(self, my_task: Any) -> None:
        """Arms the events first: one that is due at once keeps the activity from starting."""
        specs = self.outgoing
        children = {spec.name: my_task._add_child(spec) for spec in specs}
        for spec in sorted(specs, key=lambda spec: not spec.armed):
            if children[spec.name].unfinished:
                spec._update(children[spec.name])

    def host_left(self, my_task: Any, child: Any) -> None:
        """The token leaves the activity: its events are disarmed."""
        if is_host(my_task, child):
            for sibling in my_task.children:
                if is_armed(sibling):
                    sibling.cancel()


class BoundaryJoin(TaskSpec):
    """SpiffWorkflow's counterpart of the split. Boundary events need no join: no token ever comes here."""

    unused: ClassVar[bool] = True


def is_armed(task: Any) -> bool:
    """Whether a child of a split is a boundary event that waits."""
    return bool(task.task_spec.armed) and task.state == TaskState.WAITING


def is_host(split: Any, task: Any) -> bool:
    """Whether a child of a split is the activity itself (its children may also be what came after, see the
    live set)."""
    return not task.task_spec.armed and task.task_spec.name in split.task_spec._outputs
