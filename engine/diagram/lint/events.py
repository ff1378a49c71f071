"""Events: what they may wait for or throw, where they stand, and what they name (BPMN 2.0, section 10.5)."""

from lxml import etree

from engine.diagram.document import Document
from engine.diagram.lint.drawings import Process, definitions, is_activity, scope_of, text_of, trigger
from engine.diagram.lint.report import Report
from engine.diagram.lint.wording import kind_said, trigger_said
from engine.diagram.vocabulary import SUBPROCESSES, bpmn, is_true, kind_of

# BPMN 2.0, tables 10.84 to 10.92: what each position allows at all …
BPMN_ALLOWS = {
    "startEvent": {"none", "message", "timer", "conditional", "signal"},
    "endEvent": {"none", "message", "error", "escalation", "cancel", "compensate", "signal", "terminate"},
    "intermediateCatchEvent": {"message", "timer", "conditional", "link", "signal"},
    "intermediateThrowEvent": {"none", "message", "escalation", "compensate", "link", "signal"},
    "boundaryEvent": {"message", "timer", "error", "escalation"}
    | {"cancel", "compensate", "conditional", "signal"},
}
# … and of these, what we run (the allow-list refuses the other definitions where they stand). Signals come
# from programs, and whoever waits for them hears them
WE_RUN = {
    "startEvent": {"none", "message"},
    "endEvent": {"none", "message", "error", "escalation", "terminate"},
    "intermediateCatchEvent": {"message", "signal", "timer"},
    "intermediateThrowEvent": {"none", "message", "escalation"},
    "boundaryEvent": {"message", "signal", "timer", "error", "escalation"},
}
LISTED = frozenset({"none", "message", "signal", "timer", "error", "escalation", "terminate"})


def check_events(report: Report, process: Process) -> None:
    for node in process.of_kind(*BPMN_ALLOWS):
        _check_kind(report, node)
        for definition in definitions(node):
            _check_definition(report, process.document, definition)
        if kind_of(node) == "boundaryEvent":
            _check_boundary(report, process, node)
    for node in process.of_kind("sendTask", "receiveTask"):
        _check_message(report, process.document, node)


def _check_kind(report: Report, node: etree._Element) -> None:
    kind, what = kind_of(node), trigger(node)
    if len(definitions(node)) > 1:
        report.add("event-multiple", node)
    elif what == "none" and kind in ("intermediateCatchEvent", "boundaryEvent"):
        report.add("event-without-trigger", node)
    elif kind == "startEvent" and what != "none" and _is_inner(node):
        report.add("subprocess-start", node, trigger=trigger_said(what))
    elif what not in BPMN_ALLOWS[kind] and what != "eventDefinitionRef":
        report.add("event-kind", node, kind=kind_said(kind), trigger=trigger_said(what))
    elif what in LISTED and what not in WE_RUN[kind]:
        report.add("event-refused", node, kind=kind_said(kind), trigger=trigger_said(what))


def _is_inner(node: etree._Element) -> bool:
    scope = scope_of(node)
    return scope is not None and kind_of(scope) in SUBPROCESSES


def _check_definition(report: Report, document: Document, definition: etree._Element) -> None:
    kind = kind_of(definition)
    event = definition.getparent()
    if kind == "messageEventDefinition":
        _check_message(report, document, definition)
    if kind == "signalEventDefinition":
        _check_signal(report, document, definition)
    if kind == "timerEventDefinition":
        times = [c for c in definition if kind_of(c) in ("timeDate", "timeDuration", "timeCycle")]
        if len(times) != 1:
            report.add("timer-parts", definition)
    for what in ("error", "escalation"):
        if kind == f"{what}EventDefinition":
            caught = event is not None and kind_of(event) == "boundaryEvent"
            _check_code(report, document, definition, what, caught)


def _check_message(report: Report, document: Document, node: etree._Element) -> None:
    """What sends or receives names its message, and the message has a name to be found by."""
    if not node.get("messageRef"):
        report.add("message-missing", node)
        return
    message = document.by_id.get(node.get("messageRef", "").rpartition(":")[2])
    if message is not None and kind_of(message) == "message" and not message.get("name"):
        report.add("message-unnamed", node, message=message.get("id", ""))


def _check_signal(report: Report, document: Document, node: etree._Element) -> None:
    """What waits for a signal says for which, by a name that programs can call."""
    signal = document.by_id.get(node.get("signalRef", "").rpartition(":")[2])
    named = signal is not None and kind_of(signal) == "signal" and signal.get("name")
    if not node.get("signalRef") or (signal is not None and not named):
        report.add("signal-unnamed", node)


def _check_code(report: Report, document: Document, node: etree._Element, what: str, caught: bool) -> None:
    """A thrown error or escalation has a code; a boundary event that names none catches all."""
    reference = node.get(f"{what}Ref")
    target = document.by_id.get((reference or "").rpartition(":")[2])
    unnamed = not reference and not caught
    codeless = target is not None and kind_of(target) == what and not target.get(f"{what}Code")
    if unnamed or codeless:
        report.add("code-missing", node, kind=kind_said(what))


def check_rivals(report: Report, process: Process) -> None:
    """Of two boundary events of one activity that catch the same error or escalation, which one acts is not
    said anywhere."""
    seen: dict[tuple[str, ...], str] = {}
    for node in process.of_kind("boundaryEvent"):
        for what in ("error", "escalation"):
            for definition in node.iterchildren(bpmn(f"{what}EventDefinition")):
                target = process.document.by_id.get(definition.get(f"{what}Ref", "").rpartition(":")[2])
                code = target.get(f"{what}Code", "") if target is not None else ""
                first = seen.setdefault((node.get("attachedToRef", ""), what, code), node.get("id", ""))
                if first != node.get("id"):
                    report.add("boundary-rival", node, other=first)


def _check_boundary(report: Report, process: Process, node: etree._Element) -> None:
    host = process.document.by_id.get(node.get("attachedToRef", "").rpartition(":")[2])
    if host is None or not is_activity(host):
        report.add("boundary-host", node, host=node.get("attachedToRef", ""))
        return
    if scope_of(host) is not scope_of(node):
        report.add("boundary-elsewhere", node, host=host.get("id", ""))
    interrupts = is_true(node.get("cancelActivity", "true"))
    if trigger(node) == "error" and not interrupts:
        report.add("boundary-error-continues", node)
    cycle = node.find(f"{bpmn('timerEventDefinition')}/{bpmn('timeCycle')}")
    if interrupts and text_of(cycle):
        report.add("boundary-cycle", node)
