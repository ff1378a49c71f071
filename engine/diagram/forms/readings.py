"""Where a form file reads names from outside, so that a problem of a name can point at its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.diagram.expressions import compile_expression
from engine.diagram.forms.field import Field
from engine.diagram.forms.inputs import component_name
from engine.diagram.forms.json_text import Node, read_json
from engine.errors import ExpressionError

# how people call the places of a field where an expression stands, with its name in a modeler
PLACES: dict[str, tuple[str, str]] = {
    "hide": ("隐藏条件（conditional.hide）", "the condition that hides it (conditional.hide)"),
    "required.when": ("必填条件（required.when）", "the condition that makes it required (required.when)"),
    "not_before": ("最早日期（not_before）", "its earliest date (not_before)"),
    "not_after": ("最晚日期（not_after）", "its latest date (not_after)"),
}


@dataclass(frozen=True)
class Reading:
    """A component of a form: its key, where its brace opens (line and column from 1), and by the keys of
    PLACES the names that its expressions read, other than columns of its own table."""

    key: str
    line: int
    column: int
    names: Mapping[str, frozenset[str]]


def readings(data: bytes, file: str) -> Iterator[Reading]:
    """Every component of a `.form` file that `read_form` takes, sections and tables included."""
    yield from _inside(read_json(data, file), frozenset())


def readings_of(fields: tuple[Field, ...]) -> Iterator[Reading]:
    """The same of the fields of a form that is drawn into a diagram; these have no lines of their own."""
    for field in fields:
        written = {
            "hide": field.show_when, "required.when": field.required_when,
            "not_before": field.not_before, "not_after": field.not_after,
        }  # fmt: skip
        yield Reading(field.key, 1, 1, {at: e.names for at, e in written.items() if e})


def _inside(parent: Node, columns: frozenset[str]) -> Iterator[Reading]:
    for node in parent.nodes("components"):
        written = {at: text for at, text in _written(node) if isinstance(text, str)}
        names = {at: _names_in(text) - columns for at, text in written.items()}
        yield Reading(component_name(node), node.line, node.column, names)
        own = frozenset(_keys(node)) if node.text("type") == "dynamiclist" else columns
        yield from _inside(node, own)


def _written(node: Node) -> Iterator[tuple[str, object]]:
    yield "hide", node.node("conditional").get("hide")
    for name in ("required.when", "not_before", "not_after"):
        yield name, node.node("properties").get(name)


def _keys(parent: Node) -> Iterator[str]:
    for node in parent.nodes("components"):
        yield component_name(node)
        yield from _keys(node)


def _names_in(expression: str) -> frozenset[str]:
    try:
        return compile_expression(expression).names
    except ExpressionError:
        return frozenset()
