"""What programs send and get: query strings, JSON bodies, answers, times as Camunda writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, request

from web.api.blueprint import OPERATIONS
from web.api.schemas import whole
from web.errors import Unreadable
from web.i18n import local

MOST = 1000  # lines of one answer
FARTHEST = 1_000_000
PAGING = {"firstResult": whole(0, FARTHEST, 0), "maxResults": whole(0, MOST, MOST)}
WORDS = {"true": True, "false": False}
TRUE = "true"
ORDERS = {"type": "string", "enum": ["asc", "desc"]}


def answer(value: object, status: int = 200) -> Response:
    """JSON with its keys in the order given: a modeler reads the first of an object."""
    return Response(json.dumps(value, ensure_ascii=False), status, mimetype="application/json")


def done() -> Response:
    """204: done, and nothing to say."""
    return Response(status=204)


def moment(at: datetime | None) -> str | None:
    """2013-01-23T13:59:43.000+0200: the fraction and an offset without colon are mandatory."""
    if at is None:
        return None
    there = local(at)
    return f"{there:%Y-%m-%dT%H:%M:%S}.{there.microsecond // 1000:03d}{there:%z}"


def query() -> dict[str, Any]:
    """The query string by the table of operations: typed, with defaults. A filter that is not there would
    give a wrong answer if it were passed over, so it is refused (400)."""
    schemas = OPERATIONS[request.endpoint or ""].query
    given: dict[str, Any] = {}
    for name, values in request.args.lists():
        if name not in schemas or len(values) > 1:
            raise Unreadable(f"The query parameter {name!r} is not supported here, or stands there twice.")
        given[name] = _typed(name, values[0], schemas[name])
    defaults = {name: schema["default"] for name, schema in schemas.items() if "default" in schema}
    return {**defaults, **given}


def _typed(name: str, text: str, schema: Mapping[str, Any]) -> object:
    if schema["type"] == "integer":
        fits = text.isdecimal() and len(text) < 10 and schema["minimum"] <= int(text) <= schema["maximum"]
        if not fits:
            bounds = f"{schema['minimum']} to {schema['maximum']}"
            raise Unreadable(f"{name} must be a whole number from {bounds}.")
        return int(text)
    if text not in schema.get("enum", (text,)):
        raise Unreadable(f"{name} must be one of {', '.join(schema['enum'])}.")
    if schema["type"] == "boolean":
        if text.lower() not in WORDS:
            raise Unreadable(f"{name} must be true or false.")
        return WORDS[text.lower()]
    if "pattern" in schema:
        return _moment(name, text)
    if text not in schema.get("enum", (text,)):
        raise Unreadable(f"{name} must be one of {', '.join(schema['enum'])}.")
    return text


def _moment(name: str, text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"{name} must be a time like 2013-01-23T13:59:43.000+0200.") from error


def sort(columns: Mapping[str, str]) -> tuple[str | None, bool]:
    """By what a list is ordered, under the name that the engine uses, and whether downwards."""
    asked = query()
    return columns.get(asked.get("sortBy", "")), asked.get("sortOrder") == "desc"


def page() -> tuple[int, int]:
    """firstResult and maxResults."""
    asked = query()
    return asked["firstResult"], asked["maxResults"]


def sorting(names: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of a list that is sorted by these names."""
    return {"sortBy": {"type": "string", "enum": list(names)}, "sortOrder": ORDERS}


def order(names: Mapping[str, str]) -> tuple[str, bool] | None:
    """What to sort by, under the name that the engine uses, and whether descending; None: as it comes. One
    parameter without the other is refused (400)."""
    asked = query()
    by, how = asked.get("sortBy"), asked.get("sortOrder")
    if (by is None) != (how is None):
        raise Unreadable("sortBy and sortOrder belong together.")
    return None if by is None else (names[by], how == "desc")


def milliseconds(start: datetime, end: datetime | None) -> int | None:
    """How long something took, None while it goes on."""
    return None if end is None else (end - start) // timedelta(milliseconds=1)


def chosen(names: Mapping[str, str]) -> dict[str, Any]:
    """The filters of the query string that were given, under the names that the engine uses."""
    asked = query()
    return {ours: asked[theirs] for theirs, ours in names.items() if theirs in asked}


def several(names: Mapping[str, str]) -> dict[str, Any]:
    """The filters that list values, parted by commas, of which one must fit."""
    return {name: tuple(text.split(",")) for name, text in chosen(names).items()}


def body() -> dict[str, Any]:
    """The JSON object that was sent; nothing sent is an empty one. Anything else is refused (400)."""
    sent = request.get_data()
    if not sent.strip():
        return {}
    if request.mimetype != "application/json":
        raise Unreadable("The body must be application/json.")
    try:
        value = json.loads(sent, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Unreadable("The body is not JSON.") from error
    if not isinstance(value, dict):
        raise Unreadable("The body must be a JSON object.")
    return value


def _no_number(name: str) -> float:
    raise ValueError(name)


def string(sent: Mapping[str, Any], name: str) -> str | None:
    """A text of the body, None if it is absent or null. Anything else is refused (400)."""
    value = sent.get(name)
    if value is not None and not isinstance(value, str):
        raise Unreadable(f"{name} must be a text.")
    return value


def flagged(sent: Mapping[str, Any], name: str, default: bool = False) -> bool:
    """A yes or no of the body, `default` if it is absent or null. Anything else is refused (400)."""
    value = sent.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise Unreadable(f"{name} must be true or false.")
    return value


def integer(sent: Mapping[str, Any], name: str, default: int, most: int) -> int:
    """A whole number of the body, from 0 to `most`; `default` if it is absent or null. Anything else is
    refused (400)."""
    value = sent.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise Unreadable(f"{name} must be a whole number from 0 to {most}.")
    return value


def ticked(text: str) -> bool:
    """A yes of a multipart form; one client writes it `True`."""
    return text.strip().lower() == TRUE
