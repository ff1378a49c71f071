"""What one evaluation may cost: steps, sizes, numbers. Explicit limits need no subprocess and no signals."""

import datetime as dt
import math
from collections.abc import Callable

from engine.diagram.expressions.faults import Fault, shown

MAX_STEPS = 50_000  # about 0.1 s
MAX_LENGTH = 100_000  # characters or items
MAX_BITS = 512  # of a whole number: far beyond any amount, far below a bomb
RANGE_LIMIT = 10_000
MAX_NESTING = 30  # levels of lists and records in data
CHARACTERS_A_STEP = 100
ITEMS_A_STEP = 20

DATES = (dt.datetime, dt.date, dt.timedelta)
SCALARS = frozenset({type(None), bool, int, float, str, *DATES})
CONTAINERS = frozenset({list, tuple, dict})
FORBIDDEN_KEY = "typename"  # a stored instance with this key cannot be loaded again


def forbidden_name(name: str) -> bool:
    """Names that no expression, script or record key may use."""
    return name.startswith("_") or name == FORBIDDEN_KEY


TEXT_KEYS = (
    '记录里每一项的名称必须是文本，如 {"amount": 100}',
    'the names in a record must be texts, as in {"amount": 100}',
)


def reserved(name: str) -> Fault:
    """A name is one of ours."""
    said = shown(name, 40)
    return Fault(
        f"名称 {said} 是系统保留的，请换一个（不以下划线开头）",
        f"the name {said} is reserved: choose another one that does not begin with an underscore",
    )


def too_long() -> Fault:
    """A text or a list grew beyond the limit."""
    return Fault(
        f"值过长（文本或列表最多 {MAX_LENGTH} 个字符或项）",
        f"a value is too long (a text or list holds at most {MAX_LENGTH} characters or items)",
    )


def too_large() -> Fault:
    """A number grew beyond the limit, or is not a number at all."""
    return Fault("数值过大", "a number is too large")


class Budget:
    """Counts what one evaluation uses up; every maker of values charges it."""

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.left = steps

    def tick(self, steps: int = 1) -> None:
        """Charge some steps."""
        self.left -= steps
        if self.left < 0:
            raise Fault("计算量过大，请缩短循环或列表", "it takes too many steps: shorten loops or lists")

    def check(self, value: object) -> object:
        """A single value, not its content: a type we know, not too long, not too large."""
        if (look := _CHECKS.get(type(value))) is None:
            raise Fault(
                "只能使用文本、数字、是/否、日期、时间、时长、列表和记录",
                "only texts, numbers, yes or no, dates, times, durations, lists and records can be used",
            )
        look(value)
        return value

    def made(self, value: object) -> object:
        """A value that was just built: checked, and paid for with everything in it."""
        self.check(value)
        if isinstance(value, str):
            self.tick(len(value) // CHARACTERS_A_STEP)
        elif type(value) in CONTAINERS:
            self.weigh(value)
        return value

    def weigh(self, value: object) -> None:
        """Pay for a value as it would be stored: `[x, x]` in a loop doubles the JSON, not the memory."""
        level, depth = [value], 0
        while level:
            if depth > MAX_NESTING:
                raise Fault(
                    f"数据嵌套超过 {MAX_NESTING} 层", f"data is nested deeper than {MAX_NESTING} levels"
                )
            level, depth = [part for whole in level for part in self._parts(whole)], depth + 1

    def _parts(self, whole: object) -> list[object]:
        if isinstance(whole, str):
            self.tick(len(whole) // CHARACTERS_A_STEP)
            return []
        if not isinstance(whole, (dict, list, tuple)):
            return []
        self.tick(1 + len(whole) // ITEMS_A_STEP)
        if isinstance(whole, dict):
            _check_keys(whole)
            return [part for part in whole.values() if type(part) in _HEAVY]
        return [part for part in whole if type(part) in _HEAVY]


_HEAVY = CONTAINERS | {str}


def _check_keys(record: dict[object, object]) -> None:
    for key in record:
        if not isinstance(key, str):
            raise Fault(*TEXT_KEYS)
        if key == FORBIDDEN_KEY or key.startswith("__"):
            raise reserved(key)


def _check_sized(value: object) -> None:
    if len(value) > MAX_LENGTH:  # type: ignore[arg-type]
        raise too_long()


def _check_int(value: object) -> None:
    if value.bit_length() > MAX_BITS:  # type: ignore[attr-defined]
        raise too_large()


def _check_float(value: object) -> None:
    if not math.isfinite(value):  # type: ignore[arg-type]
        raise too_large()


def _fine(_: object) -> None:
    return None


_CHECKS: dict[type, Callable[[object], None]] = {
    **dict.fromkeys(SCALARS, _fine),
    **dict.fromkeys((str, list, tuple, dict), _check_sized),
    int: _check_int,
    float: _check_float,
}
