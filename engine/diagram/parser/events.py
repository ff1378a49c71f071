"""Event definitions: what an event waits for or throws, and the facts about it that its spec carries."""

import re
from collections.abc import Callable

from lxml import etree

from engine.diagram.document import Document
from engine.diagram.parser.camunda import Facts
from engine.diagram.parser.correlation import correlations_of
from engine.diagram.vocabulary import camunda, kind_of
from engine.elements import SPEC_CLASSES

ISO_TIME = re.compile(r"R\d*/.*|P(?=[\dT])[\dYMWDTHS.,]+|\d{4}-\d\d-\d\d(T.*)?")
TIMERS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
ALLOWED = {
    "startEvent": {"message"},
    "endEvent": {"message", "error", "escalation", "terminate"},
    "intermediateCatchEvent": {"message", "signal", "timer"},
    "intermediateThrowEvent": {"message", "signal", "escalation"},
    "boundaryEvent": {"message", "signal", "timer", "error", "escalation"},
}
Definition = tuple[object, Facts]


def definitions_of(node: etree._Element) -> list[etree._Element]:
    """The event definitions drawn in an event."""
    return [child for child in node if kind_of(child).endswith("EventDefinition")]


def event_definition(document: Document, node: etree._Element) -> Definition:
    """What the event `node` waits for or throws (a none event if nothing is drawn in it), and the facts.

    Kinds that would not run as drawn, several definitions on one event and references to nothing are noted.
    """
    drawn = definitions_of(node)
    if len(drawn) > 1:
        zh, en = "一个事件只能有一个事件定义。", "An event may have only one event definition."
        document.complain(node, "event.multiple", zh, en)
    if not drawn:
        if kind_of(node) in ("intermediateCatchEvent", "boundaryEvent"):
            zh, en = "捕获事件没有事件定义。", "A catching event needs an event definition."
            document.complain(node, "event.none", zh, en)
        return _none()
    kind = kind_of(drawn[0]).removesuffix("EventDefinition")
    if kind not in ALLOWED[kind_of(node)]:
        zh = f"{kind_of(node)} 上的 {kind} 事件定义不受支持。"
        document.complain(node, "event.kind", zh, f"{kind} is not supported on {kind_of(node)}.")
        return _none()
    return _READERS[kind](document, drawn[0])


def message_definition(document: Document, node: etree._Element) -> Definition:
    """The message named by `messageRef` on a message event definition, a send or a receive task."""
    message = _referred(document, node, "message")
    name = message.get("name", "") if message is not None else ""
    properties = correlations_of(document, node.get("messageRef", "").rpartition(":")[2])
    definition = SPEC_CLASSES["message"](name, properties, description="Message")
    return definition, {"message": {"name": name, "correlation": [p.name for p in properties]}}


def timer_source(document: Document, node: etree._Element) -> str:
    """A timer's expression; a bare ISO 8601 text (`PT48H`, `2026-11-22`, `R3/PT1H`) becomes a literal."""
    text = (node.text or "").strip()
    return repr(text) if ISO_TIME.fullmatch(text) else document.expression(node, text)


def _none() -> Definition:
    return SPEC_CLASSES["none"](description="None"), {}


def _timer(document: Document, node: etree._Element) -> Definition:
    drawn = [child for child in node if kind_of(child) in TIMERS]
    if len(drawn) != 1:
        zh = "定时器须有且仅有一个 timeDate、timeDuration 或 timeCycle。"
        document.complain(node, "timer.kind", zh, "Needs exactly one of timeDate, timeDuration, timeCycle.")
        return _none()
    kind, source = kind_of(drawn[0]), timer_source(document, drawn[0])
    event = node.getparent()
    name = event.get("id", "") if event is not None else ""
    timer = SPEC_CLASSES[kind](name, source, description="Timer")
    return timer, {"timer": {"kind": TIMERS[kind], "expression": source}}


def _signal(document: Document, node: etree._Element) -> Definition:
    signal = _referred(document, node, "signal")
    name = signal.get("name", "") if signal is not None else ""
    return SPEC_CLASSES["signal"](name, description="Signal"), {"signal": {"name": name}}


def _error(document: Document, node: etree._Element) -> Definition:
    name, code = _coded(document, node, "error")
    facts = {
        "code": code,
        "code_variable": node.get(camunda("errorCodeVariable")),
        "message_variable": node.get(camunda("errorMessageVariable")),
    }
    return SPEC_CLASSES["error"](name, code, description="Error"), {"error": facts}


def _escalation(document: Document, node: etree._Element) -> Definition:
    name, code = _coded(document, node, "escalation")
    facts = {"code": code, "code_variable": node.get(camunda("escalationCodeVariable"))}
    return SPEC_CLASSES["escalation"](name, code, description="Escalation"), {"escalation": facts}


def _terminate(_document: Document, _node: etree._Element) -> Definition:
    return SPEC_CLASSES["terminate"](description="Terminate"), {"terminate": True}


_READERS: dict[str, Callable[[Document, etree._Element], Definition]] = {
    "message": message_definition,
    "timer": _timer,
    "signal": _signal,
    "error": _error,
    "escalation": _escalation,
    "terminate": _terminate,
}


def _coded(document: Document, node: etree._Element, kind: str) -> tuple[str, str | None]:
    """Name and code of an error or escalation; a boundary event without one catches every code."""
    event = node.getparent()
    if f"{kind}Ref" not in node.attrib and event is not None and kind_of(event) == "boundaryEvent":
        return "", None
    found = _referred(document, node, kind, named=False)
    if found is None:
        return "", None
    if not found.get(f"{kind}Code"):
        zh, en = f"{found.get('id')} 没有 {kind}Code。", f"{found.get('id')} has no {kind}Code."
        document.complain(node, "event.code", zh, en)
    return found.get("name", ""), found.get(f"{kind}Code")


def _referred(
    document: Document, node: etree._Element, kind: str, named: bool = True
) -> etree._Element | None:
    """The message, signal, error or escalation that `node` refers to."""
    reference = node.get(f"{kind}Ref", "").rpartition(":")[2]
    found = document.by_id.get(reference)
    if found is None or kind_of(found) != kind or (named and not found.get("name")):
        zh = f"{kind}Ref“{reference}”须指向一个 {kind}，消息和信号须有名称。"
        en = f"{kind}Ref “{reference}” must refer to a {kind}; messages and signals need a name."
        document.complain(node, "event.reference", zh, en)
        return None
    return found
