"""Writes edited tables back into their DMN file; what was not edited stays as it stands there."""

from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from engine.diagram.reader import read_whole
from engine.diagram.table_draft.checking import check_edited
from engine.diagram.table_draft.model import NEW, TableColumn, TableDraft, TableRule
from engine.diagram.table_draft.nodes import Nodes
from engine.diagram.table_draft.reading import read_tables, table_of
from engine.diagram.table_draft.settling import settled
from engine.diagram.table_draft.source import written_like

CELLS = (("tests", "inputEntry"), ("answers", "outputEntry"))


def write_tables(data: bytes, file: str, tables: Sequence[TableDraft]) -> bytes:
    """The file with its tables as edited; the very same bytes if nothing was.

    Ids, unknown elements, namespaces, comments and the drawing stay. A file that was edited may be spelled
    otherwise where it says the same: quotes and blanks between attributes, characters written as references,
    empty elements, and an encoding that was not UTF-8. Raises BundleRefused (the file is no
    XML, or a text holds characters that XML does not know), DraftTableUnfit (the tables are not of it)."""
    before = read_tables(data, file)
    check_edited(file, before, tables)
    now = tuple(settled(before[table.at], table) for table in tables)
    if all(_same(before[table.at], table) for table in now):
        return data
    root = read_whole(data, file)
    nodes = Nodes(root)
    decisions = nodes.all(root, "decision")
    for table in now:
        _Writing(nodes, decisions[table.at], before[table.at], table).write()
    return written_like(root, data)


def _same(before: TableDraft, now: TableDraft) -> bool:
    part = replace(before, rules=before.rules[now.first : now.until], first=now.first, until=now.until)
    return part == replace(now, id=before.id, total=before.total, drawn=before.drawn)


class _Writing:
    """One decision being written: what it was, what it shall be."""

    def __init__(self, nodes: Nodes, decision: etree._Element, was: TableDraft, now: TableDraft) -> None:
        self.nodes, self.decision, self.was, self.now = nodes, decision, was, now

    def write(self) -> None:
        """Writes what differs."""
        self._facts()
        table = table_of(self.nodes, self.decision)
        if table is None:
            return
        if self.was.policy != self.now.policy:
            policy, _, aggregation = self.now.policy.partition(" ")
            self.nodes.set_attribute(table, "hitPolicy", policy)
            self.nodes.set_attribute(table, "aggregation", aggregation)
        self._columns(table, "input", self.was.inputs, self.now.inputs)
        self._columns(table, "output", self.was.outputs, self.now.outputs)
        self._rules(table)

    def _facts(self) -> None:
        if self.was.name != self.now.name:
            self.nodes.set_attribute(self.decision, "name", self.now.name)
        if self.was.name_en != self.now.name_en:
            self.nodes.set_word(self.decision, "name.en", self.now.name_en)
        self._optional(self.decision, self.was.description, self.now.description, "description")

    def _optional(self, node: etree._Element, was: str, now: str, name: str, *inner: str) -> None:
        """A child that is only there when it says something."""
        if was == now:
            return
        if now:
            self.nodes.set_text(node, now, name, *inner)
        else:
            for child in self.nodes.all(node, name):
                self.nodes.remove(child)

    def _columns(
        self, table: etree._Element, kind: str, was: Sequence[TableColumn], now: Sequence[TableColumn]
    ) -> None:
        there = self.nodes.all(table, kind)
        wanted = [self._new_column(kind) if c.at < 0 else there[c.at] for c in now]
        self.nodes.arrange(table, kind, wanted)
        for node, column in zip(wanted, now, strict=True):
            self._column(node, kind, TableColumn() if column.at < 0 else was[column.at], column)

    def _new_column(self, kind: str) -> etree._Element:
        stem = f"{kind.capitalize()}_"
        return etree.Element(self.nodes.tag(kind), {"id": self.nodes.next_id(stem)})

    def _column(self, node: etree._Element, kind: str, was: TableColumn, now: TableColumn) -> None:
        if was.label != now.label:
            self.nodes.set_attribute(node, "label", now.label)
        if was.label_en != now.label_en:
            self.nodes.set_word(node, "label.en", now.label_en)
        if kind == "input":
            self._expression(node, was, now)
        else:
            if was.source != now.source:
                self.nodes.set_attribute(node, "name", now.source)
            if was.type != now.type:
                self.nodes.set_attribute(node, "typeRef", now.type)
            self._optional(node, was.default, now.default, "defaultOutputEntry", "text")
        self._optional(node, was.allowed, now.allowed, f"{kind}Values", "text")

    def _expression(self, node: etree._Element, was: TableColumn, now: TableColumn) -> None:
        if now.at < 0 or was.source != now.source:
            self.nodes.set_text(node, now.source, "inputExpression", "text")
        expression = node.find(self.nodes.tag("inputExpression"))
        if expression is None and now.type:
            self.nodes.set_text(node, now.source, "inputExpression", "text")
            expression = node.find(self.nodes.tag("inputExpression"))
        if expression is not None and was.type != now.type:
            self.nodes.set_attribute(expression, "typeRef", now.type)

    def _rules(self, table: etree._Element) -> None:
        there, first, until = self.nodes.all(table, "rule"), self.now.first, self.now.until
        edited = [self._new_rule() if r.at < 0 else there[r.at] for r in self.now.rules]
        self.nodes.arrange(table, "rule", [*there[:first], *edited, *there[until:]])
        for at, node in (*enumerate(there[:first]), *enumerate(there[until:], until)):
            self._rule(node, self.was.rules[at], self._moved(self.was.rules[at]))
        for node, rule in zip(edited, self.now.rules, strict=True):
            empty = TableRule(NEW, (), ())
            self._rule(node, empty if rule.at < 0 else self.was.rules[rule.at], rule)

    def _new_rule(self) -> etree._Element:
        return etree.Element(self.nodes.tag("rule"), {"id": self.nodes.next_id("Rule_")})

    def _moved(self, rule: TableRule) -> TableRule:
        """A rule outside the part that was edited, with its cells under the columns as they are now."""
        tests = tuple("-" if c.at < 0 else rule.tests[c.at] for c in self.now.inputs)
        answers = tuple("" if c.at < 0 else rule.answers[c.at] for c in self.now.outputs)
        return replace(rule, tests=tests, answers=answers)

    def _rule(self, node: etree._Element, was: TableRule, now: TableRule) -> None:
        self._optional(node, was.note, now.note, "description")
        for (part, name), columns in zip(CELLS, (self.now.inputs, self.now.outputs), strict=True):
            self._cells(node, name, columns, getattr(was, part), getattr(now, part))

    def _cells(
        self, rule: etree._Element, name: str, columns: Sequence[TableColumn], was: Sequence[str],
        now: Sequence[str],
    ) -> None:  # fmt: skip
        there = self.nodes.all(rule, name)
        known = [0 <= c.at < len(there) and bool(was) for c in columns]
        wanted = [
            there[c.at] if old else self._new_cell(rule, name, place)
            for place, (c, old) in enumerate(zip(columns, known, strict=True))
        ]
        self.nodes.arrange(rule, name, [*wanted, *there[len(was) :]])
        for node, column, old, text in zip(wanted, columns, known, now, strict=True):
            if not old or was[column.at] != text:
                self.nodes.set_text(node, text, "text")

    def _new_cell(self, rule: etree._Element, name: str, place: int) -> etree._Element:
        stem = f"{rule.get('id') or 'Rule'}_{'in' if name == 'inputEntry' else 'out'}_{place + 1}"
        return etree.Element(self.nodes.tag(name), {"id": self.nodes.fresh(stem)})
