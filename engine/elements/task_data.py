"""The data that a token carries: plain JSON values, copied deeply, merged against the fork they came from."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

_MISSING = object()


def copy_value(value: Any) -> Any:
    """A deep copy of a JSON-like value; tuples become lists, exactly as saving and loading would make
    them."""
    if isinstance(value, dict):
        return {key: copy_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [copy_value(item) for item in value]
    if value is None or isinstance(value, str | int | float):
        return value
    return deepcopy(value)


def merge3(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], path: str = ""
) -> tuple[dict[str, Any], list[str]]:
    """Merges two branches that both started from `base`.

    What a branch changed wins over what the other merely inherited. Two different changes of one leaf:
    `theirs`, the later one, wins, and the leaf's dotted path is reported.

    Returns the merged data (a new object) and the paths where the branches clashed.
    """
    merged, clashes = dict(mine), []
    for key in [*base, *(key for key in theirs if key not in base)]:
        was, other, own = base.get(key, _MISSING), theirs.get(key, _MISSING), mine.get(key, _MISSING)
        if _same(other, was) or _same(other, own):
            continue
        if isinstance(other, dict) and isinstance(own, dict):
            inner = was if isinstance(was, dict) else {}
            merged[key], deeper = merge3(inner, own, other, f"{path}{key}.")
            clashes += deeper
            continue
        if not _same(own, was):
            clashes.append(f"{path}{key}")
        if other is _MISSING:
            del merged[key]
        else:
            merged[key] = other
    return copy_value(merged), clashes


def _same(one: Any, other: Any) -> bool:
    """Equal in value and kind: `1` and `True` are different answers to a form."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)
