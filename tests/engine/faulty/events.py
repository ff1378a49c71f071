"""Events, boundary events, errors, timers; calls; repeats."""
# ruff: noqa: E501 - XML reads better unbroken

from tests.engine.faulty.case import case
from tests.engine.faulty.drawing import Drawn, alone, around, chain, definitions, drawn, flow, process

UT = '<userTask id="UT"/>'
MESSAGE = '<message id="M" name="m"/>'
SIGNAL = '<signal id="S" name="s"/>'
RUNG = '<signalEventDefinition signalRef="S"/>'
NAMELESS = '<message id="M"/>'
ERROR = '<error id="ER" errorCode="E1"/>'


def catching(definition: str, before: str = "") -> Drawn:
    """An intermediate catch event IE."""
    return around(
        f'<intermediateCatchEvent id="IE">{definition}</intermediateCatchEvent>', "IE", before=before
    )


def marked(tag: str, definition: str, before: str = "") -> Drawn:
    """An element X of the kind `tag` with a definition, the element being marked."""
    return around(f'¶<{tag} id="X">{definition}</{tag}>', "X", before=before)


def boundary(attributes: str, definition: str, before: str = "") -> Drawn:
    """A boundary event BE on a user task UT."""
    body = f'{UT}\n¶<boundaryEvent id="BE" attachedToRef="UT" {attributes}>{definition}</boundaryEvent>'
    return around(body, "UT", flows=flow("BE", "EE"), before=before)


def starting(definition: str) -> Drawn:
    return alone(f'¶<startEvent id="SE">{definition}</startEvent>\n<endEvent id="EE"/>{chain("SE", "EE")}',
                 before=MESSAGE)  # fmt: skip


def ending(definition: str, mark: str = "¶", before: str = ERROR) -> str:
    body = f'<startEvent id="SE"/>{mark}<endEvent id="EE">{definition}</endEvent>{chain("SE", "EE")}'
    return definitions(f"{before}\n{process(body)}")


def timed(part: str, kind: str = "intermediateCatchEvent") -> Drawn:
    return catching(f"<timerEventDefinition>{part}</timerEventDefinition>")


THROWN = '<errorEventDefinition errorRef="ER"/>'
INNER = process(
    f'<startEvent id="SEQ"/>¶<endEvent id="EEQ">{THROWN}</endEvent>{chain("SEQ", "EEQ")}', name="q"
)
CALLING = '<callActivity id="CA" calledElement="q"/>'
CAUGHT = '<boundaryEvent id="BE" attachedToRef="CA"><errorEventDefinition errorRef="ER"/></boundaryEvent>'


def calling(body: str, flows: str = "", called: str = f"{ERROR}\n{INNER}", before: str = "") -> Drawn:
    """Process p calls process q, which throws the error E1."""
    ends = f'<startEvent id="SE"/>\n{body}\n<endEvent id="EE"/>{chain("SE", "CA", "EE")}{flows}'
    return drawn(p=definitions(before + process(ends)), q=definitions(called))


EVENTS = [
    case("event-kind", "X", marked("intermediateThrowEvent",
                                   "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>")),
    case("event-kind", "X", marked("intermediateCatchEvent", '<errorEventDefinition errorRef="ER"/>', ERROR)),
    case("event-kind", "BE", boundary("", "<terminateEventDefinition/>")),
    case("event-kind", "SE", starting("<terminateEventDefinition/>")),
    case("event-refused", "SE", starting(
        "<timerEventDefinition><timeCycle>R/PT24H</timeCycle></timerEventDefinition>")),
    case("event-refused", "X", marked("intermediateThrowEvent", RUNG, SIGNAL)),
    case("event-refused", "SE", alone(
        f'¶<startEvent id="SE">{RUNG}</startEvent><endEvent id="EE"/>{chain("SE", "EE")}', before=SIGNAL)),
    case("event-refused", "EE", drawn(p=ending(RUNG, before=SIGNAL))),
    case("signal-unnamed", "IE", catching("¶<signalEventDefinition/>")),
    case("signal-unnamed", "IE", catching(f"¶{RUNG}", '<signal id="S"/>')),
    case("event-multiple", "X", marked("intermediateCatchEvent",
                                       '<messageEventDefinition messageRef="M"/><timerEventDefinition>'
                                       "<timeDuration>PT1H</timeDuration></timerEventDefinition>", MESSAGE)),
    case("event-without-trigger", "X", marked("intermediateCatchEvent", "")),
    case("event-without-trigger", "BE", boundary("", "")),
    case("subprocess-start", "S1", around(
        '<subProcess id="SP">¶<startEvent id="S1"><messageEventDefinition messageRef="M"/></startEvent>'
        f'<endEvent id="E1"/>{chain("S1", "E1")}</subProcess>', "SP", before=MESSAGE)),
    case("message-missing", "IE", catching("¶<messageEventDefinition/>")),
    case("message-missing", "X", marked("sendTask", "")),
    case("message-unnamed", "IE", catching('¶<messageEventDefinition messageRef="M"/>', NAMELESS)),
    case("message-unnamed", "RT", around('¶<receiveTask id="RT" messageRef="M"/>', "RT", before=NAMELESS)),
    case("code-missing", "EE", drawn(p=ending("¶<errorEventDefinition/>", mark="")), "error-uncaught"),
    case("code-missing", "X", around(
        '<intermediateThrowEvent id="X">¶<escalationEventDefinition escalationRef="ES"/></intermediateThrowEvent>',
        "X", before='<escalation id="ES"/>')),
    case("timer-parts", "IE", catching("¶<timerEventDefinition/>")),
    case("timer-invalid", "IE", timed("¶<timeDuration>48 hours</timeDuration>")),
    case("timer-invalid", "IE", timed("¶<timeDate>2026-11-22T08:00:00</timeDate>")),
    case("timer-invalid", "IE", timed("¶<timeCycle>every day</timeCycle>")),
    case("boundary-host", "BE", around(
        f'{UT}<parallelGateway id="PG"/>\n¶<boundaryEvent id="BE" attachedToRef="PG">'
        "<errorEventDefinition/></boundaryEvent>", "UT", "PG", flows=flow("UT", "PG") + flow("BE", "EE"))),
    case("boundary-elsewhere", "BE", around(
        f'<subProcess id="SP"><startEvent id="S1"/>{UT}<endEvent id="E1"/>{chain("S1", "UT", "E1")}</subProcess>\n'
        '¶<boundaryEvent id="BE" attachedToRef="UT"><errorEventDefinition/></boundaryEvent>', "SP",
        flows=flow("BE", "EE")), "never-reached"),
    case("boundary-error-continues", "BE", boundary('cancelActivity="false"', "<errorEventDefinition/>")),
    case("boundary-cycle", "BE", boundary(
        "", "<timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>")),
    case("error-uncaught", "EE", drawn(p=ending(THROWN))),
    case("error-uncaught", "EEQ", calling(CALLING)),
    case("error-uncaught", "EEQ", calling(CALLING + CAUGHT, flow("BE", "EE"), before='<error id="ER" errorCode="E2"/>')),
]  # fmt: skip

CALLS = [
    case("call-without-process", "CA", around('¶<callActivity id="CA"/>', "CA")),
    case("call-dynamic", "CA", around('¶<callActivity id="CA" calledElement="${x}"/>', "CA")),
    case("call-unknown", "CA", around('¶<callActivity id="CA" calledElement="nobody"/>', "CA")),
    case("call-recursive", "CA", around('¶<callActivity id="CA" calledElement="p"/>', "CA")),
    case("call-recursive", "CB", calling(
        CALLING, called=process('<startEvent id="SEQ"/>\n¶<callActivity id="CB" calledElement="p"/><endEvent id="EEQ"/>'
                                + chain("SEQ", "CB", "EEQ"), name="q")), "call-recursive"),
]  # fmt: skip

REPEATS = [
    case("repeat-kind", "X", around(
        '¶<sendTask id="X" messageRef="M"><standardLoopCharacteristics loopMaximum="2"/></sendTask>', "X",
        before=MESSAGE)),
    case("instances-unknown", "UT", around(
        '<userTask id="UT">¶<multiInstanceLoopCharacteristics/></userTask>', "UT")),
    case("instances-unnamed", "UT", around(
        '<userTask id="UT">¶<multiInstanceLoopCharacteristics camunda:collection="[1, 2]"/></userTask>', "UT")),
    case("loop-maximum", "UT", around(
        '<userTask id="UT">¶<standardLoopCharacteristics loopMaximum="-1"/></userTask>', "UT")),
    case("loop-endless", "UT", around('<userTask id="UT">¶<standardLoopCharacteristics/></userTask>', "UT")),
]  # fmt: skip

CASES = EVENTS + CALLS + REPEATS
