"""Events that wait: intermediate catch events, receive tasks, event-based gateways, and start events that
have begun."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.event_definitions import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    NoneEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from engine.elements.flow_node import FlowNode
from engine.elements.timers import due_of, timer_facts

FROM_INSIDE = ErrorEventDefinition, EscalationEventDefinition


class EventNode(FlowNode):
    """An element with an event definition."""

    def __init__(self, wf_spec: Any, bpmn_id: str, event_definition: Any = None, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.event_definition = event_definition or NoneEventDefinition()


class StartEvent(EventNode):
    """The instance has been started, so whatever this event waits for has happened."""


class Catching(EventNode):
    """Waits in state WAITING; `internal_data["timers"]` holds the timer facts by position of the
    definition."""

    def definitions(self) -> list[Any]:
        """What this element waits for: the first that happens wins."""
        return [self.event_definition]

    @property
    def is_called_from_outside(self) -> bool:
        """Whether time, a message or a signal may make it happen, and not only what runs in the same case."""
        return not all(isinstance(definition, FROM_INSIDE) for definition in self.definitions())

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        return self.begin_waiting(my_task)

    def begin_waiting(self, my_task: Any) -> bool:
        """Starts the timers. Returns whether there is nothing to wait for."""
        definitions = self.definitions()
        if all(isinstance(definition, NoneEventDefinition) for definition in definitions):
            return True
        my_task._set_state(TaskState.WAITING)
        timers = {
            str(position): self.timer(my_task, definition)
            for position, definition in enumerate(definitions)
            if isinstance(definition, TimerEventDefinition)
        }
        if timers:
            my_task.internal_data = {**my_task.internal_data, "timers": timers}
        return False

    def timer(self, my_task: Any, definition: Any) -> dict[str, Any]:
        """The facts of one timer, worked out now."""
        value, clocks = my_task.top.evaluate_timer(my_task, definition.expression)
        if clocks and value is None:
            return {"due": None, "clocks": clocks}  # not until a clock starts, or is due at a known time
        facts = timer_facts(definition, value, my_task.top.now, my_task.top.zone)
        return {**facts, "clocks": clocks} if clocks else facts

    def happened(self, my_task: Any, position: int, values: Mapping[str, Any]) -> None:
        """What the definition at `position` waits for has happened and brings `values`."""
        my_task.write(dict(values))
        self.chosen(my_task, position)
        my_task._ready()

    def chosen(self, my_task: Any, position: int) -> None:
        """Remembers which definition it was."""
        my_task.internal_data = {
            key: value for key, value in my_task.internal_data.items() if key != "timers"
        }


class CatchEvent(Catching):
    """An intermediate catch event or a receive task. Behind an event-based gateway, its event has already
    happened."""

    def begin_waiting(self, my_task: Any) -> bool:
        """Nothing to wait for behind an event-based gateway."""
        return isinstance(my_task.parent.task_spec, EventGateway) or super().begin_waiting(my_task)


class EventGateway(Catching):
    """Waits for all events behind it at once and takes the way of the first that happens."""

    def definitions(self) -> list[Any]:
        """Those of the events behind it, in the order of the flows."""
        return [spec.event_definition for spec in self.outgoing]

    def chosen(self, my_task: Any, position: int) -> None:
        """Remembers the way to take."""
        my_task.internal_data = {"way": position}

    def leave(self, my_task: Any) -> None:
        """One token, on the way of the event that happened."""
        self.send_to(my_task, [self.outgoing[my_task.internal_data["way"]]])


def due_positions(my_task: Any) -> list[tuple[Any, int]]:
    """(due time, position of the definition) of every timer of a waiting task that has one."""
    timers = my_task.internal_data.get("timers", {})
    return [(due, int(position)) for position, facts in timers.items() if (due := due_of(facts))]
