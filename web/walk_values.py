"""Values typed line by line, `name = value`: what a message brings or a program answers."""

from __future__ import annotations

import json

from flask_babel import gettext

LONGEST = 20_000


def read_values(text: str) -> dict[str, object]:
    """The values by name; what is no JSON is a text. Raises ValueError with the line that cannot be read."""
    values: dict[str, object] = {}
    for number, line in enumerate(text[:LONGEST].splitlines(), 1):
        if not line.strip():
            continue
        name, sign, value = (part.strip() for part in line.partition("="))
        if not sign or not name.isidentifier():
            raise ValueError(gettext("Line %(number)s is not “name = value”.", number=number))
        values[name] = _value(value)
    return values


def _value(text: str) -> object:
    try:
        value: object = json.loads(text, parse_constant=str)
    except (ValueError, RecursionError):
        return text
    return value
