"""Parses a translated source and refuses every construct, function and name that is not on the list."""

import ast

from engine.diagram.expressions.budget import forbidden_name, reserved
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
            "括号层数过多，或含有无法识别的字符",
            "it has too many levels, or holds unreadable characters",
        ) from None
    _check(tree, mode)
    assert isinstance(tree, (ast.Expression, ast.Module))
    return tree


def _unreadable(source: str, error: SyntaxError) -> Fault:
    if not source.strip():
        return Fault("没有写内容", "nothing is written there")
    line = f"第 {error.lineno} 行" if "\n" in source.strip() else ""
    line_en = f"in line {error.lineno}, " if line else ""
    start = max((error.offset or 1) - 1, 0)
    near = shown((error.text or "")[start:], 30) if start else ""
    at, at_en = "不完整或写法有误", "something is missing or wrong"
    if near:
        at, at_en = f"“{near}”这里写法有误", f"something is wrong at “{near}”"
    return Fault(
        f"{line}{at}：请检查引号和括号是否成对，是否少了运算符（如 and、==）或值",
        f"{line_en}{at_en}: quotes and brackets come in pairs, and operators (and, ==) stand between values",
    )


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
    raise Fault("括号或运算层数过多，请拆开来写", "it has too many levels: split it up")


def _check_node(node: ast.AST, mode: Mode) -> None:
    if type(node) not in ALLOWED[mode]:
        raise _unavailable(*_CONSTRUCTS.get(type(node), _SOMETHING))
    if isinstance(node, ast.Constant) and type(node.value) not in CONSTANTS:
        raise _unavailable(*_SOMETHING)
    for name in (getattr(node, "id", None), getattr(node, "attr", None)):
        if isinstance(name, str) and forbidden_name(name):
            raise reserved(name)
    if isinstance(node, ast.Call):
        _check_call(node)
    if isinstance(node, ast.FormattedValue) and node.conversion != -1:
        raise _unavailable("“!”格式", "a format with “!”")
    if isinstance(node, ast.comprehension) and node.is_async:
        raise _unavailable(*_SOMETHING)
    if isinstance(node, ast.For) and node.orelse:
        raise _unavailable(" for 后面的 else", "“else” after a “for”")


def _check_call(node: ast.Call) -> None:
    if node.keywords:
        raise _unavailable("带名称的参数（括号里的 =）", "a named argument (= in the brackets)")
    if isinstance(node.func, ast.Name) and node.func.id in CALLABLE:
        return
    if isinstance(node.func, ast.Attribute) and node.func.attr in METHOD_NAMES:
        return
    name = shown(str(getattr(node.func, "id", getattr(node.func, "attr", "?"))))
    raise Fault(
        f"没有函数 {name}()；常用的有 {_USUAL}", f"there is no function {name}(); the usual ones are {_USUAL}"
    )


_USUAL = "len, sum, min, max, round, empty, now, today, date, days, hours, due, overdue"
_SOMETHING = ("这种写法", "this way of writing")
_OWN = ("自定义的函数", "a function of your own")
_LOOPS = ("这种循环（请用 for … in 列表）", "such a loop (use for … in a list)")
_BITS = (" & | ^ << >>（请写 and、or、not）", "& | ^ << >> (write and, or, not)")
_FAILING = ("处理错误的写法", "handling of errors")
_CONSTRUCTS: dict[type[ast.AST], tuple[str, str]] = {
    ast.Lambda: _OWN, ast.FunctionDef: _OWN, ast.AsyncFunctionDef: _OWN, ast.ClassDef: _OWN, ast.Return: _OWN,
    ast.Import: (" import", "import"), ast.ImportFrom: (" import", "import"),
    ast.While: _LOOPS, ast.Break: _LOOPS, ast.Continue: _LOOPS, ast.AsyncFor: _LOOPS,
    ast.BitAnd: _BITS, ast.BitOr: _BITS, ast.BitXor: _BITS, ast.LShift: _BITS, ast.RShift: _BITS,
    ast.Set: ("集合 {…}（请用列表 […]）", "a set {…} (use a list […])"),
    ast.SetComp: ("集合 {…}（请用列表 […]）", "a set {…} (use a list […])"),
    ast.Starred: ("星号展开", "a star before a name"),
    ast.Delete: (" del（请设为 null）", "del (set it to null)"),
    ast.Try: _FAILING, ast.Raise: _FAILING, ast.Assert: _FAILING, ast.With: _FAILING,
    ast.AnnAssign: ("变量后面的冒号", "a colon after a variable"),
}  # fmt: skip


def _unavailable(zh: str, en: str) -> Fault:
    return Fault(f"不能使用{zh}", f"{en} is not available")
