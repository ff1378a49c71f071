"""Activities that run more than once: the frame around them, and the standard loop."""

from typing import Any

from SpiffWorkflow import TaskState

from engine.elements.flow_node import FlowNode
from engine.elements.task_data import copy_value


class Frame(FlowNode):
    """The outer task of a multi-instance or loop activity; the activity itself is the spec `task_spec`."""

    def __init__(self, wf_spec: Any, bpmn_id: str, task_spec: str = "", **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.task_spec = task_spec

    @property
    def wraps(self) -> bool:
        """Always."""
        return True

    def instance_finished(self, my_task: Any, child: Any) -> None:
        """One instance has completed."""
        raise NotImplementedError

    def add_instance(self, my_task: Any, index: int, names: dict[str, Any]) -> Any:
        """Creates an instance with its own names on top of the frame's data. It does not start yet."""
        child = my_task._add_child(self._wf_spec.task_specs[self.task_spec])
        child.triggered = True
        child.data = my_task.top.kept(names) | {"loopCounter": index}
        child.internal_data = {"index": index}
        return child

    def _on_cancel(self, my_task: Any) -> None:
        super()._on_cancel(my_task)
        stop_instances(my_task)


def stop_instances(my_task: Any) -> None:
    """Cancels the instances that still run."""
    for child in my_task.children:
        if child.triggered:
            child.cancel()


class StandardLoop(Frame):
    """Repeats its activity while the condition holds, at most `maximum` times; every turn sees what the
    last one set."""

    def __init__(
        self,
        wf_spec: Any,
        bpmn_id: str,
        task_spec: str,
        maximum: int | None,
        condition: str | None,
        test_before: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(wf_spec, bpmn_id, task_spec, **kwargs)
        self.maximum, self.condition, self.test_before = maximum, condition, test_before

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        if self.test_before and not self._again(my_task, 0):
            return True
        my_task._set_state(TaskState.STARTED)
        self._turn(my_task, 0)
        return False

    def instance_finished(self, my_task: Any, child: Any) -> None:
        """Takes over the data of the turn, then repeats or ends."""
        my_task.internal_data = {"ran": True}
        my_task.data = {**copy_value(child.data)}
        my_task.data.pop("loopCounter", None)
        done = child.internal_data["index"] + 1
        if self._again(my_task, done):
            self._turn(my_task, done)
        else:
            my_task._ready()

    def _again(self, my_task: Any, done: int) -> bool:
        if self.maximum is not None and done >= self.maximum:
            return False
        names = {**my_task.data, "loopCounter": done}
        return self.condition is None or bool(my_task.top.evaluate(my_task, self.condition, names))

    def _turn(self, my_task: Any, index: int) -> None:
        child = self.add_instance(my_task, index, {})
        child.task_spec._update(child)
