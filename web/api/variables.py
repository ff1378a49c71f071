"""Variables as programs write them: `{"name": {"type", "value", "valueInfo"}}`, in both directions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from web.api.exchange import query
from web.api.schemas import ANYTHING, given, record, table, text
from web.errors import Unreadable

LARGEST = 2**31  # of an Integer; beyond it is a Long
AS_JSON = ("json", "object")  # types whose value is a text of JSON

VARIABLE = record(type=text, value=ANYTHING, valueInfo=table(ANYTHING))
VARIABLES = table(VARIABLE)
SENT = table(given(value=ANYTHING, type={"anyOf": [text, {"type": "null"}]}, valueInfo=ANYTHING))
# Values are JSON anyway: whether objects are unpacked, which clients ask, makes no difference here.
UNPACKED = {"deserializeValues": {"type": "boolean"}, "deserializeValue": {"type": "boolean"}}
CHOICE = {"variableNames": text, **UNPACKED}


def shown(value: object) -> dict[str, Any]:
    """A value with its type; lists and tables are a text of JSON."""
    if isinstance(value, (list, dict)):
        return {"type": "Json", "value": json.dumps(value, ensure_ascii=False), "valueInfo": {}}
    return {"type": _type(value), "value": value, "valueInfo": {}}


def _type(value: object) -> str:
    if value is None:
        return "Null"
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, int):
        return "Integer" if abs(value) < LARGEST else "Long"
    return "Double" if isinstance(value, float) else "String"


def all_shown(values: Mapping[str, object]) -> dict[str, Any]:
    """Values by name, of which the query string may choose some (`variableNames`, parted by commas)."""
    names = query().get("variableNames")
    chosen = names.split(",") if names else values
    return {name: shown(values[name]) for name in chosen if name in values}


def received(sent: object) -> dict[str, object]:
    """The values of what a program sent; null is none. Anything else is refused (400)."""
    if sent is None:
        return {}
    if not isinstance(sent, dict) or not all(isinstance(facts, dict) for facts in sent.values()):
        raise Unreadable('variables must be an object of {"name": {"value": …}}.')
    return {name: _value(name, facts) for name, facts in sent.items()}


def _value(name: str, facts: Mapping[str, object]) -> object:
    value, kind = facts.get("value"), facts.get("type")
    if isinstance(kind, str) and kind.lower() in AS_JSON and isinstance(value, str):
        try:
            return json.loads(value)
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"The value of {name!r} is not JSON.") from error
    return value
