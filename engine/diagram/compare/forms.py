"""Forms compared field by field."""

import dataclasses
import json
from collections.abc import Iterator, Mapping

from engine.diagram.bundle import Bundle
from engine.diagram.compare.changes import (
    FormComparison,
    How,
    PropertyChange,
    Thing,
    changed_facts,
    changed_order,
    changed_things,
)
from engine.diagram.expressions import Expression
from engine.diagram.forms import Field, Form, Option

LAYOUT = frozenset({"row", "width"})  # where a field stands on the page


def compare_forms(before: Bundle, after: Bundle) -> Iterator[FormComparison]:
    """The forms that differ, whether they are files or drawn into elements."""
    old, new = _forms(before), _forms(after)
    for key in (*new, *(key for key in old if key not in new)):
        found = _compared(key, old.get(key), new.get(key))
        if found:
            yield found


def _forms(bundle: Bundle) -> dict[str, Form]:
    drawn = {f"{e.process_id}/{e.id}": e.form for e in bundle.elements.values() if e.form}
    return {**bundle.forms, **drawn}


def _compared(key: str, before: Form | None, after: Form | None) -> FormComparison | None:
    now = after or before
    assert now is not None
    old, new = _fields(before), _fields(after)
    properties = changed_facts(_titles(before), _titles(after))
    if before and after and changed_order(old, list(new)):
        both = [[name for name in side if name in old and name in new] for side in (old, new)]
        properties += (PropertyChange("order", ", ".join(both[0]), ", ".join(both[1])),)
    fields = changed_things(old, new)
    if before and after and not properties and not fields:
        return None
    how: How = "changed" if before and after else "added" if after else "removed"
    return FormComparison(key, how, now.title, now.title_en, properties, fields)


def _titles(form: Form | None) -> dict[str, str]:
    titles = {"title": form.title, "title.en": form.title_en} if form else {}
    return {name: title for name, title in titles.items() if title}


def _fields(form: Form | None) -> dict[str, Thing]:
    return dict(_things(form.fields, "")) if form else {}


def _things(fields: tuple[Field, ...], path: str) -> Iterator[tuple[str, Thing]]:
    """The fields by key, the columns of tables after them as `actions.due`."""
    for field in fields:
        key = f"{path}{field.key}"
        yield key, Thing(field.type, key, field.label, field.label_en, _facts(field))
        yield from _things(field.columns, f"{key}.")


def _facts(field: Field) -> Mapping[str, str]:
    """What a field says beyond the defaults, by the name that a `.form` file's owner knows."""
    facts: dict[str, str] = {}
    for attribute in dataclasses.fields(field):
        value = getattr(field, attribute.name)
        if attribute.name in LAYOUT | {"key", "type", "columns", "options"} or value == attribute.default:
            continue
        facts[attribute.name] = _said(value)
    for option in field.options:
        facts[f"option.{option.value}"] = _labels(option)
    return facts


def _labels(option: Option) -> str:
    return " / ".join(label for label in (option.label, option.label_en) if label)


def _said(value: object) -> str:
    if isinstance(value, Expression):
        return value.source
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
