"""Cuts an input column into classes of values that all its cells treat alike, each with a sample."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from engine.diagram.decisions.columns import Input
from engine.diagram.decisions.feel import UnaryTests
from engine.diagram.expressions.values import text_of

OTHER_TEXT = "\ufffe other"  # stands for every text that the column does not mention


@dataclass(frozen=True)
class ValueClass:
    """Values that no cell of the column tells apart; `open_ended` when they are not all known."""

    sample: object
    zh: str
    en: str
    open_ended: bool = False


def classes_of(column: Input, cells: Sequence[UnaryTests]) -> list[ValueClass] | None:
    """The classes of a column, or None when they cannot be told (a cell compares with a name)."""
    endpoints = [e for cell in (*cells, column.allowed) for e in cell.endpoints]
    if any(e.expression for e in endpoints):
        return None
    mentioned = [e.literal for e in endpoints if e.literal is not None]
    null = [_value(None)] if any(e.literal is None for e in endpoints) else []
    if column.values:
        return [_value(v) for v in column.values if v is not None] + null
    kind = column.kind if column.kind != "Any" else _guess(mentioned)
    if kind == "boolean":
        return [_value(True), _value(False), *null]
    if kind == "string":
        return _texts(cells, mentioned, null)
    found = _between(mentioned, kind)
    return None if found is None else [c for c in found if column.allowed.matches(c.sample)] + null


def _guess(mentioned: list[object]) -> str:
    kinds = {"number" if type(v) in (int, float) else type(v).__name__ for v in mentioned}
    names = {"str": "string", "bool": "boolean", "number": "number", "date": "date", "datetime": "dateTime"}
    if not kinds:
        return "string"
    return names.get(kinds.pop(), "") if len(kinds) == 1 else ""


def _texts(
    cells: Sequence[UnaryTests], mentioned: list[object], null: list[ValueClass]
) -> list[ValueClass] | None:
    if any(b.operator not in ("=", "!=") for cell in cells for test in cell.tests for b in test):
        return None
    words = sorted({v for v in mentioned if isinstance(v, str)})
    return [
        *map(_value, words),
        ValueClass(OTHER_TEXT, "其他任何值", "anything else", open_ended=True),
        *null,
    ]


def _value(value: object) -> ValueClass:
    said = text_of(value)
    return ValueClass(value, said or "空", said or "null")


def _between(mentioned: list[object], kind: str) -> list[ValueClass] | None:
    if kind == "number" and all(type(v) in (int, float) for v in mentioned):
        return _numbers(sorted({v for v in mentioned if isinstance(v, (int, float))}))
    if kind in ("date", "dateTime") and all(type(v) is dt.date for v in mentioned):
        days = sorted({v for v in mentioned if isinstance(v, dt.date)})
        return _days(days)
    return None


def _numbers(bounds: list[int | float]) -> list[ValueClass]:
    if not bounds:
        return [ValueClass(0, "任何数字", "any number")]
    found = [ValueClass(bounds[0] - 1, f"< {bounds[0]}", f"< {bounds[0]}")]
    for low, high in zip(bounds, [*bounds[1:], None], strict=True):
        found.append(_value(low))
        if high is None:
            found.append(ValueClass(low + 1, f"> {low}", f"> {low}"))
        else:
            found.append(ValueClass((low + high) / 2, f"({low}..{high})", f"({low}..{high})"))
    return found


def _days(bounds: list[dt.date]) -> list[ValueClass] | None:
    if not bounds:
        return [ValueClass(dt.date(2000, 1, 1), "任何日期", "any date")]
    day = dt.timedelta(days=1)
    if bounds[0] == dt.date.min or bounds[-1] == dt.date.max:
        return None
    found = [ValueClass(bounds[0] - day, f"< {bounds[0]}", f"< {bounds[0]}")]
    for low, high in zip(bounds, [*bounds[1:], None], strict=True):
        found.append(_value(low))
        if high is None:
            found.append(ValueClass(low + day, f"> {low}", f"> {low}"))
        elif high - low > day:
            found.append(ValueClass(low + day, f"({low}..{high})", f"({low}..{high})"))
    return found
