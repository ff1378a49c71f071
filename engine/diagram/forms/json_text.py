"""JSON in which every object knows its line, so that a problem can point at it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from engine.diagram.forms.problems import problem
from engine.errors import Problem

BYTES_MAX = 500_000
DEPTH_MAX = 24  # brackets inside brackets; an export of the form editor needs about eight

_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")  # no database keeps these
# what Python's reader says → what an owner would say
_WRONG = "写法有误", "something is wrong"
_REASONS = {
    "Expecting ',' delimiter": (
        "少了逗号，或前面的引号、括号不成对",
        "a comma is missing, or a quote or bracket before it",
    ),
    "Expecting ':' delimiter": ("名称后面少了冒号", "a colon is missing after a name"),
    "Expecting value": ("少了值，或多了一个逗号", "a value is missing, or there is a comma too many"),
    "Expecting property name enclosed in double quotes": (
        "名称须加英文双引号，或多了一个逗号",
        "a name needs plain double quotes, or there is a comma too many",
    ),
    "Illegal trailing comma before end of object": ("多了一个逗号", "there is a comma too many"),
    "Illegal trailing comma before end of array": ("多了一个逗号", "there is a comma too many"),
    "Unterminated string starting at": ("文字没有结束的引号", "a text lacks its closing quote"),
    "Invalid control character at": (
        "文字里有换行，或少了引号",
        "a text holds a line break, or lacks a quote",
    ),
    "Extra data": ("表单已经结束，后面多了内容", "the form has ended, and more follows"),
}
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[{}\[\]]')


@dataclass
class _Spot:
    """A place in the text, line and column from 1."""

    line: int
    column: int


class Node(dict[str, object]):
    """A JSON object and where its brace opens (line and column, both from 1)."""

    line = 1
    column = 1

    def text(self, name: str) -> str:
        """The string called `name`, or "" if there is none."""
        value = self.get(name)
        return value if isinstance(value, str) else ""

    def node(self, name: str) -> Node:
        """The object called `name`, or an empty one in the same place."""
        value = self.get(name)
        if isinstance(value, Node):
            return value
        empty = Node()
        empty.line, empty.column = self.line, self.column
        return empty

    def nodes(self, name: str) -> list[Node]:
        """The objects in the list called `name`; whatever else is in it is left out."""
        value = self.get(name)
        return [item for item in value if isinstance(item, Node)] if isinstance(value, list) else []


class Unreadable(Exception):
    """The bytes are no JSON object we accept; `problem` says why and where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.en)
        self.problem = problem


def read_json(data: bytes, file: str) -> Node:
    """The JSON object in `data` (UTF-8). Raises Unreadable."""
    if len(data) > BYTES_MAX:
        raise Unreadable(problem(file, None, "too_large"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _Spot(data.count(b"\n", 0, error.start) + 1, 1)
        raise Unreadable(problem(file, place, "not_utf8")) from error
    _check_syntax(text, file)
    places = iter(_places(text, file))

    def node(pairs: list[tuple[str, object]]) -> Node:
        made = Node(pairs)
        spot = next(places)
        made.line, made.column = spot.line, spot.column
        if len(made) != len(pairs):
            raise Unreadable(problem(file, made, "duplicate_json_key"))
        if any(_unkeepable(name) or _unkeepable(value) for name, value in pairs):
            raise Unreadable(problem(file, made, "unkeepable_text"))
        return made

    found = json.loads(text, object_pairs_hook=node)
    if not isinstance(found, Node):
        raise Unreadable(problem(file, None, "not_a_form"))
    return found


def _unkeepable(value: object) -> bool:
    """Whether a text, or one in a list, holds control characters or half a character."""
    if isinstance(value, list):
        return any(_unkeepable(item) for item in value)
    return isinstance(value, str) and _UNKEEPABLE.search(value) is not None


def _check_syntax(text: str, file: str) -> None:
    """Raises Unreadable unless `text` is JSON; looking for places is only quick in what is."""
    try:
        json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = _Spot(error.lineno, error.colno)
        raise Unreadable(problem(file, place, "not_json", reason=_REASONS.get(error.msg, _WRONG))) from error
    except RecursionError as error:
        raise Unreadable(problem(file, None, "too_deep")) from error
    except ValueError as error:  # NaN, or an integer of thousands of digits
        raise Unreadable(problem(file, None, "bad_json_number")) from error


def _places(text: str, file: str) -> list[_Spot]:
    """Where each object opens, in the order in which objects close: the order the JSON reader makes them."""
    opened: list[_Spot] = []
    closed: list[_Spot] = []
    depth, line, line_start, seen = 0, 1, 0, 0
    for token in _TOKEN.finditer(text):
        line += text.count("\n", seen, token.start())
        line_start = max(line_start, text.rfind("\n", seen, token.start()) + 1)
        seen = token.start()
        spot = _Spot(line, seen - line_start + 1)
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token.group(), 0)
        if depth > DEPTH_MAX:
            raise Unreadable(problem(file, spot, "too_deep"))
        if token.group() == "{":
            opened.append(spot)
        elif token.group() == "}":
            closed.append(opened.pop())
    return closed


def _no_constant(name: str) -> object:
    raise ValueError(name)
