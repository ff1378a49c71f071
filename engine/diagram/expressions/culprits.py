"""Names the part of an expression that is to blame."""

import ast

from engine.diagram.expressions.faults import Fault, shown


def as_written(node: ast.AST) -> str:
    """A node as it was written, cut for a message."""
    try:
        return shown(ast.unparse(node), 40)
    except RecursionError:
        return "…"


def null_at(value: object, node: ast.AST) -> Fault | None:
    """The fault that a node is null, if its value is."""
    return Fault(f"{as_written(node)} 为空（null）", f"{as_written(node)} is null") if value is None else None


def first_null(node: ast.Call, arguments: list[object]) -> Fault | None:
    """The fault that an argument of a call is null, if one is."""
    for said, value in zip(reversed(node.args), reversed(arguments), strict=False):
        if value is None:
            return null_at(value, said)
    return None
