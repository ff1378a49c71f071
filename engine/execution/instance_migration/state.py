"""Whether a case of the new version can be in the state that a running case is in.

Every scope of the new version is played through (`engine.diagram.soundness`); the tokens of the case must
stand as in one of the states that this reaches. A branch that begins at a split already passed, or a join
that waits for a branch nobody is in, would be found here: no such state exists.
"""

from collections.abc import Iterator
from typing import Any

from engine.diagram.bundle import Bundle
from engine.diagram.soundness.marking import Token
from engine.diagram.soundness.net import Net
from engine.diagram.soundness.reached import Reached, Waiting, reached_in, state_of
from engine.elements.boundary import is_armed
from engine.elements.joins import InclusiveGateway, Joining, ScopeEnd
from engine.execution.instance import Instance
from engine.execution.instance_migration.obstacle import Obstacle, at_place, element_words


def state_obstacles(case: Instance, new: Bundle) -> Iterator[Obstacle]:
    """At most one for each running scope of a case."""
    before, after = reached_in(case.bundle), reached_in(new)
    for scope in case.scopes():
        was, now = before.get(scope.spec.name), after.get(scope.spec.name)
        if now is not None and was is not None and now.same_net(was):
            continue
        process_id = scope.spec.extensions["process"]
        places = sorted({task.task_spec.element_id for task in _tokens(scope)})
        here = places[0] if places else scope.spec.name.rpartition("/")[2]
        found = _problem(scope, now)
        if found is not None:
            code, beside = found
            names = [element_words(new, process_id, name) for name in beside]
            what = "、".join(zh for zh, _ in names), ", ".join(en or zh for zh, en in names)
            yield at_place(code, case.bundle, process_id, here, what)


def _problem(scope: Any, now: Reached | None) -> tuple[str, list[str]] | None:
    """The code of what is wrong and the nodes that belong to it; None if the state is reached."""
    if now is None:
        return "too_large", []
    state = state_of_scope(scope, now.net)
    if state in now.states:
        return None
    if not now.complete:
        return "too_large", []
    beside = now.beside(state)
    return ("branch", beside) if beside else ("unreachable", [])


def _tokens(scope: Any) -> list[Any]:
    """The tasks of a scope that hold a token: no armed events, instances of an activity counted as one, and
    no token that has ended."""
    return [
        task
        for task in scope.tasks.values()
        if task.unfinished and not task.triggered and not is_armed(task)
        and not isinstance(task.task_spec, ScopeEnd)
    ]  # fmt: skip


def state_of_scope(scope: Any, net: Net) -> Waiting:
    """Where the tokens of a running scope stand, as playing the net writes it."""
    return state_of(_token(task, net) for task in _tokens(scope))


def _token(task: Any, net: Net) -> Token:
    spec = task.task_spec
    node = net.nodes.get(spec.element_id)
    if isinstance(spec, Joining):
        waits = isinstance(spec, InclusiveGateway) or (node is not None and node.joins)
        return Token(spec.element_id, task.internal_data["from"] if waits else "")
    armed = {child.task_spec.name for child in task.parent.children if is_armed(child)}
    over = (name for name in node.boundaries if net.nodes[name].once and not net.nodes[name].interrupts
            and net.nodes[name].id not in armed) if node is not None else ()  # fmt: skip
    return Token(spec.element_id, happened=tuple(sorted(over)))
