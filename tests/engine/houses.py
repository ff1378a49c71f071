"""Small regulations for the tests of the verbs: who may do what is drawn into them."""

from tests.engine.bpmn_text import diagram, flow, node

REQUIRED = '<camunda:validation><camunda:constraint name="required"/></camunda:validation>'


def field(key: str, kind: str = "string", required: bool = False, **properties: str) -> str:
    """A form field drawn into the diagram."""
    held = "".join(
        f'<camunda:property id="{n.replace("_", ".")}" value="{v}"/>' for n, v in properties.items()
    )
    held = f"<camunda:properties>{held}</camunda:properties>" if held else ""
    rule = REQUIRED if required else ""
    return f'<camunda:formField id="{key}" label="{key}" type="{kind}">{held}{rule}</camunda:formField>'


def extended(*fields: str, **properties: str) -> str:
    """Extension elements: a form of these fields, and camunda properties (`name_en` is `name.en`)."""
    held = "".join(
        f'<camunda:property name="{n.replace("_", ".")}" value="{v}"/>' for n, v in properties.items()
    )
    form = f"<camunda:formData>{''.join(fields)}</camunda:formData>" if fields else ""
    return f"<extensionElements>{form}<camunda:properties>{held}</camunda:properties></extensionElements>"


def task(element: str, *fields: str, groups: str = "cs", users: str = "", assignee: str = "", due: str = "",
         **properties: str) -> str:  # fmt: skip
    """A user task with a form and candidates."""
    who = {"camunda_candidateGroups": groups, "camunda_candidateUsers": users, "camunda_assignee": assignee,
           "camunda_dueDate": due}  # fmt: skip
    given = {key: value for key, value in who.items() if value}
    return node("userTask", element, extended(*fields, **properties), name=f"做{element[3:]}", **given)


START = node(
    "startEvent",
    "SE",
    extended(field("gist", required=True), field("phone", personal="true"), clauses="S1-1"),
)
END = node("endEvent", "EE_done", name="已完成")

REWORK = {
    "p.bpmn": diagram(
        START
        + task("UT_do", field("note", required=True), due="${now() + hours(48)}", clauses="S1-3.1a")
        + task("UT_check", field("good", "boolean"), groups="qa", notBy="UT_do", sign="审核", record="R02")
        + node("exclusiveGateway", "XG_good", name="合格？", default="XG_good_UT_do")
        + END
        + flow("SE", "UT_do")
        + flow("UT_do", "UT_check")
        + flow("UT_check", "XG_good")
        + flow("XG_good", "EE_done", "${good == true}")
        + flow("XG_good", "UT_do"),
        attributes='name="返工流程" camunda:candidateStarterGroups="staff"',
    )
}
"""Do, check (four eyes, signed, recorded), and again until it is good."""

OPEN_LOOP = {
    "p.bpmn": diagram(
        START
        + task("UT_do", field("again", "boolean"))
        + node("exclusiveGateway", "XG_again", default="XG_again_EE_done")
        + END
        + flow("SE", "UT_do")
        + flow("UT_do", "XG_again")
        + flow("XG_again", "UT_do", "${again == true}")
        + flow("XG_again", "EE_done"),
    )
}
"""One task, again and again."""

ONE = {
    "p.bpmn": diagram(
        START + task("UT_do", field("note")) + END + flow("SE", "UT_do") + flow("UT_do", "EE_done")
    )
}
"""One task of customer service."""

LEVEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="D" name="D" namespace="test"
 xmlns:camunda="http://camunda.org/schema/1.0/dmn"><decision id="level" name="定级"><decisionTable id="T">
 <input id="I" label="要旨"><inputExpression id="IE"><text>gist</text></inputExpression></input>
 <output id="O" label="严重度" name="level" typeRef="string"><extensionElements><camunda:properties>
  <camunda:property name="label.en" value="severity"/><camunda:property name="value.重大.en" value="major"/>
 </camunda:properties></extensionElements></output>
 <rule id="R"><inputEntry id="E1"><text>-</text></inputEntry>
  <outputEntry id="E2"><text>"重大"</text></outputEntry></rule></decisionTable></decision></definitions>"""
OWNING = """ <output id="O2" label="归口部门" name="owner_group" typeRef="string">
  <outputValues id="V2"><text>"cs","vp","-"</text></outputValues></output>
 <output id="O3" label="办理时限（小时）" name="hours" typeRef="number"/>"""
OWNED = """</outputEntry>
  <outputEntry id="E3"><text>"vp"</text></outputEntry><outputEntry id="E4"><text>48</text>"""
DECIDED = {
    "p.bpmn": diagram(
        START
        + node("businessRuleTask", "BR_level", name="定级", camunda_decisionRef="level")
        + task("UT_do")
        + END
        + flow("SE", "BR_level")
        + flow("BR_level", "UT_do")
        + flow("UT_do", "EE_done")
    ),
    "level.dmn": LEVEL.encode(),
}
"""A decision table with English words, then a task."""
ROUTED = DECIDED | {
    "level.dmn": LEVEL.replace(' <rule id="R">', OWNING + '\n <rule id="R">')
    .replace("</outputEntry></rule>", OWNED + "</outputEntry></rule>")
    .encode()
}
"""The same table, which names a group and gives hours, too."""

CALLED = {
    "outer.bpmn": diagram(
        START
        + node("callActivity", "CA_middle", calledElement="middle")
        + END
        + flow("SE", "CA_middle")
        + flow("CA_middle", "EE_done"),
        "outer",
        attributes='name="总流程"',
    ),
    "middle.bpmn": diagram(
        node("startEvent", "SE")
        + node("callActivity", "CA_inner", calledElement="inner")
        + END
        + flow("SE", "CA_inner")
        + flow("CA_inner", "EE_done"),
        "middle",
        attributes='camunda:isStartableInTasklist="false"',
    ),
    "inner.bpmn": diagram(
        node("startEvent", "SE") + task("UT_do") + END + flow("SE", "UT_do") + flow("UT_do", "EE_done"),
        "inner",
        attributes='camunda:isStartableInTasklist="false"',
    ),
}
"""A process that calls one that calls one with a task; people start the outermost only."""
