"""Reads `camunda:formData`: a form written inside the diagram."""

from __future__ import annotations

from lxml import etree

from engine.diagram.forms.builder import build_field
from engine.diagram.forms.facts import Facts
from engine.diagram.forms.field import Field
from engine.diagram.forms.model import Form
from engine.diagram.forms.problems import Report
from engine.diagram.forms.wording import called
from engine.diagram.vocabulary import camunda
from engine.errors import BundleRefused

FIELDS_MAX = 300
TYPES = {"string": "text", "long": "number", "boolean": "checkbox", "date": "date", "enum": "select"}
CONSTRAINTS = {
    "min": "min",
    "max": "max",
    "minlength": "min_length",
    "maxlength": "max_length",
    "pattern": "pattern",
}


def read_form_data(element: etree._Element, file: str = "") -> Form:
    """The form in a `camunda:formData` element of the diagram named `file`.

    It has no key and no title of its own: a page shows the task's name.
    Raises BundleRefused with every error.
    """
    report = Report(file)
    fields: list[Field] = []
    taken: set[str] = set()
    for node in element.findall(camunda("formField"))[:FIELDS_MAX]:
        facts = _facts(node, report)
        if facts.key in taken:
            facts.wrong(report, "duplicate_key", key=facts.key)
        taken.add(facts.key)
        fields.append(build_field(facts, report))
    if report.errors:
        raise BundleRefused(problems=report.errors)
    return Form("", "", "", tuple(fields))


def _facts(node: etree._Element, report: Report) -> Facts:
    kind = node.get("type", "")
    facts = Facts(
        key=node.get("id", ""),
        type=TYPES.get(kind, "text"),
        line=int(node.sourceline or 1),
        column=1,
        label=node.get("label", ""),
        default=node.get("defaultValue"),
        options=[
            (item.get("id"), item.get("name") or item.get("id")) for item in node.findall(camunda("value"))
        ],
    )
    if kind not in TYPES:
        facts.wrong(report, "unknown_component", name=kind)
    if "${" in str(facts.default):
        facts.wrong(report, "expression_in_text", name=called("defaultValue"))
        facts.default = None
    if kind == "long":
        facts.rules["decimals"] = 0
    _read_properties(node, facts)
    _read_constraints(node, facts, report)
    return facts


def _read_properties(node: etree._Element, facts: Facts) -> None:
    """House properties; `help` (with `help.en`) stands for the description the form editor has."""
    for item in node.iterfind(f"{camunda('properties')}/{camunda('property')}"):
        facts.properties[item.get("id", "")] = item.get("value", "")
    facts.help = facts.properties.pop("help", "")
    if facts.properties.pop("multiline", "") == "true" and facts.type == "text":
        facts.type = "textarea"
    if facts.properties.get("source") in {"user", "group"} and facts.type == "text":
        facts.type = "multiselect" if facts.properties.pop("multiple", "") == "true" else "select"


def _read_constraints(node: etree._Element, facts: Facts, report: Report) -> None:
    for item in node.iterfind(f"{camunda('validation')}/{camunda('constraint')}"):
        name, config = item.get("name", ""), item.get("config")
        if name == "required":
            facts.required = config != "false"
        elif name == "readonly":
            facts.read_only = config != "false"
        elif name in CONSTRAINTS:
            facts.rules[CONSTRAINTS[name]] = config
        else:
            facts.wrong(report, "unknown_validation", name=name)
