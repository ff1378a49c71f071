"""Events that happen by themselves: intermediate throw events, send tasks, end events."""

from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    MessageEventDefinition,
    SignalEventDefinition,
    TerminateEventDefinition,
)

from engine.elements.catching import EventNode
from engine.elements.propagation import broadcast, rise, send_message
from engine.elements.token_tree import merge_tokens
from engine.errors import UncaughtError


class ThrowEvent(EventNode):
    """Throws its event and goes on."""

    def _run_hook(self, my_task: Any) -> None:
        definition = self.event_definition
        if isinstance(definition, MessageEventDefinition):
            send_message(my_task, definition)
        elif isinstance(definition, SignalEventDefinition):
            broadcast(my_task, definition)
        elif isinstance(definition, ErrorEventDefinition | EscalationEventDefinition):
            caught = rise(my_task, definition)
            if not caught and isinstance(definition, ErrorEventDefinition):
                raise UncaughtError(
                    element=self.bpmn_name or self.element_id, error_code=str(definition.code)
                )


class EndEvent(ThrowEvent):
    """Throws its event and ends its token; a terminate end also ends every other token of its scope."""

    def leave(self, my_task: Any) -> None:
        if not isinstance(self.event_definition, TerminateEventDefinition):
            super().leave(my_task)
            return
        scope = my_task.workflow
        data, clashes = merge_tokens([*self._wf_spec.end.arrivals(scope), my_task])
        if clashes:
            my_task.top.clash(my_task, clashes)
        scope.stop()
        scope.finish(data, self.element_id)
