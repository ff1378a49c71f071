"""Patterns of form fields: only those whose matching is bounded are let in.

A backtracking matcher tries, at worst, every way in which a pattern can divide a text. That number is counted
here for the longest text the field takes; a pattern such as `(a+)+$` exceeds any bound and is refused.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

EXAMPLE = "[A-Z]{2}[0-9]{6}"
PATTERN_MAX = 500  # characters
WAYS_MAX = 1_000_000  # divisions tried at worst: well under a second


def pattern_fault(pattern: str, length: int) -> tuple[str, str] | None:
    """Why `pattern` cannot be used on texts of up to `length` characters (zh, en), or None if it can."""
    if len(pattern) > PATTERN_MAX:
        return f"超过 {PATTERN_MAX} 个字符", f"longer than {PATTERN_MAX} characters"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Python warns of spellings whose meaning may change
            tree = parser.parse(pattern)
            re.compile(pattern)
    except (re.error, Warning, OverflowError, RecursionError) as error:
        return _miswritten(getattr(error, "pos", None))
    anchored = bool(tree) and tree[0] == (codes.AT, codes.AT_BEGINNING)
    starts = 1 if anchored else length + 1
    if _ways(tree, length) * starts > WAYS_MAX:
        return (
            "核对可能耗时过长：带 + 或 * 的括号里不要再有 +、* 或 |",
            "matching could take too long: inside brackets that are followed by + or * use no +, * or |",
        )
    return None


def _miswritten(at: int | None) -> tuple[str, str]:
    """`at`: before which character, counted from 0, the reading stopped."""
    zh, en = ("", "") if at is None else (f"第 {at + 1} 个字符附近", f" near character {at + 1}")
    return f"{zh}写法有误，应如 {EXAMPLE}", f"something is wrong{en}, write it as in {EXAMPLE}"


def _ways(items: Iterable[tuple[object, Any]], length: int) -> int:
    """How many ways a sequence can divide a text of `length`: the product over its items."""
    total = 1
    for code, argument in items:
        total = min(total * _item_ways(code, argument, length), WAYS_MAX + 1)
    return total


def _item_ways(code: object, argument: Any, length: int) -> int:
    if code in {codes.MAX_REPEAT, codes.MIN_REPEAT}:
        least, most, inner = argument
        return _repeat_ways(int(least), min(int(most), length), _ways(inner, length))
    if code is codes.SUBPATTERN:
        return _ways(argument[3], length)
    if code is codes.BRANCH:
        return sum(_ways(branch, length) for branch in argument[1])
    if code in {codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN, codes.AT}:
        return 1
    return WAYS_MAX + 1  # look-around, back-references and the like: not needed, so not allowed


def _repeat_ways(least: int, most: int, inner: int) -> int:
    if inner <= 1:
        return max(most - least + 1, 1)
    if most > 64:  # at least 2**64
        return WAYS_MAX + 1
    ways = sum(int(inner**times) for times in range(least, most + 1))
    return max(ways, 1)
