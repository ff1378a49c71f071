"""No text is longer than what is kept of it: the limits are the columns of the tables in storage."""

from lxml import etree

from engine.diagram.document import Document, documentation_of, properties_of
from engine.diagram.lint.report import Report
from engine.diagram.vocabulary import BPMN, kind_of

ID, NAME, DOCUMENTATION = 200, 200, 4_000
PROPERTIES = {"name.en": NAME, "record": 16, "flag": 64}


def check_lengths(report: Report, document: Document) -> None:
    """Ids, names and their English on every element; the documentation of processes."""
    for node in document.root.iter(f"{{{BPMN}}}*"):
        for name in ("id", "name"):
            _check(report, node, name, node.get(name, ""), ID if name == "id" else NAME)
        properties = properties_of(node)
        for name, limit in PROPERTIES.items():
            _check(report, node, name, properties.get(name, ""), limit)
        if kind_of(node) == "process":
            _check(report, node, "documentation", documentation_of(node), DOCUMENTATION)
            english = "documentation.en"
            _check(report, node, english, properties.get(english, ""), DOCUMENTATION)


def _check(report: Report, node: etree._Element, name: str, text: str, limit: int) -> None:
    if len(text) > limit:
        report.add("text-too-long", node, what=name, length=len(text), limit=limit)
