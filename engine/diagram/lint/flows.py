"""Where sequence flows and message flows may begin and end (BPMN 2.0, sections 7.6.1, 7.6.2 and 8.4.13)."""

from lxml import etree

from engine.diagram.document import Document
from engine.diagram.lint.drawings import Process, Scope, is_activity, is_gateway, scope_of, trigger
from engine.diagram.lint.report import Report
from engine.diagram.lint.wording import kind_said
from engine.diagram.vocabulary import bpmn, is_flow_node, kind_of

_MESSAGE_SOURCES = frozenset({"endEvent", "intermediateThrowEvent"})
_MESSAGE_TARGETS = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})


def check_flows(report: Report, process: Process) -> None:
    """Every sequence flow of a process, and the flows that its events must or must not have."""
    for scope in process.scopes:
        drawn: set[tuple[str, str]] = set()
        for flow in scope.flows:
            _check_ends(report, process.document, scope, flow)
            pair = flow.get("sourceRef", ""), flow.get("targetRef", "")
            if pair in drawn:
                report.add("flow-twice", flow, source=pair[0], target=pair[1])
            drawn.add(pair)
        for node in scope.nodes:
            _check_node(report, scope, node)


def _check_ends(report: Report, document: Document, scope: Scope, flow: etree._Element) -> None:
    for attribute in ("sourceRef", "targetRef"):
        name = flow.get(attribute, "").rpartition(":")[2]
        end = document.by_id.get(name)
        if end is None:
            report.add("flow-dangling", flow, attribute=attribute, value=name)
        elif not is_flow_node(end):
            report.add("flow-end", flow, attribute=attribute, value=name, kind=kind_said(kind_of(end)))
        elif scope_of(end) is not scope.node:
            report.add("flow-crosses", flow, end=name)


def _check_node(report: Report, scope: Scope, node: etree._Element) -> None:
    """Start and boundary events have no incoming flow, end events no outgoing one."""
    kind, entering, leaving = kind_of(node), scope.entering(node), scope.leaving(node)
    if kind in ("startEvent", "boundaryEvent"):
        for flow in entering:
            report.add("flow-into-start" if kind == "startEvent" else "flow-into-boundary", flow)
    if kind == "endEvent":
        for flow in leaving:
            report.add("flow-out-of-end", flow)
    if kind == "boundaryEvent" and not leaving:
        report.add("boundary-leads-nowhere", node)
    if len(leaving) > 1 and not is_gateway(node) and kind != "endEvent":
        report.add("implicit-split", node, flows=[flow.get("id") for flow in leaving])
    if len(entering) > 1 and not is_gateway(node) and kind not in ("startEvent", "boundaryEvent"):
        report.add("implicit-join", node)


def check_message_flows(report: Report, document: Document) -> None:
    """A message flow joins two pools, at things that send and receive."""
    for flow in document.root.iter(bpmn("messageFlow")):
        pools = []
        for attribute in ("sourceRef", "targetRef"):
            name = flow.get(attribute, "").rpartition(":")[2]
            end = document.by_id.get(name)
            if end is None:
                report.add("message-flow-dangling", flow, attribute=attribute, value=name)
            else:
                pools.append(_pool_of(document, end))
                if not _may_carry(end, attribute):
                    report.add("message-flow-end", flow, attribute=attribute, value=name)
        if len(pools) == 2 and pools[0] is not None and pools[0] is pools[1]:
            report.add("message-flow-within-pool", flow)


def _may_carry(end: etree._Element, attribute: str) -> bool:
    events = _MESSAGE_SOURCES if attribute == "sourceRef" else _MESSAGE_TARGETS
    if kind_of(end) in events:
        return trigger(end) in ("message", "eventDefinitionRef")
    return is_activity(end) or kind_of(end) == "participant"


def _pool_of(document: Document, end: etree._Element) -> etree._Element | None:
    """The process behind the end of a message flow; the pool itself if it is a black box."""
    if kind_of(end) == "participant":
        return document.by_id.get(end.get("processRef", "").rpartition(":")[2], end)
    return next((around for around in end.iterancestors() if kind_of(around) == "process"), None)
