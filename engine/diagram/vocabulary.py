"""The XML names of BPMN 2.0 and of Camunda 7's extensions, and which of them are flow nodes."""

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"

SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
TASKS = frozenset({"task", "userTask", "manualTask", "scriptTask", "serviceTask"}) | {
    "sendTask",
    "receiveTask",
    "businessRuleTask",
}
ACTIVITIES = TASKS | SUBPROCESSES | {"callActivity"}
GATEWAYS = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"}
)
EVENTS = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
FLOW_NODES = (
    ACTIVITIES | GATEWAYS | EVENTS | {"implicitThrowEvent", "event", "callChoreography", "subChoreography"}
)


def bpmn(name: str) -> str:
    """The qualified tag of a BPMN element, e.g. `userTask`."""
    return f"{{{BPMN}}}{name}"


def camunda(name: str) -> str:
    """The qualified name of a Camunda 7 element or attribute, e.g. `formRef`."""
    return f"{{{CAMUNDA}}}{name}"


def kind_of(node: etree._Element) -> str:
    """The local name of a BPMN element; an empty text for everything else (other namespaces, comments)."""
    tag = node.tag
    return tag.removeprefix(f"{{{BPMN}}}") if isinstance(tag, str) and tag.startswith(f"{{{BPMN}}}") else ""


def is_flow_node(node: etree._Element) -> bool:
    """Whether a sequence flow may start or end at this element."""
    return kind_of(node) in FLOW_NODES


def is_true(text: str | None) -> bool:
    """An `xsd:boolean` attribute; a missing one is false."""
    return (text or "").strip() in ("true", "1")
