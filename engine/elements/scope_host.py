"""Elements with an inside of their own: embedded subprocess and call activity."""

from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.mixins import CallActivityMixin, SubWorkflowTaskMixin

from engine.elements.flow_node import FlowNode
from engine.elements.task_data import copy_value


class ScopeHost(FlowNode):
    """Waits while its inside runs. The inside is a scope of its own: own tokens, own end."""

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        my_task._set_state(TaskState.STARTED)
        my_task.top.open_inside(my_task).begin(self.data_for_inside(my_task))
        return False

    def inside_ended(self, my_task: Any, data: dict[str, Any]) -> None:
        """The inside has ended with `data`: the token goes on."""
        self.take_back(my_task, my_task, data)
        my_task._ready()

    def data_for_inside(self, my_task: Any) -> dict[str, Any]:
        """The data that the inside starts with."""
        raise NotImplementedError

    def take_back(self, my_task: Any, target: Any, data: dict[str, Any]) -> None:
        """Writes what comes back from the inside of `my_task`, at its end or with an event, to `target`."""
        raise NotImplementedError

    def _on_cancel(self, my_task: Any) -> None:
        super()._on_cancel(my_task)
        inside = my_task.top.inside(my_task)
        if inside is not None:
            inside.stop()


class SubProcess(ScopeHost, SubWorkflowTaskMixin):
    """An embedded subprocess sees and changes the variables around it."""

    def data_for_inside(self, my_task: Any) -> dict[str, Any]:
        """Everything."""
        return dict(copy_value(my_task.data))

    def take_back(self, my_task: Any, target: Any, data: dict[str, Any]) -> None:
        """Everything; an instance of a multi-instance subprocess remembers what was changed inside."""
        before = my_task.data
        target.write(
            {name: value for name, value in data.items() if name not in before or before[name] != value}
        )
        for name in [name for name in target.data if name in before and name not in data]:
            del target.data[name]


class CallActivity(ScopeHost, CallActivityMixin):
    """A called process gets what `camunda:in` names and gives back what `camunda:out` names, as in Camunda 7.

    Without `camunda:in` nothing is passed, without `camunda:out` nothing comes back.
    """

    def data_for_inside(self, my_task: Any) -> dict[str, Any]:
        """The variables that the in-mappings name; later mappings win."""
        evaluate = my_task.top.evaluate
        return dict(
            copy_value(
                my_task.top.kept(_mapped(self.extensions.get("in", ()), my_task, my_task.data, evaluate))
            )
        )

    def take_back(self, my_task: Any, target: Any, data: dict[str, Any]) -> None:
        """The variables that the out-mappings name."""
        evaluate = my_task.top.evaluate
        target.write(_mapped(self.extensions.get("out", ()), my_task, data, evaluate))


def _mapped(mappings: Any, my_task: Any, data: dict[str, Any], evaluate: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for mapping in mappings:
        if mapping.get("all"):
            found.update(data)
        elif "source" in mapping:
            found[mapping["target"]] = data.get(mapping["source"])
        elif "expression" in mapping:
            found[mapping["target"]] = evaluate(my_task, mapping["expression"], data)
    return found
