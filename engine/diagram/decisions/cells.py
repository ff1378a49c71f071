"""Compiles the cells of a decision table, checked against the type and the allowed values of their column."""

from collections.abc import Callable

from lxml import etree

from engine.diagram.decisions.columns import Input, Output
from engine.diagram.decisions.feel import Endpoint, UnaryTests
from engine.diagram.decisions.feel_reader import parse_cell, parse_literal
from engine.diagram.decisions.types import Kind, fits, kind_words
from engine.diagram.decisions.wording import Heading
from engine.diagram.expressions import Expression, compile_expression
from engine.diagram.expressions.budget import forbidden_name
from engine.diagram.expressions.faults import Fault, shown
from engine.diagram.expressions.values import text_of
from engine.errors import ExpressionError

Complain = Callable[[etree._Element, str, str, str], None]


class Cells:
    """Compiles texts of one file; faults go to `complain(node, code, zh, en)`."""

    def __init__(self, complain: Complain) -> None:
        self.complain = complain

    @staticmethod
    def usable_name(name: str) -> bool:
        """Whether an output name can be read by expressions."""
        return name.isidentifier() and not forbidden_name(name)

    def expression(self, node: etree._Element, text: str) -> Expression:
        """An input expression; a problem and `null` when it does not compile."""
        try:
            return compile_expression(text)
        except ExpressionError as error:
            self.complain(node, "expression", error.message("zh"), error.message("en"))
            return compile_expression("null")

    def allowed(self, node: etree._Element, text: str, kind: Kind, label: Heading) -> UnaryTests:
        """The allowed values of a column; without any, everything."""
        tests = self._parsed(node, text, label)
        self._check_kind(node, tests.endpoints, kind, label)
        if tests.names:
            self.complain(
                node,
                "values",
                f'{label.zh} 的允许取值须逐个写明，如 "高","低"，不能是变量。',
                f'The allowed values of {label.en} must be fixed, as in "high","low": no variables.',
            )
            return UnaryTests("")
        return tests

    def test(self, node: etree._Element, text: str, column: Input) -> UnaryTests:
        """An input cell; its literals must be of the column's type and among its allowed values."""
        tests = self._parsed(node, text, column.heading)
        if not self._check_kind(node, tests.endpoints, column.kind, column.heading):
            return tests
        for test in tests.tests:
            literal = test[0].endpoint.literal
            if test[0].operator == "=" and literal is not None and not self._among(column.allowed, literal):
                self._not_among(node, literal, column.heading, column.allowed)
        return tests

    def fitting(self, node: etree._Element, text: str, column: Output) -> Endpoint:
        """An output cell; a literal must be of the column's type and among its allowed values."""
        answer = self.answer(node, text, column.kind, column.heading)
        if answer.literal is not None and not self._among(column.allowed, answer.literal):
            self._not_among(node, answer.literal, column.heading, column.allowed)
        return answer

    def answer(self, node: etree._Element, text: str, kind: Kind, label: Heading) -> Endpoint:
        """An output cell: a literal, an expression, or nothing (null)."""
        if not text:
            return Endpoint()
        try:
            answer = parse_literal(text)
        except Fault as fault:
            self.complain(node, "cell", f"{label.zh}：{fault.zh}。", f"{label.en}: {fault.en}.")
            return Endpoint()
        if answer is None:
            return Endpoint(expression=self.expression(node, text))
        self._check_kind(node, (answer,), kind, label)
        return answer

    def _parsed(self, node: etree._Element, text: str, label: Heading) -> UnaryTests:
        try:
            return parse_cell(text)
        except Fault as fault:
            self.complain(node, "cell", f"{label.zh}：{fault.zh}。", f"{label.en}: {fault.en}.")
            return UnaryTests(text)

    def _check_kind(
        self, node: etree._Element, found: tuple[Endpoint, ...], kind: Kind, label: Heading
    ) -> bool:
        wrong = next((e.literal for e in found if not e.expression and not fits(e.literal, kind)), None)
        if wrong is None:
            return True
        (zh, en), said = kind_words(kind), shown(text_of(wrong), 40)
        self.complain(
            node,
            "kind",
            f"{label.zh} 的类型是{zh}，不能写“{said}”。",
            f"The column {label.en} holds {en}, which “{said}” is not.",
        )
        return False

    @staticmethod
    def _among(allowed: UnaryTests, literal: object) -> bool:
        try:
            return allowed.matches(literal)
        except Fault:
            return False

    def _not_among(self, node: etree._Element, literal: object, label: Heading, allowed: UnaryTests) -> None:
        said, source = shown(text_of(literal), 40), shown(allowed.source)
        self.complain(
            node, "values", f"{label.zh} 的值“{said}”不在允许的取值 {source} 之内。",
            f"“{said}” is not among the allowed values of {label.en}: {source}."
        )  # fmt: skip
