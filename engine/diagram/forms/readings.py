"""Where a form file reads names from outside, so that a problem of a name can point at its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.diagram.expressions import compile_expression
from engine.diagram.forms.builder import HIDE
from engine.diagram.forms.field import Field
from engine.diagram.forms.inputs import component_name
from engine.diagram.forms.json_text import Node, read_json
from engine.errors import ExpressionError


@dataclass(frozen=True)
class Reading:
    """A component of a form: its key, where its brace opens (line and column from 1), and by the property it
    stands in the names that each expression reads, other than columns of its own table."""

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
            HIDE: field.show_when, "required.when": field.required_when,
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
    yield HIDE, node.node("conditional").get("hide")
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
