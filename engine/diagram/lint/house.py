"""House rules for readers: labels, documentation, English, ids, size, roles, clauses."""

import re

from lxml import etree

from engine.diagram.document import documentation_of, properties_of, words_of
from engine.diagram.lint.drawings import Process, Scope, is_gateway, text_of, trigger
from engine.diagram.lint.report import Report
from engine.diagram.lint.shelf import Shelf
from engine.diagram.lint.wording import ENGLISH
from engine.diagram.vocabulary import bpmn, camunda, is_flow_node, is_true, kind_of

PAGE = 18  # flow nodes that still read at a glance, joining gateways and boundary events not counted
# what modelers make up: Activity_0x1z2y3, Gateway_1abc123, sid-4A5B…, _9f8e7d6c-…, Task_1, StartEvent_1
GENERATED = re.compile(
    r"(?:[A-Z][A-Za-z]*_(?=[0-9a-z]*[0-9])[0-9a-z]{7})|(?:sid-[0-9A-Fa-f-]+)|(?:_[0-9a-fA-F]{8}-[0-9a-fA-F-]+)"
    r"|(?:(?:Activity|Task|UserTask|ServiceTask|ScriptTask|StartEvent|EndEvent|Gateway|ExclusiveGateway"
    r"|ParallelGateway|SequenceFlow|Flow|Event|BoundaryEvent|SubProcess|Process|Lane|Participant)_\d+)"
)


def check_house(report: Report, process: Process, shelf: Shelf) -> None:
    _check_described(report, process.node, "process-undocumented")
    for scope in process.scopes:
        count = sum(not (_joins(scope, node) or kind_of(node) == "boundaryEvent") for node in scope.nodes)
        if count > PAGE:
            report.add("page-crowded", scope.node, count=count, limit=PAGE)
        for node in scope.nodes:
            _check_node(report, scope, node)
        for flow in scope.flows:
            _check_flow(report, scope, flow)
    for lane in process.node.iter(bpmn("lane")):
        _check_lane(report, process, lane, shelf)
    for node in process.node.iter():
        _check_clauses(report, node, shelf)
        _check_groups(report, node, shelf)


def _check_node(report: Report, scope: Scope, node: etree._Element) -> None:
    if GENERATED.fullmatch(node.get("id", "")):
        report.add("id-generated", node, id=node.get("id", ""))
    if _wants_label(scope, node):
        if not (node.get("name") or "").strip():
            report.add("label-missing", node)
        elif not properties_of(node).get("name.en"):
            report.add("english-missing", node, what=ENGLISH["name.en"])
    if kind_of(node) == "userTask":
        _check_described(report, node, "task-undocumented")


def _joins(scope: Scope, node: etree._Element) -> bool:
    """A gateway that only brings flows together: there is nothing to read on it."""
    return is_gateway(node) and len(scope.leaving(node)) == 1 and not node.get("name")


def _wants_label(scope: Scope, node: etree._Element) -> bool:
    """Everything but gateways that join or run in parallel: those say all by their shape."""
    if not is_gateway(node):
        return True
    return kind_of(node) in ("exclusiveGateway", "inclusiveGateway") and len(scope.leaving(node)) > 1


def _check_described(report: Report, node: etree._Element, code: str) -> None:
    if kind_of(node) == "process" and not node.get("name"):
        report.add("label-missing", node)
    elif kind_of(node) == "process" and not properties_of(node).get("name.en"):
        report.add("english-missing", node, what=ENGLISH["name.en"])
    if not documentation_of(node):
        report.add(code, node)
    elif not properties_of(node).get("documentation.en"):
        report.add("english-missing", node, what=ENGLISH["documentation.en"])


def _check_flow(report: Report, scope: Scope, flow: etree._Element) -> None:
    """The answers of an exclusive gateway's question are written on its flows."""
    if GENERATED.fullmatch(flow.get("id", "")):
        report.add("id-generated", flow, id=flow.get("id", ""))
    source = scope.by_id.get(flow.get("sourceRef", ""))
    if source is None or kind_of(source) != "exclusiveGateway" or len(scope.leaving(source)) < 2:
        return
    if not (flow.get("name") or "").strip():
        report.add("label-missing", flow)
    elif not properties_of(flow).get("name.en"):
        report.add("english-missing", flow, what=ENGLISH["name.en"])


def _check_lane(report: Report, process: Process, lane: etree._Element, shelf: Shelf) -> None:
    group = properties_of(lane).get("group") or lane.get("id", "").removeprefix("Lane_")
    members = [child for child in lane if kind_of(child) in ("flowNodeRef", "childLaneSet")]
    if not lane.get("name"):
        report.add("label-missing", lane)
    elif not properties_of(lane).get("name.en"):
        report.add("english-missing", lane, what=ENGLISH["name.en"])
    if not members:
        report.add("lane-empty", lane)
    if shelf.groups is not None and group not in shelf.groups and _relies_on(process, lane):
        report.add("lane-unknown", lane, group=group)


def _relies_on(process: Process, lane: etree._Element) -> bool:
    """Whether a user task of the lane names no candidates of its own, so that the lane's group is asked."""
    inside = {text_of(reference) for reference in lane.iterchildren(bpmn("flowNodeRef"))}
    named = [camunda("candidateGroups"), camunda("candidateUsers")]
    tasks = (node for node in process.of_kind("userTask") if node.get("id") in inside)
    return any(not any(node.get(name) for name in named) for node in tasks)


def _check_clauses(report: Report, node: etree._Element, shelf: Shelf) -> None:
    if shelf.clauses is None or not kind_of(node):
        return
    for clause in words_of(properties_of(node).get("clauses")):
        if clause not in shelf.clauses:
            report.add("clause-unknown", node, clause=clause)


def _check_groups(report: Report, node: etree._Element, shelf: Shelf) -> None:
    """Groups written as they are; those computed by an expression are known only when the token arrives."""
    for name in ("candidateGroups", "candidateStarterGroups"):
        text = node.get(camunda(name), "")
        if shelf.groups is None or "${" in text or "#{" in text:
            continue
        for group in (word.strip() for word in text.split(",")):
            if group and group not in shelf.groups:
                report.add("group-unknown", node, group=group)
    flagged = properties_of(node).get("flag", "") if kind_of(node) else ""
    if flagged and shelf.groups is not None and flagged not in shelf.groups:
        report.add("group-unknown", node, group=flagged)


def check_main(report: Report, process: Process, is_called: bool) -> None:
    """A process that nobody calls ends with terminate, so that no side branch outlives the case. The end of
    such a branch, which a non-interrupting boundary event began, ends nothing else."""
    if is_called:
        return
    scope = process.scopes[0]
    main = _main_way(scope)
    for node in process.node.iterchildren(bpmn("endEvent")):
        if node.get("id") in main and trigger(node) in ("none", "message", "escalation"):
            report.add("main-without-terminate", node)


def _main_way(scope: Scope) -> set[str]:
    """The ids of the nodes that the token from the start can reach; side branches leave it where it is."""
    reached, waiting = set[str](), list(scope.starts())
    while waiting:
        node = waiting.pop()
        if node.get("id", "") in reached:
            continue
        reached.add(node.get("id", ""))
        ways = [flow for one in (node, *_taking_over(scope, node)) for flow in scope.leaving(one)]
        found = (scope.by_id.get(flow.get("targetRef", "")) for flow in ways)
        waiting.extend(node for node in found if node is not None)
    return reached


def _taking_over(scope: Scope, node: etree._Element) -> list[etree._Element]:
    """The interrupting boundary events of a node: they take its token over."""
    return [event for event in scope.attached(node) if is_true(event.get("cancelActivity", "true"))]


def check_performers(report: Report, process: Process) -> None:
    """Every user task says who may do it: by candidates, an assignee or its lane."""
    lanes = {text_of(reference) for reference in process.node.iter(bpmn("flowNodeRef"))}
    for node in process.of_kind("userTask"):
        named = any(node.get(camunda(name)) for name in ("candidateGroups", "candidateUsers", "assignee"))
        around = [node.get("id"), *(a.get("id") for a in node.iterancestors() if is_flow_node(a))]
        if not named and not lanes & set(filter(None, around)):
            report.add("performer-missing", node)
