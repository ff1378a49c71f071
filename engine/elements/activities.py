"""Tasks: by people, by scripts, and those that the engine merely passes."""

from typing import Any, ClassVar

from SpiffWorkflow.bpmn.specs.mixins import ScriptTaskMixin

from engine.elements.flow_node import FlowNode


class UserTask(FlowNode):
    """Waits until a person completes it."""

    waits_for_work: ClassVar[bool] = True

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.manual = True


class PassedTask(FlowNode):
    """An undefined or manual task: BPMN gives the engine nothing to do, the token passes."""


class ScriptTask(FlowNode, ScriptTaskMixin):
    """Runs its script over the token's data, or sets the value of an expression as one variable."""

    def _run_hook(self, my_task: Any) -> None:
        facts = self.extensions.get("script") or {"source": self.script}
        if facts.get("result"):
            my_task.write({facts["result"]: my_task.top.evaluate(my_task, facts["source"])})
        else:
            my_task.top.execute(my_task, facts["source"])


class ExternalTask(FlowNode):
    """A service task that waits until a program outside completes it or reports a BPMN error."""

    waits_for_work: ClassVar[bool] = True
    by_machine: ClassVar[bool] = True


class ServiceTask(FlowNode):
    """Sets the value of its expression as one variable."""

    def _run_hook(self, my_task: Any) -> None:
        facts = self.extensions["service"]
        value = my_task.top.evaluate(my_task, facts["expression"])
        if facts.get("result"):
            my_task.write({facts["result"]: value})
