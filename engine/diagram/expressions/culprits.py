"""Names the part of an expression that is to blame."""

import ast
import re

from engine.diagram.expressions.faults import Fault, shown


def as_written(node: ast.AST) -> str:
    """A node as an owner writes it, cut for a message."""
    try:
        return shown(_SPELT.sub(_as_owners_do, ast.unparse(node)), 40)
    except RecursionError:
        return "…"


def _as_owners_do(match: re.Match[str]) -> str:
    return match["text"] or _OWNERS[match["word"]]


# texts stay as they are; what `juel` puts in for `null`, `!` and `empty` goes back
_OWNERS = {"None": "null", "True": "true", "False": "false", "~": "empty ", "+": "!"}
_SPELT = re.compile(
    r"""(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<word>\b(?:None|True|False)\b|~|\+(?=\S))"""
)


def null_at(value: object, node: ast.AST) -> Fault | None:
    """The fault that a node is null, if its value is."""
    return null(as_written(node)) if value is None else None


def null(said: str) -> Fault:
    """What is written so has no value."""
    return Fault(
        f"{said} 为空（null）：还没有填写或算出它的值",
        f"{said} is null: nothing has been entered or worked out for it yet",
    )


def first_null(node: ast.Call, arguments: list[object]) -> Fault | None:
    """The fault that an argument of a call is null, if one is."""
    for said, value in zip(reversed(node.args), reversed(arguments), strict=False):
        if value is None:
            return null_at(value, said)
    return None
