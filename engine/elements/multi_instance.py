"""Multi-instance activities: a frame that starts instances of the activity and collects one result from
each."""

from typing import Any

from SpiffWorkflow import TaskState

from engine.elements.flow_node import FlowNode
from engine.elements.task_data import copy_value
from engine.errors import NotACollection


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


class MultiInstance(Frame):
    """What parallel and sequential multi-instance have in common.

    The items are read once, when the activity is entered. Instances see `loopCounter` and the element
    variable. Nothing that an instance sets leaves it, except as one dict in the list that the property
    `mi.result` names; the list is in the order of the collection and holds the completed instances only. A
    completion condition that holds after an instance ends the activity; instances that still run are
    cancelled.
    """

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        items = self._items(my_task)
        if not items:
            self._write_results(my_task, [])
            return True
        my_task._set_state(TaskState.STARTED)
        my_task.internal_data = {"total": len(items), "done": 0, "results": []}
        self.begin(my_task, items)
        return False

    def begin(self, my_task: Any, items: list[Any]) -> None:
        """Starts the first instances."""
        raise NotImplementedError

    def next_instance(self, my_task: Any) -> None:
        """Starts what follows a completed instance."""

    def start_instances(self, my_task: Any, items: dict[int, Any]) -> None:
        """Creates and starts one instance for each item (index → item)."""
        name = self.extensions["mi"].get("element")
        children = [
            self.add_instance(my_task, index, {name: item} if name else {}) for index, item in items.items()
        ]
        for child in children:
            child.task_spec._update(child)

    def instance_finished(self, my_task: Any, child: Any) -> None:
        """Collects the result; ends the activity, or goes on."""
        facts = dict(my_task.internal_data)
        facts["done"] += 1
        if self.extensions["mi"].get("result"):
            facts["results"] = [*facts["results"], [child.internal_data["index"], self._result(child)]]
        my_task.internal_data = facts
        if facts["done"] == facts["total"] or self._enough(my_task, child):
            stop_instances(my_task)
            self._write_results(my_task, facts["results"])
            my_task.internal_data = {"ran": True}
            my_task._ready()
        else:
            self.next_instance(my_task)

    def _items(self, my_task: Any) -> list[Any]:
        facts = self.extensions["mi"]
        source = facts.get("collection") or facts.get("cardinality")
        value = my_task.top.plain(my_task.top.evaluate(my_task, source))
        if facts.get("collection"):
            if value is None or isinstance(value, list):
                return list(value or ())
        elif isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return list(range(value))
        raise NotACollection(element=self.bpmn_name or self.element_id, source=source, value=repr(value))

    def _result(self, child: Any) -> dict[str, Any]:
        names = set(child.internal_data.get("set", ()))
        item = self.extensions["mi"].get("element")
        return {
            name: copy_value(value) for name, value in child.data.items() if name in names or name == item
        }

    def _enough(self, my_task: Any, child: Any) -> bool:
        source = self.extensions["mi"].get("condition")
        if not source:
            return False
        facts = my_task.internal_data
        active = 1 if self.extensions["mi"]["sequential"] else facts["total"] - facts["done"]
        names = {
            **child.data,
            "loopCounter": child.internal_data["index"],
            "nrOfInstances": facts["total"],
            "nrOfCompletedInstances": facts["done"],
            "nrOfActiveInstances": active,
        }
        if name := self.extensions["mi"].get("result"):
            names[name] = _in_order(facts["results"])
        return bool(my_task.top.evaluate(my_task, source, names))

    def _write_results(self, my_task: Any, results: list[Any]) -> None:
        if name := self.extensions["mi"].get("result"):
            my_task.write({name: _in_order(results)})


def _in_order(results: list[Any]) -> list[Any]:
    return [result for _, result in sorted(results, key=lambda entry: int(entry[0]))]


class ParallelMultiInstance(MultiInstance):
    """All instances at once."""

    def begin(self, my_task: Any, items: list[Any]) -> None:
        """Starts them all."""
        self.start_instances(my_task, dict(enumerate(items)))


class SequentialMultiInstance(MultiInstance):
    """One instance after the other."""

    def begin(self, my_task: Any, items: list[Any]) -> None:
        """Starts the first and remembers the items."""
        my_task.internal_data = {**my_task.internal_data, "items": items}
        self.next_instance(my_task)

    def next_instance(self, my_task: Any) -> None:
        """Starts the one after those that are done."""
        index = my_task.internal_data["done"]
        self.start_instances(my_task, {index: my_task.internal_data["items"][index]})


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
