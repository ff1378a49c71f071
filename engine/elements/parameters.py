"""Camunda's input and output parameters: names that exist only inside one activity."""

from typing import Any


def apply_inputs(my_task: Any) -> None:
    """Sets the input parameters in order and remembers what they hide until the activity is left."""
    hidden: dict[str, Any] = {}
    for name, parameter in my_task.task_spec.extensions.get("inputs", ()):
        hidden.setdefault(name, [my_task.data[name]] if name in my_task.data else [])
        my_task.data.update(my_task.top.kept({name: my_task.top.fill(my_task, parameter)}))
    if hidden:
        my_task.internal_data = {**my_task.internal_data, "hidden": hidden}


def apply_outputs(my_task: Any) -> None:
    """Computes the output parameters, forgets the inputs, then sets the outputs."""
    outputs = {
        name: my_task.top.fill(my_task, parameter)
        for name, parameter in my_task.task_spec.extensions.get("outputs", ())
    }
    for name, before in my_task.internal_data.get("hidden", {}).items():
        my_task.data.pop(name, None)
        if before:
            my_task.data[name] = before[0]
    if outputs:
        my_task.write(outputs)
