"""Multi-instance activities: a frame that starts instances of an activity and collects their results."""

from typing import Any

from SpiffWorkflow import TaskState

from engine.elements.repetition import Frame, stop_instances
from engine.elements.task_data import copy_value
from engine.errors import NotACollection

MAX_INSTANCES = 1_000  # of one activity at a time; more is a mistake, and would fill the database


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
            if value is None or (isinstance(value, list) and len(value) <= MAX_INSTANCES):
                return list(value or ())
        elif isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_INSTANCES:
            return list(range(value))
        raise NotACollection(element=self.bpmn_name or self.element_id, source=source, value=_shown(value))

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


def _shown(value: Any) -> str:
    return f"[… {len(value)}]" if isinstance(value, list) else repr(value)[:80]


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
