"""Types of decision columns: which DMN type names we know and which values fit them."""

import datetime as dt
from typing import Literal

from engine.diagram.expressions.faults import Fault, shown
from engine.diagram.expressions.values import as_date, as_datetime, text_of

Kind = Literal["string", "number", "boolean", "date", "dateTime", "Any"]
KINDS: dict[str, Kind] = {
    "": "Any", "Any": "Any", "any": "Any", "string": "string", "boolean": "boolean",
    "number": "number", "integer": "number", "long": "number", "double": "number",
    "date": "date", "dateTime": "dateTime",
}  # fmt: skip
_PYTHON: dict[Kind, tuple[type, ...]] = {
    "string": (str,), "number": (int, float), "boolean": (bool,), "date": (dt.date, dt.datetime),
    "dateTime": (dt.date, dt.datetime),
}  # fmt: skip
_WORDS: dict[Kind, tuple[str, str]] = {
    "string": ("文本", "text"), "number": ("数字", "a number"), "boolean": ("是/否", "true or false"),
    "date": ("日期", "a date"), "dateTime": ("时间", "a date and time"), "Any": ("任意", "anything"),
}  # fmt: skip


def kind_words(kind: Kind) -> tuple[str, str]:
    """A column's type in Chinese and in English."""
    return _WORDS[kind]


def fits(value: object, kind: Kind) -> bool:
    """Whether a value is of a column's type; null and untyped columns always fit."""
    return value is None or kind == "Any" or type(value) in _PYTHON[kind]


def typed(value: object, kind: Kind, label: str) -> object:
    """An input value as its column's type (dates arrive as ISO text); raises Fault for another kind."""
    if isinstance(value, str) and kind == "date":
        return as_datetime(value) if "T" in value else as_date(value)
    if isinstance(value, str) and kind == "dateTime":
        return as_datetime(value)
    if not fits(value, kind):
        zh, en = _WORDS[kind]
        said = shown(text_of(value), 40)
        raise Fault(f"{label} 应为{zh}，却是“{said}”", f"{label} should be {en}, but is “{said}”")
    return value
