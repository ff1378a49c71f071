"""What a case stands on, compared element by element: is it still there, and does it wait for the same?"""

from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions import MessageEventDefinition, SignalEventDefinition

from engine.diagram.bundle import Bundle
from engine.elements.boundary import BoundaryEvent, BoundarySplit, is_armed
from engine.elements.catching import Catching, EventGateway
from engine.elements.joins import Joining, ScopeEnd
from engine.elements.repetition import StandardLoop
from engine.elements.scope_host import ScopeHost
from engine.elements.timers import CycleTimer
from engine.execution.instance import Instance
from engine.execution.instance_migration.obstacle import (
    SPLIT,
    Obstacle,
    at_place,
    at_task,
    element_words,
)
from engine.execution.trace import place_of

WHEN_BEGUN = ("inputs", "in")  # what an activity is given when it begins


def current_obstacles(case: Instance, new: Bundle) -> Iterator[Obstacle]:
    """What stands in the way of each live task of a case. What it waits for must be the same: message, cycle,
    branches, instances. When a timer is due was worked out when the token came; that may be drawn anew."""
    for scope in case.scopes():
        spec = spec_of(new, scope)
        if spec is None:
            yield at_task("called", case.bundle, scope.host)
            continue
        for task in sorted(scope.tasks.values(), key=lambda task: int(task.seq)):
            yield from _live_task(case, new, task, spec)


def spec_of(bundle: Bundle, scope: Any) -> Any:
    """The spec of a running scope in a bundle, None if it has no such process or subprocess."""
    return bundle.spec if scope.host is None else bundle.subspecs.get(scope.spec.name)


def _live_task(case: Instance, new: Bundle, task: Any, spec: Any) -> Iterator[Obstacle]:
    was, now = task.task_spec, spec.task_specs.get(task.task_spec.name)
    if not task.unfinished:
        yield from _split(case, task, was, now)
        return
    if was.armed:
        return  # told with its activity
    if now is None:
        elsewhere = place_of(task) in new.elements
        yield at_task("scope" if elsewhere else "removed", case.bundle, task)
    elif type(was) is not type(now):
        yield at_task("kind", case.bundle, task)
    else:
        differing = (code for code, same in _facts(task, was, now, new) if not same)
        yield from (at_task(code, case.bundle, task) for code in differing)
        yield from _boundaries(case, new, task, spec)


def _split(case: Instance, task: Any, was: Any, now: Any) -> Iterator[Obstacle]:
    """Where living branches parted: their data are merged against it, and no branch may be missing."""
    if any(map(is_armed, task.children)):
        return  # the activity tells what has become of its armed events
    if type(was) is not type(now):
        yield at_task("base", case.bundle, task)
    elif not was.armed and task.parent is not None and _ways(was) != _ways(now):
        yield at_task("split", case.bundle, task)


def _ways(spec: Any) -> int:
    """How many branches begin here."""
    return 0 if isinstance(spec, BoundarySplit) else len(spec.outgoing)


def _facts(task: Any, was: Any, now: Any, new: Bundle) -> Iterator[tuple[str, bool]]:
    """What an element of the same type must have kept, since the token has already met it."""
    yield "repetition", _repetition(was) == _repetition(now)
    yield "inputs", all(was.extensions.get(key) == now.extensions.get(key) for key in WHEN_BEGUN)
    if isinstance(was, ScopeHost):
        yield "called", was.spec == now.spec
    if isinstance(was, ScopeEnd):
        end = task.workflow.spec.extensions["process"], task.internal_data["end"]
        yield "removed", end in new.elements
    elif isinstance(was, Joining):
        yield "join", task.internal_data["from"] in now._inputs
    if isinstance(was, Catching):
        yield "event", _awaited(was) == _awaited(now)
    if was.by_machine:
        yield "topic", was.extensions.get("service") == now.extensions.get("service")


def _repetition(spec: Any) -> tuple[object, ...]:
    loop = (spec.maximum, spec.condition, spec.test_before) if isinstance(spec, StandardLoop) else ()
    return (*loop, spec.extensions.get("mi"))


def _awaited(spec: Any) -> list[object]:
    """The events that an element waits for, in order; at a gateway with the ways they open."""
    ways = [way.name for way in spec.outgoing] if isinstance(spec, EventGateway) else []
    return [*map(_event, spec.definitions()), *ways]


def _event(definition: Any) -> tuple[object, ...]:
    """What is remembered of an event while it is waited for: what it is called, the turns of a cycle."""
    kept: list[object] = [type(definition)]
    if isinstance(definition, MessageEventDefinition):
        rules = definition.correlation_properties
        kept += [definition.name]
        kept += [(r.name, r.retrieval_expression, tuple(sorted(r.correlation_keys))) for r in rules]
    if isinstance(definition, SignalEventDefinition):
        kept.append(definition.name)
    if isinstance(definition, CycleTimer):
        kept.append(definition.expression)
    return tuple(kept)


def _boundaries(case: Instance, new: Bundle, task: Any, spec: Any) -> Iterator[Obstacle]:
    """The boundary events of an activity at work: armed when it began, so neither more nor fewer now."""
    was, now = _attached(task.workflow.spec, task), _attached(spec, task)
    process_id, element_id = place_of(task)
    for name in sorted(was.keys() | now.keys()):
        old, fresh = was.get(name), now.get(name)
        if old is not None and fresh is not None:
            if _boundary(old) != _boundary(fresh):
                yield at_place("event", case.bundle, process_id, name)
            continue
        code, bundle = ("boundary_removed", case.bundle) if fresh is None else ("boundary_added", new)
        yield at_place(code, bundle, process_id, name, element_words(case.bundle, process_id, element_id))


def _attached(spec: Any, task: Any) -> Mapping[str, BoundaryEvent]:
    split = spec.task_specs.get(f"{task.task_spec.name}{SPLIT}")
    return {event.name: event for event in split.outgoing if event.armed} if split is not None else {}


def _boundary(event: BoundaryEvent) -> tuple[object, ...]:
    return (event.cancel_activity, *_event(event.event_definition))
