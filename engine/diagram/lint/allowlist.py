"""The BPMN elements and attributes that we run as BPMN 2.0 says, or that say nothing about running.

Whatever is not in these tables is refused: a diagram is executed as drawn or not at all.
"""

_FLOW_NODE = "id name"
_TASK = "id name default implementation isForCompensation startQuantity completionQuantity"
_EVENT = "id name parallelMultiple"
_GATEWAY = "id name gatewayDirection default"

# element → its attributes in the BPMN namespace (BPMN 2.0, section 8 to 11, tables of attributes)
ATTRIBUTES: dict[str, frozenset[str]] = {
    name: frozenset(attributes.split())
    for name, attributes in {
        "definitions": "id name targetNamespace expressionLanguage typeLanguage exporter exporterVersion",
        "documentation": "id textFormat",
        "extensionElements": "",
        "collaboration": "id name isClosed",
        "participant": "id name processRef",
        "messageFlow": "id name sourceRef targetRef messageRef",
        "process": "id name isExecutable processType isClosed definitionalCollaborationRef",
        "laneSet": "id name",
        "lane": "id name",
        "childLaneSet": "id name",
        "flowNodeRef": "",
        "startEvent": f"{_EVENT} isInterrupting",
        "endEvent": _FLOW_NODE,
        "intermediateCatchEvent": _EVENT,
        "intermediateThrowEvent": _FLOW_NODE,
        "boundaryEvent": f"{_EVENT} attachedToRef cancelActivity",
        "messageEventDefinition": "id messageRef",
        "signalEventDefinition": "id signalRef",
        "timerEventDefinition": "id",
        "errorEventDefinition": "id errorRef",
        "escalationEventDefinition": "id escalationRef",
        "terminateEventDefinition": "id",
        "timeDate": "id evaluatesToTypeRef language",
        "timeDuration": "id evaluatesToTypeRef language",
        "timeCycle": "id evaluatesToTypeRef language",
        "task": _TASK,
        "userTask": _TASK,
        "manualTask": _TASK,
        "businessRuleTask": _TASK,
        "serviceTask": _TASK,
        "scriptTask": f"{_TASK} scriptFormat",
        "script": "",
        "sendTask": f"{_TASK} messageRef",
        "receiveTask": f"{_TASK} messageRef instantiate",
        "callActivity": f"{_TASK} calledElement",
        "subProcess": f"{_TASK} triggeredByEvent",
        "standardLoopCharacteristics": "id testBefore loopMaximum",
        "loopCondition": "id evaluatesToTypeRef language",
        "multiInstanceLoopCharacteristics": "id isSequential behavior",
        "loopCardinality": "id evaluatesToTypeRef language",
        "completionCondition": "id evaluatesToTypeRef language",
        "exclusiveGateway": _GATEWAY,
        "inclusiveGateway": _GATEWAY,
        "parallelGateway": "id name gatewayDirection",
        "eventBasedGateway": "id name gatewayDirection instantiate eventGatewayType",
        "sequenceFlow": "id name sourceRef targetRef isImmediate",
        "conditionExpression": "id evaluatesToTypeRef language",
        "incoming": "",
        "outgoing": "",
        "message": "id name itemRef",
        "signal": "id name structureRef",
        "error": "id name errorCode structureRef",
        "escalation": "id name escalationCode structureRef",
        "itemDefinition": "id structureRef isCollection itemKind",
        "correlationKey": "id name",
        "correlationProperty": "id name type",
        "correlationPropertyRef": "",
        "correlationPropertyRetrievalExpression": "id messageRef",
        "messagePath": "id evaluatesToTypeRef language",
        "formalExpression": "id evaluatesToTypeRef language",
        # drawn for the reader only
        "textAnnotation": "id textFormat",
        "text": "",
        "association": "id sourceRef targetRef associationDirection",
        "group": "id categoryValueRef",
        "category": "id name",
        "categoryValue": "id value",
        "dataObject": "id name itemSubjectRef isCollection",
        "dataObjectReference": "id name itemSubjectRef dataObjectRef",
        "dataStore": "id name capacity isUnlimited itemSubjectRef",
        "dataStoreReference": "id name itemSubjectRef dataStoreRef",
        "dataState": "id name",
    }.items()
}

# attribute → the values that we run; others are allowed by BPMN 2.0 and refused here
EXPRESSION_LANGUAGES = frozenset(
    {"", "juel", "python", "http://www.w3.org/1999/XPath", "http://www.java.com/javaTypes"}
)
_FALSE, _ONE = frozenset({"false", "0"}), frozenset({"1"})
VALUES: dict[str, frozenset[str]] = {
    "isForCompensation": _FALSE,
    "instantiate": _FALSE,
    "parallelMultiple": _FALSE,
    "triggeredByEvent": _FALSE,
    "startQuantity": _ONE,
    "completionQuantity": _ONE,
    "isInterrupting": frozenset({"true", "1"}),
    "isImmediate": frozenset({"true", "1"}),
    "behavior": frozenset({"All"}),
    "eventGatewayType": frozenset({"Exclusive"}),
    "processType": frozenset({"None", "Private"}),
    "implementation": frozenset({"##unspecified", "##WebService"}),
    "language": frozenset({"", "juel", "python"}),
    "scriptFormat": frozenset({"", "juel", "python"}),
}

# why an element that BPMN 2.0 knows is refused, in Chinese and in English
REASONS: dict[str, tuple[str, str]] = {
    "transaction": ("没有补偿，事务无法回退", "without compensation a transaction cannot be undone"),
    "adHocSubProcess": ("没有可定义的先后次序", "it has no order that could be followed"),
    "complexGateway": ("其激活条件没有可移植的语义", "its activation condition is not executed"),
    "linkEventDefinition": ("请用顺序流代替链接事件", "draw a sequence flow instead of a link"),
    "compensateEventDefinition": ("不支持补偿", "there is no compensation"),
    "cancelEventDefinition": ("只有事务可以取消", "only a transaction can be cancelled"),
    "conditionalEventDefinition": ("不会监视数据变化", "changes of data are not watched"),
    "eventDefinitionRef": ("请把事件定义画在事件里", "put the event definition into the event itself"),
    "ioSpecification": ("请用表单和 camunda:in/out 传递数据", "pass data by forms and camunda:in/out"),
    "dataInputAssociation": (
        "数据对象不携带数据，请用普通关联线",
        "data objects carry no data: draw a plain association",
    ),
    "dataOutputAssociation": (
        "数据对象不携带数据，请用普通关联线",
        "data objects carry no data: draw a plain association",
    ),
    "property": ("请用变量", "use variables"),
    "potentialOwner": ("请用 camunda:candidateGroups", "use camunda:candidateGroups"),
    "humanPerformer": ("请用 camunda:assignee", "use camunda:assignee"),
    "performer": ("请用 camunda:assignee", "use camunda:assignee"),
    "resourceRole": ("请用 camunda:candidateGroups", "use camunda:candidateGroups"),
    "loopDataInputRef": ("请用 camunda:collection", "use camunda:collection"),
    "loopDataOutputRef": ("请用属性 mi.result", "use the property mi.result"),
    "inputDataItem": ("请用 camunda:elementVariable", "use camunda:elementVariable"),
    "outputDataItem": ("请用属性 mi.result", "use the property mi.result"),
    "complexBehaviorDefinition": ("多实例只支持 All", "multi-instances only behave as “All”"),
    "choreography": ("编排图不能由一方执行", "a choreography is not run by one party"),
    "conversation": ("会话图不执行", "conversations are not executed"),
    "import": ("不读取其他文件", "no other files are read"),
    "extension": ("不支持必须理解的扩展", "extensions that must be understood are not known"),
}
NO_REASON = ("引擎不执行它", "the engine does not execute it")
