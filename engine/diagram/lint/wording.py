"""How messages call the elements of a diagram: in the words of its owner, with the name in the file."""

Both = tuple[str, str]  # Chinese and English

KINDS: dict[str, Both] = {
    "definitions": ("文件", "file"),
    "process": ("流程", "process"),
    "collaboration": ("协作图", "collaboration"),
    "participant": ("泳池", "pool"),
    "lane": ("泳道", "lane"),
    "messageFlow": ("消息流", "message flow"),
    "sequenceFlow": ("顺序流", "sequence flow"),
    "association": ("关联线", "association"),
    "conditionExpression": ("条件", "condition"),
    "startEvent": ("开始事件", "start event"),
    "endEvent": ("结束事件", "end event"),
    "intermediateCatchEvent": ("中间捕获事件", "intermediate event that waits"),
    "intermediateThrowEvent": ("中间抛出事件", "intermediate event that sends"),
    "boundaryEvent": ("边界事件", "boundary event"),
    "task": ("任务", "task"),
    "userTask": ("用户任务", "user task"),
    "manualTask": ("手工任务", "manual task"),
    "businessRuleTask": ("业务规则任务", "business rule task"),
    "serviceTask": ("服务任务", "service task"),
    "scriptTask": ("脚本任务", "script task"),
    "sendTask": ("发送任务", "send task"),
    "receiveTask": ("接收任务", "receive task"),
    "callActivity": ("调用活动", "call activity"),
    "subProcess": ("子流程", "subprocess"),
    "adHocSubProcess": ("临时子流程", "ad-hoc subprocess"),
    "transaction": ("事务", "transaction"),
    "exclusiveGateway": ("排他网关", "exclusive gateway"),
    "inclusiveGateway": ("包容网关", "inclusive gateway"),
    "parallelGateway": ("并行网关", "parallel gateway"),
    "eventBasedGateway": ("事件网关", "event-based gateway"),
    "complexGateway": ("复杂网关", "complex gateway"),
    "multiInstanceLoopCharacteristics": ("多实例标记", "multi-instance marker"),
    "standardLoopCharacteristics": ("循环标记", "loop marker"),
    "textAnnotation": ("注释", "annotation"),
    "dataObject": ("数据对象", "data object"),
    "dataObjectReference": ("数据对象", "data object"),
    "dataStoreReference": ("数据存储", "data store"),
    "group": ("图形分组", "group of shapes"),
    "formData": ("画在元素里的表单", "form drawn into the element"),
    "timeDate": ("时刻", "moment"),
    "timeDuration": ("时长", "duration"),
    "timeCycle": ("循环", "cycle"),
}
TRIGGERS: dict[str, Both] = {
    "none": ("无触发器", "no trigger"),
    "message": ("消息", "message"),
    "timer": ("定时器", "timer"),
    "signal": ("信号", "signal"),
    "error": ("错误", "error"),
    "escalation": ("升级", "escalation"),
    "terminate": ("终止", "terminate"),
    "cancel": ("取消", "cancel"),
    "compensate": ("补偿", "compensation"),
    "conditional": ("条件", "condition"),
    "link": ("链接", "link"),
}
LITERALS: dict[str, Both] = {
    "dueDate": ("到期时间（dueDate）", "due date (dueDate)"),
    "followUpDate": ("跟进时间（followUpDate）", "follow-up date (followUpDate)"),
    "priority": ("优先级（priority）", "priority"),
    "loopCardinality": ("多实例的份数（loopCardinality）", "number of instances (loopCardinality)"),
}
ENGLISH: dict[str, Both] = {
    "name.en": ("英文名称（name.en）", "its name (name.en)"),
    "documentation.en": ("英文说明（documentation.en）", "its documentation (documentation.en)"),
}


def kind_said(kind: str) -> Both:
    """An element, or what a trigger is defined by: 用户任务（userTask）."""
    return _said(kind, {**TRIGGERS, **KINDS})


def trigger_said(trigger: str) -> Both:
    """What an event waits for or sends: 定时器（timer）."""
    return _said(trigger, TRIGGERS)


def _said(name: str, words: dict[str, Both]) -> Both:
    if name not in words:
        return name, name
    zh, en = words[name]
    return f"{zh}（{name}）", en if en == name else f"{en} ({name})"


def value_said(value: object) -> Both:
    """A value in an example."""
    if isinstance(value, bool):
        return ("是（true）", "true") if value else ("否（false）", "false")
    if value is None:
        return "空（null）", "null"
    return (f"“{value}”", f"“{value}”") if isinstance(value, str) else (str(value), str(value))
