"""The properties of this house on diagram elements: clocks, four eyes, signatures, records, results."""

import re
from collections.abc import Iterator

from lxml import etree

from engine.diagram.clock_marks import EXTENSION, OPTION
from engine.diagram.document import words_of
from engine.diagram.lint.clocks import check_start
from engine.diagram.lint.drawings import Drawings, Process
from engine.diagram.lint.expressions import is_name
from engine.diagram.lint.report import Report
from engine.diagram.lint.shelf import Shelf
from engine.diagram.lint.wording import kind_said
from engine.diagram.vocabulary import FLOW_NODES, bpmn, camunda, kind_of

MEANINGS = ("编制", "审核", "批准", "会签", "验证", "确认", "接受")  # what a signature can mean
_NODES = frozenset(FLOW_NODES)
NUMBER = re.compile(r"[A-Z]{1,8}-YYYY-N{3,9}")
# property → the kinds of elements that honour it
HONOURED: dict[str, frozenset[str]] = {
    "name.en": _NODES | {"process", "lane", "sequenceFlow", "participant", "textAnnotation", "group"},
    "documentation.en": _NODES | {"process", "lane"},
    "clauses": _NODES | {"process", "lane", "sequenceFlow"},
    "clock.start": _NODES,
    "clock.stop": _NODES,
    "notBy": frozenset({"userTask"}),
    "sign": frozenset({"userTask"}),
    "record": frozenset({"userTask", "startEvent"}),
    "record.with": frozenset({"userTask"}),
    "flag": _NODES,
    "mi.result": frozenset({"userTask", "callActivity", "subProcess", "businessRuleTask", "scriptTask"}),
    "sets": _NODES,
    "payload": frozenset({"endEvent", "intermediateThrowEvent", "sendTask"}),
    "group": frozenset({"lane"}),
    "number": frozenset({"process"}),
}


def check_properties(report: Report, drawings: Drawings, process: Process, shelf: Shelf) -> None:
    together = drawings.together(process.id)
    tasks = {task.get("id", "") for one in together for task in one.of_kind("userTask")}
    starts = {start.get("id", "") for one in together for start in one.of_kind("startEvent")}
    for owner, node in _properties(process.node):
        name, value = node.get("name", ""), node.get("value", "").strip()
        honoured = _NODES if name in EXTENSION or OPTION.fullmatch(name) else HONOURED.get(name)
        if honoured is None:
            report.add("property-unknown", node, name=name)
        elif kind_of(owner) not in honoured:
            report.add("property-misplaced", node, name=name, kind=kind_said(kind_of(owner)))
        elif not value:
            report.add("property-empty", node, name=name)
        else:
            _check_value(report, owner, node, shelf)
            if name in ("notBy", "record.with"):
                _check_others(report, owner, node, tasks | starts)


def _properties(process: etree._Element) -> Iterator[tuple[etree._Element, etree._Element]]:
    """Every property of the process and what is in it, with the element it belongs to."""
    path = f"{bpmn('extensionElements')}/{camunda('properties')}/{camunda('property')}"
    for owner in process.iter():
        if kind_of(owner):
            for node in owner.iterfind(path):
                yield owner, node


def _check_value(report: Report, owner: etree._Element, node: etree._Element, shelf: Shelf) -> None:
    name, value = node.get("name", ""), node.get("value", "").strip()
    if name == "clock.start":
        check_start(report, node, value, shelf)
    elif name == "clock.stop":
        for clock in words_of(value):
            if not is_name(clock):
                report.add("clock-stop", node, clock=clock)
    elif name == "number" and not NUMBER.fullmatch(value):
        report.add("number-pattern", node, pattern=value)
    elif name == "sign" and value not in MEANINGS:
        report.add("sign-unknown", node, meaning=value, known=list(MEANINGS))
    elif name == "record" and shelf.records is not None and value not in shelf.records:
        report.add("record-unknown", node, record=value)
    elif name == "flag" and shelf.groups is not None and value not in shelf.groups:
        report.add("group-unknown", node, group=value)
    elif name == "mi.result":
        if owner.find(bpmn("multiInstanceLoopCharacteristics")) is None:
            report.add("result-without-instances", node)
        elif not is_name(value):
            report.add("name-invalid", node, name=value)
    elif name == "sets":
        for word in words_of(value):
            if not is_name(word):
                report.add("name-invalid", node, name=word)


def _check_others(report: Report, owner: etree._Element, node: etree._Element, tasks: set[str]) -> None:
    """Four eyes, and what a record carries: the other task may stand in any process of the same case."""
    for other in words_of(node.get("value")):
        if other not in tasks or other == owner.get("id"):
            report.add("not-by-unknown", node, task=other, name=node.get("name", ""))
