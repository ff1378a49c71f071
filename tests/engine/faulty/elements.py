"""The refuse list: what parses elsewhere and then runs wrongly, or is ignored without a word."""
# ruff: noqa: E501 - XML reads better unbroken

from tests.engine.faulty.case import Case, case
from tests.engine.faulty.drawing import Drawn, alone, around, chain, definitions, drawn, flow, process

UT = '<userTask id="UT"/>'
MESSAGE = '<message id="M" name="m"/>'


def node(kind: str, content: str = "", attributes: str = "") -> str:
    return f'<{kind} id="X" {attributes}>{content}</{kind}>'


def refused(kind: str, content: str = "", attributes: str = "") -> Case:
    """A flow node X that is refused as a whole."""
    return case("element-refused", "X", around(f"¶{node(kind, content, attributes)}", "X"))


def inside(kind: str, part: str, element: str = "X", before: str = "") -> Case:
    """A flow node X with a part that is refused."""
    return case("element-refused", element, around(node(kind, part), "X", before=before))


def attribute(kind: str, text: str, code: str = "value-refused", content: str = "") -> Case:
    """A flow node X with an attribute or a value of one that is refused."""
    return case(code, "X", around(f"¶{node(kind, content, text)}", "X", before=MESSAGE))


def extended(kind: str, extension: str, attributes: str = "") -> Case:
    """A flow node X with a Camunda extension that would be ignored."""
    content = f"<extensionElements>¶{extension}</extensionElements>"
    return case("camunda-refused", "X", around(node(kind, content, attributes), "X"))


def starting(definition: str) -> Drawn:
    body = f'<startEvent id="X">{definition}</startEvent>\n<endEvent id="EE"/>{chain("X", "EE")}'
    return alone(body)


def boundary(definition: str) -> Case:
    event = f'<boundaryEvent id="X" attachedToRef="UT">¶{definition}</boundaryEvent>'
    return case("element-refused", "X", around(f"{UT}\n{event}", "UT", flows=flow("X", "EE")))


INSTANCES = '<multiInstanceLoopCharacteristics {} camunda:collection="[1]" camunda:elementVariable="e">{}</multiInstanceLoopCharacteristics>'
CONDITION = "<condition>x</condition>"
INNER = f'<startEvent id="S1"/><endEvent id="E1"/>{chain("S1", "E1")}'
LINK = '¶<linkEventDefinition name="L"/>'

ELEMENTS = [
    refused("transaction", INNER),
    refused("adHocSubProcess", '<task id="T"/>'),
    refused("complexGateway"),
    refused("callChoreography"),
    refused("subChoreography"),
    refused("implicitThrowEvent"),
    inside("intermediateThrowEvent", LINK),
    inside("intermediateCatchEvent", LINK),
    inside("intermediateThrowEvent", "¶<compensateEventDefinition/>"),
    inside("intermediateCatchEvent", f"¶<conditionalEventDefinition>{CONDITION}</conditionalEventDefinition>"),
    inside("intermediateCatchEvent", "¶<eventDefinitionRef>D</eventDefinitionRef>"),
    boundary("<compensateEventDefinition/>"),
    boundary(f"<conditionalEventDefinition>{CONDITION}</conditionalEventDefinition>"),
    boundary("<cancelEventDefinition/>"),
    *[
        case("element-refused", "X", starting(f"¶<{kind}EventDefinition/>"), *also)
        for kind, *also in (
            ("conditional",), ("compensate", "event-kind"), ("link", "event-kind"), ("cancel", "event-kind"))
    ],
    *[
        case("element-refused", "X", alone(
            f'<startEvent id="SE"/><endEvent id="X">¶<{kind}EventDefinition/></endEvent>{chain("SE", "X")}'), *also)
        for kind, *also in (("compensate",), ("cancel",), ("link", "event-kind"))
    ],
    inside("userTask", "¶<ioSpecification><inputSet/><outputSet/></ioSpecification>"),
    inside("userTask", "¶<dataInputAssociation><targetRef>T</targetRef></dataInputAssociation>"),
    inside("userTask", "¶<dataOutputAssociation><targetRef>T</targetRef></dataOutputAssociation>"),
    inside("userTask", '¶<property name="n"/>'),
    inside("userTask", "¶<potentialOwner/>"),
    inside("userTask", "¶<humanPerformer/>"),
    inside("userTask", '¶<rendering/>'),
    inside("userTask", INSTANCES.format("", "¶<loopDataInputRef>x</loopDataInputRef>")),
    inside("userTask", INSTANCES.format("", "¶<loopDataOutputRef>x</loopDataOutputRef>")),
    inside("userTask", INSTANCES.format("", '¶<inputDataItem/>')),
    inside("userTask", INSTANCES.format("", '¶<outputDataItem/>')),
    inside("userTask", INSTANCES.format("", "¶<complexBehaviorDefinition/>")),
    inside("userTask", '¶<auditing/>'),
    case("element-refused", "Definitions_p", around(
        UT, "UT", before='¶<import importType="x" location="y" namespace="z"/>')),
    case("element-refused", "Definitions_p", around(UT, "UT", before='¶<extension mustUnderstand="true"/>')),
    *[
        case("element-refused", "X", around(UT, "UT", before=f'¶<{kind} id="X"/>'))
        for kind in ("choreography", "globalUserTask", "interface", "resource", "endPoint")
    ],
    case("element-refused", "X", around(
        UT, "UT", before='<collaboration id="C">¶<conversation id="X"/></collaboration>')),
    case("element-refused", "P", around(
        UT, "UT", before='<collaboration id="C"><participant id="P">¶<participantMultiplicity/>'
                         "</participant></collaboration>")),
    case("element-refused", "p", alone(f'<startEvent id="SE"/><endEvent id="EE"/>{chain("SE", "EE")}'
                                       "\n¶<correlationSubscription/>")),
]  # fmt: skip

ATTRIBUTES = [
    attribute("userTask", 'startQuantity="2"'),
    attribute("userTask", 'completionQuantity="2"'),
    attribute("userTask", 'implementation="http://example.org/x"'),
    attribute("receiveTask", 'instantiate="true" messageRef="M"'),
    attribute("subProcess", 'triggeredByEvent="true"', content=INNER),
    case("value-refused", "UT2", around(f'{UT}¶<userTask id="UT2" isForCompensation="true"/>', "UT"),
         "leads-nowhere", "never-reached"),
    case("value-refused", "UT", around(
        '<userTask id="UT">¶' + INSTANCES.format('behavior="One"', "") + "</userTask>", "UT")),
    case("value-refused", "EG", around(
        '¶<eventBasedGateway id="EG" eventGatewayType="Parallel"/>', "EG"),
        "event-gateway-target", "event-gateway-ways"),
    case("value-refused", "EG", around('¶<eventBasedGateway id="EG" instantiate="true"/>', "EG"),
         "event-gateway-target", "event-gateway-ways"),
    case("value-refused", "SE", alone(
        f'¶<startEvent id="SE" isInterrupting="false"/><endEvent id="EE"/>{chain("SE", "EE")}')),
    case("value-refused", "IE", around(
        '¶<intermediateCatchEvent id="IE" parallelMultiple="true"><messageEventDefinition messageRef="M"/>'
        "</intermediateCatchEvent>", "IE", before=MESSAGE)),
    case("value-refused", "F_SE_EE", alone(
        '<startEvent id="SE"/><endEvent id="EE"/>' + flow("SE", "EE", mark="¶", extra='isImmediate="false"'))),
    case("value-refused", "p", drawn(p=definitions(process(
        f'<startEvent id="SE"/><endEvent id="EE"/>{chain("SE", "EE")}', 'processType="Public"', mark="¶")))),
    attribute("scriptTask", 'scriptFormat="javascript"', content="<script>x = 1</script>"),
    attribute("scriptTask", 'scriptFormat="groovy"', content="<script>x = 1</script>"),
    case("value-refused", "UT", around(
        '<userTask id="UT"><standardLoopCharacteristics>¶<loopCondition language="feel">true</loopCondition>'
        "</standardLoopCharacteristics></userTask>", "UT")),
    attribute("userTask", 'operationRef="O"', "attribute-refused"),
    attribute("receiveTask", 'operationRef="O" messageRef="M"', "attribute-refused"),
    case("attribute-refused", "X", around(
        '¶<subProcess id="X" ordering="Parallel">' + INNER + "</subProcess>", "X")),
    case("expression-language", "Definitions_p", drawn(p="¶" + definitions(
        process(f'<startEvent id="SE"/><endEvent id="EE"/>{chain("SE", "EE")}'),
        ' expressionLanguage="https://www.omg.org/spec/DMN/FEEL/"').partition("\n")[2])),
    case("binding-refused", "X", around(
        '¶<businessRuleTask id="X" camunda:decisionRefBinding="version"/>', "X"), "decision-missing"),
]  # fmt: skip

CAMUNDA = [
    attribute("userTask", 'camunda:delegateExpression="${x}"', "camunda-refused"),
    attribute("userTask", 'camunda:formHandlerClass="x.Y"', "camunda-refused"),
    attribute("serviceTask", 'camunda:class="x.Y" camunda:expression="${1}"', "camunda-refused"),
    attribute("scriptTask", 'camunda:resource="x.groovy"', "camunda-refused", "<script>x = 1</script>"),
    case("camunda-refused", "SE", alone(
        f'¶<startEvent id="SE" camunda:initiator="who"/><endEvent id="EE"/>{chain("SE", "EE")}')),
    extended("userTask", '<camunda:taskListener event="create" class="x.Y"/>'),
    extended("userTask", '<camunda:executionListener event="start" class="x.Y"/>'),
    extended("userTask", '<camunda:formData businessKey="a"/>'),
    extended("userTask", '<z:formDefinition xmlns:z="http://camunda.org/schema/zeebe/1.0" formId="f"/>'),
    extended("userTask", '<camunda:in source="a" target="b"/>'),
    extended("serviceTask", "<camunda:connector/>", 'camunda:expression="${1}"'),
    extended("serviceTask", '<camunda:field name="f"/>', 'camunda:expression="${1}"'),
    extended("parallelGateway", '<camunda:executionListener event="start" expression="${x}"/>'),
    case("camunda-refused", "F_SE_EE", alone(
        '<startEvent id="SE"/><endEvent id="EE"/><sequenceFlow id="F_SE_EE" sourceRef="SE" targetRef="EE">'
        '<extensionElements>¶<camunda:executionListener event="take" class="x.Y"/></extensionElements>'
        "</sequenceFlow>")),
    case("service-without-expression", "X", around(
        '¶<serviceTask id="X" camunda:type="external"/>', "X")),
    case("service-without-expression", "X", around('¶<serviceTask id="X"/>', "X")),
]  # fmt: skip

SCHEMA = [
    case("schema", "UT", around('<userTask id="UT">\n<extensionElements/>\n¶<documentation>x</documentation>\n</userTask>', "UT")),
    case("schema", "UT", around('<userTask id="UT">\n¶<loopCardinality>1</loopCardinality>\n</userTask>', "UT")),
    case("schema", "p", drawn(p=definitions(process(
        f'<startEvent id="SE"/><endEvent id="EE"/>{chain("SE", "EE")}', 'isClosed="perhaps"', mark="¶")))),
]  # fmt: skip

CASES = ELEMENTS + ATTRIBUTES + CAMUNDA + SCHEMA
