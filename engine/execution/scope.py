"""A scope: a process, a called process or an embedded subprocess while it runs. It owns its tokens and its
end."""

from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow

from engine.elements.engine_task import EngineTask


class Scope:
    """What the outermost scope and the inner ones have in common."""

    spec: Any
    tasks: dict[Any, Any]
    task_tree: Any
    completed: bool

    @property
    def host(self) -> Any:
        """The task whose inside this is; None for the outermost scope."""
        raise NotImplementedError

    def begin(self, data: dict[str, Any]) -> None:
        """Puts the first token on the start."""
        self.task_tree = EngineTask(self, self.spec.start)
        self.task_tree.data = data
        self.task_tree._ready()

    def finish(self, data: dict[str, Any], outcome: str) -> None:
        """All tokens have ended, the last one at the end event `outcome`."""
        self.completed = True
        self.host.task_spec.inside_ended(self.host, data)

    def stop(self) -> None:
        """Cancels every token, except the one that is just running: it has caused this."""
        self.completed = True
        for task in list(self.tasks.values()):
            task.cancel()

    def settle(self) -> bool:
        """Lets one join fire that had to wait until nothing else moves. Returns whether one did."""
        waiting = [task.task_spec for task in self.tasks.values() if task.state == TaskState.WAITING]
        if not waiting:
            return False
        return any(spec.settle(self) for spec in dict.fromkeys(waiting) if hasattr(spec, "settle"))


class Inside(Scope, BpmnSubWorkflow):
    """The inside of a subprocess or call activity."""

    def __init__(self, spec: Any, host: Any) -> None:
        self._host = host
        BpmnSubWorkflow.__init__(
            self, spec, parent_task_id=host.id, top_workflow=host.workflow.top_workflow, deserializing=True
        )

    @property
    def host(self) -> Any:
        return self._host

    @property
    def parent_workflow(self) -> Any:
        return self._host.workflow

    def _calculate_depth(self) -> int:
        return int(self._host.workflow.depth) + 1
