"""Who catches what was thrown.

Errors and escalations rise from scope to scope until a boundary event catches them; signals reach
everybody who waits; a message reaches one receiver.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions import (
    ErrorEventDefinition,
    MessageEventDefinition,
    SignalEventDefinition,
)

from engine.elements.boundary import is_armed
from engine.elements.repetition import Frame


@dataclass(frozen=True)
class Sent:
    """A message that left the instance: its name, its correlation keys and the data of the token that sent
    it."""

    name: str
    correlations: dict[str, Any] = field(default_factory=dict)
    payload: dict[str, Any] = field(default_factory=dict)


def rise(my_task: Any, definition: Any) -> bool:
    """Lets an error or escalation rise to the nearest boundary event that catches it. Returns whether one
    did.

    A code is matched exactly; a boundary event without a code catches every code, but after the exact
    ones. The catcher gets what the subprocess or called process hands back, and the code under
    `camunda:errorCodeVariable`.
    """
    scope, data = my_task.workflow, my_task.data
    while (host := scope.host) is not None:
        framed = host.triggered and isinstance(host.parent.task_spec, Frame)
        guarded = host.parent if framed else host
        catcher = _catcher(guarded, definition)
        if catcher is not None:
            if not framed:
                host.task_spec.take_back(host, catcher, data)
            catcher.task_spec.happened(catcher, 0, _named(catcher, definition))
            return True
        carrier = _Carrier(host)
        host.task_spec.take_back(host, carrier, data)
        scope, data = host.workflow, carrier.data
    return False


def fail(my_task: Any, code: str, message: str, values: Mapping[str, Any]) -> bool:
    """An error at an activity itself, which brings `values`: its own boundary events are asked first, then
    those further out. Returns whether one caught it."""
    definition = ErrorEventDefinition(message, code)
    framed = my_task.triggered and isinstance(my_task.parent.task_spec, Frame)
    catcher = _catcher(my_task.parent if framed else my_task, definition)
    if catcher is None:
        my_task.write(dict(values))
        return rise(my_task, definition)
    catcher.task_spec.happened(catcher, 0, {**values, **_named(catcher, definition)})
    return True


class _Carrier:
    """Takes back what an inside hands out while the event rises past a scope without a catcher."""

    def __init__(self, host: Any) -> None:
        self.host, self.data = host, dict(host.data)

    def write(self, values: dict[str, Any]) -> None:
        """As a task does."""
        self.data.update(self.host.top.kept(values))


def _catcher(guarded: Any, definition: Any) -> Any:
    split = guarded.parent
    found = [
        task
        for task in split.children
        if is_armed(task)
        and task.parent.task_spec.name == f"{guarded.task_spec.name}.BoundaryEventSplit"
        and type(task.task_spec.event_definition) is type(definition)
        and task.task_spec.event_definition.code in (None, definition.code)
    ]
    return min(found, key=lambda task: (task.task_spec.event_definition.code is None, task.seq), default=None)


def _named(catcher: Any, definition: Any) -> dict[str, Any]:
    facts = catcher.task_spec.extensions
    facts = facts.get("error") or facts.get("escalation") or {}
    names = {facts.get("code_variable"): definition.code, facts.get("message_variable"): definition.name}
    return {name: value for name, value in names.items() if name}


def broadcast(my_task: Any, definition: SignalEventDefinition) -> None:
    """A signal that the instance throws reaches everybody in it who waits for its name."""
    signalled(my_task.top, definition.name, {})


def signalled(top: Any, name: str, values: Mapping[str, Any]) -> bool:
    """A signal reaches everybody in the instance who waits for its name, and brings `values` to each. Returns
    whether anybody did."""
    found = list(_waiting(top, SignalEventDefinition, name, lambda task: True))
    for task, position in found:
        if task.unfinished:
            task.task_spec.happened(task, position, values)
    return bool(found)


def send_message(my_task: Any, definition: MessageEventDefinition) -> None:
    """A message goes to one receiver inside the instance; if none waits, it leaves the instance."""
    keys = correlation_keys(my_task, definition, my_task.data)
    my_task.workflow.correlations.update(keys)
    for task, position in receivers(my_task.top, definition.name, keys):
        if task is not my_task:
            task.workflow.correlations.update(keys)
            task.task_spec.happened(task, position, {})
            return
    my_task.top.send(my_task, Sent(definition.name, keys, _payload(my_task)))


def _payload(my_task: Any) -> dict[str, Any]:
    """What a message carries: the names that the property `payload` lists, or all that the token has."""
    listed = my_task.task_spec.extensions.get("properties", {}).get("payload", "")
    names = [name for name in re.split(r"[\s,;，；、]+", listed) if name]
    return {name: my_task.data.get(name) for name in names} if names else dict(my_task.data)


def receivers(top: Any, name: str, keys: Mapping[str, Any]) -> list[tuple[Any, int]]:
    """Who waits for a message of this name and agrees with its correlation keys, longest waiting first."""

    def agrees(task: Any) -> bool:
        known = task.workflow.correlations
        shared = [key for key in keys if key in known]
        return not shared or any(keys[key] == known[key] for key in shared)

    return list(_waiting(top, MessageEventDefinition, name, agrees))


def correlation_keys(
    my_task: Any, definition: MessageEventDefinition, payload: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of a message's correlation properties by key: {key: {property: value}}."""
    keys: dict[str, Any] = {}
    for rule in definition.correlation_properties:
        value = my_task.top.evaluate(my_task, rule.retrieval_expression, payload)
        for key in rule.correlation_keys:
            keys.setdefault(key, {})[rule.name] = value
    return keys


def awaited(task: Any) -> list[tuple[int, str, str]]:
    """(position of the definition, "message" or "signal", name) of what an element waits for by its kind."""
    definitions: list[Any] = getattr(task.task_spec, "definitions", list)()
    kinds = ((MessageEventDefinition, "message"), (SignalEventDefinition, "signal"))
    return [
        (position, kind, str(definition.name))
        for position, definition in enumerate(definitions)
        for of, kind in kinds
        if isinstance(definition, of)
    ]


def _waiting(top: Any, kind: Any, name: str, agrees: Callable[[Any], bool]) -> Iterator[tuple[Any, int]]:
    for task in top.waiting_events():
        for position, definition in enumerate(task.task_spec.definitions()):
            if isinstance(definition, kind) and definition.name == name and agrees(task):
                yield task, position
