"""What is remembered beside the tokens of a case: limits, drafts, work that a program has."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.diagram.bundle import Bundle
from engine.diagram.element import Element
from engine.execution.instance import Instance
from engine.execution.instance_migration.facts import CaseFacts
from engine.execution.instance_migration.fields import field_labels, field_types
from engine.execution.instance_migration.obstacle import Obstacle, at_place, at_task
from engine.execution.trace import place_of

NOTHING: tuple[object, ...] = (None, "", [], {})


def kept_obstacles(case: Instance, new: Bundle, facts: CaseFacts) -> Iterator[Obstacle]:
    """Limits that would be missing or run for ever, drafts that would lose a field, locks of programs."""
    yield from _clock_marks(case.bundle, new, facts)
    lost = _stopped(case.bundle) - _stopped(new) if new.has_clocks else facts.clocks
    for clock in sorted(facts.clocks & lost):
        yield at_place("clock_lost", case.bundle, new.process_id, "", (clock, clock))
    for scope in case.scopes():
        for task in scope.tasks.values():
            if task.text_id in facts.locked:
                yield at_task("locked", case.bundle, task)
            yield from _draft(case.bundle, new, task, facts.drafts.get(task.text_id, {}))


def _clock_marks(old: Bundle, new: Bundle, facts: CaseFacts) -> Iterator[Obstacle]:
    """An element that is passed has started and stopped its limits; the new version must agree which."""
    for place in sorted(facts.passed):
        was, now = (bundle.elements.get(place) for bundle in (old, new))
        differing = _marks(was) ^ _marks(now) if now is not None else _marks(was)
        names = sorted({name for _, name in differing if now is not None or name in facts.clocks})
        if names:
            yield at_place("clock_marks", old, *place, (", ".join(names), ", ".join(names)))


def _marks(element: Element | None) -> set[tuple[str, str]]:
    if element is None:
        return set()
    return {("start", mark.name) for mark in element.clock_start} | {("stop", n) for n in element.clock_stop}


def _stopped(bundle: Bundle) -> frozenset[str]:
    """The limits that some element stops. One that none does ends with the case."""
    return frozenset(name for element in bundle.elements.values() for name in element.clock_stop)


def _draft(old: Bundle, new: Bundle, task: Any, draft: Mapping[str, object]) -> Iterator[Obstacle]:
    typed = {name for name, value in draft.items() if value not in NOTHING and value is not False}
    place = place_of(task) if typed else ("", "")
    was, now = (bundle.elements.get(place) for bundle in (old, new))
    if was is None or now is None:
        return
    before, after = field_types(old.form_of(was)), field_types(new.form_of(now))
    lost = sorted(name for name in typed if before.get(name) != after.get(name))
    if lost:
        labels = field_labels(old.form_of(was))
        zh, en = (sep.join(labels.get(n, (n, n))[at] for n in lost) for at, sep in enumerate(("、", ", ")))
        yield at_task("draft", old, task, (zh, en))
