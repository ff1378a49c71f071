"""Expressions, names, forms, decisions."""
# ruff: noqa: E501 - XML reads better unbroken

from tests.engine.faulty.case import Case, case
from tests.engine.faulty.drawing import around, chain, definitions, drawn, flow, process

UT = '<userTask id="UT"/>'
SET = '<scriptTask id="ST"><script>x = [1, 2]</script></scriptTask>'
DMN = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="D" name="D" namespace="n">
<decision id="rate" name="费率"><decisionTable id="T" hitPolicy="FIRST">
<input id="I" label="额"><inputExpression id="IE" typeRef="number"><text>amount</text></inputExpression></input>
<output id="O" name="fee" typeRef="number"/>
<rule id="R"><inputEntry id="A"><text>-</text></inputEntry><outputEntry id="B"><text>1</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def form(name: str, *fields: str) -> dict[str, str | bytes]:
    """A form file; each field is the JSON of its component."""
    text = (
        f'{{"type": "default", "id": "{name}", "schemaVersion": 16, "components": [{", ".join(fields)}],'
        f' "properties": {{"title": "表", "title.en": "Form"}}}}'
    )
    return {f"{name}.form": text.encode()}


def field(key: str, more: str = "", properties: str = "") -> str:
    return (
        f'{{"type": "textfield", "id": "Field_{key}", "key": "{key}", "label": "字"{more},'
        f' "properties": {{"label.en": "Word"{properties}}}}}'
    )


def reads(text: str, code: str = "name-unknown") -> Case:
    """A script that sets x, and `text`, whose marked element reads a name that nothing sets."""
    return case(code, "X", around(f"{SET}\n{text}", "ST", "X", flows=flow("ST", "X")))


def ask(attributes: str, content: str = "") -> str:
    return f'¶<userTask id="X" {attributes}>{content}</userTask>'


def extended(kind: str, content: str, attributes: str = "") -> str:
    return f'<{kind} id="X" {attributes}><extensionElements>{content}</extensionElements></{kind}>'


def calling(mapping: str, body: str = "<script>y = 1</script>") -> dict[str, str]:
    """p calls q with a mapping; q sets y."""
    inside = f'<startEvent id="S2"/><scriptTask id="T2">{body}</scriptTask><endEvent id="E2"/>'
    activity = extended("callActivity", mapping, 'calledElement="q"')
    outside = f'<startEvent id="SE"/>{SET}\n{activity}<endEvent id="EE"/>{chain("SE", "ST", "X", "EE")}'
    return {
        "p": definitions(process(outside)),
        "q": definitions(process(inside + chain("S2", "T2", "E2"), name="q")),
    }


def timed(text: str) -> str:
    return (
        f'<intermediateCatchEvent id="X"><timerEventDefinition>¶<timeDuration>{text}</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>"
    )


def instances(attributes: str, content: str = "") -> str:
    return (
        f'<userTask id="X">¶<multiInstanceLoopCharacteristics {attributes}>{content}'
        "</multiInstanceLoopCharacteristics></userTask>"
    )


PERSONAL = (
    '<camunda:formData><camunda:formField id="phone" label="电话" type="string"><camunda:properties>'
    '<camunda:property id="label.en" value="Phone"/><camunda:property id="personal" value="true"/>'
    "</camunda:properties></camunda:formField></camunda:formData>"
)
EXPRESSIONS = [
    case("expression-invalid", "F_1", around(
        f'{SET}<exclusiveGateway id="XG" default="F_XG_EE"/>{UT}', "ST", "UT",
        flows=flow("ST", "XG") + flow("XG", "EE")
        + '<sequenceFlow id="F_1" sourceRef="XG" targetRef="UT">¶<conditionExpression>x =</conditionExpression>'
          "</sequenceFlow>")),
    reads(ask('camunda:assignee="${x.__class__}"'), "expression-invalid"),
    reads('<scriptTask id="X">¶<script>import os</script></scriptTask>', "expression-invalid"),
    reads('<scriptTask id="X">¶<script>y = open("f")</script></scriptTask>', "expression-invalid"),
    reads(timed("${now() +}"), "expression-invalid"),
    reads(extended("userTask", '<camunda:inputOutput>¶<camunda:inputParameter name="z">${x +}'
                               "</camunda:inputParameter></camunda:inputOutput>"), "expression-invalid"),
    *[reads(ask(f'camunda:{name}="${{nobody}}"'))
      for name in ("assignee", "candidateGroups", "candidateUsers", "dueDate", "followUpDate", "priority")],
    reads('<scriptTask id="X">¶<script>y = nobody + 1</script></scriptTask>'),
    reads('<scriptTask id="X" camunda:resultVariable="z">¶<script>nobody + 1</script></scriptTask>'),
    reads('¶<serviceTask id="X" camunda:expression="${nobody}"/>'),
    reads(timed("${nobody}")),
    reads(instances('camunda:collection="nobody" camunda:elementVariable="e"')),
    reads(instances('camunda:collection="${e}" camunda:elementVariable="e"')),
    reads('<userTask id="X"><multiInstanceLoopCharacteristics>¶<loopCardinality>${nobody}</loopCardinality>'
          "</multiInstanceLoopCharacteristics></userTask>"),
    reads('<userTask id="X"><multiInstanceLoopCharacteristics camunda:collection="x" camunda:elementVariable="e">'
          "¶<completionCondition>${nobody}</completionCondition></multiInstanceLoopCharacteristics></userTask>"),
    reads('<userTask id="X"><standardLoopCharacteristics>¶<loopCondition>${nobody}</loopCondition>'
          "</standardLoopCharacteristics></userTask>"),
    case("name-unknown", "F_XG_UT", around(
        f'{SET}<exclusiveGateway id="XG" default="F_XG_EE"/>{UT}', "ST", "UT",
        flows=flow("ST", "XG") + flow("XG", "EE") + flow("XG", "UT", "nobody").replace(
            "<conditionE", "¶<conditionE"))),
    case("name-unknown", "X", drawn(**calling('¶<camunda:in source="nobody" target="z"/>'))),
    case("name-unknown", "X", drawn(**calling('¶<camunda:in sourceExpression="${nobody}" target="z"/>'))),
    case("name-unknown", "T2", drawn(**calling("", "¶<script>y = x</script>"))),
    case("name-unknown-inside", "X", drawn(**calling('¶<camunda:out source="x" target="z"/>'))),
    case("name-unknown-inside", "X", drawn(**calling('¶<camunda:out sourceExpression="${x}" target="z"/>'))),
    reads(extended("userTask", '<camunda:inputOutput>¶<camunda:inputParameter name="_z">1'
                               "</camunda:inputParameter></camunda:inputOutput>"), "name-invalid"),
    case("name-invalid", "X", drawn(**calling('¶<camunda:in source="x" target="typename"/>'))),
    reads('¶<serviceTask id="X" camunda:expression="${1}" camunda:resultVariable="a b"/>', "name-invalid"),
    reads(instances('camunda:collection="x" camunda:elementVariable="__e"'), "name-invalid"),
    case("name-personal", "X", drawn(
        others=form("f", field("phone", properties=', "personal": "true"')),
        p=definitions(process(
            '<startEvent id="SE" camunda:formRef="f"/>\n¶<userTask id="X" camunda:assignee="${phone}"/>'
            f'<endEvent id="EE"/>{chain("SE", "X", "EE")}')))),
    case("name-personal", "X", drawn(
        others={**form("f", field("amount", properties=', "personal": "true"')), "rate.dmn": DMN.encode()},
        p=definitions(process(
            '<startEvent id="SE" camunda:formRef="f"/>\n¶<businessRuleTask id="X" camunda:decisionRef="rate"/>'
            f'<endEvent id="EE"/>{chain("SE", "X", "EE")}')))),
    case("name-personal", "X", drawn(
        p=definitions(process(
            f'<startEvent id="SE"><extensionElements>{PERSONAL}</extensionElements></startEvent>\n'
            '¶<userTask id="X" camunda:assignee="${phone}"/>'
            f'<endEvent id="EE"/>{chain("SE", "X", "EE")}')))),
]  # fmt: skip


def using(task: str, *names: str, others: dict[str, str | bytes] | None = None) -> Case:
    """A task X that refers to something; `names` are the code and the codes that follow."""
    text = process(f'<startEvent id="SE"/>\n{task}<endEvent id="EE"/>{chain("SE", "X", "EE")}')
    return case(names[0], "X", drawn(others=others, p=definitions(text)), *names[1:])


DRAWN_FORM = '<camunda:formData><camunda:formField id="a" label="甲" type="string"/></camunda:formData>'
DRAWN_READING = DRAWN_FORM.replace(
    "/></camunda:formData>",
    '><camunda:properties><camunda:property id="required.when" value="nobody > 1"/></camunda:properties>'
    "</camunda:formField></camunda:formData>",
)


def in_form(key: str, *fields: str) -> Case:
    """A task whose form reads `nobody` at the marked component, which has that key."""
    (text,) = form("f", *fields).values()
    diagram = process(f'<startEvent id="SE"/><userTask id="X" camunda:formRef="f"/><endEvent id="EE"/>{chain("SE", "X", "EE")}')
    others: dict[str, str | bytes] = {"f.form": bytes(text).decode()}
    return case("form-name-unknown", key, drawn(others=others, p=definitions(diagram)))


REFERENCES = [
    using('¶<userTask id="X" camunda:formRef="nobody"/>', "form-unknown"),
    using(f'¶<userTask id="X" camunda:formRef="f"><extensionElements>{DRAWN_FORM}</extensionElements></userTask>',
          "form-twice", others=form("f", field("a"))),
    in_form("a", field("b") + ", ¶" + field("a", ', "conditional": {"hide": "=nobody > 1"}')),
    in_form("a", "¶" + field("a", properties=', "required.when": "b == nobody"') + ", " + field("b")),
    in_form("G", '¶{"type": "group", "id": "G", "conditional": {"hide": "=nobody > 1"}, "components": ['
                 + field("a") + "]}"),
    in_form("c", '{"type": "dynamiclist", "path": "t", "label": "表", "components": [' + field("b") + ", ¶"
                 + field("c", properties=', "required.when": "b == nobody"')
                 + '], "properties": {"label.en": "Table"}}'),
    using(f'¶<userTask id="X"><extensionElements>{DRAWN_READING}</extensionElements></userTask>',
          "form-name-unknown"),
    using('¶<businessRuleTask id="X"/>', "decision-missing"),
    using('¶<businessRuleTask id="X" camunda:decisionRef="nobody"/>', "decision-unknown"),
    using('¶<businessRuleTask id="X" camunda:decisionRef="rate"/>', "decision-name-unknown",
          others={"rate.dmn": DMN.encode()}),
    case("decision-result", "X", around(
        '<scriptTask id="ST"><script>amount = 1</script></scriptTask>\n¶<businessRuleTask id="X" '
        'camunda:decisionRef="rate" camunda:resultVariable="r" camunda:mapDecisionResult="everything"/>',
        "ST", "X", flows=flow("ST", "X")).beside({"rate.dmn": DMN.encode()})),
    case("decision-result-unnamed", "X", around(
        '<scriptTask id="ST"><script>amount = 1</script></scriptTask>\n¶<businessRuleTask id="X" '
        'camunda:decisionRef="rate" camunda:mapDecisionResult="singleEntry"/>',
        "ST", "X", flows=flow("ST", "X")).beside({"rate.dmn": DMN.encode()})),
]  # fmt: skip

CASES = EXPRESSIONS + REFERENCES
