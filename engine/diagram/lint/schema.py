"""The XML schema of BPMN 2.0, as SpiffWorkflow ships it: order, number and types of what is written."""

import re
from functools import cache
from importlib.resources import as_file, files
from itertools import islice

from lxml import etree

from engine.diagram.document import Document
from engine.diagram.lint.report import Report
from engine.diagram.vocabulary import BPMN

# bpmn-js writes formalExpression where the schema wants messagePath; it is read as such
_TOLERATED = re.compile(r"correlationPropertyRetrievalExpression|formalExpression")

MAX_TOLD = 200


@cache
def _schema() -> etree.XMLSchema:
    with as_file(files("SpiffWorkflow.bpmn.parser") / "schema") as folder:
        return etree.XMLSchema(etree.parse(folder / "BPMN20.xsd"))


def check_schema(report: Report, document: Document) -> None:
    """Faults of the drawing's coordinates are warnings: they say nothing about running.

    Lines on which a better message already stands are left out.
    """
    schema = _schema()
    if schema.validate(document.root):
        return
    told = {(problem.file, problem.line) for problem in report.problems if problem.level == "error"}
    prefixes = _prefixes(document)
    for error in islice(schema.error_log, MAX_TOLD):
        node = _node(document, error.path, prefixes)
        if _TOLERATED.search(error.message) or (document.file, document.places[node][0]) in told:
            continue
        is_model = etree.QName(node).namespace == BPMN
        reason = re.sub(r"\{http[^}]*\}", "", error.message)
        report.add("schema" if is_model else "schema-drawing", node, reason=reason)


def _prefixes(document: Document) -> dict[str, str]:
    return {name: uri for node in document.root.iter() for name, uri in node.nsmap.items() if name}


def _node(document: Document, path: str | None, prefixes: dict[str, str]) -> etree._Element:
    try:
        found = document.root.xpath(path, namespaces=prefixes) if path else []
    except etree.XPathError:  # one prefix for two namespaces
        found = []
    first = found[0] if isinstance(found, list) and found else document.root
    return first if isinstance(first, etree._Element) else document.root
