"""Our diagrams as the stock parser of SpiffWorkflow can run them: the same nodes, flows and called processes.

What stock does not know is taken away or said in its own words: Camunda's attributes and properties go;
`${…}` around an expression goes, for stock takes Python; a collection becomes `loopDataInputRef`; a decision
becomes a script that does nothing (its answer is set by whoever drives), which spares stock the decision; a
timer gets a far end, so that it waits as ours does. Each change leaves stock as much work or less."""

from collections.abc import Mapping

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
BY_MACHINE = ("businessRuleTask", "serviceTask", "sendTask", "scriptTask")
FAR = '"P3650D"'


def stock_diagrams(files: Mapping[str, bytes]) -> dict[str, etree._Element]:
    """The diagrams among `files`, rewritten."""
    return {name: _stock(content) for name, content in files.items() if name.endswith(".bpmn")}


def _stock(content: bytes) -> etree._Element:
    root = etree.fromstring(content)
    for loop in root.iter(f"{BPMN}multiInstanceLoopCharacteristics"):
        _name_collection(loop)
    for expression in root.iter(f"{BPMN}conditionExpression", f"{BPMN}loopCardinality"):
        expression.text = _python(expression.text or "")
    for timer in root.iter(f"{BPMN}timerEventDefinition"):
        timer[:] = []
        etree.SubElement(timer, f"{BPMN}timeDuration").text = FAR
    _strip(root)
    for node in [node for kind in BY_MACHINE for node in root.iter(f"{BPMN}{kind}")]:
        node.tag = f"{BPMN}scriptTask"
        node[:] = [child for child in node if child.tag in (f"{BPMN}incoming", f"{BPMN}outgoing")]
        etree.SubElement(node, f"{BPMN}script").text = "pass"
    return root


def _name_collection(loop: etree._Element) -> None:
    collection, variable = loop.get(f"{CAMUNDA}collection"), loop.get(f"{CAMUNDA}elementVariable")
    if collection and variable:
        etree.SubElement(loop, f"{BPMN}loopDataInputRef").text = _python(collection)
        etree.SubElement(loop, f"{BPMN}inputDataItem", id=variable, name=variable)


def _python(text: str) -> str:
    text = text.strip().removeprefix("${").removesuffix("}").strip()
    return text.replace("== true", "== True").replace("== false", "== False").replace("null", "None")


def _strip(root: etree._Element) -> None:
    for node in [*root.iter(f"{BPMN}extensionElements")]:
        parent = node.getparent()
        assert parent is not None
        parent.remove(node)
    for node in root.iter(f"{BPMN}*"):
        for name in [name for name in node.attrib if str(name).startswith(CAMUNDA)]:
            del node.attrib[name]
