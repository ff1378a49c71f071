"""Small processes as text. `bpmn("p", nodes, flows)` makes a file: nodes come from the helpers below,
flows are `a > b; b > c : condition; b >> d`, where `>>` is a gateway's default flow. Every process has the
start event `s`."""

import re

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="http://zhihuan.example">'
)
NAMES = "a b c d again stop item items key seen results"
FLOW = re.compile(r"(?P<source>\w+)\s*>(?P<default>>?)\s*(?P<target>\w+)(\s*:\s*(?P<condition>.+))?")


def bpmn(process_id: str, nodes: str, flows: str, definitions: str = "", sets: str = NAMES) -> bytes:
    """A file with one executable process; `definitions` are messages and the like, `sets` the names it may
    set."""
    process = (
        f'<bpmn:process id="{process_id}" isExecutable="true">{inside(nodes, flows, sets)}</bpmn:process>'
    )
    return f"{HEAD}{definitions}{process}</bpmn:definitions>".encode()


def inside(nodes: str, flows: str, sets: str = "", start: str = "s") -> str:
    """The elements of a process or subprocess, its start event included."""
    drawn, text = [], element("startEvent", start, sets=sets) + nodes
    for number, line in enumerate(filter(None, map(str.strip, re.split(r"[;\n]", flows))), 1):
        flow = FLOW.fullmatch(line)
        assert flow, line
        name, condition = f"F{number}_{flow['source']}_{flow['target']}", flow["condition"] or ""
        if condition:
            condition = f"<bpmn:conditionExpression>${{{condition}}}</bpmn:conditionExpression>"
        if flow["default"]:
            text = text.replace(f'id="{flow["source"]}"', f'id="{flow["source"]}" default="{name}"', 1)
        ends_of = f'sourceRef="{flow["source"]}" targetRef="{flow["target"]}"'
        drawn.append(f'<bpmn:sequenceFlow id="{name}" {ends_of}>{condition}</bpmn:sequenceFlow>')
    return text + "".join(drawn)


def element(
    kind: str, name: str, body: str = "", extra: str = "", attributes: str = "", /, **values: str
) -> str:
    """An element. `values` are camunda:property, `_` stands for a dot; `extra` are further extension
    elements."""
    held = "".join(
        f'<camunda:property name="{k.replace("_", ".")}" value="{v}"/>' for k, v in values.items() if v
    )
    held = f"<camunda:properties>{held}</camunda:properties>" if held else ""
    held = f"<bpmn:extensionElements>{held}{extra}</bpmn:extensionElements>" if held or extra else ""
    return f'<bpmn:{kind} id="{name}" {attributes}>{held}{body}</bpmn:{kind}>'


def tasks(names: str) -> str:
    """User tasks."""
    return "".join(element("userTask", name) for name in names.split())


def gateways(kind: str, names: str) -> str:
    """Gateways of one kind: parallel, exclusive, inclusive or eventBased."""
    return "".join(element(f"{kind}Gateway", name) for name in names.split())


def ends(names: str, definition: str = "") -> str:
    """End events."""
    return "".join(element("endEvent", name, definition) for name in names.split())


def script(name: str, source: str) -> str:
    """A script task."""
    return element("scriptTask", name, f"<bpmn:script>{source}</bpmn:script>")


def catch(name: str, definition: str) -> str:
    """An intermediate catch event."""
    return element("intermediateCatchEvent", name, definition)


def throw(name: str, definition: str) -> str:
    """An intermediate throw event."""
    return element("intermediateThrowEvent", name, definition)


def boundary(name: str, host: str, definition: str, interrupting: bool = True) -> str:
    """A boundary event."""
    attributes = f'attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}"'
    return element("boundaryEvent", name, definition, "", attributes)


def timer(kind: str, value: str) -> str:
    """A timer definition: timeDate, timeDuration or timeCycle."""
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{value}</bpmn:{kind}></bpmn:timerEventDefinition>"


def subprocess(name: str, nodes: str, flows: str) -> str:
    """An embedded subprocess; its start event is `s_<name>`, its other ids must differ from those outside."""
    return element("subProcess", name, inside(nodes, flows, start=f"s_{name}"))


def many(collection: str, sequential: bool = False, condition: str = "") -> str:
    """Multi-instance over a collection; the element variable is `item`."""
    done = f"<bpmn:completionCondition>${{{condition}}}</bpmn:completionCondition>" if condition else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" '
        f'camunda:collection="{collection}" camunda:elementVariable="item">{done}'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def call(name: str, called: str, mappings: str, loop: str = "", **values: str) -> str:
    """A call activity; `mappings` from `passed`, `loop` from `many`."""
    return element("callActivity", name, loop, mappings, f'calledElement="{called}"', **values)


def passed(into: str = "", out: str = "") -> str:
    """in- and out-mappings: `a b=c` passes a as a and c as b."""
    text = ""
    for way, words in (("in", into), ("out", out)):
        for word in words.split():
            target, _, source = word.partition("=")
            text += f'<camunda:{way} source="{source or target}" target="{target}"/>'
    return text


MESSAGES = (
    '<bpmn:message id="Msg" name="hello"/><bpmn:message id="Msg2" name="answer"/>'
    '<bpmn:error id="Err" errorCode="E1" name="bad"/><bpmn:error id="Err2" errorCode="E2" name="worse"/>'
    '<bpmn:escalation id="Esc" escalationCode="X1" name="up"/><bpmn:signal id="Sig" name="bell"/>'
    '<bpmn:correlationProperty id="cp">'
    '<bpmn:correlationPropertyRetrievalExpression messageRef="Msg"><bpmn:messagePath>key</bpmn:messagePath>'
    "</bpmn:correlationPropertyRetrievalExpression>"
    '<bpmn:correlationPropertyRetrievalExpression messageRef="Msg2"><bpmn:messagePath>key</bpmn:messagePath>'
    "</bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>"
    '<bpmn:collaboration id="co"><bpmn:correlationKey id="ck" name="ck">'
    "<bpmn:correlationPropertyRef>cp</bpmn:correlationPropertyRef></bpmn:correlationKey></bpmn:collaboration>"
)
ERROR = '<bpmn:errorEventDefinition errorRef="Err"/>'
ESCALATION = '<bpmn:escalationEventDefinition escalationRef="Esc"/>'
MESSAGE = '<bpmn:messageEventDefinition messageRef="Msg"/>'
ANSWER = '<bpmn:messageEventDefinition messageRef="Msg2"/>'
SIGNAL = '<bpmn:signalEventDefinition signalRef="Sig"/>'
TERMINATE = "<bpmn:terminateEventDefinition/>"
