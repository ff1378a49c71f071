"""What is drawn well gives no problem: our own diagrams, and every way of giving a name a value."""
# ruff: noqa: E501 - XML reads better unbroken

from pathlib import Path

import pytest

from engine.diagram.lint import lint
from engine.diagram.lint.command import read_paths
from tests.engine.faulty.drawing import (
    Drawn,
    alone,
    around,
    chain,
    definitions,
    drawn,
    extension,
    flow,
    process,
    properties,
)  # fmt: skip
from tests.engine.faulty.house import BESIDE, edge, shape, shown
from tests.engine.faulty.names import DMN, SET, field, form

BPMN = Path(__file__).parents[2] / "bpmn"
UT = '<userTask id="UT"/>'
READS = '<userTask id="X" camunda:assignee="${{{}}}"/>'
DOCUMENTED = (
    '<documentation>说明</documentation><extensionElements><camunda:properties><camunda:property name="name.en"'
    ' value="Name"/><camunda:property name="documentation.en" value="Text"/></camunda:properties></extensionElements>'
)


def errors(files: Drawn) -> list[str]:
    return [problem.text() for problem in lint(files.files) if problem.level == "error"]


def test_our_own_diagrams_break_no_rule() -> None:
    """`lint --strict bpmn` is clean: no error, no warning, tables included."""
    assert [problem.text() for problem in lint(read_paths([BPMN]))] == []


def test_a_small_diagram_drawn_by_the_house_rules_gives_no_problem() -> None:
    body = "\n".join(
        [
            f'<startEvent id="SE" name="收到">{DOCUMENTED}</startEvent>',
            f'<userTask id="UT" name="登记" camunda:candidateGroups="cs">{DOCUMENTED}</userTask>',
            f'<endEvent id="EE" name="已归档">{DOCUMENTED}<terminateEventDefinition/></endEvent>',
        ]
    )
    shapes = shape("SE", 0) + shape("UT", 200) + shape("EE", 400)
    plane = shown(shapes, edge("F_SE_UT") + edge("F_UT_EE"))
    text = definitions(process(DOCUMENTED + body + chain("SE", "UT", "EE"), 'name="流程"') + plane)
    assert [problem.text() for problem in lint(drawn(p=text).files)] == []


def house(files: Drawn, *codes: str) -> list[str]:
    return [problem.text() for problem in lint(files.files) if problem.code in codes]


def test_a_side_branch_of_a_main_process_may_end_by_itself() -> None:
    """It began beside the main way, which goes on: only what the token itself reaches has to terminate."""
    body = (
        f'<startEvent id="SE"/><task id="T"/>{BESIDE.format("false")}<endEvent id="EE"/>'
        '<endEvent id="TE"><terminateEventDefinition/></endEvent>'
    )
    ways = chain("SE", "T", "TE") + flow("BE", "EE")
    assert house(alone(body + ways), "main-without-terminate") == []


def test_boundary_events_do_not_crowd_a_page() -> None:
    """They sit on their activities: 18 nodes and a boundary event still fit."""
    tasks = [f"T{n}" if n else "T" for n in range(16)]
    nodes = "".join(f'<task id="{task}"/>' for task in tasks)
    body = f'<startEvent id="SE"/>{nodes}{BESIDE.format("true")}<endEvent id="EE"/>'
    assert house(alone(body + chain("SE", *tasks, "EE") + flow("BE", "T1")), "page-crowded") == []


def test_a_record_may_carry_what_the_start_said_and_four_eyes_may_name_the_start() -> None:
    task = f'<userTask id="X">{extension(properties(record__with="SE", notBy="SE"))}</userTask>'
    assert house(around(task, "X"), "not-by-unknown") == []


SETTERS = {
    "a script": SET,
    "a script's result": '<scriptTask id="ST" camunda:resultVariable="x"><script>1 + 1</script></scriptTask>',
    "an expression's result": '<serviceTask id="ST" camunda:expression="${1}" camunda:resultVariable="x"/>',
    "an output parameter": '<task id="ST"><extensionElements><camunda:inputOutput><camunda:outputParameter name="x">'
    "1</camunda:outputParameter></camunda:inputOutput></extensionElements></task>",
    "a drawn form": '<userTask id="ST"><extensionElements><camunda:formData><camunda:formField id="x" label="甲"'
    ' type="string"/></camunda:formData></extensionElements></userTask>',
    "a list of results": '<userTask id="ST"><extensionElements><camunda:properties><camunda:property name="mi.result"'
    ' value="x"/></camunda:properties></extensionElements><multiInstanceLoopCharacteristics'
    ' camunda:collection="[1]" camunda:elementVariable="e"/></userTask>',
    "an announced payload": '<task id="ST"><extensionElements><camunda:properties><camunda:property name="sets"'
    ' value="w x"/></camunda:properties></extensionElements></task>',
    "a script in a subprocess": '<subProcess id="ST"><startEvent id="S1"/><scriptTask id="T1"><script>x = 1</script>'
    f'</scriptTask><endEvent id="E1"/>{chain("S1", "T1", "E1")}</subProcess>',
    "a loop": '<scriptTask id="ST"><standardLoopCharacteristics loopMaximum="2"/><script>x = loopCounter</script>'
    "</scriptTask>",
}


@pytest.mark.parametrize("setter", SETTERS.values(), ids=SETTERS.keys())
def test_a_name_that_something_sets_is_known(setter: str) -> None:
    assert errors(around(f"{setter}\n{READS.format('x')}", "ST", "X", flows=flow("ST", "X"))) == []


def test_a_form_file_and_a_decision_set_names() -> None:
    body = (
        '<userTask id="ST" camunda:formRef="f"/><businessRuleTask id="BR" camunda:decisionRef="rate"/>'
        f"{READS.format('fee if amount else 0')}"
    )
    files = around(body, "ST", "X", flows=chain("ST", "BR", "X"))
    assert errors(files.beside({**form("f", field("amount")), "rate.dmn": DMN.encode()})) == []


def test_the_element_and_the_counters_are_known_inside_instances_only() -> None:
    instances = (
        '<userTask id="X" camunda:assignee="${e}"><multiInstanceLoopCharacteristics camunda:collection="x"'
        ' camunda:elementVariable="e"><completionCondition>${nrOfCompletedInstances == nrOfInstances or e == 1}'
        "</completionCondition></multiInstanceLoopCharacteristics></userTask>"
    )
    assert errors(around(f"{SET}\n{instances}", "ST", "X", flows=flow("ST", "X"))) == []
    outside = around(f"{SET}\n{instances}\n<userTask id=\"Y\" camunda:assignee=\"${{e}}\"/>", "ST", "Y",
                     flows=chain("ST", "X", "Y"))  # fmt: skip
    assert [p.code for p in lint(outside.files) if p.level == "error"] == ["name-unknown"]


CALLED = f'<startEvent id="S2"/>{READS.format("x")}<scriptTask id="T2"><script>y = x</script></scriptTask><endEvent id="E2"/>'
MAPPINGS = [
    '<camunda:in variables="all"/><camunda:out variables="all"/>',
    '<camunda:in source="x" target="x"/><camunda:out source="y" target="y"/>',
    '<camunda:in sourceExpression="${x}" target="x"/><camunda:out sourceExpression="${y}" target="y"/>',
]


@pytest.mark.parametrize("mappings", MAPPINGS)
def test_a_called_process_knows_what_is_passed_in_and_gives_back_what_is_passed_out(mappings: str) -> None:
    call = f'<callActivity id="CA" calledElement="q"><extensionElements>{mappings}</extensionElements></callActivity>'
    ways = chain("SE", "ST", "CA", "Y", "EE")
    main = f'<startEvent id="SE"/>{SET}{call}<userTask id="Y" camunda:assignee="${{y}}"/><endEvent id="EE"/>{ways}'
    inner = CALLED + chain("S2", "X", "T2", "E2")
    assert errors(drawn(p=definitions(process(main)), q=definitions(process(inner, name="q")))) == []


@pytest.mark.parametrize("level", ["subprocess", "call"])
def test_an_error_caught_around_it_is_no_problem(level: str) -> None:
    error = '<error id="ER" errorCode="E1"/>'
    thrower = (
        '<startEvent id="S1"/><endEvent id="E1"><errorEventDefinition errorRef="ER"/></endEvent>'
        f"{chain('S1', 'E1')}"
    )
    catcher = '<boundaryEvent id="BE" attachedToRef="H"><errorEventDefinition{}/></boundaryEvent>'
    if level == "subprocess":
        body = f'<subProcess id="H">{thrower}</subProcess>' + catcher.format(' errorRef="ER"')
        assert errors(around(body, "H", flows=flow("BE", "EE"), before=error)) == []
        return
    body = '<callActivity id="H" calledElement="q"/>' + catcher.format("")
    files = around(body, "H", flows=flow("BE", "EE"))
    called = definitions(f"{error}{process(thrower, name='q')}").encode()
    assert errors(files.beside({"q.bpmn": called})) == []


def test_what_is_drawn_for_the_reader_only_is_no_problem() -> None:
    notes = (
        '<textAnnotation id="TA"><text>注</text></textAnnotation><association id="AS" sourceRef="UT" targetRef="TA"/>'
        '<group id="GR"/>'
    )
    data = '<dataObject id="DO"/><dataObjectReference id="DR" dataObjectRef="DO"/>'
    assert errors(around(f"{data}{UT}", "UT", flows=notes)) == []


def test_other_namespaces_are_ignored_as_bpmn_says() -> None:
    task = (
        '<userTask id="UT" other:colour="red"><extensionElements><other:note/></extensionElements></userTask>'
    )
    assert errors(around(task, "UT")) == []


def test_exclusive_conditions_do_not_overlap() -> None:
    body = f'{SET}<exclusiveGateway id="XG" default="F_XG_T"/><task id="T"/><task id="U"/>'
    flows = (
        flow("ST", "XG") + flow("XG", "T") + flow("T", "EE")
        + flow("XG", "U", "x &gt; 1 and x &lt;= 5") + flow("XG", "EE", "x &gt; 5")
    )  # fmt: skip
    problems = lint(around(body, "ST", "U", flows=flows).files)
    assert "conditions-overlap" not in {problem.code for problem in problems}


def test_a_choice_field_limits_what_can_overlap() -> None:
    """`a != "是"` and `a != "否"` overlap in general, not if a form offers nothing else."""
    options = ', "values": [{"value": "是", "label": "是"}, {"value": "否", "label": "否"}]'
    choice = field("a", options).replace("textfield", "select")
    body = '<userTask id="ST" camunda:formRef="f"/><exclusiveGateway id="XG"/><task id="T"/>'
    flows = flow("ST", "XG") + flow("XG", "T", 'a != "是"') + flow("XG", "EE", 'a != "否"')
    files = around(body, "ST", "T", flows=flows)
    codes = [{p.code for p in lint(files.beside(form("f", one)).files)} for one in (choice, field("a"))]
    assert ["conditions-overlap" in found for found in codes] == [False, True]
