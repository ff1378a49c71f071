"""The components of form-js, one by one, as facts about fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml import html
from lxml.etree import ParserError

from engine.diagram.form_builder import build_field
from engine.diagram.form_facts import Facts
from engine.diagram.form_field import Field
from engine.diagram.form_json import Node
from engine.diagram.form_problems import Report

COMPONENTS_MAX = 300
GROUP_DEPTH_MAX = 5

TYPES = {
    "textfield": "text",
    "textarea": "textarea",
    "number": "number",
    "datetime": "datetime",
    "select": "select",
    "radio": "radio",
    "taglist": "multiselect",
    "checklist": "multiselect",
    "checkbox": "checkbox",
    "filepicker": "file",
    "dynamiclist": "table",
}
LAYOUT = {"text": "paragraph", "html": "paragraph", "separator": "separator"}
IGNORED = {"button", "spacer"}  # a page brings its own buttons and distances
RULES = {
    "required": "required",
    "min": "min",
    "max": "max",
    "minLength": "min_length",
    "maxLength": "max_length",
    "pattern": "pattern",
    "validationType": "format",
}
# What the form editor can say and we do not do (options from variables, numbers kept as text): refused.
UNSUPPORTED = {"valuesKey", "valuesExpression", "serializeToString"}


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
        for node in parent.nodes("components"):
            self.count += 1
            if self.count > COMPONENTS_MAX or place.depth > GROUP_DEPTH_MAX:
                self.report.add(node, "too_large", _name(node))
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
            self.report.add(node, "unknown_component", _name(node), name=kind or "?")
            return ()
        facts = self._field(node, kind, place)
        if facts.key in place.taken:
            facts.wrong(self.report, "duplicate_key", key=facts.key)
        place.taken.add(facts.key)
        return (build_field(facts, self.report),)

    def _group(self, node: Node, place: _Place) -> tuple[Field, ...]:
        if node.text("path"):
            self.report.add(node, "group_path", _name(node))
        fields = self._children(node, replace(place, depth=place.depth + 1))
        if not node.text("label"):
            return fields
        facts = _facts(node, "heading")
        facts.hides, facts.label = place.hides, self._words(node, "label")
        return (build_field(facts, self.report), *fields)

    def _layout(self, node: Node, kind: str, place: _Place) -> Field:
        facts = _facts(node, LAYOUT[kind])
        facts.hides, facts.label = place.hides, self._words(node, "content" if kind == "html" else "text")
        if kind == "html":
            facts.label = _plain(facts.label)
        if facts.label.startswith("#"):
            facts.type, facts.label = "heading", facts.label.lstrip("# ")
        if kind == "separator":
            facts.label = ""
        return build_field(facts, self.report)

    def _field(self, node: Node, kind: str, place: _Place) -> Facts:
        facts = _facts(node, TYPES[kind])
        facts.hides = place.hides
        facts.label = self._words(node, "label") or self._words(node, "dateLabel")
        facts.help = self._words(node, "description")
        facts.default = node.get("defaultValue")
        facts.multiple = kind == "filepicker" and node.get("multiple") is True
        facts.accept = node.text("accept")
        facts.unit = node.node("appearance").text("suffixAdorner")
        facts.options = [(option.get("value"), option.get("label")) for option in node.nodes("values")]
        for name in UNSUPPORTED & {name for name, value in node.items() if value}:
            facts.wrong(self.report, "unsupported", name=name)
        self._set_rules(node, facts)
        self._set_read_only(node, facts)
        if kind == "datetime":
            self._set_subtype(node, facts)
        if kind == "dynamiclist":
            columns = self._children(node, _Place(place.depth + 1, in_table=True))
            facts.columns = tuple(column for column in columns if column.is_input)
        return facts

    def _hides(self, node: Node) -> tuple[str, ...]:
        condition = node.get("conditional")
        if condition is None:
            return ()
        hide = condition.get("hide") if isinstance(condition, Node) else None
        if not isinstance(hide, str) or not hide.startswith("=") or condition != {"hide": hide}:
            self.report.add(node, "bad_conditional", _name(node))
            return ()
        return (hide,)

    def _words(self, node: Node, name: str) -> str:
        """A text people read; the form editor allows expressions in it, we do not."""
        text = node.text(name).strip()
        if text.startswith("=") or "{{" in text:
            self.report.add(node, "expression_in_text", _name(node), name=name)
        return text

    def _set_rules(self, node: Node, facts: Facts) -> None:
        if node.get("decimalDigits") is not None:
            facts.rules["decimals"] = node["decimalDigits"]
        for name, value in node.node("validate").items():
            if name not in RULES:
                facts.wrong(self.report, "unknown_validation", name=name)
            elif name == "required":
                facts.required = value is True
            elif not (name == "validationType" and value in ("custom", "")):
                facts.rules[RULES[name]] = value
        if facts.rules.get("format", "email") not in ("email", "phone"):
            facts.wrong(self.report, "unknown_validation", name="validationType")
        if not isinstance(facts.rules.get("pattern", ""), str):
            facts.wrong(self.report, "bad_bound", name="pattern", value=facts.rules.pop("pattern"))

    def _set_read_only(self, node: Node, facts: Facts) -> None:
        for name in ("readonly", "disabled"):
            if not isinstance(node.get(name, False), bool):
                facts.wrong(self.report, "bad_bound", name=name, value=node[name])
            facts.read_only |= node.get(name) is True

    def _set_subtype(self, node: Node, facts: Facts) -> None:
        facts.type = node.text("subtype") or "date"
        if facts.type not in {"date", "datetime"}:
            facts.wrong(self.report, "unknown_component", name=f"datetime {facts.type}")
            facts.type = "date"
        if node.get("disallowPassedDates") is True:
            facts.properties.setdefault("not_before", "today()")


def _name(node: Node) -> str:
    """What a problem calls the component: its key, or its id if it carries no value."""
    return node.text("key") or node.text("path") or node.text("id")


def _facts(node: Node, kind: str) -> Facts:
    layout = node.node("layout")
    width = layout.get("columns")
    properties = node.node("properties")
    return Facts(
        key=_name(node),
        type=kind,
        line=node.line,
        column=node.column,
        label=node.text("label").strip(),
        row=layout.text("row"),
        width=width if isinstance(width, int) and 1 <= width <= 16 else None,
        properties={name: str(value) for name, value in properties.items()},
    )


def _plain(markup: str) -> str:
    """The words of a piece of HTML; its tags never reach a page."""
    try:
        return re.sub(r"\s+", " ", html.fromstring(markup).text_content()).strip() if markup else ""
    except ParserError:
        return ""
