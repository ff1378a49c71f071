"""Parses a translated source and refuses every construct, function and name that is not on the list."""

import ast

from engine.diagram.expressions.budget import forbidden_name
from engine.diagram.expressions.clocks import CLOCK_FUNCTIONS
from engine.diagram.expressions.faults import Fault, shown
from engine.diagram.expressions.functions import FUNCTIONS, TIME_FUNCTIONS
from engine.diagram.expressions.juel import Mode, translate
from engine.diagram.expressions.methods import METHOD_NAMES

MAX_DEPTH = 60
CALLABLE = FUNCTIONS.keys() | TIME_FUNCTIONS | CLOCK_FUNCTIONS

_COMMON = (
    ast.Constant, ast.Name, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.UAdd, ast.Invert,
    ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow,
    ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Is, ast.IsNot, ast.In, ast.NotIn,
    ast.IfExp, ast.List, ast.Tuple, ast.Dict, ast.Subscript, ast.Slice, ast.Attribute, ast.Call,
    ast.JoinedStr, ast.FormattedValue, ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.comprehension,
    ast.Load,
    ast.Store,
)  # fmt: skip
ALLOWED: dict[Mode, frozenset[type[ast.AST]]] = {
    "eval": frozenset({*_COMMON, ast.Expression}),
    "exec": frozenset({*_COMMON, ast.Module, ast.Assign, ast.AugAssign, ast.If, ast.For, ast.Expr, ast.Pass}),
}
CONSTANTS = (type(None), bool, int, float, str)


def parse(source: str, mode: Mode) -> ast.Expression | ast.Module:
    """The checked syntax tree of an expression or script; raises `Fault` with the reason."""
    spelt = translate(source, mode)
    try:
        tree = ast.parse(spelt.strip() if mode == "eval" else spelt, "<expression>", mode)
    except SyntaxError as error:
        raise _unreadable(source, error) from None
    except (RecursionError, MemoryError, ValueError):
        raise Fault(
            "表达式嵌套过深或含有无法识别的字符", "it is nested too deeply or holds unreadable characters"
        ) from None
    _check(tree, mode)
    assert isinstance(tree, (ast.Expression, ast.Module))
    return tree


def _unreadable(source: str, error: SyntaxError) -> Fault:
    if not source.strip():
        return Fault("内容为空", "it is empty")
    line = f"第 {error.lineno} 行" if "\n" in source.strip() else ""
    line_en = f" in line {error.lineno}" if line else ""
    near = shown((error.text or "")[max((error.offset or 1) - 1, 0) :], 30)
    at, at_en = (f"，“{near}”附近", f" near “{near}”") if near else ("", "")
    return Fault(f"{line}语法有误{at}", f"it cannot be read{line_en}{at_en}")


def _check(tree: ast.AST, mode: Mode) -> None:
    level = [tree]
    for _ in range(MAX_DEPTH):
        following: list[ast.AST] = []
        for node in level:
            _check_node(node, mode)
            following.extend(ast.iter_child_nodes(node))
        if not following:
            return
        level = following
    raise Fault("表达式嵌套过深", "it is nested too deeply")


def _check_node(node: ast.AST, mode: Mode) -> None:
    if type(node) not in ALLOWED[mode]:
        raise _unavailable(type(node).__name__)
    if isinstance(node, ast.Constant) and type(node.value) not in CONSTANTS:
        raise _unavailable(type(node.value).__name__)
    for name in (getattr(node, "id", None), getattr(node, "attr", None)):
        if isinstance(name, str) and forbidden_name(name):
            raise Fault(f"不能使用名称 {shown(name)}", f"the name {shown(name)} is not available")
    if isinstance(node, ast.Call):
        _check_call(node)
    if isinstance(node, ast.FormattedValue) and node.conversion != -1:
        raise _unavailable("!")
    if isinstance(node, ast.comprehension) and node.is_async:
        raise _unavailable("async")
    if isinstance(node, ast.For) and node.orelse:
        raise _unavailable("for … else")


def _check_call(node: ast.Call) -> None:
    if node.keywords:
        raise _unavailable("=")
    if isinstance(node.func, ast.Name) and node.func.id in CALLABLE:
        return
    if isinstance(node.func, ast.Attribute) and node.func.attr in METHOD_NAMES:
        return
    name = shown(str(getattr(node.func, "id", getattr(node.func, "attr", "?"))))
    raise Fault(f"没有函数 {name}()", f"there is no function {name}()")


def _unavailable(what: str) -> Fault:
    return Fault(f"不允许使用 {what}", f"{what} is not available")
