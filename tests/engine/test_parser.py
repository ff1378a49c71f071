"""A diagram becomes runnable specs and element facts, or problems with their place."""

import json
from itertools import pairwise

import pytest

from engine.diagram.clock_marks import ClockStart
from engine.diagram.document import read_document
from engine.diagram.parser.compiled_process import CompiledProcess, compile_process
from engine.diagram.parser.process_builder import MAX_NODES
from engine.errors import BundleRefused
from tests.engine.bpmn_text import chain, diagram, flow, node, properties


def compiled(body: str, **options: str) -> CompiledProcess:
    document = read_document(diagram(body, **options), "p.bpmn")
    (process,) = document.processes()
    return compile_process(document, process)


def facts(body: str, name: str, **options: str) -> dict[str, object]:
    process = compiled(body, **options)
    assert not process.problems
    return dict(process.extensions[name])


def codes(body: str, **options: str) -> list[tuple[str, str]]:
    return [(problem.code, problem.element) for problem in compiled(body, **options).problems]


def extended(inside: str) -> str:
    return f"<extensionElements>{inside}</extensionElements>"


# -- what carries the token


def test_specs_are_linked_as_the_flows_are_drawn():
    spec = compiled(chain(node("userTask", "a"), node("task", "b"))).spec
    names = ["Start", "s", "a", "b", "e", "p.EndJoin"]
    for name, following in pairwise(names):
        assert [output.name for output in spec.task_specs[name].outputs] == [following]


def test_conditions_are_tried_in_the_order_of_the_file_whatever_the_drawing():
    gateway = node("exclusiveGateway", "g", default="g_c")
    body = chain(gateway) + node("task", "a") + node("task", "b") + node("task", "c")
    body = body.replace(flow("g", "e"), "")
    body += flow("g", "b", "${x == 1}") + flow("g", "c") + flow("g", "a", "x == 2")
    spec = compiled(body).spec.task_specs["g"]
    tried = [(condition and condition.args[0], name) for condition, name in spec.cond_task_specs]
    assert [entry for entry in tried if entry[0]] == [("x == 1", "b"), ("x == 2", "a")]
    assert spec.default_task_spec == "c"


def test_a_boundary_event_is_watched_from_in_front_of_its_host():
    timer = "<timerEventDefinition><timeDuration>PT48H</timeDuration></timerEventDefinition>"
    event = node("boundaryEvent", "late", timer, attachedToRef="a", cancelActivity="false")
    process = compiled(chain(node("userTask", "a")) + event + node("endEvent", "e2") + flow("late", "e2"))
    specs = process.spec.task_specs
    assert [output.name for output in specs["s"].outputs] == ["a.BoundaryEventSplit"]
    assert {output.name for output in specs["a.BoundaryEventSplit"].outputs} == {"a", "late"}
    assert specs["late"].cancel_activity is False
    assert process.extensions["late"]["timer"] == {"kind": "duration", "expression": "'PT48H'"}


def test_an_embedded_subprocess_has_a_spec_of_its_own_and_belongs_to_its_process():
    inner = chain(node("userTask", "inside")).replace('"s"', '"s2"').replace('"e"', '"e2"')
    process = compiled(chain(node("subProcess", "sub", inner, name="内")))
    assert process.spec.task_specs["sub"].spec == "p/sub"
    assert "inside" in process.subspecs["p/sub"].task_specs
    assert process.extensions["inside"]["process"] == "p"
    assert process.elements["inside"].process_id == "p"
    assert process.flows["s2", "inside"] == "s_inside"


def test_a_repeated_activity_is_framed_and_keeps_its_facts():
    repeated = (
        '<multiInstanceLoopCharacteristics isSequential="true" camunda:collection="${depts}" '
        'camunda:elementVariable="dept"><completionCondition>${nrOfCompletedInstances > 1}'
        "</completionCondition></multiInstanceLoopCharacteristics>"
    ).replace(" > ", " &gt; ")
    task = node("userTask", "a", properties(mi_result="opinions") + repeated, camunda_assignee="${dept}")
    process = compiled(chain(task))
    assert not process.problems
    frame, inner = process.spec.task_specs["a"], process.spec.task_specs["a [child]"]
    assert frame.task_spec == "a [child]"
    assert inner.inputs == [frame]
    assert inner.extensions["inner"] is True
    assert process.elements["a"].mi == {
        "sequential": True,
        "collection": "depts",
        "cardinality": None,
        "element": "dept",
        "condition": "nrOfCompletedInstances > 1",
        "result": "opinions",
    }


def test_a_standard_loop_has_its_bound():
    loop = '<standardLoopCharacteristics loopMaximum="3" testBefore="true"/>'
    assert facts(chain(node("userTask", "a", loop)), "a")["loop"] == {
        "maximum": 3,
        "condition": None,
        "test_before": True,
    }


# -- Camunda 7 attributes


def test_who_does_it_and_by_when_are_templates():
    task = node(
        "userTask",
        "a",
        camunda_assignee="${handler}",
        camunda_candidateGroups="cs,${more}",
        camunda_dueDate="${now()}",
        camunda_followUpDate="2026-11-22T08:00:00Z",
        camunda_priority="50",
        camunda_formRef="registration",
    )
    element = compiled(chain(task)).elements["a"]
    assert (element.assignee, element.candidate_groups) == ("${handler}", "cs,${more}")
    assert (element.due_date, element.follow_up, element.priority) == (
        "${now()}",
        "2026-11-22T08:00:00Z",
        "50",
    )
    assert element.form_key == "registration"


def test_a_form_key_of_camunda_names_the_form_file():
    for written in ("registration", "camunda-forms:deployment:registration.form"):
        element = compiled(chain(node("userTask", "a", camunda_formKey=written))).elements["a"]
        assert element.form_key == "registration"


def test_a_form_drawn_inside_the_diagram_is_read():
    field = '<camunda:formField id="amount" type="long" label="数量"/>'
    task = node("userTask", "a", extended(f"<camunda:formData>{field}</camunda:formData>"))
    form = compiled(chain(task)).elements["a"].form
    assert form.field_names == {"amount"}


def test_the_lane_is_shown_and_stands_for_its_candidate_group():
    lanes = (
        '<laneSet id="L"><lane id="Lane_qa" name="品质部">'
        + properties(name_en="Quality")
        + "<flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef></lane></laneSet>"
    )
    elements = compiled(
        lanes + chain(node("userTask", "a"), node("userTask", "b", camunda_candidateGroups="gm"))
    )
    first, second = elements.elements["a"], elements.elements["b"]
    assert (first.lane, first.lane_en, first.candidate_groups) == ("品质部", "Quality", "qa")
    assert (second.lane, second.candidate_groups) == ("品质部", "gm")


def test_of_nested_lanes_the_innermost_counts_whatever_the_order():
    inner = '<lane id="Lane_in" name="内"><flowNodeRef>a</flowNodeRef></lane>'
    lanes = (
        '<laneSet id="L"><lane id="Lane_out" name="外"><flowNodeRef>a</flowNodeRef>'
        f'<flowNodeRef>b</flowNodeRef><childLaneSet id="C">{inner}</childLaneSet></lane></laneSet>'
    )
    elements = compiled(lanes + chain(node("userTask", "a"), node("userTask", "b"))).elements
    assert [elements[name].lane for name in ("a", "b")] == ["内", "外"]


def test_boundary_events_and_what_is_inside_a_subprocess_take_over_the_lane():
    lanes = '<laneSet id="L"><lane id="Lane_qa" name="品质部"><flowNodeRef>sub</flowNodeRef></lane></laneSet>'
    inner = chain(node("userTask", "inside")).replace('"s"', '"s2"').replace('"e"', '"e2"')
    event = node("boundaryEvent", "fails", "<errorEventDefinition/>", attachedToRef="sub")
    elements = compiled(lanes + chain(node("subProcess", "sub", inner)) + event).elements
    assert {elements[name].lane for name in ("sub", "inside", "fails")} == {"品质部"}


def test_the_properties_of_the_house_become_facts():
    written = properties(
        clauses="S9-4.2.1 S2-2.2(1)a",
        notBy="a",
        sign="批准",
        record="R02",
        clock_start="investigate PT48H inform PT24H",
        clock_stop="reply",
        name_en="Check",
    )
    element = compiled(chain(node("userTask", "a"), node("userTask", "b", written, name="检查"))).elements[
        "b"
    ]
    assert element.clauses == ("S9-4.2.1", "S2-2.2(1)a")
    assert (element.not_by, element.sign, element.record) == (("a",), "批准", "R02")
    assert element.clock_start == (ClockStart("investigate", "PT48H"), ClockStart("inform", "PT24H"))
    assert element.clock_stop == ("reply",)
    assert (element.name, element.name_en) == ("检查", "Check")


def test_documentation_is_the_elements_own_not_that_of_what_is_inside():
    inner = chain(node("userTask", "x", "<documentation>里面</documentation>"))
    inner = inner.replace('"s"', '"s2"').replace('"e"', '"e2"')
    process = compiled(chain(node("subProcess", "sub", inner)))
    assert process.elements["sub"].documentation == ""
    assert process.elements["x"].documentation == "里面"


def test_mappings_of_a_call_are_kept_in_order_without_braces():
    mappings = extended(
        '<camunda:in source="a" target="b"/><camunda:in sourceExpression="${x + 1}" target="c"/>'
        '<camunda:out variables="all" local="true"/>'
    )
    call = facts(chain(node("callActivity", "a", mappings, calledElement="q")), "a")
    assert call["in"] == [{"source": "a", "target": "b"}, {"expression": "x + 1", "target": "c"}]
    assert call["out"] == [{"all": True, "local": True}]
    assert facts(chain(node("callActivity", "a", calledElement="q")), "a")["in"] == []


def test_parameters_may_be_texts_lists_maps_and_scripts():
    parameters = extended(
        "<camunda:inputOutput>"
        '<camunda:inputParameter name="t">Case ${x}</camunda:inputParameter>'
        '<camunda:inputParameter name="l"><camunda:list><camunda:value>1</camunda:value>'
        "</camunda:list></camunda:inputParameter>"
        '<camunda:inputParameter name="m"><camunda:map><camunda:entry key="k">${y}</camunda:entry>'
        "</camunda:map></camunda:inputParameter>"
        '<camunda:outputParameter name="s"><camunda:script scriptFormat="python">x + 1</camunda:script>'
        "</camunda:outputParameter></camunda:inputOutput>"
    )
    task = facts(chain(node("userTask", "a", parameters)), "a")
    assert task["inputs"] == [
        ["t", {"template": "Case ${x}"}],
        ["l", {"list": [{"template": "1"}]}],
        ["m", {"map": {"k": {"template": "${y}"}}}],
    ]
    assert task["outputs"] == [["s", {"script": "x + 1"}]]


def test_decisions_and_scripts_say_where_their_results_go():
    decision = node("businessRuleTask", "d", camunda_decisionRef="severity", camunda_resultVariable="r")
    script = node("scriptTask", "c", "<script>total = a + b</script>", scriptFormat="python")
    process = compiled(chain(decision, script))
    assert process.extensions["d"]["decision"] == {"ref": "severity", "result": "r", "map": None}
    assert process.extensions["c"]["script"] == {"source": "total = a + b", "result": None}
    assert process.reads == {"a", "b"}


@pytest.mark.parametrize(
    ("kind", "written", "expected"),
    [
        ("timeDate", "2026-11-22T08:00:00+08:00", "'2026-11-22T08:00:00+08:00'"),
        ("timeDuration", " PT48H ", "'PT48H'"),
        ("timeCycle", "R3/PT1H", "'R3/PT1H'"),
        ("timeDuration", "${window}", "window"),
        ("timeDate", "${due}", "due"),
    ],
)
def test_bare_iso_times_become_literals_and_expressions_lose_their_braces(kind, written, expected):
    timer = f"<timerEventDefinition><{kind}>{written}</{kind}></timerEventDefinition>"
    event = facts(chain(node("intermediateCatchEvent", "t", timer)), "t")
    assert event["timer"]["expression"] == expected


def test_messages_carry_their_name_and_correlation():
    more = (
        '<message id="M" name="回复"/><collaboration id="C"><correlationKey id="K" name="case">'
        "<correlationPropertyRef>number</correlationPropertyRef></correlationKey></collaboration>"
        '<correlationProperty id="number"><correlationPropertyRetrievalExpression messageRef="M">'
        "<messagePath>case_number</messagePath></correlationPropertyRetrievalExpression></correlationProperty>"
    )
    process = compiled(chain(node("receiveTask", "r", messageRef="M")), more=more)
    assert process.extensions["r"]["message"] == {"name": "回复", "correlation": ["number"]}
    assert process.spec.correlation_keys == {"case": ["number"]}
    assert "case_number" in process.reads


def test_everything_a_spec_carries_is_json():
    process = compiled(chain(node("userTask", "a", properties(sign="批准"))))
    for extensions in process.extensions.values():
        assert json.loads(json.dumps(extensions)) == extensions


# -- refusals


@pytest.mark.parametrize(
    ("body", "code", "element"),
    [
        (node("task", "a"), "start.count", "p"),
        (chain() + node("startEvent", "s2"), "start.count", "p"),
        (chain(node("complexGateway", "g")), "element.kind", "g"),
        (chain(node("adHocSubProcess", "x")), "element.kind", "x"),
        (chain(node("transaction", "x")), "element.kind", "x"),
        (chain(node("task", "a")) + node("task", "a"), "id.duplicate", "a"),
        (chain() + node("task", "Start"), "id.reserved", "Start"),
        (chain() + "<task/>", "id.missing", "p"),
        (chain() + node("task", "a [child]"), "id.name", "a [child]"),
        (chain() + flow("s", "nowhere"), "flow.end", "s_nowhere"),
        (chain() + flow("s", "e", name="again"), "flow.twice", "again"),
        (chain(node("callActivity", "c")), "call.element", "c"),
        (chain(node("exclusiveGateway", "g")) + node("task", "b") + flow("g", "b"), "flow.condition", "g_e"),
        (chain(node("exclusiveGateway", "g", default="no")), "flow.default", "g"),
        (chain(node("task", "a", default="a_e")), "flow.default", "a"),
        (chain(node("task", "a")).replace(flow("a", "e"), flow("a", "e", "${x}")), "flow.condition", "a_e"),
        (chain(node("businessRuleTask", "d")), "decision.ref", "d"),
        (chain(node("userTask", "a", camunda_assignee="${1 +}")), "expression", "a"),
        (chain(node("intermediateCatchEvent", "t")), "event.none", "t"),
        (chain(node("intermediateCatchEvent", "t", "<linkEventDefinition/>")), "event.kind", "t"),
        (chain(node("intermediateThrowEvent", "t", "<compensateEventDefinition/>")), "event.kind", "t"),
        (chain(node("intermediateCatchEvent", "t", "<messageEventDefinition/>")), "event.reference", "t"),
        (chain(node("intermediateCatchEvent", "t", "<timerEventDefinition/>")), "timer.kind", "t"),
        (chain(node("userTask", "a", "<multiInstanceLoopCharacteristics/>")), "mi.collection", "a"),
        (chain(node("userTask", "a", '<standardLoopCharacteristics loopMaximum="-1"/>')), "loop.bound", "a"),
        (chain(node("userTask", "a", "<standardLoopCharacteristics/>")), "loop.bound", "a"),
        (chain(node("scriptTask", "a")), "script", "a"),
        (chain(node("scriptTask", "a", "<script>import os</script>")), "expression", "a"),
        (chain(node("callActivity", "c", extended('<camunda:in businessKey="x"/>'), calledElement="q")),
         "mapping", "c"),
        (chain() + node("boundaryEvent", "b", "<errorEventDefinition/>", attachedToRef="no"),
         "boundary.host", "b"),
    ],
)  # fmt: skip
def test_what_cannot_be_built_is_named_with_its_element(body, code, element):
    assert (code, element) in codes(body)


def test_every_problem_has_a_place_and_both_languages():
    problems = compiled(chain(node("task", "a"), node("complexGateway", "g")) + flow("a", "x")).problems
    assert len(problems) > 1
    for problem in problems:
        assert problem.file == "p.bpmn"
        assert problem.column > 1
        assert problem.zh != problem.en


def test_an_event_with_two_definitions_is_refused():
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    assert ("event.multiple", "t") in codes(chain(node("intermediateCatchEvent", "t", timer + timer)))


def test_a_chain_of_a_thousand_tasks_is_refused_not_overflowed():
    problems = compiled(chain(*(node("task", f"t{n}") for n in range(1000)))).problems
    assert [problem.code for problem in problems] == ["process.size"]
    assert "1002" in problems[0].en


def test_a_chain_at_the_limit_is_built():
    assert not compiled(chain(*(node("task", f"t{n}") for n in range(MAX_NODES - 2)))).problems


@pytest.mark.parametrize("root", [b"<svg/>", b"<definitions/>", b'<definitions xmlns="urn:other"/>'])
def test_xml_that_is_no_bpmn_is_refused(root):
    with pytest.raises(BundleRefused) as refusal:
        read_document(root, "p.bpmn")
    assert [problem.code for problem in refusal.value.problems] == ["bpmn.root"]


def test_a_process_that_is_not_executable_is_not_compiled():
    body = diagram(chain()).replace(b'isExecutable="true"', b'isExecutable="false"')
    assert not list(read_document(body, "p.bpmn").processes())


def test_black_box_pools_and_message_flows_do_not_disturb():
    more = (
        '<collaboration id="C"><participant id="P1" processRef="p"/><participant id="P2" name="客户"/>'
        '<messageFlow id="F" sourceRef="P2" targetRef="s"/></collaboration>'
    )
    assert not compiled(chain(node("userTask", "a")), more=more).problems
