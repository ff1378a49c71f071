"""Diagrams as strangers' tools write them: run as BPMN 2.0 says, or refused with the element and the reason."""
# ruff: noqa: E501 - XML reads better unbroken

import pytest

from engine.diagram.bundle import Bundle, read_bundles
from engine.diagram.lint import lint
from engine.errors import ElementFailed, EndlessRun, NotACollection, Standstill
from tests.drive import contents
from tests.engine.driving import Frozen
from tests.engine.faulty.drawing import chain, definitions, extension, flow, process
from tests.engine.test_attachments import Open

SE, EE = '<startEvent id="SE"/>', '<endEvent id="EE"/>'
SET = '<scriptTask id="ST"><script>{}</script></scriptTask>'
ERROR, UP = '<error id="ER" errorCode="E1"/>', '<escalation id="UP" escalationCode="U1"/>'
CASTS, RISES = '<errorEventDefinition errorRef="ER"/>', '<escalationEventDefinition escalationRef="UP"/>'


def task(name: str, inside: str = "", attributes: str = "") -> str:
    return f'<userTask id="{name}" {attributes}>{inside}</userTask>'


def times(count: object, sequential: bool = False) -> str:
    way = str(sequential).lower()
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{way}"><loopCardinality>{count}</loopCardinality>'
        "</multiInstanceLoopCharacteristics>"
    )


def sub(*ids: str, end: str = "", repeat: str = "", name: str = "SP") -> str:
    """A subprocess with user tasks one after the other."""
    nodes = "".join(task(i) for i in ids)
    ends = f'<startEvent id="s_{name}"/>{nodes}<endEvent id="e_{name}">{end}</endEvent>'
    return f'<subProcess id="{name}">{repeat}{ends}{chain(f"s_{name}", *ids, f"e_{name}")}</subProcess>'


def boundary(name: str, host: str, definition: str, interrupting: bool = True) -> str:
    stops = str(interrupting).lower()
    return f'<boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{stops}">{definition}</boundaryEvent>'


def whole(*parts: str, before: str = "", after: str = "", attributes: str = "") -> str:
    return definitions(before + process(SE + "".join(parts) + EE, attributes) + after)


def compiled(text: str) -> Bundle:
    return read_bundles({"p.bpmn": text.encode()})[0]


def driven(text: str, *order: str) -> tuple[list[str], bool]:
    """Completes the open tasks in this order; what is open then, and whether the process has ended."""
    run = Frozen(compiled(text), {})
    for element in order:
        run.do(element)
    return [element for element, _ in run.tasks()], run.step.ended


PREFIXED = whole(task("U"), chain("SE", "U", "EE"))
for name in ("definitions", "process", "startEvent", "endEvent", "userTask", "sequenceFlow"):
    PREFIXED = PREFIXED.replace(f"<{name}", f"<bpmn2:{name}").replace(f"</{name}", f"</bpmn2:{name}")
PREFIXED = PREFIXED.replace("xmlns=", "xmlns:bpmn2=")
POOLS = (
    '<collaboration id="C"><participant id="P1" processRef="p"/><participant id="P2" name="Customer"/>'
    '<messageFlow id="MF" sourceRef="P2" targetRef="U"/><messageFlow id="MG" sourceRef="U" targetRef="P2"/>'
    '<textAnnotation id="TA"><text>x</text></textAnnotation><association id="AS" sourceRef="P1" targetRef="TA"/></collaboration>'
)
DATA = (
    '<dataObjectReference id="DR" dataObjectRef="DO" name="Letter"/><dataObject id="DO"/><dataStoreReference id="DS"/>'
    '<textAnnotation id="TN"><text>note</text></textAnnotation><association id="AN" sourceRef="U" targetRef="TN"/>'
    '<group id="GR" categoryValueRef="CV"/>'
)
RUNS = {
    "any prefix": (PREFIXED, ["U"]),
    "a black-box pool with message flows and notes": (whole(task("U"), chain("SE", "U", "EE"), before=POOLS), ["U"]),
    "data objects, stores, notes, groups and categories": (
        whole(task("U"), chain("SE", "U", "EE")).replace("</process>", f'{DATA}</process><category id="CA"><categoryValue id="CV" value="v"/></category>'), ["U"]),
    "a drawing that is only partly there": (
        whole(task("U"), chain("SE", "U", "EE"), after='<bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="PL" bpmnElement="p">'
              '<bpmndi:BPMNShape id="sh" bpmnElement="U"><dc:Bounds x="0" y="0" width="100" height="80"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'), ["U"]),
    "a second process that does not run": (
        whole(task("U"), chain("SE", "U", "EE"), after='<process id="q" isExecutable="false"><complexGateway id="CG"/></process>'), ["U"]),
    "tuning of another engine": (
        whole(task("U", attributes='camunda:asyncBefore="true" camunda:exclusive="false"'), chain("SE", "U", "EE"),
              attributes='camunda:historyTimeToLive="P30D" camunda:versionTag="1.0"'), ["U"]),
    "tasks without people pass": (whole('<manualTask id="M"/><task id="T"/><intermediateThrowEvent id="N"/>', task("U"), chain("SE", "M", "T", "N", "U", "EE")), ["U"]),
    "an implicit merge runs once for each token": (
        whole('<parallelGateway id="G"/>', task("A"), task("B"), task("W"), chain("SE", "G", "A", "W", "EE"), chain("G", "B", "W")), ["A", "B", "W", "W"]),
    "a loop with a maximum": (whole(task("U", '<standardLoopCharacteristics loopMaximum="3"/>'), chain("SE", "U", "EE")), ["U"] * 3),
    "no instance at all": (whole(task("U", times(0)), chain("SE", "U", "EE")), []),
    "instances inside a loop": (
        whole(sub("I", repeat='<standardLoopCharacteristics loopMaximum="2"/>').replace('<userTask id="I" >', f'<userTask id="I">{times(2)}'), chain("SE", "SP", "EE")), ["I"] * 4),
    "terminate ends its own instance only": (
        whole(sub("I", end="<terminateEventDefinition/>", repeat=times(2)), task("V"), chain("SE", "SP", "V", "EE")), ["I", "I", "V"]),
    "an error of one instance ends them all": (
        whole(sub("I", end=CASTS, repeat=times(2)), boundary("B", "SP", CASTS), task("V"), chain("SE", "SP", "EE"), chain("B", "V", "EE"), before=ERROR), ["I", "V"]),
    "the boundary that names the error goes before the one that names none": (
        whole(sub("I", end=CASTS), boundary("B", "SP", "<errorEventDefinition/>"), boundary("C", "SP", CASTS), task("V"), task("W"),
              chain("SE", "SP", "EE"), chain("B", "V", "EE"), chain("C", "W", "EE"), before=ERROR), ["I", "W"]),
    "an escalation that does not interrupt": (
        whole(sub("I", end=RISES), boundary("B", "SP", RISES, interrupting=False), task("V"), task("W"),
              chain("SE", "SP", "W", "EE"), chain("B", "V", "EE"), before=UP), ["I", "V", "W"]),
    "an escalation that nobody catches is no error": (
        whole('<intermediateThrowEvent id="T">' + RISES + "</intermediateThrowEvent>", task("U"), chain("SE", "T", "U", "EE"), before=UP), ["U"]),
    "every way of an inclusive gateway whose condition holds": (
        whole('<inclusiveGateway id="G" default="F_G_EE"/>', task("V"), task("W"), chain("SE", "G", "EE"), flow("G", "V", "${1 == 1}"),
              flow("G", "W", "${true and !false}"), flow("V", "EE"), flow("W", "EE")), ["V", "W"]),
    "JUEL as modelers write it": (
        whole(SET.format("x = 'a'"), '<exclusiveGateway id="G" default="F_G_EE"/>', task("V"), chain("SE", "ST", "G", "EE"),
              flow("G", "V", "${x eq 'a' &amp;&amp; not empty x}"), flow("V", "EE")), ["V"]),
    "Chinese ids": (whole(task("任务"), chain("SE", "任务", "EE")), ["任务"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "order"), RUNS.values(), ids=RUNS.keys())
def test_what_bpmn_allows_runs_as_it_says(text: str, order: list[str]) -> None:
    assert driven(text, *order) == ([], True)


REFUSED = {
    "condition-on-activity": (whole(SET.format("x = 1"), task("U", attributes='default="F_U_EE"'), task("V"), chain("SE", "ST", "U", "EE"), flow("U", "V", "x == 1"), flow("V", "EE")), "F_U_V"),
    "implicit-split": (whole(task("U"), task("V"), chain("SE", "U", "EE"), chain("U", "V", "EE")), "U"),
    "gateway-direction": (whole('<exclusiveGateway id="G" gatewayDirection="Converging" default="F_G_EE"/>', task("V"), chain("SE", "G", "EE"), flow("G", "V", "1 == 2"), flow("V", "EE")), "G"),
    "default-foreign": (whole('<exclusiveGateway id="G" default="F_SE_G"/>', task("V"), chain("SE", "G"), flow("G", "EE", "1 == 1"), flow("G", "V", "1 == 2"), flow("V", "EE")), "G"),
    "end-missing": (definitions(process(SE + task("U") + chain("SE", "U"))), "p"),
    "start-missing": (definitions(process(task("U") + EE + chain("U", "EE"))), "p"),
    "instances-unknown": (whole(task("U", "<multiInstanceLoopCharacteristics/>"), chain("SE", "U", "EE")), "U"),
    "value-refused": (whole('<scriptTask id="T" scriptFormat="groovy"><script>x = 1</script></scriptTask>', chain("SE", "T", "EE")), "T"),
    "boundary-rival": (whole(sub("I", end=CASTS), boundary("B", "SP", CASTS), boundary("C", "SP", CASTS), chain("SE", "SP", "EE"), flow("B", "EE"), flow("C", "EE"), before=ERROR), "C"),
    "camunda-refused": (whole(task("U", extension('<z:taskDefinition xmlns:z="http://camunda.org/schema/zeebe/1.0" type="x"/>')), chain("SE", "U", "EE")), "U"),
    "call-unknown": (whole('<callActivity id="CA" calledElement="tns:q"/>', chain("SE", "CA", "EE")), "CA"),
    "expression-invalid": (whole(task("U", attributes='camunda:dueDate="${dateTime().plusDays(3).toDate()}"'), chain("SE", "U", "EE")), "U"),
}  # fmt: skip


@pytest.mark.parametrize("code", REFUSED)
def test_what_is_not_run_as_bpmn_says_is_refused_at_its_element(code: str) -> None:
    text, element = REFUSED[code]
    found = {(problem.code, problem.element) for problem in lint({"p.bpmn": text.encode()})}
    assert (code, element) in found


JOINED = whole(
    SET.format("x = 1"), '<exclusiveGateway id="G" default="F_G_B"/><parallelGateway id="J"/>', task("A", attributes='camunda:candidateGroups="cs"'), task("B"),
    chain("SE", "ST", "G"), flow("G", "A", "x == 1"), flow("G", "B"), chain("A", "J", "EE"), flow("B", "J"),
)  # fmt: skip


def test_a_case_that_would_stand_still_for_ever_is_not_left_so(house: Open) -> None:
    """A join behind a choice: BPMN lets it wait for a token that cannot come; the completion is refused."""
    at = house({"p.bpmn": JOINED.encode()})
    case = at.start("p")
    before = contents(at.session)
    with pytest.raises(Standstill, match="J"):
        case.complete("A", "cs")
    assert contents(at.session) == before
    assert case.open_tasks() == ["A"]


STUCK_INSIDE = whole(
    '<subProcess id="SP"><startEvent id="s"/>'
    + task("A", attributes='camunda:candidateGroups="cs"')
    + '<exclusiveGateway id="G" default="F_G_B"/><parallelGateway id="J"/>' + task("B") + '<endEvent id="e"/>'
    + chain("s", "A", "G") + flow("G", "J", "1 == 1") + flow("G", "B") + chain("B", "J", "e") + "</subProcess>",
    boundary("BE", "SP", CASTS), boundary("BU", "SP", RISES, interrupting=False), '<endEvent id="E2"/>',
    '<endEvent id="E3"/>', chain("SE", "SP", "EE"), flow("BE", "E2"), flow("BU", "E3"),
    before=ERROR + UP,
)  # fmt: skip


def test_nor_is_one_that_only_an_error_from_inside_could_save(house: Open) -> None:
    """Nothing runs in the subprocess any more, so nothing can raise what its boundary events catch."""
    at = house({"p.bpmn": STUCK_INSIDE.encode()})
    case = at.start("p")
    with pytest.raises(Standstill, match="J"):
        case.complete("A", "cs")
    assert case.open_tasks() == ["A"]


FAILING = {
    "a due date that is a list": (SET.format("x = [1]") + task("U", attributes='camunda:dueDate="${x}"'), ElementFailed),
    "a due date beyond the calendar": (SET.format("x = 'P99999Y'") + task("U", attributes='camunda:dueDate="${x}"'), ElementFailed),
    "an assignee that is a record": (SET.format("x = {'a': 1}") + task("U", attributes='camunda:assignee="${x}"'), ElementFailed),
    "an assignee that is a novel": (SET.format("x = 'a' * 500") + task("U", attributes='camunda:assignee="${x}"'), ElementFailed),
    "a priority that is a word": (SET.format("x = 'high'") + task("U", attributes='camunda:priority="${x}"'), ElementFailed),
    "a priority beyond every number": (SET.format("x = 10 ** 12") + task("U", attributes='camunda:priority="${x}"'), ElementFailed),
    "a million instances": (SET.format("x = 1000000") + task("U", times("${x}")), NotACollection),
    "minus one instance": (SET.format("x = -1") + task("U", times("${x}")), NotACollection),
}  # fmt: skip


@pytest.mark.parametrize(("body", "error"), FAILING.values(), ids=FAILING.keys())
def test_what_only_running_can_show_is_refused_with_the_element(body: str, error: type[Exception]) -> None:
    with pytest.raises(error, match="U"):
        Frozen(compiled(whole(body, chain("SE", "ST", "U", "EE"))), {})


def test_instances_of_instances_do_not_fill_the_database() -> None:
    inner = sub("I").replace('<userTask id="I" >', f'<userTask id="I">{times(1000)}')
    text = whole(
        inner.replace('<subProcess id="SP">', f'<subProcess id="SP">{times(1000)}'), chain("SE", "SP", "EE")
    )
    with pytest.raises(EndlessRun):
        Frozen(compiled(text), {})
