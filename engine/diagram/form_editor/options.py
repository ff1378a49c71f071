"""The answers that a choice offers: read, put in another order, renamed."""

from __future__ import annotations

import json
from dataclasses import dataclass

from engine.diagram.form_editor.tree import Branch


@dataclass(frozen=True)
class OptionEntry:
    """One answer that a choice offers."""

    value: str = ""
    label: str = ""
    label_en: str = ""


def read_options(component: Branch) -> tuple[OptionEntry, ...]:
    values, properties = component.branch("values", "["), component.branch("properties")
    found = []
    for item in values.items if values else ():
        option = item.value if isinstance(item.value, Branch) and item.value.opener == "{" else None
        value = _value(option) if option else ""
        english = properties.text(f"option.{value}.en") if properties else ""
        found.append(OptionEntry(value, option.text("label") if option else "", english))
    return tuple(found)


def _value(option: Branch) -> str:
    """What is kept, as text; a number or true and false as they are written."""
    value = option.get("value")
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def write_options(component: Branch, wanted: tuple[OptionEntry, ...]) -> None:
    """The answers in their new order: one that is kept keeps whatever else is said of it."""
    before = read_options(component)
    if component.branch("values", "[") is None:
        component.set("values", [])
    values = component.branch("values", "[")
    assert values
    kept = {option.value: item.value for option, item in zip(before, values.items, strict=True)}
    while len(values.items) > len(wanted):
        values.remove(len(values.items) - 1)
    for index, option in enumerate(wanted):
        if index == len(values.items):
            values.insert(index, {})
        old = kept.pop(option.value, None)
        values.items[index].value = old if old is not None else values.items[index].value
        _write_option(values, index, option, is_new=old is None)
    for option in before:
        if option.value not in {each.value for each in wanted}:
            component.put_at(("properties", f"option.{option.value}.en"), None)
    for option in wanted:
        if option.label_en != _english(component, option.value):
            component.put_at(("properties", f"option.{option.value}.en"), option.label_en or None)


def _write_option(values: Branch, index: int, option: OptionEntry, is_new: bool) -> None:
    item = values.items[index]
    if is_new or not isinstance(item.value, Branch) or item.value.opener != "{":
        values.put(index, {"label": option.label, "value": option.value})
        return
    if option.label != item.value.text("label"):
        item.value.set("label", option.label)


def _english(component: Branch, value: str) -> str:
    properties = component.branch("properties")
    return properties.text(f"option.{value}.en") if properties else ""
