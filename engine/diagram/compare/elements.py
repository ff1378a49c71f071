"""The elements of a drawn process as facts by name, and where each of them stands in the drawing."""

from collections.abc import Iterator

from lxml import etree

from engine.diagram.compare.changes import Thing
from engine.diagram.document import Document, properties_of
from engine.diagram.vocabulary import BPMN, BPMNDI, FLOW_NODES, bpmn, camunda, kind_of

# Elements with a life of their own; every other part of the XML is a property of one of them.
OWN = FLOW_NODES | {
    "process", "sequenceFlow", "lane", "participant", "messageFlow", "textAnnotation", "association", "group",
    "dataObject", "dataObjectReference", "dataStoreReference",
}  # fmt: skip
# Said by the flows and lanes themselves, drawn by tools, or compared as forms.
LEFT_OUT = frozenset({bpmn(n) for n in ("incoming", "outgoing", "flowNodeRef")} | {camunda("formData")})
TRANSPARENT = frozenset({"extensionElements", "properties", "inputOutput", "laneSet", "childLaneSet"})
DISCRIMINATORS = ("name", "key", "target", "variables", "businessKey")
DEFINED_APART = ("messageRef", "errorRef", "signalRef", "escalationRef")
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def elements_of(document: Document, process_id: str) -> dict[str, Thing]:
    """Every element of a process by id, the process itself and its pool among them, in document order."""
    process = document.by_id[process_id]
    lanes = {
        (reference.text or "").strip(): lane.get("id", "")
        for lane in process.iter(bpmn("lane"))
        for reference in lane.iterchildren(bpmn("flowNodeRef"))
    }
    return {
        node.get("id", ""): _thing(document, node, process, lanes)
        for node in (*_around(document, process_id), *process.iter(f"{{{BPMN}}}*"))
        if kind_of(node) in OWN and node.get("id")
    }


def places_of(document: Document) -> dict[str, tuple[object, ...]]:
    """Where each element stands: the numbers of its shape or line, its label's included."""
    found: dict[str, tuple[object, ...]] = {}
    for drawn in document.root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"):
        name = drawn.get("bpmnElement", "").rpartition(":")[2]
        points = (node for node in drawn.iter() if node.get("x") is not None)
        numbers = (tuple(float(node.get(k) or 0) for k in ("x", "y", "width", "height")) for node in points)
        found[name] = (*numbers, drawn.get("isExpanded", ""))
    return found


def _around(document: Document, process_id: str) -> Iterator[etree._Element]:
    """What stands beside the process: its pool, pools without a process, and the messages between pools."""
    for collaboration in document.root.iterchildren(bpmn("collaboration")):
        for node in collaboration.iterchildren():
            if kind_of(node) != "participant" or node.get("processRef") in (None, process_id):
                yield node


def _thing(document: Document, node: etree._Element, process: etree._Element, lanes: dict[str, str]) -> Thing:
    name, facts = node.get("id", ""), dict(_facts(document, node, ""))
    parent = node.getparent()
    if lane := lanes.get(name):
        facts["lane"] = lane
    if parent is not None and parent is not process and kind_of(parent) in FLOW_NODES:
        facts["parent"] = parent.get("id", "")
    return Thing(kind_of(node), name, *_names(document, node), facts)


def _names(document: Document, node: etree._Element) -> tuple[str, str]:
    """The Chinese and the English name; a flow without a name is called by what it joins."""
    ends = [document.by_id.get(node.get(end, "")) for end in ("sourceRef", "targetRef")]
    joined = [(*_own_names(end), end.get("id", "")) for end in ends if end is not None]
    if node.get("name") or len(joined) < len(ends):
        return _own_names(node)
    chinese = " → ".join(zh or key for zh, _, key in joined)
    return chinese, " → ".join(en or zh or key for zh, en, key in joined)


def _own_names(node: etree._Element) -> tuple[str, str]:
    return node.get("name", ""), properties_of(node).get("name.en", "")


def _facts(document: Document, node: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    """Attributes, texts and properties below a node as (name, value), without those of elements inside it."""
    for qualified, value in node.attrib.items():
        name = etree.QName(qualified)
        if name.localname != "id" and name.namespace != XSI:
            yield f"{path}{name.localname}", _meaning(document, name.localname, str(value))
    for child in node.iterchildren(etree.Element):
        local = etree.QName(child).localname
        if child.tag in LEFT_OUT or (kind_of(child) in OWN and child.get("id")):
            continue
        if child.tag == camunda("property"):
            yield child.get("name", ""), child.get("value", "")
        elif local in TRANSPARENT:
            yield from _facts(document, child, path)
        else:
            yield from _part(document, child, path, local)


def _part(document: Document, child: etree._Element, path: str, local: str) -> Iterator[tuple[str, str]]:
    said = next((n for n in DISCRIMINATORS if kind_of(child) == "" and child.get(n)), None)
    name = f"{path}{local}.{child.get(said)}" if said else f"{path}{local}"
    if local.endswith("EventDefinition"):
        yield f"{path}eventDefinition", local.removesuffix("EventDefinition")
    elif local.endswith("LoopCharacteristics"):
        yield f"{path}loop", local.removesuffix("LoopCharacteristics")
    if text := (child.text or "").strip().replace("\r\n", "\n"):
        yield name, text
    for inner, value in _facts(document, child, f"{name}."):
        if inner != f"{name}.{said}":
            yield inner, value


def _meaning(document: Document, attribute: str, value: str) -> str:
    """What a reference to a message, error, signal or escalation stands for: its name, and its code."""
    target = document.by_id.get(value) if attribute in DEFINED_APART else None
    if target is None:
        return value
    codes = (target.get("name"), target.get("errorCode"), target.get("escalationCode"))
    return " · ".join(dict.fromkeys(code for code in codes if code)) or value
