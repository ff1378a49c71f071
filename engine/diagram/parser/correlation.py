"""Correlation: which values of a message say which instance it is for (BPMN correlation properties)."""

from lxml import etree
from SpiffWorkflow.bpmn.specs.event_definitions.message import CorrelationProperty

from engine.diagram.document import Document
from engine.diagram.vocabulary import bpmn, kind_of


def correlations_of(document: Document, message: str) -> list[CorrelationProperty]:
    """The correlation properties that are read from the message with this id, and the keys they belong to."""
    found = []
    for property_ in document.root.iter(bpmn("correlationProperty")):
        for retrieval in property_.iterchildren(bpmn("correlationPropertyRetrievalExpression")):
            path = _path(retrieval)
            if retrieval.get("messageRef", "").rpartition(":")[2] != message or path is None:
                continue
            source = document.expression(path, path.text)
            name = property_.get("id", "")
            found.append(CorrelationProperty(name, source, _keys(document, name)))
    return found


def _path(retrieval: etree._Element) -> etree._Element | None:
    """`messagePath` by the standard; bpmn-js writes `formalExpression`."""
    kinds = ("messagePath", "formalExpression")
    return next((child for child in retrieval if kind_of(child) in kinds), None)


def _keys(document: Document, property_id: str) -> list[str]:
    reference = bpmn("correlationPropertyRef")
    return [
        key.get("name", "") or key.get("id", "")
        for key in document.root.iter(bpmn("correlationKey"))
        if property_id in [(ref.text or "").strip() for ref in key.iterchildren(reference)]
    ]
