"""One input of the form editor as facts about a field: its words, its validation, its type."""

from __future__ import annotations

from engine.diagram.forms.facts import Facts
from engine.diagram.forms.json_text import Node
from engine.diagram.forms.problems import Report
from engine.diagram.forms.wording import called, wanted

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
RULES = {
    "min": "min",
    "max": "max",
    "minLength": "min_length",
    "maxLength": "max_length",
    "pattern": "pattern",
    "validationType": "format",
}
# What the form editor can say and we do not do (options from variables, numbers kept as text): refused.
UNSUPPORTED = {"valuesKey", "valuesExpression", "serializeToString"}


def component_name(node: Node) -> str:
    """What a problem calls the component: its key, or its id if it carries no value."""
    return node.text("key") or node.text("path") or node.text("id")


def words(node: Node, name: str, report: Report) -> str:
    """A text people read; the form editor allows expressions in it, we do not."""
    text = node.text(name).strip()
    if text.startswith("=") or "{{" in text:
        report.add(node, "expression_in_text", component_name(node), name=called(name))
    return text


def plain_facts(node: Node, kind: str) -> Facts:
    """What every component says: its key, its place in the file and on the page, its properties."""
    layout = node.node("layout")
    width = layout.get("columns")
    return Facts(
        key=component_name(node),
        type=kind,
        line=node.line,
        column=node.column,
        row=layout.text("row"),
        width=width if isinstance(width, int) and 1 <= width <= 16 else None,
        properties={name: str(value) for name, value in node.node("properties").items()},
    )


def input_facts(node: Node, report: Report) -> Facts:
    """What an input (a component whose type is in TYPES) says, but for the columns of a table."""
    kind = node.text("type")
    facts = plain_facts(node, TYPES[kind])
    facts.label = words(node, "label", report) or words(node, "dateLabel", report)
    facts.help = words(node, "description", report)
    facts.default = node.get("defaultValue")
    facts.multiple = kind == "filepicker" and node.get("multiple") is True
    facts.accept = node.text("accept")
    facts.unit = node.node("appearance").text("suffixAdorner")
    facts.options = [(option.get("value"), option.get("label")) for option in node.nodes("values")]
    for name in UNSUPPORTED & {name for name, value in node.items() if value}:
        facts.wrong(report, "unsupported", name=name)
    _set_rules(node, facts, report)
    _set_flags(node, facts, report)
    if kind == "datetime":
        _set_subtype(node, facts, report)
    return facts


def _set_rules(node: Node, facts: Facts, report: Report) -> None:
    if node.get("decimalDigits") is not None:
        facts.rules["decimals"] = node["decimalDigits"]
    for name, value in node.node("validate").items():
        if name in RULES and not (name == "validationType" and value in ("custom", "")):
            facts.rules[RULES[name]] = value
        elif name not in RULES and name != "required":
            facts.wrong(report, "unknown_validation", name=name)
    if facts.rules.get("format", "email") not in ("email", "phone"):
        facts.wrong(report, "unknown_validation", name="validationType")
    if not isinstance(facts.rules.get("pattern", ""), str):
        value = facts.rules.pop("pattern")
        facts.wrong(report, "bad_bound", name=called("pattern"), value=value, wanted=wanted("pattern"))


def _set_flags(node: Node, facts: Facts, report: Report) -> None:
    """Required and read-only: plain yes or no, where the form editor would also take an expression."""
    flags = {"required": node.node("validate"), "readonly": node, "disabled": node}
    for name, holder in flags.items():
        if not isinstance(holder.get(name, False), bool):
            said = {"name": called(name), "value": holder[name], "wanted": wanted(name)}
            facts.wrong(report, "bad_bound", **said)
    facts.required = node.node("validate").get("required") is True
    facts.read_only = True in (node.get("readonly"), node.get("disabled"))


def _set_subtype(node: Node, facts: Facts, report: Report) -> None:
    facts.type = node.text("subtype") or "date"
    if facts.type not in {"date", "datetime"}:
        facts.wrong(report, "unknown_component", name=f"datetime {facts.type}")
        facts.type = "date"
    if node.get("disallowPassedDates") is True:
        facts.properties.setdefault("not_before", "today()")
