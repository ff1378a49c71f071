"""What goes into and out of an activity: `camunda:in` / `out` of call activities, `camunda:inputOutput`."""

from lxml import etree

from engine.diagram.document import Document
from engine.diagram.vocabulary import bpmn, camunda, is_true

Value = dict[str, object]
SCRIPT_FORMATS = (None, "", "python", "juel")


def call_mappings(document: Document, node: etree._Element, kind: str) -> list[Value]:
    """The `in` or `out` mappings of a call activity, expressions without `${}`. None: nothing passes."""
    found = []
    for mapping in node.iterfind(f"{bpmn('extensionElements')}/{camunda(kind)}"):
        if entry := _call_mapping(document, mapping):
            found.append(entry)
        else:
            zh = f"camunda:{kind} 须为 variables=“all”，或 source/sourceExpression 加 target。"
            en = f"camunda:{kind} needs variables=“all”, or source or sourceExpression with a target."
            document.complain(mapping, "mapping", zh, en)
    return found


def _call_mapping(document: Document, mapping: etree._Element) -> Value | None:
    given = {str(name): text for name, text in mapping.attrib.items()}
    local: Value = {"local": True} if is_true(given.pop("local", None)) else {}
    target = given.pop("target", None)
    if given == {"variables": "all"} and target is None:
        return {"all": True, **local}
    if given.keys() == {"source"} and target:
        return {"source": given["source"], "target": target, **local}
    if given.keys() == {"sourceExpression"} and target:
        source = document.expression(mapping, given["sourceExpression"])
        return {"expression": source, "target": target, **local}
    return None


def parameters(document: Document, node: etree._Element, kind: str) -> list[list[object]]:
    """The `camunda:inputParameter`s or `outputParameter`s of an activity in order: [name, value]."""
    path = f"{bpmn('extensionElements')}/{camunda('inputOutput')}/{camunda(kind)}"
    found: list[list[object]] = []
    for parameter in node.iterfind(path):
        if not parameter.get("name"):
            document.complain(parameter, "parameter", "参数没有名称。", "The parameter has no name.")
        found.append([parameter.get("name", ""), _value(document, parameter)])
    return found


def _value(document: Document, node: etree._Element) -> Value:
    child = next(iter(node), None)
    if child is None:
        document.template(node, node.text)
        return {"template": (node.text or "").strip()}
    if child.tag == camunda("list"):
        return {"list": [_value_of(document, item) for item in child]}
    if child.tag == camunda("map"):
        return {"map": {entry.get("key", ""): _value(document, entry) for entry in child}}
    return _value_of(document, child)


def _value_of(document: Document, node: etree._Element) -> Value:
    """A value element inside a list or a parameter: plain text or an expression as a script."""
    if node.tag == camunda("value"):
        return _value(document, node)
    if node.tag == camunda("script") and (node.get("scriptFormat") or "").lower() in SCRIPT_FORMATS:
        return {"script": document.expression(node, node.text)}
    document.complain(node, "parameter", "不支持的参数值。", "This kind of parameter value is not supported.")
    return {"template": ""}
