"""Methods and attributes that expressions may use on values, by exact type; none changes its value."""

import datetime as dt
from collections.abc import Mapping

from engine.diagram.expressions.functions import Function, contains, empty
from engine.diagram.expressions.values import as_date


def _keys(record: Mapping[str, object]) -> list[str]:
    return list(record)


_TEXT: dict[str, Function] = {
    "lower": str.lower, "upper": str.upper, "toLowerCase": str.lower, "toUpperCase": str.upper,
    "strip": str.strip,
    "trim": str.strip, "split": str.split, "startswith": str.startswith, "endswith": str.endswith,
    "startsWith": str.startswith, "endsWith": str.endswith, "find": str.find, "indexOf": str.find,
    "count": str.count,
    "isdigit": str.isdigit, "isalpha": str.isalpha, "contains": str.__contains__, "size": len, "length": len,
    "isEmpty": empty, "equals": str.__eq__,
}  # fmt: skip
_LIST: dict[str, Function] = {
    "index": lambda v, item: v.index(item), "indexOf": lambda v, item: v.index(item) if item in v else -1,
    "count": lambda v, item: v.count(item), "contains": contains, "size": len, "isEmpty": empty,
    "get": lambda v, at: v[at],
}  # fmt: skip
_TIME: dict[str, Function] = {
    "isoformat": lambda v: v.isoformat(), "weekday": lambda v: v.weekday(),
    "isoweekday": lambda v: v.isoweekday(),
}  # fmt: skip
METHODS: dict[type, dict[str, Function]] = {
    str: _TEXT, list: _LIST, tuple: _LIST,
    dict: {
        "get": lambda v, key, default=None: v.get(key, default), "keys": _keys,
        "values": lambda v: list(v.values()),
        "items": lambda v: [list(pair) for pair in v.items()], "containsKey": contains, "size": len,
        "isEmpty": empty,
    },
    dt.date: _TIME, dt.datetime: {**_TIME, "date": as_date},
}  # fmt: skip
METHOD_NAMES = frozenset(name for table in METHODS.values() for name in table)
ATTRIBUTES: dict[type, frozenset[str]] = {
    dt.datetime: frozenset({"year", "month", "day", "hour", "minute", "second"}),
    dt.date: frozenset({"year", "month", "day"}),
    dt.timedelta: frozenset({"days", "seconds"}),
}
