"""JSON Schema in few words, for the description of the interface."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Schema = dict[str, Any]

ANYTHING: Schema = {}
text: Schema = {"type": "string"}
number: Schema = {"type": "integer"}
flag: Schema = {"type": "boolean"}
moment: Schema = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$",
    "examples": ["2013-01-23T13:59:43.000+0200"],
}
nothing: Schema = {"type": "null"}


def maybe(schema: Schema) -> Schema:
    """The value, or null."""
    return {"anyOf": [schema, nothing]}


def array(items: Schema, **limits: int) -> Schema:
    """A list."""
    return {"type": "array", "items": items, **limits}


def record(**properties: Schema) -> Schema:
    """An object that has every one of these."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def given(**properties: Schema) -> Schema:
    """An object that may have some of these: what is sent to us."""
    return {"type": "object", "properties": properties}


def table(values: Schema) -> Schema:
    """An object with any names."""
    return {"type": "object", "additionalProperties": values}


def whole(least: int, most: int, default: int) -> Schema:
    """A whole number between two bounds."""
    return {"type": "integer", "minimum": least, "maximum": most, "default": default}


def one_of(words: Iterable[str]) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(words)}


def sorting(names: Iterable[str]) -> dict[str, Schema]:
    """How a list may be ordered."""
    return {"sortBy": one_of(names), "sortOrder": one_of(("asc", "desc"))}


COUNT = record(count=number)
ERROR = {
    "type": "object",
    "properties": {"type": text, "message": text, "code": text, "details": table(ANYTHING)},
    "required": ["type", "message", "code"],
}
