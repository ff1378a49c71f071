"""Script tasks: a script that sets names, or, with `camunda:resultVariable`, one expression."""

from lxml import etree

from engine.diagram.document import Document
from engine.diagram.expressions import compile_script
from engine.diagram.vocabulary import bpmn, camunda
from engine.errors import ExpressionError


def script_of(document: Document, node: etree._Element) -> dict[str, object]:
    """{"source", "result"} of a script task; what does not compile is noted."""
    text, result = (node.findtext(bpmn("script")) or "").strip(), node.get(camunda("resultVariable"))
    if not text:
        document.complain(node, "script", "脚本任务没有脚本。", "The script task has no script.")
    if result:
        return {"source": document.expression(node, text), "result": result}
    try:
        document.note(compile_script(text).reads, text)
    except ExpressionError as error:
        document.complain(node, "expression", error.message("zh"), error.message("en"))
    return {"source": text, "result": None}
