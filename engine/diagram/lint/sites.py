"""Every place of a process where an expression, a template or a name is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from engine.diagram.clock_marks import templates_in
from engine.diagram.document import properties_of, words_of
from engine.diagram.lint.drawings import Process, text_of
from engine.diagram.lint.timers import CHECKS
from engine.diagram.vocabulary import bpmn, camunda, kind_of

Kind = Literal["expression", "template", "script", "name"]
TEMPLATES = ("assignee", "candidateGroups", "candidateUsers", "dueDate", "followUpDate", "priority")
LOOP_NAMES = ("loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances")


@dataclass(frozen=True)
class Site:
    """`text` as written at `node`, read where the flow node `owner` stands; `extra` names exist only here.

    `inside` is set for what a called process gives back: read with the names of that process.
    """

    node: etree._Element
    owner: etree._Element
    kind: Kind
    text: str
    extra: frozenset[str] = frozenset()
    inside: bool = False
    around: bool = False  # read outside the instances of a multi-instance activity


def sites(process: Process) -> Iterator[Site]:
    """All of them, in no particular order."""
    for scope in process.scopes:
        for flow in scope.flows:
            condition = flow.find(bpmn("conditionExpression"))
            source = scope.by_id.get(flow.get("sourceRef", ""))
            if condition is not None and source is not None and text_of(condition):
                yield Site(condition, source, "expression", text_of(condition))
        for node in scope.nodes:
            yield from _of_node(node)


def _of_node(node: etree._Element) -> Iterator[Site]:
    yield from _timers(node)
    yield from _repeats(node)
    yield from _parameters(node)
    for _, text in templates_in(properties_of(node)):
        yield Site(node, node, "template", text)
    for name in words_of(properties_of(node).get("payload")):
        yield Site(node, node, "name", name)
    kind = kind_of(node)
    if kind == "userTask":
        for name in TEMPLATES:
            if text := node.get(camunda(name), "").strip():
                yield Site(node, node, "template", text)
    elif kind == "scriptTask":
        script = node.find(bpmn("script"))
        if script is not None and text_of(script):
            written: Kind = "expression" if node.get(camunda("resultVariable")) else "script"
            yield Site(script, node, written, script.text or "")
    elif kind == "serviceTask" and node.get(camunda("expression")):
        yield Site(node, node, "expression", node.get(camunda("expression"), ""))
    elif kind == "callActivity":
        yield from _mappings(node)


def _timers(node: etree._Element) -> Iterator[Site]:
    for definition in node.iterchildren(bpmn("timerEventDefinition")):
        for time in definition:
            if kind_of(time) in CHECKS and not is_literal(text_of(time)):
                yield Site(time, node, "expression", text_of(time))


def is_literal(text: str) -> bool:
    """Whether a timer's text is a constant, not an expression."""
    return "${" not in text and "#{" not in text and not text.startswith("=")


def _repeats(node: etree._Element) -> Iterator[Site]:
    repeated = node.find(bpmn("multiInstanceLoopCharacteristics"))
    if repeated is not None:
        if collection := repeated.get(camunda("collection"), "").strip():
            yield Site(repeated, node, "expression", collection, around=True)
        cardinality = repeated.find(bpmn("loopCardinality"))
        if cardinality is not None and text_of(cardinality):
            yield Site(cardinality, node, "expression", text_of(cardinality), around=True)
        condition = repeated.find(bpmn("completionCondition"))
        if condition is not None and text_of(condition):
            yield Site(condition, node, "expression", text_of(condition), frozenset(LOOP_NAMES))
    loop = node.find(f"{bpmn('standardLoopCharacteristics')}/{bpmn('loopCondition')}")
    if loop is not None and text_of(loop):
        yield Site(loop, node, "expression", text_of(loop), frozenset({"loopCounter"}))


def _parameters(node: etree._Element) -> Iterator[Site]:
    for parameter in node.iterfind(f"{bpmn('extensionElements')}/{camunda('inputOutput')}/*"):
        for part in parameter.iter():
            if not text_of(part):
                continue
            kind: Kind = "expression" if part.tag == camunda("script") else "template"
            yield Site(part, node, kind, text_of(part))


def _mappings(node: etree._Element) -> Iterator[Site]:
    for way in ("in", "out"):
        for mapping in node.iterfind(f"{bpmn('extensionElements')}/{camunda(way)}"):
            if source := mapping.get("source"):
                yield Site(mapping, node, "name", source, inside=way == "out")
            if expression := mapping.get("sourceExpression"):
                yield Site(mapping, node, "expression", expression, inside=way == "out")
