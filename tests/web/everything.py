"""A diagram with an element of every kind that the modeler draws, each in a place of its own."""

from collections.abc import Iterator

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions'
    ' xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="D" targetNamespace="test">'
)
LOOPS = (
    "<bpmn:standardLoopCharacteristics/>",
    "<bpmn:multiInstanceLoopCharacteristics/>",
    '<bpmn:multiInstanceLoopCharacteristics isSequential="true"/>',
)
TASKS = ("task", "userTask", "serviceTask", "sendTask", "receiveTask", "manualTask", "businessRuleTask",
         "scriptTask", "callActivity", "subProcess", "transaction", "adHocSubProcess")  # fmt: skip
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway")
EVENTS = {
    "startEvent": ("", "message", "timer", "conditional", "signal"),
    "intermediateThrowEvent": ("", "message", "escalation", "link", "compensate", "signal"),
    "intermediateCatchEvent": ("message", "timer", "conditional", "link", "signal"),
    "endEvent": ("", "message", "escalation", "error", "compensate", "signal", "terminate"),
    "boundaryEvent": ("message", "timer", "escalation", "error", "conditional", "signal", "compensate"),
}
TIMES = ("timeDuration", "timeDate", "timeCycle")


def _definition(kind: str, inside: str = "") -> str:
    return f"<bpmn:{kind}EventDefinition>{inside}</bpmn:{kind}EventDefinition>" if kind else ""


def _nodes() -> Iterator[tuple[str, str, str, str]]:
    """Id, kind, attributes and what stands inside."""
    for kind in TASKS:
        yield f"N_{kind}", kind, "", ""
    for number, loop in enumerate(LOOPS):
        yield f"N_loop{number}", "userTask", "", loop
    for form in ("formKey", "formRef"):
        yield f"N_{form}", "userTask", f'camunda:{form}="x"', ""
    for name, given in (("type", "external"), ("class", "x"), ("expression", "x")):
        yield f"N_service_{name}", "serviceTask", f'camunda:{name}="{given}"', ""
    yield "N_rule", "businessRuleTask", 'camunda:decisionRef="x"', ""
    for kind in GATEWAYS:
        yield f"N_{kind}", kind, "", ""
    for kind, definitions in EVENTS.items():
        host = 'attachedToRef="N_task"' if kind == "boundaryEvent" else ""
        for definition in definitions:
            yield f"N_{kind}_{definition}", kind, host, _definition(definition)
    for time in TIMES:
        timed = f'<bpmn:{time} xsi:type="bpmn:tFormalExpression">PT1H</bpmn:{time}>'
        yield f"N_{time}", "intermediateCatchEvent", "", _definition("timer", timed)
    yield "N_store", "dataStoreReference", "", ""


def _shape(name: str, x: int, y: int, width: int, height: int) -> str:
    return (
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}"><dc:Bounds x="{x}" y="{y}" width="{width}"'
        f' height="{height}"/></bpmndi:BPMNShape>'
    )


def _size(kind: str) -> tuple[int, int]:
    if kind in TASKS:
        return 100, 80
    return (50, 50) if kind in GATEWAYS else (36, 36)


FLOW = (
    '<bpmn:sequenceFlow id="F_1" sourceRef="N_exclusiveGateway" targetRef="N_userTask"/>'
    '<bpmn:dataObjectReference id="N_data" dataObjectRef="DO"/><bpmn:dataObject id="DO"/>'
    '<bpmn:textAnnotation id="N_note"><bpmn:text>x</bpmn:text></bpmn:textAnnotation>'
    '<bpmn:group id="N_group"/>'
)
EDGE = (
    '<bpmndi:BPMNEdge id="F_1_di" bpmnElement="F_1"><di:waypoint x="300" y="900"/>'
    '<di:waypoint x="500" y="900"/></bpmndi:BPMNEdge>'
)
PROCESS = (
    '<bpmn:collaboration id="C"><bpmn:participant id="P" processRef="all"/></bpmn:collaboration>'
    '<bpmn:process id="all" isExecutable="true"><bpmn:laneSet id="LS"><bpmn:lane id="L"/></bpmn:laneSet>'
)
PLANE = '</bpmn:process><bpmndi:BPMNDiagram id="DD"><bpmndi:BPMNPlane id="PL" bpmnElement="C">'
FOOT = "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"


def everything() -> bytes:
    """The file."""
    nodes, boundary = "", 0
    shapes = _shape("P", 160, 80, 1800, 1000).replace(" bpmnE", ' isHorizontal="true" bpmnE')
    shapes += _shape("L", 190, 80, 1770, 1000).replace(" bpmnE", ' isHorizontal="true" bpmnE')
    for number, (name, kind, attributes, inside) in enumerate(_nodes()):
        nodes += f'<bpmn:{kind} id="{name}" {attributes}>{inside}</bpmn:{kind}>'
        place = 260 + number % 10 * 150, 140 + number // 10 * 120
        if kind == "boundaryEvent":  # beside each other on the edge of their task
            place, boundary = (242 + boundary * 14, 202), boundary + 1
        shapes += _shape(name, *place, *_size(kind))
    for name, x in (("N_data", 600), ("N_note", 750), ("N_group", 900)):
        shapes += _shape(name, x, 900, 60, 60)
    return f"{HEAD}{PROCESS}{nodes}{FLOW}{PLANE}{shapes}{EDGE}{FOOT}".encode()
