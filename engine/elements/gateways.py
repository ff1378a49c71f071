"""The exclusive gateway."""

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins import ExclusiveGatewayMixin

from engine.elements.flow_node import FlowNode
from engine.errors import NoWayOut


class ExclusiveGateway(FlowNode, ExclusiveGatewayMixin):
    """Takes the first flow, in the order of the file, whose condition holds; otherwise the default flow."""

    def leave(self, my_task: Any) -> None:
        name = next(
            (name for source, name in conditions(self) if my_task.top.evaluate(my_task, source)), None
        )
        name = name or self.default_task_spec
        if name is None:
            raise NoWayOut(element=self.bpmn_name or self.element_id)
        self.send_to(my_task, [self._wf_spec.task_specs[name]])


def conditions(gateway: Any) -> list[tuple[str, str]]:
    """The conditional flows of a gateway: (expression, name of the spec that the flow leads to)."""
    return [(condition.args[0], name) for condition, name in gateway.cond_task_specs if condition is not None]
