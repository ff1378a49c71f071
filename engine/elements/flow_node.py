"""What every element of a diagram has in common when a token comes, waits and leaves."""

from collections.abc import Iterable
from typing import Any, ClassVar

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin

from engine.elements.parameters import apply_inputs, apply_outputs


class FlowNode(BpmnSpecMixin):
    """Replaces SpiffWorkflow's life cycle of a task.

    Children are created when the token leaves, not predicted; so an instance holds exactly the tokens that
    BPMN knows. Subclasses change `_update_hook` (the token arrives), `_run_hook` (it is this element's
    turn) and `leave`.
    """

    waits_for_work: ClassVar[bool] = False  # stays READY until somebody completes it
    by_machine: ClassVar[bool] = False  # that somebody is a program, not a person
    visible: ClassVar[bool] = True  # drawn in the diagram, so named in the trace
    armed: ClassVar[bool] = False  # a boundary event: while it waits it is no token, and no flow leads to it
    extensions: dict[str, Any]

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.extensions = {}

    @property
    def element_id(self) -> str:
        """The id of the element in the diagram."""
        return str(self.extensions.get("element") or self.bpmn_id or self.name)

    @property
    def wraps(self) -> bool:
        """Whether this is the frame of a multi-instance or loop activity, not the activity itself."""
        return False

    def _predict(self, my_task: Any, *args: Any, **kwargs: Any) -> None:
        """Nothing is predicted."""

    def _update(self, my_task: Any) -> None:
        if my_task.state == TaskState.FUTURE and self.visible:
            my_task.top.note("entered", my_task)
        if self._update_hook(my_task):
            my_task._ready()

    def _update_hook(self, my_task: Any) -> bool:
        my_task._inherit_data()
        for data_object in self.data_input_associations:
            data_object.get(my_task)
        if not self.wraps:
            apply_inputs(my_task)
        return True

    def _on_ready(self, my_task: Any) -> None:
        """SpiffWorkflow would check the spec's wiring here, on every turn; the bundle has done it once."""

    def _run(self, my_task: Any) -> None:
        self._run_hook(my_task)

    def _run_hook(self, my_task: Any) -> None:
        """What the element does by itself."""

    def _on_cancel(self, my_task: Any) -> None:
        if self.visible:
            my_task.top.note("cancelled", my_task)

    def _on_complete(self, my_task: Any) -> None:
        if not self.wraps:
            apply_outputs(my_task)
        self._keep_data_objects(my_task)
        if self.visible and "ran" not in my_task.internal_data:
            my_task.top.note("completed", my_task)
        if my_task.workflow.completed:
            return
        parent = my_task.parent
        frame = getattr(parent.task_spec, "instance_finished", None) if my_task.triggered else None
        if frame is not None:
            frame(parent, my_task)
            return
        host_left = getattr(parent.task_spec, "host_left", None) if parent is not None else None
        if host_left is not None:
            host_left(parent, my_task)
        self.leave(my_task)

    def _keep_data_objects(self, my_task: Any) -> None:
        for data_object in self.data_output_associations:
            data_object.set(my_task)
        for data_object in self.data_input_associations:
            my_task.data.pop(data_object.bpmn_id, None)

    def leave(self, my_task: Any) -> None:
        """One token on every outgoing flow; without any, the token ends here."""
        self.send_to(my_task, self.outgoing or [self._wf_spec.end])

    @property
    def outgoing(self) -> list[Any]:
        """The elements that the outgoing flows lead to, in the order of the file."""
        return [spec for spec in self.outputs if not getattr(spec, "unused", False)]

    @staticmethod
    def send_to(my_task: Any, specs: Iterable[Any]) -> None:
        """Creates all new tokens first and moves them afterwards, so that a join already sees its
        siblings."""
        children = [my_task._add_child(spec, TaskState.FUTURE) for spec in specs]
        for child in children:
            if child.unfinished:
                child.task_spec._update(child)
