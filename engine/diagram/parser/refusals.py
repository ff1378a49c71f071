"""What cannot be turned into a spec at all. What could be, but would not run as drawn, the lint refuses."""

import re
from typing import Any

from lxml import etree

from engine.diagram.document import Document
from engine.diagram.vocabulary import bpmn, is_true, kind_of
from engine.elements import SPEC_CLASSES

XML_NAME = re.compile(r"[^\W\d][\w.\-]*")  # near enough to NCName: no spaces, colons, slashes
RESERVED = ("Start", "End", "Root")


def refuse_node(document: Document, node: etree._Element, spec: Any) -> bool:
    """Whether `node` can be built into `spec`; the reasons against it are noted."""
    before = len(document.problems)
    kind = kind_of(node)
    _id(document, node, spec)
    if kind not in SPEC_CLASSES or is_true(node.get("triggeredByEvent")):
        document.complain(node, "element.kind", f"不支持 {kind}。", f"{kind} is not supported.")
    if kind == "callActivity" and not node.get("calledElement"):
        zh, en = "调用活动没有 calledElement。", "The call activity has no calledElement."
        document.complain(node, "call.element", zh, en)
    if kind == "subProcess":
        check_start(document, node)
    return len(document.problems) == before


def check_process_id(document: Document, process: etree._Element) -> None:
    """A process is named by an XML name: specs, bundles and addresses are called after it."""
    name = process.get("id", "")
    if not XML_NAME.fullmatch(name):
        zh, en = f"流程 id“{name}”不是合法的 XML 名称。", f"The process id “{name}” is no XML name."
        document.complain(process, "id.name", zh, en)


def check_start(document: Document, scope: etree._Element) -> None:
    """A process or subprocess has exactly one start event; a subprocess starts with a none event."""
    starts = list(scope.iterchildren(bpmn("startEvent")))
    if len(starts) != 1:
        zh = f"须有且仅有一个开始事件，现有 {len(starts)} 个。"
        en = f"Exactly one start event is needed, there are {len(starts)}."
        document.complain(scope, "start.count", zh, en)
    for start in starts if kind_of(scope) == "subProcess" else ():
        if any(kind_of(child).endswith("EventDefinition") for child in start):
            zh, en = "子流程的开始事件不能有事件定义。", "A subprocess must start with a none event."
            document.complain(start, "start.event", zh, en)


def _id(document: Document, node: etree._Element, spec: Any) -> None:
    name = node.get("id", "")
    if not name:
        zh, en = f"{kind_of(node)} 没有 id。", f"The {kind_of(node)} has no id."
        document.complain(node, "id.missing", zh, en)
    elif not XML_NAME.fullmatch(name):
        zh, en = f"id“{name}”不是合法的 XML 名称。", f"The id “{name}” is no XML name."
        document.complain(node, "id.name", zh, en)
    elif name in RESERVED or name.startswith(f"{spec.name}.") or ".BoundaryEvent" in name:
        zh, en = f"id“{name}”为引擎保留。", f"The id “{name}” is reserved by the engine."
        document.complain(node, "id.reserved", zh, en)
    elif document.by_id[name] is not node:
        zh, en = f"id“{name}”重复。", f"The id “{name}” is used twice."
        document.complain(node, "id.duplicate", zh, en)
