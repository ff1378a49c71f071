"""House properties and house rules."""
# ruff: noqa: E501 - XML reads better unbroken

from tests.engine.faulty.case import Case, case
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
)

GROUPS = {"groups.csv": b"id,zh,en,duty_zh,duty_en\nqa,q,Q,,\n"}
CLAUSES = {"clauses.csv": b"id,regulation,zh,en\nS1-1,S1,z,e\n"}
CLOCKS = {"clocks.csv": b"id,zh,en\nreply,z,e\n"}
RECORDS = {"records.csv": b"id,zh,en,number_pattern,copies\nR01,z,e,,\n"}


def held(kind: str, *codes: str, **values: str) -> Case:
    """An element X of a kind with house properties, the marked one being at fault."""
    content = f'<{kind} id="X">{extension(properties(**values))}</{kind}>'
    return case(codes[0], "X", around(content, "X").beside(RECORDS), *codes[1:])


DRAWN_OFFER = (
    '<camunda:formData><camunda:formField id="who" label="甲" type="string"><camunda:properties>'
    '<camunda:property id="source" value="user"/><camunda:property id="source.group" value="aliens"/>'
    "</camunda:properties></camunda:formField></camunda:formData>"
)


def offering(key: str, source: str, groups: str) -> Case:
    """A form whose marked field, a column of a table, offers people of groups, or groups."""
    column = (
        f'¶{{"type": "select", "key": "{key}", "label": "谁", "properties": {{"label.en": "Who", '
        f'"source": "{source}", "source.group": "{groups}"}}}}'
    )
    table = f'{{"type": "dynamiclist", "path": "rows", "label": "表", "components": [{column}], "properties": {{"label.en": "T"}}}}'
    text = f'{{"type": "default", "id": "f",\n "components": [{table}], "properties": {{"title": "表", "title.en": "F"}}}}'
    diagram = process(f'<startEvent id="SE"/><userTask id="UT" camunda:formRef="f"/><endEvent id="EE"/>{chain("SE", "UT", "EE")}')
    return case("group-unknown", key, drawn(others={"f.form": text}, p=definitions(diagram)).beside(GROUPS))


def shown(body: str, edges: str, more: str = "") -> str:
    """A drawing plane."""
    return (
        f'<bpmndi:BPMNDiagram id="DIA"><bpmndi:BPMNPlane id="PL" bpmnElement="p">{body}{edges}{more}'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )


def shape(name: str, x: int, y: int = 0, mark: str = "") -> str:
    bounds = f'<dc:Bounds x="{x}" y="{y}" width="100" height="80"/>'
    return f'{mark}<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}">{bounds}</bpmndi:BPMNShape>'


def edge(name: str) -> str:
    points = '<di:waypoint x="0" y="0"/><di:waypoint x="9" y="0"/>'
    return f'<bpmndi:BPMNEdge id="{name}_di" bpmnElement="{name}">{points}</bpmndi:BPMNEdge>'


EDGES = edge("F_SE_UT") + edge("F_UT_EE")
SHAPES = shape("SE", 0) + shape("UT", 200) + shape("EE", 400)


def pictured(plane: str, task: str = '<userTask id="UT"/>', end: str = '<endEvent id="EE"/>') -> Drawn:
    body = f'<startEvent id="SE"/>\n{task}\n{end}\n{chain("SE", "UT", "EE")}'
    return alone(body, after=plane)


PROPERTIES = [
    held("parallelGateway", "property-misplaced", sign="¶批准"),
    held("manualTask", "property-misplaced", record="¶R01"),
    held("manualTask", "property-misplaced", notBy="¶UT"),
    held("userTask", "property-empty", sign="¶"),
    case("number-pattern", "p", around(
        f'{extension(properties(number="¶no. N"))}<userTask id="X"/>', "X")),
    held("userTask", "clock-start", clock__start="¶investigate 48h"),
    held("userTask", "clock-start", clock__start="¶PT48H"),
    held("userTask", "clock-start", clock__start="¶confirm PT48H propose"),
    held("userTask", "clock-start", clock__start="¶extend PT48H"),
    held("userTask", "clock-stop", "clock-never-started", clock__stop="¶4x"),
    held("userTask", "not-by-unknown", notBy="¶UT_nobody"),
    held("userTask", "not-by-unknown", notBy="¶X"),
    held("userTask", "sign-unknown", sign="¶路过"),
    held("userTask", "record-unknown", record="¶R99"),
    held("userTask", "result-without-instances", mi__result="¶results"),
    held("userTask", "name-invalid", sets="¶_secret"),
    case("name-invalid", "X", around(
        f'<userTask id="X">{extension(properties(mi__result="¶a b"))}<multiInstanceLoopCharacteristics '
        'camunda:collection="[1]" camunda:elementVariable="e"/></userTask>', "X")),
    case("clock-option-alone", "X", around(
        f'¶<userTask id="X">{extension(properties(clock__reply__warn="PT1H"))}</userTask>', "X")),
    case("clock-option", "X", around(
        f'¶<userTask id="X">{extension(properties(clock__start="a P2D", clock__a__calendar="lunar"))}</userTask>', "X")),
    case("clock-option", "X", around(
        f'¶<userTask id="X">{extension(properties(clock__start="a P2D", clock__a__warn="soon"))}</userTask>', "X")),
    case("clock-extend-parts", "X", around(
        f'¶<userTask id="X">{extension(properties(clock__extend="confirm"))}</userTask>', "X")),
    case("clock-never-started", "X", around(
        f'¶<userTask id="X">{extension(properties(clock__stop="reply"))}</userTask>', "X")),
    case("table-unreadable", "", Drawn({**around("<task id=\"T\"/>", "T").files, "groups.csv": b"\xff\xfe\xfa"},
                                       ("groups.csv", 1, 1))),
    case("table-columns", "", Drawn({**around("<task id=\"T\"/>", "T").files, "clauses.csv": b"a,b\n1,2\n"},
                                       ("clauses.csv", 1, 1))),
    case("table-id-twice", "qa", Drawn({**around("<task id=\"T\"/>", "T").files,
                                  "groups.csv": GROUPS["groups.csv"] + b"qa,q,Q,,\n"}, ("groups.csv", 3, 1))),
    case("table-row", "", Drawn({**around("<task id=\"T\"/>", "T").files,
                                   "groups.csv": GROUPS["groups.csv"] + b"qb,q\n"}, ("groups.csv", 3, 1))),
]  # fmt: skip
LANES = '<laneSet id="LS">\n¶<lane id="{}" {}>{}</lane>\n</laneSet>\n<userTask id="UT"/>'
MEMBER = "<flowNodeRef>UT</flowNodeRef>"
BESIDE = (
    '<boundaryEvent id="BE" attachedToRef="T" cancelActivity="{}"><timerEventDefinition>'
    "<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>"
)

WARNINGS = [
    held("userTask", "property-unknown", clock__strat="¶reply PT1H"),
    case("clock-never-stopped", "X", around(
        f'¶<userTask id="X">{extension(properties(clock__start="reply PT1H"))}</userTask>', "X")),
    case("clock-unknown", "X", around(
        f'<userTask id="X">{extension(properties(clock__start="¶repyl PT1H"))}</userTask>', "X").beside(CLOCKS)),
    case("process-file", "p", drawn(other=definitions(process(
        f'<startEvent id="SE"/><endEvent id="EE"/>{chain("SE", "EE")}', mark="¶")))),
    case("label-missing", "UT", around('¶<userTask id="UT"/>', "UT")),
    case("label-missing", "F_XG_EE", around(
        '<scriptTask id="ST"><script>x = 1</script></scriptTask><exclusiveGateway id="XG" default="F_XG_EE"/>'
        '<task id="T"/>', "ST", "T", flows=flow("ST", "XG") + flow("XG", "T", "x == 1")
        + flow("XG", "EE", mark="¶"))),
    case("english-missing", "UT", around('¶<userTask id="UT" name="登记"/>', "UT")),
    case("english-missing", "UT", around(
        '¶<userTask id="UT"><documentation>说明</documentation></userTask>', "UT")),
    case("english-missing", "p", drawn(p=definitions(process(
        f'<startEvent id="SE"/><endEvent id="EE"/>{chain("SE", "EE")}', 'name="流程"', mark="¶")))),
    case("process-undocumented", "p", drawn(p=definitions(process(
        f'<startEvent id="SE"/><endEvent id="EE"/>{chain("SE", "EE")}', mark="¶")))),
    case("task-undocumented", "UT", around('¶<userTask id="UT"/>', "UT")),
    case("page-crowded", "p", drawn(p=definitions(process(
        '<startEvent id="SE"/>' + "".join(f'<task id="T{n}"/>' for n in range(17)) + '<endEvent id="EE"/>'
        + chain("SE", *(f"T{n}" for n in range(17)), "EE"), mark="¶")))),
    *[case("id-generated", name, around(f'¶<userTask id="{name}"/>', name))
      for name in ("Activity_0x1z2y3", "Task_1", "sid-12AB-34CD", "_9f8e7d6c-1234-4321-aaaa-0123456789ab")],
    case("lane-empty", "Lane_qa", around(LANES.format("Lane_qa", "", ""), "UT").beside(GROUPS)),
    case("lane-unknown", "Lane_aliens", around(LANES.format("Lane_aliens", "", MEMBER), "UT").beside(GROUPS)),
    case("group-unknown", "UT", around(
        '¶<userTask id="UT" camunda:candidateGroups="qa, aliens"/>', "UT").beside(GROUPS)),
    case("group-unknown", "p", drawn(p=definitions(process(
        f'<startEvent id="SE"/><endEvent id="EE"/>{chain("SE", "EE")}', 'camunda:candidateStarterGroups="aliens"',
        mark="¶"))).beside(GROUPS)),
    case("group-unknown", "X", around(
        f'<userTask id="X">{extension(properties(flag="¶aliens"))}</userTask>', "X").beside(GROUPS)),
    offering("owner", "user", "aliens"),
    offering("depts", "group", "qa, aliens"),
    case("group-unknown", "UT", around(
        f'¶<userTask id="UT"><extensionElements>{DRAWN_OFFER}</extensionElements></userTask>', "UT").beside(GROUPS)),
    case("clause-unknown", "UT", around(
        f'¶<userTask id="UT">{extension(properties(clauses="S1-1 S99-1"))}</userTask>', "UT").beside(CLAUSES)),
    case("main-without-terminate", "EE", alone(
        f'<startEvent id="SE"/>\n¶<endEvent id="EE"/>{chain("SE", "EE")}')),
    case("main-without-terminate", "EE", alone(
        f'<startEvent id="SE"/><task id="T"/>{BESIDE.format("true")}\n¶<endEvent id="EE"/><endEvent id="TE">'
        f'<terminateEventDefinition/></endEvent>{chain("SE", "T", "TE")}{flow("BE", "EE")}')),
    case("performer-missing", "UT", around('¶<userTask id="UT"/>', "UT")),
    case("drawing-missing", "UT", pictured(shown(shape("SE", 0) + shape("EE", 400), EDGES), '¶<userTask id="UT"/>')),
    case("drawing-stray", "nobody", pictured(shown(SHAPES, EDGES, shape("nobody", 900, mark="¶")))),
    case("drawing-overlap", "EE", pictured(
        shown(shape("SE", 0) + shape("UT", 200) + shape("EE", 250, 40), EDGES), end='¶<endEvent id="EE"/>')),
    case("schema-drawing", "Definitions_p", pictured(shown(SHAPES, EDGES, "¶<bpmndi:BPMNShape/>"))),
]  # fmt: skip
