"""Evaluates a checked syntax tree within a budget; reads names, never changes them."""

import ast
import re
from collections.abc import Callable, Mapping

from engine.diagram.expressions import operators
from engine.diagram.expressions.budget import TEXT_KEYS, Budget
from engine.diagram.expressions.culprits import as_written, first_null, null_at
from engine.diagram.expressions.faults import Fault, shown
from engine.diagram.expressions.functions import FUNCTIONS, Function, empty
from engine.diagram.expressions.methods import ATTRIBUTES, METHODS
from engine.diagram.expressions.values import kind_of, text_of

FORMAT = re.compile(r"[<>^+]?,?0?\d{0,3}(\.\d{1,2})?[dfes%]?")


class Interpreter:
    """One evaluation: the names it reads, the functions it may call, what it has left to spend."""

    def __init__(
        self, names: Mapping[str, object], functions: Mapping[str, Function] | None, budget: Budget
    ) -> None:
        self.names = names
        self.functions = {**FUNCTIONS, **functions} if functions else FUNCTIONS
        self.budget = budget
        self.scopes: list[dict[str, object]] = []  # variables of comprehensions and loops, innermost last

    def value(self, node: ast.AST) -> object:
        """The value of a node, checked against the budget; raises `Fault`."""
        self.budget.tick()
        result = _READERS[type(node)](self, node)
        return self.budget.made(result) if type(node) in _MAKERS else self.budget.check(result)

    def name(self, node: ast.Name) -> object:
        for scope in reversed(self.scopes):
            if node.id in scope:
                return scope[node.id]
        try:
            return self.names[node.id]
        except KeyError:
            raise Fault(f"没有叫 {node.id} 的变量", f"there is no variable called {node.id}") from None

    def both_or_either(self, node: ast.BoolOp) -> object:
        result: object = None
        for part in node.values:
            result = self.value(part)
            if bool(result) is isinstance(node.op, ast.Or):
                break
        return result

    def unary(self, node: ast.UnaryOp) -> object:
        value = self.value(node.operand)
        if isinstance(node.op, ast.Invert):
            return empty(value)
        if isinstance(node.op, (ast.Not, ast.UAdd)):
            return not value
        return operators.apply(lambda a, _: -a, value, 0, (as_written(node.operand), "-"))  # type: ignore[operator]

    def binary(self, node: ast.BinOp) -> object:
        said = (as_written(node.left), as_written(node.right))
        return operators.apply(
            operators.BINARY[type(node.op)], self.value(node.left), self.value(node.right), said
        )

    def compare(self, node: ast.Compare) -> object:
        left, left_node = self.value(node.left), node.left
        for sign, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.value(right_node)
            self.budget.weigh(left)
            self.budget.weigh(right)
            said = (as_written(left_node), as_written(right_node))
            if not operators.apply(operators.COMPARING[type(sign)], left, right, said):
                return False
            left, left_node = right, right_node
        return True

    def choice(self, node: ast.IfExp) -> object:
        return self.value(node.body if self.value(node.test) else node.orelse)

    def items(self, node: ast.List | ast.Tuple) -> object:
        return [self.value(item) for item in node.elts]

    def record(self, node: ast.Dict) -> object:
        pairs = zip(node.keys, node.values, strict=True)
        return {self._key(key): self.value(value) for key, value in pairs}

    def _key(self, node: ast.AST | None) -> str:
        key = None if node is None else self.value(node)
        if not isinstance(key, str):
            raise Fault(*TEXT_KEYS)
        return key

    def part(self, node: ast.Subscript) -> object:
        whole = self.value(node.value)
        if isinstance(node.slice, ast.Slice):
            index: object = self._slice(node.slice)
        else:
            index = self.value(node.slice)
        try:
            return whole[index]  # type: ignore[index]
        except (LookupError, TypeError):
            at, en = shown(str(index), 40), as_written(node.value)
            raise null_at(whole, node.value) or Fault(
                f"{en} 里没有 [{at}] 这一项", f"{en} has no item [{at}]"
            ) from None

    def _slice(self, node: ast.Slice) -> slice:
        return slice(
            *(None if bound is None else self.value(bound) for bound in (node.lower, node.upper, node.step))
        )

    def attribute(self, node: ast.Attribute) -> object:
        whole = self.value(node.value)
        if type(whole) is dict and node.attr in whole:
            return whole[node.attr]
        if node.attr in ATTRIBUTES.get(type(whole), ()):
            return getattr(whole, node.attr)
        said = as_written(node.value)
        raise null_at(whole, node.value) or Fault(
            f"{said} 里没有 {node.attr} 这一项", f"{said} has no entry {node.attr}"
        )

    def joined(self, node: ast.JoinedStr) -> object:
        return "".join(str(self.value(part)) for part in node.values)

    def formatted(self, node: ast.FormattedValue) -> object:
        value = self.value(node.value)
        if node.format_spec is None:
            self.budget.weigh(value)
            return text_of(value)
        spec = str(self.value(node.format_spec))
        if not FORMAT.fullmatch(spec) or not isinstance(value, (int, float, str)):
            raise Fault(
                f"不能使用格式 {shown(spec)}；可用的如 .2f（两位小数）",
                f"the format {shown(spec)} is not available; use one such as .2f (two decimals)",
            )
        return format(value, spec)

    def call(self, node: ast.Call) -> object:
        function, arguments = self._function(node.func)
        arguments += [self.value(argument) for argument in node.args]
        for argument in arguments:
            self.budget.weigh(argument)
        try:
            return function(*arguments)
        except (TypeError, LookupError):
            said = as_written(node)
            raise first_null(node, arguments) or Fault(
                f"{said} 括号里的值个数或种类不对",
                f"the values in the brackets of {said} are of the wrong number or kind",
            ) from None
        except ValueError as error:
            said = as_written(node)
            raise Fault(
                f"{said} 算不出来，请检查括号里的值",
                f"{said} cannot be worked out: check the values in its brackets",
            ) from error

    def _function(self, node: ast.AST) -> tuple[Function, list[object]]:
        if isinstance(node, ast.Attribute):
            owner = self.value(node.value)
            method = METHODS.get(type(owner), {}).get(node.attr)
            if method is None:
                zh, en = kind_of(owner)
                raise null_at(owner, node.value) or Fault(
                    f"{zh}不能用 .{node.attr}()", f".{node.attr}() cannot be used on {en}"
                )
            return method, [owner]
        assert isinstance(node, ast.Name)
        if node.id not in self.functions:
            raise Fault(f"此处不能使用 {node.id}()", f"{node.id}() is not available here")
        return self.functions[node.id], []

    def listed(self, node: ast.ListComp | ast.GeneratorExp) -> object:
        found: list[object] = []
        self._each(node.generators, lambda: found.append(self.value(node.elt)))
        return found

    def recorded(self, node: ast.DictComp) -> object:
        found: dict[str, object] = {}

        def add() -> None:
            found[self._key(node.key)] = self.value(node.value)

        self._each(node.generators, add)
        return found

    def _each(self, generators: list[ast.comprehension], emit: Callable[[], None]) -> None:
        if not generators:
            emit()
            return
        first, *rest = generators
        items = self.sequence(first.iter)
        scope: dict[str, object] = {}
        self.scopes.append(scope)
        try:
            for item in items:
                self.budget.tick()
                bind(scope, first.target, item)
                if all(self.value(condition) for condition in first.ifs):
                    self._each(rest, emit)
        finally:
            self.scopes.pop()

    def sequence(self, node: ast.AST) -> list[object]:
        """The items of a list, the keys of a record or the characters of a text."""
        whole = self.value(node)
        if not isinstance(whole, (list, tuple, dict, str)):
            said = as_written(node)
            raise null_at(whole, node) or Fault(f"{said} 不是列表", f"{said} is not a list")
        return list(whole)


def bind(scope: dict[str, object], target: ast.AST, value: object) -> None:
    """Bind a loop variable, or several (`for key, value in …`)."""
    if isinstance(target, ast.Name):
        scope[target.id] = value
    elif (
        isinstance(target, (ast.Tuple, ast.List))
        and isinstance(value, (list, tuple))
        and len(value) == len(target.elts)
    ):
        for part, item in zip(target.elts, value, strict=True):
            bind(scope, part, item)
    else:
        raise Fault(
            "for 后面的变量个数与列表里每一项的个数不符",
            "the items of the list have more or fewer parts than there are variables after “for”",
        )


_READERS: dict[type[ast.AST], Callable[[Interpreter, ast.AST], object]] = {
    ast.Constant: lambda i, n: n.value, ast.Name: Interpreter.name, ast.BoolOp: Interpreter.both_or_either,  # type: ignore[attr-defined,dict-item]
    ast.UnaryOp: Interpreter.unary, ast.BinOp: Interpreter.binary, ast.Compare: Interpreter.compare,  # type: ignore[dict-item]
    ast.IfExp: Interpreter.choice, ast.List: Interpreter.items, ast.Tuple: Interpreter.items,  # type: ignore[dict-item]
    ast.Dict: Interpreter.record,  # type: ignore[dict-item]
    ast.Subscript: Interpreter.part, ast.Attribute: Interpreter.attribute, ast.JoinedStr: Interpreter.joined,  # type: ignore[dict-item]
    ast.FormattedValue: Interpreter.formatted, ast.Call: Interpreter.call, ast.ListComp: Interpreter.listed,  # type: ignore[dict-item]
    ast.GeneratorExp: Interpreter.listed, ast.DictComp: Interpreter.recorded,  # type: ignore[dict-item]
}  # fmt: skip
_MAKERS = frozenset({
    ast.List, ast.Tuple, ast.Dict, ast.BinOp, ast.Call, ast.ListComp, ast.GeneratorExp, ast.DictComp,
    ast.Subscript,
    ast.JoinedStr, ast.FormattedValue,
})  # fmt: skip
