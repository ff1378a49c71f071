"""Activities that run more than once: multi-instance (over a collection or a number) and standard loops."""

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.specs.data_spec import TaskDataReference

from engine.diagram.document import Document, properties_of
from engine.diagram.parser.camunda import Facts
from engine.diagram.vocabulary import bpmn, camunda, is_true
from engine.elements import SPEC_CLASSES


def wrap(document: Document, node: etree._Element, inner: Any, attributes: Facts) -> Any:
    """Puts the loop that is drawn on an activity around its spec; returns what stands in the flow.

    Args: the document for problems, the activity's element and its spec, the constructor arguments that every
    spec takes.
    """
    repeated = node.find(bpmn("multiInstanceLoopCharacteristics"))
    loop = node.find(bpmn("standardLoopCharacteristics"))
    if repeated is not None:
        facts = multi_instance_of(document, node, repeated)
        way = "sequentialMultiInstance" if facts["sequential"] else "parallelMultiInstance"
        return _around(inner, way, "mi", facts, _multi_instance_arguments(facts) | attributes)
    if loop is not None:
        facts = standard_loop_of(document, loop)
        return _around(inner, "standardLoop", "loop", facts, facts | attributes)
    return inner


def multi_instance_of(document: Document, node: etree._Element, repeated: etree._Element) -> Facts:
    """How often and over what an activity is repeated; expressions without `${}`."""
    collection = repeated.get(camunda("collection"))
    cardinality = repeated.findtext(bpmn("loopCardinality"))
    if (collection is None) == (cardinality is None):
        zh = "多实例须有 camunda:collection 或 loopCardinality 之一。"
        en = "A multi-instance needs either camunda:collection or a loopCardinality."
        document.complain(repeated, "mi.collection", zh, en)
    return {
        "sequential": is_true(repeated.get("isSequential")),
        "collection": None if collection is None else document.expression(repeated, collection),
        "cardinality": None if cardinality is None else document.expression(repeated, cardinality),
        "element": repeated.get(camunda("elementVariable")),
        "condition": _condition(document, repeated, "completionCondition"),
        "result": properties_of(node).get("mi.result"),
    }


def standard_loop_of(document: Document, loop: etree._Element) -> Facts:
    """The bound and the condition of a standard loop."""
    text, condition = loop.get("loopMaximum"), _condition(document, loop, "loopCondition")
    maximum = int(text) if text is not None and text.isascii() and text.isdigit() else None
    if (text is not None and not maximum) or (maximum is None and condition is None):
        zh, en = "循环须有正整数 loopMaximum 或循环条件。", "A loop needs loopMaximum ≥ 1 or a condition."
        document.complain(loop, "loop.bound", zh, en)
    return {"maximum": maximum, "condition": condition, "test_before": is_true(loop.get("testBefore"))}


def _condition(document: Document, node: etree._Element, kind: str) -> str | None:
    drawn = node.find(bpmn(kind))
    return None if drawn is None else document.expression(drawn, drawn.text)


def _multi_instance_arguments(facts: Facts) -> Facts:
    collection, element = facts["collection"], facts["element"]
    return {
        "cardinality": facts["cardinality"],
        "data_input": TaskDataReference(collection) if collection else None,
        "data_output": None,
        "input_item": TaskDataReference(element) if element else None,
        "output_item": None,
        "condition": facts["condition"],
    }


def _around(inner: Any, way: str, key: str, facts: Facts, arguments: Facts) -> Any:
    """SpiffWorkflow starts the inner spec by its name and finds the way back by its input."""
    name, specs = inner.name, inner._wf_spec.task_specs
    del specs[name]
    inner.name = f"{name} [child]"
    outer = SPEC_CLASSES[way](inner._wf_spec, name, task_spec=inner.name, **arguments)
    outer.extensions = {**inner.extensions, key: facts}
    inner.extensions = {**inner.extensions, "inner": True}
    inner.inputs = [outer]
    specs[inner.name] = inner
    return outer
