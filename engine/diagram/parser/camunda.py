"""The Camunda 7 attributes of an element, as the JSON facts that its spec carries (`spec.extensions`)."""

from lxml import etree

from engine.diagram.clock_marks import templates_in
from engine.diagram.document import Document, properties_of, words_of
from engine.diagram.parser.lanes import Lane
from engine.diagram.parser.mappings import call_mappings, parameters
from engine.diagram.vocabulary import TASKS, camunda, kind_of

Facts = dict[str, object]

# What Camunda Modeler may write (by element, "" = any) and we either honour or may ignore, because it only
# tunes Camunda's job executor. The lint refuses everything else.
ATTRIBUTES = {
    "": {"asyncBefore", "asyncAfter", "exclusive", "jobPriority", "modelerTemplate", "modelerTemplateVersion",
         "modelerTemplateIcon"},
    "process": {"candidateStarterGroups", "isStartableInTasklist", "historyTimeToLive", "versionTag"},
    "startEvent": {"formRef", "formRefBinding", "formKey"},
    "userTask": {"formRef", "formRefBinding", "formKey", "assignee", "candidateGroups", "candidateUsers",
                 "dueDate", "followUpDate", "priority"},
    "businessRuleTask": {"decisionRef", "decisionRefBinding", "resultVariable", "mapDecisionResult"},
    "scriptTask": {"resultVariable"},
    "serviceTask": {"type", "topic", "taskPriority", "expression", "resultVariable"},
    "callActivity": {"calledElementBinding"},
    "multiInstanceLoopCharacteristics": {"collection", "elementVariable"},
    "errorEventDefinition": {"errorCodeVariable", "errorMessageVariable"},
    "escalationEventDefinition": {"escalationCodeVariable"},
}  # fmt: skip
EXTENSIONS = {"": {"properties", "failedJobRetryTimeCycle"}, "startEvent": {"formData"}} | {
    kind: {"inputOutput"} | {"userTask": {"formData"}, "callActivity": {"in", "out"}}.get(kind, set())
    for kind in TASKS | {"callActivity"}
}
DECISION_RESULTS = (None, "singleEntry", "singleResult", "collectEntries", "resultList")
PEOPLE = {"assignee": "assignee", "candidateGroups": "candidate_groups", "candidateUsers": "candidate_users"}
TIMES = {"dueDate": "due", "followUpDate": "follow_up"}


def extensions_of(document: Document, node: etree._Element, process_id: str, lane: Lane | None) -> Facts:
    """What the spec of `node` needs to know, JSON only; faults are noted in the document."""
    kind = kind_of(node)
    facts: Facts = {"process": process_id, "element": node.get("id", ""), "kind": kind}
    if kind == "callActivity":
        facts |= {way: call_mappings(document, node, way) for way in ("in", "out")}
    elif kind == "businessRuleTask":
        facts["decision"] = _decision(document, node)
    elif kind == "serviceTask":
        facts["service"] = _service(document, node)
    elif kind == "userTask":
        facts |= _work(document, node, lane)
    for _, text in templates_in(properties_of(node)):
        document.template(node, text)
    document.note(words_of(properties_of(node).get("payload")), "")
    return facts | _present(
        inputs=parameters(document, node, "inputParameter"),
        outputs=parameters(document, node, "outputParameter"),
        properties=properties_of(node),
    )


def _present(**facts: object) -> Facts:
    return {name: value for name, value in facts.items() if value}


def _work(document: Document, node: etree._Element, lane: Lane | None) -> Facts:
    """Who may do a user task and by when, as templates. A task that names no candidates is its lane's."""
    people = _templates(document, node, PEOPLE)
    if lane and lane.group and not people.keys() & {"candidate_groups", "candidate_users"}:
        people["candidate_groups"] = lane.group
    priority = _templates(document, node, {"priority": "priority"})
    return _present(people=people, times=_templates(document, node, TIMES), **priority)


def _templates(document: Document, node: etree._Element, names: dict[str, str]) -> dict[str, str]:
    found = {}
    for attribute, name in names.items():
        if text := (node.get(camunda(attribute)) or "").strip():
            document.template(node, text)
            found[name] = text
    return found


def _decision(document: Document, node: etree._Element) -> Facts:
    reference, result = node.get(camunda("decisionRef")), node.get(camunda("mapDecisionResult"))
    if not reference:
        zh, en = "业务规则任务没有 camunda:decisionRef。", "The task has no camunda:decisionRef."
        document.complain(node, "decision.ref", zh, en)
    if result not in DECISION_RESULTS:
        zh, en = f"未知的 mapDecisionResult“{result}”。", f"Unknown mapDecisionResult “{result}”."
        document.complain(node, "decision.map", zh, en)
    return {"ref": reference, "result": node.get(camunda("resultVariable")), "map": result}


def is_external(node: etree._Element) -> bool:
    """Whether a program outside does this service task."""
    topic = (node.get(camunda("topic")) or "").strip()
    return kind_of(node) == "serviceTask" and node.get(camunda("type")) == "external" and bool(topic)


def _service(document: Document, node: etree._Element) -> Facts:
    expression = node.get(camunda("expression"))
    if is_external(node):
        templates = _templates(document, node, {"topic": "topic", "taskPriority": "priority"})
        return {"type": "external", **templates}
    if node.get(camunda("type")) is None and expression:
        source = document.expression(node, expression)
        return {"type": "expression", "expression": source, "result": node.get(camunda("resultVariable"))}
    zh = "服务任务须为 camunda:type=“external”加 topic，或 camunda:expression。"
    en = "A service task needs camunda:type=“external” with a topic, or a camunda:expression."
    document.complain(node, "service", zh, en)
    return {}
