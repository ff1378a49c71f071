"""Ids: there, unique, not reserved; and every reference between elements of one file leads somewhere."""

from pathlib import PurePath

from lxml import etree

from engine.diagram.document import Document
from engine.diagram.lint.drawings import Drawings, text_of
from engine.diagram.lint.report import Report
from engine.diagram.lint.wording import kind_said
from engine.diagram.vocabulary import BPMN, BPMNDI, is_flow_node, kind_of

NEEDS_ID = frozenset(
    {
        "process",
        "sequenceFlow",
        "participant",
        "messageFlow",
        "lane",
        "message",
        "signal",
        "error",
        "escalation",
    }
)
RESERVED = frozenset({"Start", "End", "Root", "StartEventSplit", "StartEventJoin"})
REFERENCES = {  # attribute → the kinds it may lead to (BPMN 2.0, the class diagrams of section 8 to 10)
    "messageRef": ("message",),
    "signalRef": ("signal",),
    "errorRef": ("error",),
    "escalationRef": ("escalation",),
    "processRef": ("process",),
    "dataObjectRef": ("dataObject",),
    "dataStoreRef": ("dataStore",),
    "categoryValueRef": ("categoryValue",),
    "definitionalCollaborationRef": ("collaboration",),
}
TEXT_REFERENCES = {"incoming": "sequenceFlow", "outgoing": "sequenceFlow"}


def check_ids(report: Report, document: Document) -> None:
    """The ids and references of one file."""
    seen: dict[str, etree._Element] = {}
    for node in document.root.iter():
        name = etree.QName(node).namespace
        if name not in (BPMN, BPMNDI):
            continue
        _check_id(report, document, node, seen)
        if name == BPMN:
            _check_references(report, document, node)


def _check_id(
    report: Report, document: Document, node: etree._Element, seen: dict[str, etree._Element]
) -> None:
    own = node.get("id")
    if not own:
        if is_flow_node(node) or kind_of(node) in NEEDS_ID:
            report.add("id-missing", node, kind=kind_said(kind_of(node)))
        return
    if own in seen:
        report.add("id-duplicate", node, id=own, line=document.places[seen[own]][0])
    seen.setdefault(own, node)
    if is_flow_node(node) and (own in RESERVED or own.endswith((".EndJoin", ".BoundaryEventSplit"))):
        report.add("id-reserved", node, id=own)


def _check_references(report: Report, document: Document, node: etree._Element) -> None:
    for attribute, kinds in REFERENCES.items():
        if attribute in node.attrib:
            _check_target(report, document, node, attribute, node.get(attribute, ""), kinds)
    if kind_of(node) == "flowNodeRef":
        target = document.by_id.get(text_of(node).rpartition(":")[2])
        if target is None or not is_flow_node(target):
            report.add("reference-dangling", node, attribute="flowNodeRef", value=text_of(node))
    if kind_of(node) in TEXT_REFERENCES:
        _check_listed_flow(report, document, node)
    if kind_of(node) == "correlationPropertyRef":
        value = text_of(node)
        _check_target(report, document, node, "correlationPropertyRef", value, ("correlationProperty",))


def _check_target(
    report: Report,
    document: Document,
    node: etree._Element,
    attribute: str,
    value: str,
    kinds: tuple[str, ...],
) -> None:
    target = document.by_id.get(value.rpartition(":")[2])
    if target is None or kind_of(target) not in kinds:
        report.add("reference-dangling", node, attribute=attribute, value=value)


def _check_listed_flow(report: Report, document: Document, node: etree._Element) -> None:
    """`incoming` and `outgoing` must say what the flows themselves say."""
    flow, owner = document.by_id.get(text_of(node).rpartition(":")[2]), node.getparent()
    end = "targetRef" if kind_of(node) == "incoming" else "sourceRef"
    if flow is None or kind_of(flow) != "sequenceFlow":
        report.add("reference-dangling", node, attribute=kind_of(node), value=text_of(node))
    elif owner is not None and flow.get(end) != owner.get("id"):
        report.add("flow-listed-wrongly", node, flow=text_of(node), end=flow.get(end, ""))


def check_process_ids(report: Report, drawings: Drawings) -> None:
    """A process id is unique among all files, and names its file."""
    seen: dict[str, str] = {}
    for process in drawings.processes:
        if process.id in seen and seen[process.id] != process.document.file:
            report.add("process-twice", process.node, id=process.id, file=seen[process.id])
        seen.setdefault(process.id, process.document.file)
        if process.id and process.id != PurePath(process.document.file).stem:
            report.add("process-file", process.node, id=process.id)
