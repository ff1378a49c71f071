"""Reads a DMN file, as Camunda Modeler writes it, into a decision table; every fault at once."""

from pathlib import PurePath

from lxml import etree

from engine.diagram.decisions.cells import Cells
from engine.diagram.decisions.columns import Input, Output, Rule
from engine.diagram.decisions.table import Decision
from engine.diagram.decisions.types import KINDS, Kind
from engine.diagram.decisions.wording import wording_of
from engine.diagram.reader import read_placed
from engine.errors import BundleRefused, Problem

NAMESPACES = ("https://www.omg.org/spec/DMN/", "http://www.omg.org/spec/DMN/")
HIT_POLICIES = ("UNIQUE", "FIRST", "ANY", "COLLECT")
POLICIES = (
    "UNIQUE（只符合一条）、FIRST（取第一条）、ANY（几条结果相同）、COLLECT（收集所有）",
    "UNIQUE (one rule matches), FIRST (the first counts), ANY (all answer alike) or COLLECT (all count)",
)
AGGREGATIONS = ("SUM", "MIN", "MAX", "COUNT")
TYPES = "string, number, boolean, date, dateTime"
LANGUAGES = ("", "juel", "feel", "s-feel")
FOREIGN = ("businessKnowledgeModel", "decisionService", "itemDefinition", "import")
MAX_RULES = 1_000
MAX_COLUMNS = 50


def read_decision(data: bytes, file: str) -> Decision:
    """The decision table of a DMN 1.1 to 1.5 file.

    Args: the bytes as uploaded and the file's name for messages; a decision without id takes the file's stem.
    Raises BundleRefused with every Problem (file, line, column, element) at once.
    """
    root, places = read_placed(data, file)
    return _Reading(file, root, places).decision()


class _Reading:
    """One file being read; collects problems instead of stopping at the first."""

    def __init__(
        self, file: str, root: etree._Element, places: dict[etree._Element, tuple[int, int]]
    ) -> None:
        self.file, self.root, self.places = file, root, places
        self.problems: list[Problem] = []
        self.namespace = etree.QName(root).namespace or ""
        self.cells = Cells(self.complain)

    def complain(self, node: etree._Element, code: str, zh: str, en: str) -> None:
        """Note a problem at a node; elements without an id are named by the nearest one that has it."""
        line, column = self.places.get(node, (1, 1))
        named = next((a.get("id") for a in (node, *node.iterancestors()) if a.get("id")), "")
        self.problems.append(Problem(self.file, line, column, "error", named or "", f"dmn.{code}", zh, en))

    def decision(self) -> Decision:
        table = self._table()
        if table is None:
            raise BundleRefused(problems=tuple(self.problems))
        inputs = [self._input(node, n) for n, node in enumerate(self._all(table, "input"), 1)]
        outputs = [self._output(node, table) for node in self._all(table, "output")]
        self._check_columns(table, inputs, outputs)
        rules = [self._rule(node, n, inputs, outputs) for n, node in enumerate(self._all(table, "rule"), 1)]
        policy, aggregation = self._policy(table, outputs)
        if not rules or len(rules) > MAX_RULES:
            said = f"1 到 {MAX_RULES} 条", f"1 to {MAX_RULES}"
            self.complain(table, "rules", f"决策表应有{said[0]}规则。", f"A table needs {said[1]} rules.")
        if self.problems:
            raise BundleRefused(problems=tuple(sorted(self.problems)))
        return self._built(table, tuple(inputs), tuple(outputs), tuple(rules), policy, aggregation)

    def _built(
        self,
        table: etree._Element,
        inputs: tuple[Input, ...],
        outputs: tuple[Output, ...],
        rules: tuple[Rule, ...],
        policy: str,
        aggregation: str | None,
    ) -> Decision:
        decision = table.getparent()
        assert decision is not None
        stem = PurePath(self.file).stem
        line, column = self.places.get(decision, (1, 1))
        return Decision(
            decision.get("id") or stem, decision.get("name") or decision.get("id") or stem, self.file,
            inputs, outputs, rules, policy, aggregation, self._text(decision, "description"), line, column,
        )  # fmt: skip

    def _table(self) -> etree._Element | None:
        if etree.QName(self.root).localname != "definitions" or not self.namespace.startswith(NAMESPACES):
            self.complain(self.root, "root", "这不是 DMN 文件。", "This is not a DMN file.")
            return None
        for name in FOREIGN:
            for node in self._all(self.root, name):
                self.complain(
                    node, "foreign", f"不支持 DMN 元素 {name}。", f"The DMN element {name} is not supported."
                )
        decisions = self._all(self.root, "decision")
        if len(decisions) != 1:
            zh, en = (
                f"每个文件只放一个决策，这里有 {len(decisions)} 个。",
                f"One decision a file; here are {len(decisions)}.",
            )
            self.complain(decisions[1] if len(decisions) > 1 else self.root, "decisions", zh, en)
            return None
        return self._table_of(decisions[0])

    def _table_of(self, decision: etree._Element) -> etree._Element | None:
        for node in decision.iter(f"{{{self.namespace}}}requiredDecision"):
            self.complain(
                node, "requires", "不支持引用其他决策；请在流程图中依次调用。",
                "A decision cannot require another; call them one after the other in the process.",
            )  # fmt: skip
        tables = self._all(decision, "decisionTable")
        if not tables:
            self.complain(decision, "table", "决策中没有决策表。", "The decision has no decision table.")
            return None
        self._check_language(tables[0], "expressionLanguage")
        return tables[0]

    def _check_language(self, node: etree._Element, attribute: str) -> None:
        language = node.get(attribute) or ""
        if language.lower() not in LANGUAGES and "feel" not in language.lower():
            self.complain(
                node, "language", f"不支持表达式语言 {language}，请改为 FEEL 或 JUEL。",
                f"The expression language {language} is not supported: choose FEEL or JUEL."
            )  # fmt: skip

    def _kind(self, node: etree._Element, type_ref: str | None) -> Kind:
        name = (type_ref or "").split(":")[-1]
        if name not in KINDS:
            self.complain(
                node, "type", f"不支持列的类型 {name}；可用 {TYPES}。",
                f"The column type {name} is not supported; use {TYPES}.",
            )  # fmt: skip
        return KINDS.get(name, "Any")

    def _input(self, node: etree._Element, number: int) -> Input:
        expression = node.find(self._tag("inputExpression"))
        text = "" if expression is None else self._text(expression, "text")
        label = node.get("label") or text or f"input {number}"
        where = node if expression is None else expression
        self._check_language(where, "expressionLanguage")
        kind = self._kind(where, where.get("typeRef"))
        wording, values = wording_of(node), self._child_text(node, "inputValues")
        allowed = self.cells.allowed(node, values, kind, wording.heading(label))
        return Input(node.get("id") or "", label, self.cells.expression(where, text), kind, allowed, wording)

    def _output(self, node: etree._Element, table: etree._Element) -> Output:
        decision = table.getparent()
        alone = len(self._all(table, "output")) == 1 and decision is not None
        stem = (decision.get("id") if decision is not None else None) or PurePath(self.file).stem
        name = node.get("name") or (stem if alone else "")
        if not self.cells.usable_name(name):
            self.complain(
                node,
                "output",
                f"结果列的名称（name）不能是“{name}”：只用字母、数字和下划线，以字母开头，如 severity。",
                f"An output cannot be named “{name}”: use letters, digits and underscores, as in severity.",
            )
        kind, label = self._kind(node, node.get("typeRef")), node.get("label") or name
        wording = wording_of(node)
        heading = wording.heading(label)
        allowed = self.cells.allowed(node, self._child_text(node, "outputValues"), kind, heading)
        default = node.find(self._tag("defaultOutputEntry"))
        answer = (
            None
            if default is None
            else self.cells.answer(default, self._text(default, "text"), kind, heading)
        )
        if answer and answer.expression:
            self.complain(
                node, "default", '默认结果须是固定的值，如 "高" 或 5。',
                'A default output must be a fixed value, as in "high" or 5.',
            )  # fmt: skip
        return Output(node.get("id") or "", name, label, kind, allowed, answer, wording)

    def _check_columns(self, table: etree._Element, inputs: list[Input], outputs: list[Output]) -> None:
        if not inputs or not outputs or len(inputs) + len(outputs) > MAX_COLUMNS:
            self.complain(
                table, "columns", f"决策表至少需要一个输入列和一个结果列，合计不超过 {MAX_COLUMNS} 列。",
                f"A table needs at least one input and one output, and at most {MAX_COLUMNS} columns.",
            )  # fmt: skip
        names = [output.name for output in outputs]
        for name in sorted({n for n in names if names.count(n) > 1}):
            self.complain(table, "output", f"结果列 {name} 重复。", f"The output {name} appears twice.")

    def _rule(self, node: etree._Element, number: int, inputs: list[Input], outputs: list[Output]) -> Rule:
        cells, answers = self._all(node, "inputEntry"), self._all(node, "outputEntry")
        if len(cells) != len(inputs) or len(answers) != len(outputs):
            self.complain(
                node, "cells", f"第 {number} 条规则的条目数与列数不符，请在表格编辑器中补齐。",
                f"Rule {number} has more or fewer entries than there are columns."
            )  # fmt: skip
        for cell in (*cells, *answers):
            self._check_language(cell, "expressionLanguage")
        line, column = self.places.get(node, (1, 1))
        return Rule(
            number, node.get("id") or "",
            tuple(self.cells.test(c, self._text(c, "text"), i) for c, i in zip(cells, inputs, strict=False)),
            tuple(self.cells.fitting(a, self._text(a, "text"), o)
                  for a, o in zip(answers, outputs, strict=False)),
            self._text(node, "description"), line, column,
        )  # fmt: skip

    def _policy(self, table: etree._Element, outputs: list[Output]) -> tuple[str, str | None]:
        policy, aggregation = table.get("hitPolicy") or "UNIQUE", table.get("aggregation")
        if policy not in HIT_POLICIES:
            self.complain(
                table, "policy", f"不支持命中策略 {policy}；可用 {POLICIES[0]}。",
                f"The hit policy {policy} is not supported; use {POLICIES[1]}.",
            )  # fmt: skip
        if aggregation and (policy != "COLLECT" or aggregation not in AGGREGATIONS or len(outputs) != 1):
            self.complain(
                table, "aggregation", f"汇总 {aggregation} 只用于 COLLECT 且只有一个结果列的表。",
                f"The aggregation {aggregation} needs the hit policy COLLECT and exactly one output.",
            )  # fmt: skip
        if aggregation in ("SUM", "MIN", "MAX") and outputs and outputs[0].kind not in ("number", "Any"):
            self.complain(table, "aggregation", "只有数字可以汇总。", "Only numbers can be aggregated.")
        return policy, aggregation

    def _tag(self, name: str) -> str:
        return f"{{{self.namespace}}}{name}"

    def _all(self, node: etree._Element, name: str) -> list[etree._Element]:
        return node.findall(self._tag(name))

    def _text(self, node: etree._Element, name: str) -> str:
        return (node.findtext(self._tag(name)) or "").strip()

    def _child_text(self, node: etree._Element, name: str) -> str:
        child = node.find(self._tag(name))
        return "" if child is None else self._text(child, "text")
