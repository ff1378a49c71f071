"""Functions and methods that expressions may call. None reads the wall clock: time is passed in."""

import datetime as dt
from collections.abc import Callable

from engine.diagram.expressions.budget import RANGE_LIMIT
from engine.diagram.expressions.faults import Fault
from engine.diagram.expressions.values import HOUSE_ZONE, as_date, as_datetime, kind_of, text_of

Function = Callable[..., object]
MAX_DAYS = 36_500
ROUNDING = 12


def _wrong(name: str, value: object) -> Fault:
    zh, en = kind_of(value)
    return Fault(f"{name}() 不能用于{zh}", f"{name}() cannot be used on {en}")


def _numbers(name: str, values: object) -> list[int | float]:
    if not isinstance(values, (list, tuple)):
        raise _wrong(name, values)
    for value in values:
        if type(value) not in (int, float, bool):
            raise _wrong(name, value)
    return list(values)


def _length(value: object) -> int:
    if isinstance(value, (str, list, tuple, dict)):
        return len(value)
    raise _wrong("len", value)


def _sum(values: object) -> int | float:
    return sum(_numbers("sum", values))


def _round(value: object, digits: object = 0) -> object:
    if type(value) not in (int, float) or type(digits) is not int or not -ROUNDING <= digits <= ROUNDING:
        raise _wrong("round", value)
    return round(value, digits) if digits else round(value)  # type: ignore[call-overload]


def _abs(value: object) -> object:
    if isinstance(value, (int, float, dt.timedelta)):
        return abs(value)
    raise _wrong("abs", value)


def _listed(name: str, value: object) -> list[object]:
    if isinstance(value, (list, tuple, str, dict)):
        return list(value)
    raise _wrong(name, value)


def _extreme(pick: Callable[[list[object]], object]) -> Function:
    def choose(*values: object) -> object:
        candidates = _listed("min/max", values[0]) if len(values) == 1 else list(values)
        return pick(candidates)

    return choose


def _int(value: object) -> int:
    if isinstance(value, str) and len(value) > 200:
        raise Fault("数字过长", "the number is too long")
    if isinstance(value, (int, float, str)):
        return int(value)
    raise _wrong("int", value)


def _float(value: object) -> float:
    if isinstance(value, (int, float, str)):
        return float(value)
    raise _wrong("float", value)


def _span(unit: str, limit: float) -> Function:
    def make(amount: object) -> dt.timedelta:
        if type(amount) not in (int, float) or abs(amount) > limit:  # type: ignore[arg-type]
            raise _wrong(unit, amount)
        return dt.timedelta(**{unit: amount})  # type: ignore[arg-type]

    return make


def _range(*bounds: object) -> list[int]:
    whole = [bound for bound in bounds if type(bound) is int]
    if not 1 <= len(bounds) <= 3 or len(whole) != len(bounds):
        raise Fault(
            "range() 需要 1 到 3 个整数，如 range(3)",
            "range() needs one to three whole numbers, as in range(3)",
        )
    numbers = range(*whole)
    try:
        size = len(numbers)
    except OverflowError:
        size = RANGE_LIMIT + 1
    if size > RANGE_LIMIT:
        raise Fault(
            f"range() 最多给出 {RANGE_LIMIT} 个数", f"range() gives at most {RANGE_LIMIT} numbers"
        )
    return list(numbers)


def empty(value: object) -> bool:
    """JUEL's `empty`: null, an empty text, list or record."""
    return value is None or (isinstance(value, (str, list, tuple, dict)) and not value)


def contains(whole: object, item: object) -> bool:
    """Whether a text, list or record holds an item; null holds nothing."""
    return whole is not None and item in whole  # type: ignore[operator]


FUNCTIONS: dict[str, Function] = {
    "len": _length, "sum": _sum, "min": _extreme(lambda v: min(v)), "max": _extreme(lambda v: max(v)),  # type: ignore[type-var]
    "any": lambda v: any(_listed("any", v)), "all": lambda v: all(_listed("all", v)),
    "count": _length, "abs": _abs, "round": _round, "int": _int, "float": _float, "str": text_of,
    "bool": bool,
    "list": lambda v: _listed("list", v), "range": _range,
    "sorted": lambda v, down=False: sorted(_listed("sorted", v), reverse=bool(down)),  # type: ignore[type-var]
    "date": as_date, "datetime": as_datetime,
    "days": _span("days", MAX_DAYS), "hours": _span("hours", MAX_DAYS * 24),
    "minutes": _span("minutes", MAX_DAYS * 1440),
    "empty": empty, "contains": contains,
}  # fmt: skip
TIME_FUNCTIONS = frozenset({"now", "today"})


def functions_at(now: dt.datetime) -> dict[str, Function]:
    """`now()` and `today()` (the house-zone day) frozen at an aware time. Clocks: see `clock_functions`.

    Raises ValueError for a naive time: nobody would know which instant it is.
    """
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime")
    local = now.astimezone(HOUSE_ZONE)
    return {"now": lambda: local, "today": lambda: local.date()}
