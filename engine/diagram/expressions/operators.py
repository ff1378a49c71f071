"""Operators of the expression language: Python's, minus the bombs, with errors that name the culprit."""

import ast
import datetime as dt
import operator
from collections.abc import Callable

from engine.diagram.expressions.budget import MAX_BITS, MAX_LENGTH, too_large, too_long
from engine.diagram.expressions.culprits import null
from engine.diagram.expressions.faults import Fault
from engine.diagram.expressions.values import as_date, as_datetime, kind_of

MAX_EXPONENT = 64


def add(a: object, b: object) -> object:
    """Sum of numbers and times; texts and lists are joined, up to the size limit."""
    if (
        isinstance(a, (str, list, tuple))
        and isinstance(b, (str, list, tuple))
        and len(a) + len(b) > MAX_LENGTH
    ):
        raise too_long()
    return operator.add(a, b)


def multiply(a: object, b: object) -> object:
    """Product; a text or list may be repeated up to the size limit."""
    for sized, times in ((a, b), (b, a)):
        if (
            isinstance(sized, (str, list, tuple))
            and isinstance(times, int)
            and len(sized) * times > MAX_LENGTH
        ):
            raise too_long()
    if type(a) is int and type(b) is int and a.bit_length() + b.bit_length() > MAX_BITS:
        raise too_large()
    return operator.mul(a, b)


def power(a: object, b: object) -> object:
    """Power of numbers with an exponent up to 64."""
    if not (isinstance(a, (int, float)) and isinstance(b, (int, float))):
        raise TypeError
    if abs(b) > MAX_EXPONENT or (isinstance(a, int) and a.bit_length() * abs(b) > MAX_BITS):
        raise too_large()
    return operator.pow(a, b)


def modulo(a: object, b: object) -> object:
    """Remainder of numbers; never text formatting."""
    if isinstance(a, str):
        raise Fault("%（求余数）不能用于文本", "% (the remainder) cannot be used on text")
    return operator.mod(a, b)


def contains(item: object, whole: object) -> object:
    """`item in whole`: a text in a text, a value in a list, a key in a record; nothing is in null."""
    if whole is None:
        return False
    return operator.contains(whole, item)  # type: ignore[arg-type]


def same(a: object, b: object) -> bool:
    """Equality; a date equals the ISO text that forms and scripts store for it."""
    return bool(operator.eq(*_aligned(a, b)))


def _ordering(compare: Callable[..., object]) -> Callable[[object, object], object]:
    return lambda a, b: compare(*_aligned(a, b))


def _aligned(a: object, b: object) -> tuple[object, object]:
    if isinstance(a, str) != isinstance(b, str):  # one is text: read it as the other's kind of time
        if isinstance(a, dt.date):
            return a, _like(a, b)
        if isinstance(b, dt.date):
            return _like(b, a), b
    return a, b


def _like(time: object, other: object) -> object:
    if not isinstance(other, str):
        return other
    return as_datetime(other) if isinstance(time, dt.datetime) else as_date(other)


BINARY: dict[type[ast.operator], Callable[[object, object], object]] = {
    ast.Add: add, ast.Sub: operator.sub, ast.Mult: multiply, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: modulo, ast.Pow: power,
}  # fmt: skip
ORDERING: dict[type[ast.cmpop], Callable[[object, object], object]] = {
    ast.Lt: _ordering(operator.lt), ast.LtE: _ordering(operator.le),
    ast.Gt: _ordering(operator.gt), ast.GtE: _ordering(operator.ge),
}  # fmt: skip
COMPARING: dict[type[ast.cmpop], Callable[[object, object], object]] = {
    **ORDERING,
    ast.Eq: same, ast.NotEq: lambda a, b: not same(a, b), ast.Is: same, ast.IsNot: lambda a,
    b: not same(a, b),
    ast.In: contains, ast.NotIn: lambda a, b: not contains(a, b),
}  # fmt: skip


def apply(
    function: Callable[[object, object], object], a: object, b: object, said: tuple[str, str]
) -> object:
    """Apply a binary operator; `said` is how the operands were written. Raises `Fault` naming the culprit."""
    try:
        return function(a, b)
    except TypeError:
        raise _mismatch(a, b, said) from None
    except ZeroDivisionError:
        raise Fault(f"不能除以 0（{said[1]}）", f"division by 0 ({said[1]})") from None


def _mismatch(a: object, b: object, said: tuple[str, str]) -> Fault:
    for value, source in ((a, said[0]), (b, said[1])):
        if value is None:
            return null(source)
    (za, ea), (zb, eb) = kind_of(a), kind_of(b)
    return Fault(
        f"{said[0]}（{za}）与 {said[1]}（{zb}）不能这样运算或比较",
        f"{said[0]} ({ea}) and {said[1]} ({eb}) cannot be combined or compared",
    )
