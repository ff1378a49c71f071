"""Personal data shown as far as recognising it needs: 138****1234, 张*, a***@example.com (PIPL 6, 51)."""

import re
from collections.abc import Iterable, Mapping

_DIGITS = re.compile(r"\+?[\d\s-]{7,}")


def mask(value: object) -> object:
    """The masked form of one value; empty stays empty, and a masked value masks to itself."""
    if value in (None, "", [], False):
        return value
    if not isinstance(value, str):
        return "***"
    if "@" in value:
        name, _, host = value.partition("@")
        return f"{name[:1]}***@{host}"
    if _DIGITS.fullmatch(value) or re.fullmatch(r"\d{3}\*{4}\d{4}", value):
        return f"{value[:3]}****{value[-4:]}"
    return value[0] + "*" * min(len(value) - 1, 3) if len(value) > 1 else "*"


def is_masked(value: object) -> bool:
    """Whether this is what `mask` makes of something, and no value of its own."""
    return isinstance(value, str) and "*" in value and mask(value) == value


def masked(values: Mapping[str, object], personal: Iterable[str]) -> dict[str, object]:
    """The values with the personal ones masked."""
    names = frozenset(personal)
    return {name: mask(value) if name in names else value for name, value in values.items()}


def unmasked(
    raw: Mapping[str, object], current: Mapping[str, object], personal: Iterable[str]
) -> dict[str, object]:
    """What somebody sent who only saw masked values: a value left as shown means the current one."""
    shown = masked(current, personal)
    same = {name for name in personal if name in raw and name in shown and raw[name] == shown[name]}
    return {name: current[name] if name in same else value for name, value in raw.items()}
