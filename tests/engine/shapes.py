"""Small processes for the engine's tests, each one shape of BPMN, written as text.

`bpmn("p", nodes, flows)` makes a file: nodes are elements (helpers below), flows are lines `a > b`, `a > b : condition`
or `a >> b` for a gateway's default flow. Every process declares the names `a b c d again go stop`.
"""

import re
from dataclasses import dataclass, field

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'targetNamespace="http://zhihuan.example">'
)
NAMES = "a b c d again go stop items key seen results"
FLOW = re.compile(r"(?P<source>\w+)\s*>(?P<default>>?)\s*(?P<target>\w+)(\s*:\s*(?P<condition>.+))?")


def bpmn(process_id: str, nodes: str, flows: str, definitions: str = "") -> bytes:
    """A BPMN file with one executable process; `definitions` are messages, errors and the like."""
    return f'{HEAD}{definitions}<bpmn:process id="{process_id}" isExecutable="true">{inside(nodes, flows)}</bpmn:process></bpmn:definitions>'.encode()


def inside(nodes: str, flows: str, sets: str = NAMES) -> str:
    """The elements of a process or subprocess, its start event `s` included."""
    drawn, text = [], properties("s", "startEvent", sets=sets) + nodes
    for number, line in enumerate(filter(None, map(str.strip, flows.splitlines())), 1):
        flow = FLOW.fullmatch(line)
        assert flow, line
        name = f"F{number}_{flow['source']}_{flow['target']}"
        condition = flow["condition"] or ""
        if condition:
            condition = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${{{condition.replace("<", "&lt;")}}}</bpmn:conditionExpression>'
        if flow["default"]:
            text = text.replace(f'id="{flow["source"]}"', f'id="{flow["source"]}" default="{name}"', 1)
        ends = f'sourceRef="{flow["source"]}" targetRef="{flow["target"]}"'
        drawn.append(f'<bpmn:sequenceFlow id="{name}" {ends}>{condition}</bpmn:sequenceFlow>')
    return text + "".join(drawn)


def properties(name: str, kind: str, body: str = "", **values: str) -> str:
    """An element with `camunda:property` values; `_` in their names stands for a dot."""
    held = "".join(f'<camunda:property name="{k.replace("_", ".")}" value="{v}"/>' for k, v in values.items())
    return (
        f'<bpmn:{kind} id="{name}"><bpmn:extensionElements><camunda:properties>{held}</camunda:properties>'
        f"</bpmn:extensionElements>{body}</bpmn:{kind}>"
    )


def tasks(names: str) -> str:
    """User tasks with these ids."""
    return "".join(f'<bpmn:userTask id="{name}" name="{name}"/>' for name in names.split())


def gateways(kind: str, names: str) -> str:
    """Gateways of one kind: parallel, exclusive, inclusive or eventBased."""
    return "".join(f'<bpmn:{kind}Gateway id="{name}"/>' for name in names.split())


def ends(names: str, definition: str = "") -> str:
    """End events."""
    return "".join(f'<bpmn:endEvent id="{name}">{definition}</bpmn:endEvent>' for name in names.split())


def script(name: str, source: str) -> str:
    """A script task."""
    return f'<bpmn:scriptTask id="{name}"><bpmn:script>{source}</bpmn:script></bpmn:scriptTask>'


def boundary(name: str, host: str, definition: str, interrupting: bool = True) -> str:
    """A boundary event."""
    cancels = str(interrupting).lower()
    return f'<bpmn:boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{cancels}">{definition}</bpmn:boundaryEvent>'


def timer(kind: str, value: str) -> str:
    """A timer definition: timeDate, timeDuration or timeCycle."""
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{value}</bpmn:{kind}></bpmn:timerEventDefinition>"


def subprocess(name: str, nodes: str, flows: str, more: str = "") -> str:
    """An embedded subprocess; its ids must differ from those outside, its start event is `s_<name>`."""
    text = inside(nodes, flows, sets="").replace('id="s"', f'id="s_{name}"')
    return f'<bpmn:subProcess id="{name}">{more}{text}</bpmn:subProcess>'


def many(collection: str, element: str = "item", sequential: bool = False, condition: str = "") -> str:
    """Multi-instance characteristics over a collection."""
    done = f"<bpmn:completionCondition>${{{condition}}}</bpmn:completionCondition>" if condition else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" '
        f'camunda:collection="{collection}" camunda:elementVariable="{element}">{done}'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def repeated(name: str, kind: str, loop: str, result: str = "", extra: str = "", attributes: str = "") -> str:
    """A multi-instance activity whose results go into the list `result`."""
    held = (
        f'<camunda:properties><camunda:property name="mi.result" value="{result}"/></camunda:properties>'
        if result
        else ""
    )
    return (
        f'<bpmn:{kind} id="{name}" {attributes}><bpmn:extensionElements>{held}{extra}</bpmn:extensionElements>'
        f"{loop}</bpmn:{kind}>"
    )


def call(name: str, called: str, mappings: str) -> str:
    """A call activity; `mappings` is XML from `passed`."""
    return (
        f'<bpmn:callActivity id="{name}" calledElement="{called}"><bpmn:extensionElements>{mappings}'
        "</bpmn:extensionElements></bpmn:callActivity>"
    )


def passed(into: str = "", out: str = "") -> str:
    """in- and out-mappings: `a b=c` passes a as a and c as b."""
    text = ""
    for way, words in (("in", into), ("out", out)):
        for word in words.split():
            target, _, source = word.partition("=")
            text += f'<camunda:{way} source="{source or target}" target="{target}"/>'
    return text


READ = script("read", "seen = [a, b, c, d, again, stop]")


@dataclass(frozen=True)
class Shape:
    """A process to be driven at random: its files, what starts it, which messages it may get."""

    files: dict[str, bytes]
    start: dict[str, object] = field(default_factory=dict)
    messages: tuple[str, ...] = ()


def one(nodes: str, flows: str, definitions: str = "", **more: object) -> Shape:
    """A shape of a single process `p`."""
    return Shape({"p.bpmn": bpmn("p", nodes, flows, definitions)}, **more)  # type: ignore[arg-type]


ITEMS: dict[str, object] = {"items": ["x", "y", "z"]}
LEAF = bpmn("leaf", tasks("L") + ends("le") + READ, "s > L\nL > read\nread > le")
MIDDLE = bpmn(
    "middle",
    tasks("M") + call("CL", "leaf", passed("a b=c", "d=a again stop")) + ends("me") + READ,
    "s > M\nM > CL\nCL > read\nread > me",
)
MESSAGES = (
    '<bpmn:message id="Msg" name="hello"/><bpmn:message id="Msg2" name="answer"/>'
    '<bpmn:error id="Err" errorCode="E1" name="bad"/><bpmn:escalation id="Esc" escalationCode="X1" name="up"/>'
    '<bpmn:signal id="Sig" name="bell"/>'
    '<bpmn:correlationProperty id="cp" name="cp"><bpmn:correlationPropertyRetrievalExpression messageRef="Msg">'
    "<bpmn:messagePath>key</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression>"
    '<bpmn:correlationPropertyRetrievalExpression messageRef="Msg2"><bpmn:messagePath>key</bpmn:messagePath>'
    "</bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>"
    '<bpmn:collaboration id="co"><bpmn:correlationKey id="ck" name="ck"><bpmn:correlationPropertyRef>cp'
    "</bpmn:correlationPropertyRef></bpmn:correlationKey></bpmn:collaboration>"
)
ERROR = '<bpmn:errorEventDefinition errorRef="Err"/>'
ESCALATION = '<bpmn:escalationEventDefinition escalationRef="Esc"/>'
MESSAGE, ANSWER = ('<bpmn:messageEventDefinition messageRef="%s"/>' % name for name in ("Msg", "Msg2"))
SIGNAL = '<bpmn:signalEventDefinition signalRef="Sig"/>'
TERMINATE = "<bpmn:terminateEventDefinition/>"


def catch(name: str, definition: str) -> str:
    """An intermediate catch event."""
    return f'<bpmn:intermediateCatchEvent id="{name}">{definition}</bpmn:intermediateCatchEvent>'


def throw(name: str, definition: str) -> str:
    """An intermediate throw event."""
    return f'<bpmn:intermediateThrowEvent id="{name}">{definition}</bpmn:intermediateThrowEvent>'


SHAPES: dict[str, Shape] = {
    "loop": one(
        tasks("A B") + gateways("exclusive", "X") + ends("e") + READ,
        "s > A\nA > B\nB > read\nread > X\nX > A : again\nX >> e",
    ),
    "parallel_in_loop": one(
        tasks("A B C") + gateways("parallel", "F J") + gateways("exclusive", "M X") + ends("e") + READ,
        "s > M\nM > F\nF > A\nF > B\nA > J\nB > J\nJ > C\nC > read\nread > X\nX > M : again\nX >> e",
    ),
    "inclusive": one(
        tasks("A B C D") + gateways("inclusive", "I J") + gateways("exclusive", "X") + ends("e") + READ,
        "s > A\nA > I\nI > B : (a or 0) > 1\nI > C : (b or 0) > 1\nI >> D\nB > J\nC > J\nD > J\nJ > read\nread > X\n"
        "X > A : again\nX >> e",
    ),
    "two_ends": one(
        tasks("A B C") + gateways("parallel", "F") + ends("e1 e2 e3") + READ,
        "s > read\nread > F\nF > A\nF > B\nF > C\nA > e1\nB > e2\nC > e3",
    ),
    "unstructured_joins": one(
        tasks("A B C D E") + gateways("parallel", "F1 F2 J1 J2") + gateways("exclusive", "M X") + ends("e") + READ,
        "s > M\nM > F1\nF1 > A\nF1 > E\nE > F2\nF2 > B\nF2 > C\nA > J1\nB > J1\nJ1 > D\nD > J2\nC > J2\nJ2 > read\nread > X\n"
        "X > M : again\nX >> e",
    ),
    "multi_parallel": one(
        repeated("U", "userTask", many("items", condition="nrOfCompletedInstances >= 2 and stop"), "results")
        + tasks("A") + gateways("exclusive", "X") + ends("e") + script("read2", "seen = [results, a, b, item]") + READ,
        "s > U\nU > read2\nread2 > A\nA > read\nread > X\nX > U : again\nX >> e",
        start=ITEMS,
    ),
    "multi_sequential": one(
        repeated("U", "userTask", many("items", sequential=True, condition="stop"), "results")
        + tasks("A") + gateways("exclusive", "X") + ends("e") + script("read2", "seen = [results, a, b, item]") + READ,
        "s > U\nU > read2\nread2 > A\nA > read\nread > X\nX > U : again\nX >> e",
        start=ITEMS,
    ),
    "multi_call_parallel": Shape(
        {"p.bpmn": bpmn(
            "p",
            repeated("U", "callActivity", many("items"), "results", passed("item a", "a b"), 'calledElement="leaf"')
            + ends("e") + script("read2", "seen = [results, a, b, item]") + gateways("exclusive", "X") + tasks("Q"),
            "s > U\nU > read2\nread2 > Q\nQ > X\nX > U : again\nX >> e",
        ), "leaf.bpmn": LEAF}, ITEMS,
    ),
    "multi_call_sequential": Shape(
        {"p.bpmn": bpmn(
            "p",
            repeated("U", "callActivity", many("items", sequential=True), "results", passed("item a", "a b"),
                     'calledElement="leaf"') + ends("e") + script("read2", "seen = [results, a, b, item]"),
            "s > U\nU > read2\nread2 > e",
        ), "leaf.bpmn": LEAF}, ITEMS,
    ),
    "multi_subprocess": one(
        repeated("U", "subProcess", many("items", condition="stop") + inside(
            tasks("A B") + gateways("parallel", "F J") + ends("ue"), "s > F\nF > A\nF > B\nA > J\nB > J\nJ > ue", ""
        ).replace('id="s"', 'id="us"').replace('"s"', '"us"'), "results")
        + ends("e") + script("read2", "seen = [results, a, b, item]") + READ,
        "s > U\nU > read2\nread2 > read\nread > e",
        start=ITEMS,
    ),
    "nested_calls": Shape(
        {"p.bpmn": bpmn(
            "p",
            tasks("A B") + call("CM", "middle", passed("a c", "a d again")) + call("CL", "leaf", passed("a", "b=d again"))
            + gateways("parallel", "F J") + gateways("exclusive", "X") + ends("e") + READ,
            "s > A\nA > F\nF > CM\nF > CL\nCM > J\nCL > J\nJ > B\nB > read\nread > X\nX > A : again\nX >> e",
        ), "middle.bpmn": MIDDLE, "leaf.bpmn": LEAF},
    ),
    "boundary_timer": one(
        tasks("A B R") + boundary("late", "A", timer("timeDuration", "PT5H"))
        + boundary("remind", "A", timer("timeCycle", "R3/PT1H"), False)
        + gateways("exclusive", "X") + ends("e re") + READ,
        "s > A\nA > X\nlate > B\nB > X\nremind > R\nR > re\nX > read : not again\nX >> A\nread > e",
    ),
    "reminders_in_loop": one(
        tasks("A") + boundary("remind", "A", timer("timeCycle", "R/PT1H"), False)
        + boundary("once", "A", timer("timeDuration", "PT3H"), False) + tasks("R")
        + script("count", "b = (b or 0) + 1") + gateways("exclusive", "X") + ends("e re oe") + READ,
        "s > A\nA > read\nread > X\nremind > count\ncount > re\nonce > R\nR > oe\nX > A : again\nX >> e",
    ),
    "boundary_error": one(
        subprocess("S", tasks("A B") + gateways("parallel", "F") + gateways("exclusive", "Y") + ends("se")
                   + ends("bad", ERROR), "s_S > F\nF > A\nF > B\nA > Y\nY > bad : stop\nY >> se\nB > se")
        + boundary("err", "S", ERROR) + tasks("H") + gateways("exclusive", "X") + ends("e") + READ,
        "s > S\nS > read\nerr > H\nH > read\nread > X\nX > S : again\nX >> e", MESSAGES,
    ),
    "boundary_escalation": one(
        subprocess("S", tasks("A B") + throw("up", ESCALATION) + gateways("exclusive", "Y") + ends("se")
                   + ends("esc", ESCALATION), "s_S > A\nA > up\nup > B\nB > Y\nY > esc : stop\nY >> se")
        + boundary("told", "S", ESCALATION, False) + tasks("H T")
        + subprocess("S2", tasks("A2 B2") + throw("up2", ESCALATION) + gateways("exclusive", "Y2") + ends("se2"),
                     "s_S2 > A2\nA2 > Y2\nY2 > up2 : stop\nY2 >> B2\nup2 > B2\nB2 > se2")
        + boundary("stopped", "S2", ESCALATION) + gateways("exclusive", "X") + ends("e e2 te") + READ,
        "s > S\nS > S2\ntold > T\nT > te\nS2 > e2\nstopped > H\nH > read\nread > X\nX > S : again\nX >> e", MESSAGES,
    ),
    "message": one(
        tasks("A B") + catch("M1", MESSAGE) + catch("M2", ANSWER) + gateways("parallel", "F J")
        + boundary("mb", "B", MESSAGE, False) + tasks("N") + ends("e ne") + READ,
        "s > M1\nM1 > F\nF > A\nF > M2\nA > J\nM2 > B\nB > J\nmb > N\nN > ne\nJ > read\nread > e", MESSAGES,
        messages=("hello", "answer"),
    ),
    "event_gateway": one(
        tasks("A B C") + gateways("eventBased", "G") + catch("gm", MESSAGE) + catch("gt", timer("timeDuration", "PT2H"))
        + '<bpmn:receiveTask id="gr" messageRef="Msg2"/>' + gateways("exclusive", "X") + ends("e") + READ,
        "s > A\nA > G\nG > gm\nG > gt\nG > gr\ngm > B\ngt > C\ngr > X\nB > X\nC > X\nX > read : not again\nX >> A\nread > e",
        MESSAGES, messages=("hello", "answer"),
    ),
    "terminate": one(
        subprocess("S", tasks("A B C") + gateways("parallel", "F") + ends("se") + ends("te", TERMINATE),
                   "s_S > F\nF > A\nF > B\nF > C\nA > te\nB > se\nC > se")
        + tasks("D G") + gateways("parallel", "P") + gateways("exclusive", "X") + ends("e") + ends("all", TERMINATE) + READ,
        "s > P\nP > S\nP > D\nS > read\nread > X\nX > S : again\nX >> all\nD > G\nG > e",
    ),
    "signal": one(
        tasks("A B C") + gateways("parallel", "F J") + catch("c1", SIGNAL) + boundary("sb", "C", SIGNAL) + throw("bell", SIGNAL)
        + gateways("exclusive", "M X Y") + ends("e") + READ,
        "s > M\nM > F\nF > A\nF > c1\nF > C\nA > bell\nbell > J\nc1 > B\nB > J\nC > Y\nsb > Y\nY > J\nJ > read\nread > X\n"
        "X > M : again\nX >> e", MESSAGES,
    ),
    "standard_loop": one(
        '<bpmn:userTask id="U"><bpmn:standardLoopCharacteristics loopMaximum="4"><bpmn:loopCondition>${again}'
        "</bpmn:loopCondition></bpmn:standardLoopCharacteristics></bpmn:userTask>" + tasks("A") + ends("e") + READ,
        "s > U\nU > A\nA > read\nread > e",
    ),
}  # fmt: skip
