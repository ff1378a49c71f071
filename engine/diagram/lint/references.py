"""Forms and decisions that a process refers to are among the files."""

from lxml import etree

from engine.diagram.element import form_key_of
from engine.diagram.lint.drawings import Process
from engine.diagram.lint.report import Report
from engine.diagram.lint.shelf import Shelf
from engine.diagram.parser.camunda import is_external
from engine.diagram.vocabulary import bpmn, camunda, kind_of

RESULTS = frozenset({"singleEntry", "singleResult", "collectEntries", "resultList"})


def check_references(report: Report, process: Process, shelf: Shelf) -> None:
    for node in process.nodes:
        if kind_of(node) in ("userTask", "startEvent"):
            _check_form(report, node, shelf)
        elif kind_of(node) == "businessRuleTask":
            _check_decision(report, node, shelf)
        elif kind_of(node) == "serviceTask" and not (node.get(camunda("expression")) or is_external(node)):
            report.add("service-without-expression", node)


def _check_form(report: Report, node: etree._Element, shelf: Shelf) -> None:
    key = form_key_of(node)
    drawn = node.find(f"{bpmn('extensionElements')}/{camunda('formData')}")
    if key and drawn is not None:
        report.add("form-twice", node, form=key)
    if key and key not in shelf.forms:
        report.add("form-unknown", node, form=key)


def _check_decision(report: Report, node: etree._Element, shelf: Shelf) -> None:
    reference = node.get(camunda("decisionRef"))
    result, variable = node.get(camunda("mapDecisionResult")), node.get(camunda("resultVariable"))
    if not reference:
        report.add("decision-missing", node)
    elif reference not in shelf.decisions:
        report.add("decision-unknown", node, decision=reference)
    if result is not None and result not in RESULTS:
        report.add("decision-result", node, value=result)
    elif result is not None and not variable:
        report.add("decision-result-unnamed", node)
