"""What a component says, as entries that somebody can type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.diagram.form_editor.kinds import ENTRIES, Entry, kind_of
from engine.diagram.form_editor.options import OptionEntry, read_options
from engine.diagram.form_editor.tree import Branch, same


@dataclass(frozen=True)
class Entries:
    """What is, or shall be, said of a field: texts by the names of its entries ("true" for what is ticked),
    and the answers it offers."""

    kind: str
    values: Mapping[str, str] = field(default_factory=dict)
    options: tuple[OptionEntry, ...] = ()


def read_entries(component: Branch) -> Entries:
    """What a component says, as it is shown to be edited."""
    kind = kind_of(component)
    plain = [entry for entry in ENTRIES[kind] if entry.sort not in ("options", "kind")]
    values = {entry.name: _shown(component, entry) for entry in plain}
    return Entries(kind, values | {"kind": kind}, read_options(component))


def held_at(component: Branch, path: tuple[str, ...]) -> object:
    """What a component keeps there; None if it keeps nothing."""
    holder: Branch | None = component
    for name in path[:-1]:
        holder = holder.branch(name) if holder else None
    return holder.get(path[-1]) if holder else None


def _shown(component: Branch, entry: Entry) -> str:
    value = held_at(component, path_of(component, entry))
    if entry.name == "read_only" and component.get("disabled") is True:
        value = True
    if entry.is_flag:
        ticked = {"flag": True, "mark": "true", "case": "case"}[entry.sort]
        return "true" if same(value, ticked) else ""
    if isinstance(value, list):
        return "\n".join(item if isinstance(item, str) else _json(item) for item in value)
    if value is None or isinstance(value, str):
        text = value or ""
        return text.removeprefix("=").strip() if entry.sort == "condition" else text
    return _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def path_of(component: Branch, entry: Entry) -> tuple[str, ...]:
    """Where this component keeps an entry: a moment has its label as either of two members."""
    if entry.path == ("dateLabel",) and component.text("label").strip():
        return ("label",)
    return entry.path
