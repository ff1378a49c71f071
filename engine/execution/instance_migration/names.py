"""The data of a case under another version: a token carries what the diagram reads, and that may differ."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from engine.diagram.bundle import Bundle
from engine.diagram.token_names import names_set_at
from engine.execution.instance import Instance
from engine.execution.instance_migration.facts import CaseFacts, Place
from engine.execution.instance_migration.fields import field_types
from engine.execution.instance_migration.obstacle import Obstacle, at_place
from engine.execution.loaded_task import as_text
from engine.execution.names import Names


def name_obstacles(case: Instance, new: Bundle, facts: CaseFacts) -> Iterator[Obstacle]:
    """Names that only the new version reads and that an element already passed gives: the case has not kept
    them. What people filled in can be given back to a single token; anything else is lost."""
    before, after = _setters(case.bundle), _setters(new)
    for name in sorted(new.names - case.bundle.names):
        was, now = (
            {place for place in facts.passed if name in setters.get(place, ())} for setters in (before, after)
        )
        if (was or now) and not (now <= was and _can_be_given(case, name, was)):
            bundle, places = (new, now - was) if now - was else (case.bundle, was)
            yield at_place("names", bundle, *min(places), (name, name))


def type_obstacles(case: Instance, new: Bundle, facts: CaseFacts) -> Iterator[Obstacle]:
    """Names that are read and were filled in as something else than the new version asks for."""
    old = case.bundle
    for place in sorted(facts.passed & old.elements.keys() & new.elements.keys()):
        was, now = (field_types(b.form_of(b.elements[place])) for b in (old, new))
        names = sorted(n for n in was.keys() & now.keys() & new.names if was[n] != now[n])
        if names:
            yield at_place("type", old, *place, (", ".join(names), ", ".join(names)))


def given_back(case: Instance, new: Bundle, facts: CaseFacts) -> dict[str, Any]:
    """The values that the case must be given because only the new version reads them."""
    setters = _setters(case.bundle)
    passed = {name for place in facts.passed for name in setters.get(place, ())}
    names = (new.names - case.bundle.names) & passed & facts.values.keys()
    return Names(new, case.now).kept({name: facts.values[name] for name in sorted(names)})


def moved_rows(
    case: Instance, new: Bundle, rows: list[Mapping[str, Any]], values: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The live rows as the new version would have written them: with `values`, and without the names that it
    does not read."""
    return [{**row, "data": _moved(row["data"], case.bundle.names - new.names, values)} for row in rows]


def _moved(text: str | None, gone: frozenset[str], values: Mapping[str, Any]) -> str | None:
    if text is None:
        return None
    data = {name: value for name, value in json.loads(text).items() if name not in gone}
    return as_text({**data, **values})


def _can_be_given(case: Instance, name: str, places: set[Place]) -> bool:
    """Whether one token holds the whole case, and people gave the name on forms of its own process."""
    tokens = [t for scope in case.scopes() for t in scope.tasks.values() if t.unfinished]
    alone = sum(not t.task_spec.armed for t in tokens) == 1
    return alone and all(_is_asked(case.bundle, name, *place) for place in places)


def _is_asked(bundle: Bundle, name: str, process_id: str, element_id: str) -> bool:
    """Whether an element asks people for a name, once for the whole case."""
    element = bundle.elements[process_id, element_id]
    form = bundle.form_of(element)
    whole = process_id == bundle.process_id and element.mi is None
    return whole and form is not None and name in form.field_names


def _brings_anything(extensions: Mapping[str, Any]) -> bool:
    """Whether what comes from outside brings names of its own: by message, signal or program."""
    named = {"message", "signal"} & extensions.keys()
    return bool(named) or "error" in extensions or extensions.get("service", {}).get("topic")


def _setters(bundle: Bundle) -> dict[Place, frozenset[str]]:
    """The names that each element gives."""
    found: dict[Place, set[str]] = {}
    for spec in (bundle.spec, *bundle.subspecs.values()):
        for task in spec.task_specs.values():
            carried = getattr(task, "extensions", None) or {}
            if "element" in carried:
                place = carried["process"], carried["element"]
                names = names_set_at(bundle.elements.get(place), carried, bundle.decisions, bundle.forms)
                names |= bundle.known_names if _brings_anything(carried) else frozenset()
                found.setdefault(place, set()).update(names)
    return {place: frozenset(names) for place, names in found.items()}
