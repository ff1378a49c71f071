"""Runs the statements of a script task: assignments, `if`, `for` over bounded data; nothing else."""

import ast
import copy
from collections.abc import Mapping

from engine.diagram.expressions.budget import Budget, forbidden_name
from engine.diagram.expressions.faults import Fault
from engine.diagram.expressions.functions import Function
from engine.diagram.expressions.interpreter import Interpreter, bind
from engine.diagram.expressions.values import plain


class Runner:
    """One run of a script over its own copy of the names; the caller decides whether to keep the result."""

    def __init__(self, names: dict[str, object], functions: Mapping[str, Function] | None) -> None:
        self.names = names
        self.reader = Interpreter(names, functions, Budget())

    def run(self, body: list[ast.stmt]) -> None:
        """Execute statements in order; raises `Fault`."""
        for statement in body:
            self.reader.budget.tick()
            if isinstance(statement, ast.Assign):
                value = self.reader.value(statement.value)
                for target in statement.targets:
                    self.assign(target, value)
            elif isinstance(statement, ast.AugAssign):
                self.augment(statement)
            elif isinstance(statement, ast.If):
                self.run(statement.body if self.reader.value(statement.test) else statement.orelse)
            elif isinstance(statement, ast.For):
                self.each(statement)
            elif isinstance(statement, ast.Expr):
                self.reader.value(statement.value)

    def each(self, loop: ast.For) -> None:
        """A `for` loop; its variables end with it."""
        items = self.reader.sequence(loop.iter)
        scope: dict[str, object] = {}
        self.reader.scopes.append(scope)
        try:
            for item in items:
                self.reader.budget.tick()
                bind(scope, loop.target, item)
                self.run(loop.body)
        finally:
            self.reader.scopes.pop()

    def augment(self, statement: ast.AugAssign) -> None:
        """`x += 1`: always a new value, never a change inside a shared list."""
        target = copy.copy(statement.target)
        target.ctx = ast.Load()
        combined = ast.copy_location(
            ast.BinOp(left=target, op=statement.op, right=statement.value), statement
        )
        self.assign(statement.target, self.reader.value(combined))

    def assign(self, target: ast.AST, value: object) -> None:
        """Store a copy of a value, as JSON would hold it, in a name, a field or an item."""
        self.reader.budget.weigh(value)
        stored = plain(value)
        if isinstance(target, ast.Name):
            scope = next((s for s in reversed(self.reader.scopes) if target.id in s), self.names)
            scope[target.id] = stored
        elif isinstance(target, ast.Attribute):
            self.set_item(self.reader.value(target.value), target.attr, stored)
        elif isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice):
            self.set_item(self.reader.value(target.value), self.reader.value(target.slice), stored)
        else:
            raise Fault(
                "等号左边只能是变量、记录的一项（a.b）或列表的一项（a[0]）",
                "left of the equals sign only a variable, an entry (a.b) or an item (a[0]) may stand",
            )

    def set_item(self, whole: object, key: object, value: object) -> None:
        """Set a field of a record or an existing item of a list."""
        if isinstance(whole, dict) and isinstance(key, str) and not forbidden_name(key):
            whole[key] = value
            self.reader.budget.made(whole)
        elif isinstance(whole, list) and type(key) is int and -len(whole) <= key < len(whole):
            whole[key] = value
        else:
            raise Fault(
                "只能改记录的一项或列表里已有的一项",
                "only an entry of a record or an item that the list already has can be set",
            )
