"""Reads the decision tables of a DMN file as texts, however wrong they are as tables."""

from dataclasses import replace

from lxml import etree

from engine.diagram.reader import read_whole
from engine.diagram.table_draft.model import TableColumn, TableDraft, TableRule
from engine.diagram.table_draft.nodes import Nodes


def read_tables(data: bytes, file: str) -> tuple[TableDraft, ...]:
    """Every decision of the file, in its order; the file's name is for messages.

    Raises BundleRefused unless the bytes are harmless XML."""
    root = read_whole(data, file)
    nodes = Nodes(root)
    return tuple(_table(nodes, node, at) for at, node in enumerate(nodes.all(root, "decision")))


def table_of(nodes: Nodes, decision: etree._Element) -> etree._Element | None:
    """The element that holds the table of a decision."""
    return decision.find(nodes.tag("decisionTable"))


def _table(nodes: Nodes, decision: etree._Element, at: int) -> TableDraft:
    table = table_of(nodes, decision)
    named = TableDraft(
        at, decision.get("id", ""), decision.get("name", ""), nodes.word(decision, "name.en"),
        nodes.text(decision, "description"), drawn=table is not None,
    )  # fmt: skip
    if table is None:
        return named
    inputs = tuple(_input(nodes, node, n) for n, node in enumerate(nodes.all(table, "input")))
    outputs = tuple(_output(nodes, node, n) for n, node in enumerate(nodes.all(table, "output")))
    rules = tuple(
        _rule(nodes, node, n, len(inputs), len(outputs)) for n, node in enumerate(nodes.all(table, "rule"))
    )
    policy = " ".join(filter(None, (table.get("hitPolicy") or "UNIQUE", table.get("aggregation"))))
    return replace(
        named, policy=policy, inputs=inputs, outputs=outputs, rules=rules, until=len(rules), total=len(rules)
    )


def _input(nodes: Nodes, node: etree._Element, at: int) -> TableColumn:
    expression = node.find(nodes.tag("inputExpression"))
    return TableColumn(
        at,
        node.get("label", ""),
        nodes.word(node, "label.en"),
        nodes.text(expression, "text"),
        "" if expression is None else expression.get("typeRef", ""),
        nodes.text(node, "inputValues", "text"),
    )


def _output(nodes: Nodes, node: etree._Element, at: int) -> TableColumn:
    return TableColumn(
        at,
        node.get("label", ""),
        nodes.word(node, "label.en"),
        node.get("name", ""),
        node.get("typeRef", ""),
        nodes.text(node, "outputValues", "text"),
        nodes.text(node, "defaultOutputEntry", "text"),
    )


def _rule(nodes: Nodes, node: etree._Element, at: int, inputs: int, outputs: int) -> TableRule:
    tests, answers = (
        tuple(nodes.text(cell, "text") for cell in nodes.all(node, name))
        for name in ("inputEntry", "outputEntry")
    )
    return TableRule(at, _padded(tests, inputs), _padded(answers, outputs), nodes.text(node, "description"))


def _padded(texts: tuple[str, ...], most: int) -> tuple[str, ...]:
    return (texts + ("",) * most)[:most]
