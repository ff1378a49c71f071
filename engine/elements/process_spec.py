"""The spec of a process or embedded subprocess, with our own start and end."""

from typing import Any, ClassVar

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask

from engine.elements.flow_node import FlowNode
from engine.elements.joins import ScopeEnd


class ScopeStart(FlowNode, BpmnStartTask):
    """The root of a scope's tasks; leads to its start event."""

    visible: ClassVar[bool] = False


class ProcessSpec(BpmnProcessSpec):
    """Replaces the predicting start and the counting end join of SpiffWorkflow."""

    extensions: dict[str, Any]

    def __init__(self, name: str, description: str | None = None, filename: str | None = None) -> None:
        super().__init__(name=name, description=description, filename=filename)
        self.extensions = {}
        self.task_specs.clear()
        self.start = ScopeStart(self, "Start")
        self.end = ScopeEnd(self, f"{name}.EndJoin")
