"""Which tokens hold an inclusive gateway back (BPMN 2.0.2, table 13.3)."""

from typing import Any


def blocking_tokens(gateway: Any, scope: Any, arrived_from: set[str]) -> list[Any]:
    """Tokens that can reach an incoming flow without a token, but none that already has one.

    `arrived_from`: names of the specs whose flow into `gateway` has a token. Ways through the gateway
    itself do not count, and boundary events are not sequence flows: an armed one is no token.
    """
    empty = {name for name in gateway._inputs if name not in arrived_from}
    if not empty:
        return []
    blocked, passed = _sources(gateway, empty), _sources(gateway, arrived_from)
    tokens = (task for task in scope.tasks.values() if task.unfinished and task.task_spec is not gateway)
    return [
        task
        for task in tokens
        if not task.task_spec.armed and task.task_spec.name in blocked and task.task_spec.name not in passed
    ]


def _sources(gateway: Any, last: set[str]) -> set[str]:
    """The names of all specs from which flows lead to one of `last` without visiting the gateway."""
    found, todo = set(last) - {gateway.name}, list(last)
    while todo:
        for spec in gateway._wf_spec.task_specs[todo.pop()].inputs:
            if spec is not gateway and spec.name not in found and not spec.armed:
                found.add(spec.name)
                todo.append(spec.name)
    return found
