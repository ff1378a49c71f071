"""The components of form-js, one by one, as facts about fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml import html
from lxml.etree import ParserError

from engine.diagram.forms.builder import build_field
from engine.diagram.forms.field import Field
from engine.diagram.forms.inputs import TYPES, component_name, input_facts, plain_facts, words
from engine.diagram.forms.json_text import Node
from engine.diagram.forms.problems import Report

COMPONENTS_MAX = 300
GROUP_DEPTH_MAX = 5

LAYOUT = {"text": "paragraph", "html": "paragraph", "separator": "separator"}
IGNORED = {"button", "spacer"}  # a page brings its own buttons and distances


@dataclass(frozen=True)
class _Place:
    """Where a component stands: how deep, hidden by what, in a table or not, beside which keys."""

    depth: int = 0
    hides: tuple[str, ...] = ()
    in_table: bool = False
    taken: set[str] = field(default_factory=set)


class FieldReader:
    """Reads the components of one form in order; problems go to the report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.count = 0

    def read(self, parent: Node) -> tuple[Field, ...]:
        """The fields of a form, groups flattened behind a heading."""
        return self._children(parent, _Place())

    def _children(self, parent: Node, place: _Place) -> tuple[Field, ...]:
        fields: list[Field] = []
        nodes = parent.nodes("components")
        if nodes != parent.get("components", []):
            self.report.add(parent, "not_components", component_name(parent))
        for node in nodes:
            self.count += 1
            if self.count > COMPONENTS_MAX or place.depth > GROUP_DEPTH_MAX:
                self.report.add(node, "too_large", component_name(node))
                break
            fields += self._component(node, replace(place, hides=place.hides + self._hides(node)))
        return tuple(fields)

    def _component(self, node: Node, place: _Place) -> tuple[Field, ...]:
        kind = node.text("type")
        if kind == "group":
            return self._group(node, place)
        if kind in LAYOUT:
            return (self._layout(node, kind, place),)
        if kind in IGNORED:
            return ()
        if kind not in TYPES or (kind == "dynamiclist" and place.in_table):
            self.report.add(node, "unknown_component", component_name(node), name=kind or "?")
            return ()
        facts = input_facts(node, self.report)
        facts.hides = place.hides
        if kind == "dynamiclist":
            columns = self._children(node, _Place(place.depth + 1, in_table=True))
            facts.columns = tuple(column for column in columns if column.is_input)
        if facts.key in place.taken:
            facts.wrong(self.report, "duplicate_key", key=facts.key)
        place.taken.add(facts.key)
        return (build_field(facts, self.report),)

    def _group(self, node: Node, place: _Place) -> tuple[Field, ...]:
        if node.text("path"):
            self.report.add(node, "group_path", component_name(node))
        fields = self._children(node, replace(place, depth=place.depth + 1))
        if not node.text("label"):
            return fields
        facts = plain_facts(node, "heading")
        facts.hides, facts.label = place.hides, words(node, "label", self.report)
        return (build_field(facts, self.report), *fields)

    def _layout(self, node: Node, kind: str, place: _Place) -> Field:
        facts = plain_facts(node, LAYOUT[kind])
        facts.hides, facts.label = (
            place.hides,
            words(node, "content" if kind == "html" else "text", self.report),
        )
        if kind == "html":
            facts.label = _plain(facts.label)
        if facts.label.startswith("#"):
            facts.type, facts.label = "heading", facts.label.lstrip("# ")
        if kind == "separator":
            facts.label = ""
        return build_field(facts, self.report)

    def _hides(self, node: Node) -> tuple[str, ...]:
        condition = node.get("conditional")
        if condition is None:
            return ()
        hide = condition.get("hide") if isinstance(condition, Node) else None
        if not isinstance(hide, str) or not hide.startswith("=") or condition != {"hide": hide}:
            self.report.add(node, "bad_conditional", component_name(node))
            return ()
        return (hide,)


def _plain(markup: str) -> str:
    """The words of a piece of HTML; its tags never reach a page."""
    try:
        return re.sub(r"\s+", " ", html.fromstring(markup).text_content()).strip() if markup else ""
    except ParserError:
        return ""
