"""Where a task is: its process and element, the instance of a multi-instance activity around it, where it
came from."""

from typing import Any

from engine.elements.multi_instance import MultiInstance


def place_of(task: Any) -> tuple[str, str]:
    """(process id, element id); embedded subprocesses belong to the process they are drawn in."""
    process_id = task.task_spec.extensions.get("process") or task.workflow.spec.extensions.get("process")
    return process_id or task.workflow.spec.name, task.task_spec.element_id


def enclosing_instance(task: Any) -> str:
    """The id of the innermost multi-instance instance that `task` is or belongs to; "" outside of all."""
    while task is not None:
        if task.triggered and isinstance(task.parent.task_spec, MultiInstance):
            found: str = task.text_id
            return found
        task = task.workflow.host
    return ""


def source_of(task: Any) -> str | None:
    """The element that the token of a new task came from; None for a start event and for an instance."""
    above = task.parent
    if above is None or task.triggered:
        return None
    if not above.task_spec.visible and not above.task_spec.armed:
        above = above.parent
    return None if above is None else str(above.task_spec.element_id)
