"""What we would not run as drawn is refused: every BPMN or Camunda name that is not on the allow-list."""

from collections.abc import Iterator

from lxml import etree

from engine.diagram.document import Document
from engine.diagram.lint.allowlist import ATTRIBUTES, EXPRESSION_LANGUAGES, NO_REASON, REASONS, VALUES
from engine.diagram.lint.report import Report
from engine.diagram.lint.wording import kind_said
from engine.diagram.parser.camunda import ATTRIBUTES as CAMUNDA_ATTRIBUTES
from engine.diagram.parser.camunda import EXTENSIONS
from engine.diagram.vocabulary import BPMN, CAMUNDA, bpmn, is_true, kind_of

# Camunda 8 says with these who does a task, with which form and when: never to be ignored
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
_BINDINGS = frozenset({"deployment", "latest"})


def check_elements(report: Report, document: Document) -> None:
    """Every element of one file, except inside a refused one and inside a process that does not run."""
    for node in _elements(report, document.root):
        _check_attributes(report, node)
        _check_camunda_attributes(report, node)
        if kind_of(node) == "extensionElements":
            _check_extensions(report, node)
    language = document.root.get("expressionLanguage", "")
    if language not in EXPRESSION_LANGUAGES:
        report.add("expression-language", document.root, language=language)


def _elements(report: Report, node: etree._Element) -> Iterator[etree._Element]:
    """The allowed BPMN elements from `node` down; of the others, the outermost is reported."""
    kind = kind_of(node)
    if kind not in ATTRIBUTES:
        report.add("element-refused", node, kind=kind_said(kind), reason=REASONS.get(kind, NO_REASON))
        return
    yield node
    if kind == "process" and not is_true(node.get("isExecutable", "true")):
        return
    if kind == "extensionElements":
        return
    for child in node:
        if kind_of(child):
            yield from _elements(report, child)


def _check_attributes(report: Report, node: etree._Element) -> None:
    kind = kind_of(node)
    for name, value in node.attrib.items():
        attribute = str(name).removeprefix(f"{{{BPMN}}}")
        if attribute.startswith("{"):
            continue  # other namespaces say nothing about running (BPMN 2.0, section 8.2.3)
        if attribute not in ATTRIBUTES[kind]:
            report.add("attribute-refused", node, attribute=attribute, kind=kind_said(kind))
        elif attribute in VALUES and str(value).strip() not in VALUES[attribute]:
            report.add("value-refused", node, attribute=attribute, value=value)


def _check_camunda_attributes(report: Report, node: etree._Element) -> None:
    kind = kind_of(node)
    known = CAMUNDA_ATTRIBUTES[""] | CAMUNDA_ATTRIBUTES.get(kind, set())
    for name, value in node.attrib.items():
        attribute = str(name).removeprefix(f"{{{CAMUNDA}}}")
        if attribute == name:
            continue
        if attribute not in known:
            report.add("camunda-refused", node, name=attribute, kind=kind_said(kind))
        elif attribute.endswith("Binding") and value not in _BINDINGS:
            report.add("binding-refused", node, attribute=attribute, value=value)


def _check_extensions(report: Report, node: etree._Element) -> None:
    owner = node.getparent()
    kind = "" if owner is None else kind_of(owner)
    known = EXTENSIONS[""] | EXTENSIONS.get(kind, set())
    for extension in node:
        name = etree.QName(extension)
        if name.namespace == CAMUNDA and name.localname not in known:
            report.add("camunda-refused", extension, name=name.localname, kind=kind_said(kind))
        elif name.namespace == CAMUNDA and name.localname == "formData" and extension.attrib:
            first = str(next(iter(extension.attrib)))
            report.add("camunda-refused", extension, name=first, kind=kind_said("formData"))
        elif name.namespace == ZEEBE:
            report.add("camunda-refused", extension, name=f"zeebe:{name.localname}", kind=kind_said(kind))
        elif name.namespace == BPMN:
            report.add("element-refused", extension, kind=kind_said(name.localname), reason=NO_REASON)


def check_collaboration(report: Report, document: Document) -> None:
    """A file with nothing to run is refused; so is more than one process to run (one process a file)."""
    processes = list(document.root.iterchildren(bpmn("process")))
    running = [node for node in processes if is_true(node.get("isExecutable", "true"))]
    if not running:
        report.add("nothing-to-run", document.root)
    for node in running[1:]:
        report.add("second-process", node, first=running[0].get("id", ""))
