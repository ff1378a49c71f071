"""Gateways that wait for several tokens, and the end of a scope.

An arrived token waits as a task of the gateway, marked with the element it came from. Firing consumes
tokens; a token consumed once never counts again, so loops cannot mix their turns. (BPMN 2.0.2, 13.4.1 and
13.4.3)
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.mixins import InclusiveGatewayMixin

from engine.elements.flow_node import FlowNode
from engine.elements.gateways import conditions
from engine.elements.reach import blocking_tokens
from engine.elements.token_tree import ancestors, forks, merge_tokens
from engine.errors import NoWayOut


class Joining(FlowNode):
    """An element at which tokens wait for each other."""

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        my_task.internal_data = {"from": my_task.parent.task_spec.name, "arrived": my_task.top.next_number()}
        my_task._set_state(TaskState.WAITING)
        self.arrived(my_task)
        return False

    def arrived(self, my_task: Any) -> None:
        """A token has just arrived."""

    def arrivals(self, scope: Any) -> list[Any]:
        """The tokens that wait here, in the order of their arrival."""
        waiting = [t for t in scope.tasks.values() if t.task_spec is self and t.state == TaskState.WAITING]
        return sorted(waiting, key=lambda task: int(task.internal_data["arrived"]))

    def join(self, tokens: Sequence[Any]) -> Any:
        """Makes one token of several: the one from the innermost fork goes on with the data of all."""
        going = tokens[0]
        if len(tokens) > 1:
            inner = _depths(going.workflow, tokens)
            going = max(tokens, key=lambda task: (inner[task.id], task.internal_data["arrived"]))
            going.data, clashes = merge_tokens(tokens)
            going.internal_data = {**going.internal_data, "arrived": tokens[-1].internal_data["arrived"]}
            for token in tokens:
                if token is not going:
                    token.finish_quietly()
            if clashes:
                going.top.clash(going, clashes)
        return going


def _depths(scope: Any, tokens: Sequence[Any]) -> dict[Any, int]:
    """How many forks of living tokens lie above each token."""
    places = forks(task for task in scope.tasks.values() if task.unfinished)
    return {token.id: sum(above.id in places for above in ancestors(token)) for token in tokens}


class ParallelGateway(Joining):
    """Fires with one token from every incoming flow; further tokens on a flow wait for the next turn."""

    def arrived(self, my_task: Any) -> None:
        needed: Counter[str] = Counter(self._inputs)
        chosen = []
        for token in self.arrivals(my_task.workflow):
            if needed[token.internal_data["from"]] > 0:
                needed[token.internal_data["from"]] -= 1
                chosen.append(token)
        if not +needed:
            self.join(chosen)._ready()


class InclusiveGateway(Joining, InclusiveGatewayMixin):
    """Fires when no token can still reach an incoming flow that has none.

    A token that can also reach a flow which already has one does not hold the gateway back.
    """

    def arrived(self, my_task: Any) -> None:
        if len(set(self._inputs)) == 1:
            my_task._ready()

    def settle(self, scope: Any) -> bool:
        """Fires if it may, once everything that runs by itself has run. Returns whether it fired."""
        arrivals = self.arrivals(scope)
        if not arrivals or blocking_tokens(self, scope, {task.internal_data["from"] for task in arrivals}):
            return False
        first_of_flow = {task.internal_data["from"]: task for task in reversed(arrivals)}
        chosen = sorted(first_of_flow.values(), key=lambda task: int(task.internal_data["arrived"]))
        self.join(chosen)._ready()
        return True

    def leave(self, my_task: Any) -> None:
        found = [name for source, name in conditions(self) if my_task.top.evaluate(my_task, source)]
        found = found or [name for condition, name in self.cond_task_specs if condition is None]
        if not found:
            raise NoWayOut(element=self.bpmn_name or self.element_id)
        self.send_to(my_task, [self._wf_spec.task_specs[name] for name in found])


class ScopeEnd(Joining):
    """Collects the tokens that reached an end event; the scope ends when no other token is left."""

    visible: ClassVar[bool] = False

    def arrived(self, my_task: Any) -> None:
        """Joins the token with earlier ones as far as no living token can come between, or reminders would
        pile up."""
        my_task.internal_data = {**my_task.internal_data, "end": my_task.parent.task_spec.element_id}
        while (earlier := self._joinable(my_task)) is not None:
            self.join([earlier, my_task])

    def _joinable(self, my_task: Any) -> Any:
        """An earlier arrival whose last fork lies on the way of this one: all below that fork has ended,
        or is here."""
        places = forks(task for task in my_task.workflow.tasks.values() if task.unfinished)
        way = {above.id for above in ancestors(my_task)}
        for token in self.arrivals(my_task.workflow):
            fork = next((above.id for above in ancestors(token) if above.id in places), None)
            if token is not my_task and fork in way:
                return token
        return None

    def settle(self, scope: Any) -> bool:
        """Ends the scope if only ended tokens are left. Returns whether it did."""
        arrivals = self.arrivals(scope)
        if not arrivals or any(
            task.unfinished and task.task_spec is not self for task in scope.tasks.values()
        ):
            return False
        outcome = arrivals[-1].internal_data["end"]
        going = self.join(arrivals)
        going.internal_data = {**going.internal_data, "end": outcome}
        going._ready()
        return True

    def leave(self, my_task: Any) -> None:
        my_task.workflow.finish(my_task.data, my_task.internal_data["end"])
