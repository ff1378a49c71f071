"""What leaves a process and comes back: called processes, and errors that somebody must catch."""

from lxml import etree

from engine.diagram.lint.drawings import Drawings, Process, Scope, called, scope_of, trigger
from engine.diagram.lint.report import Report
from engine.diagram.vocabulary import bpmn, kind_of


def check_calls(report: Report, drawings: Drawings) -> None:
    """Every called process is among the files and does not call itself, directly or through others."""
    for process in drawings.processes:
        for node in process.of_kind("callActivity"):
            name = node.get("calledElement", "")
            if not name:
                report.add("call-without-process", node)
            elif "${" in name or "#{" in name:
                report.add("call-dynamic", node)
            elif called(node) not in drawings.by_id:
                report.add("call-unknown", node, process=called(node))
            elif way := _way_back(drawings, called(node), process.id):
                report.add("call-recursive", node, way=" → ".join([process.id, *way]))


def _way_back(drawings: Drawings, start: str, goal: str) -> list[str]:
    """The chain of calls from one process to another; empty if there is none."""
    ways = {start: [start]}
    waiting = [start]
    while waiting:
        name = waiting.pop(0)
        if name == goal:
            return ways[name]
        process = drawings.by_id.get(name)
        for node in process.of_kind("callActivity") if process else []:
            if called(node) not in ways:
                ways[called(node)] = [*ways[name], called(node)]
                waiting.append(called(node))
    return []


def check_errors(report: Report, drawings: Drawings) -> None:
    """Every error end event is caught by a boundary event of a subprocess or call activity around it.

    SpiffWorkflow lets the parent go on as if nothing had happened when nobody catches the error.
    """
    for process in drawings.processes:
        for node in process.of_kind("endEvent"):
            if trigger(node) != "error":
                continue
            code = _code(process, node)
            if place := _escape(drawings, process, node, code, frozenset()):
                report.add("error-uncaught", node, error=code, place=place)


def _escape(
    drawings: Drawings, process: Process, inside: etree._Element, code: str, seen: frozenset[str]
) -> str:
    """The id of the process that an error gets out of uncaught; empty if it is always caught."""
    around = scope_of(inside)
    while around is not None and around is not process.node:
        if _catches(process, around, code):
            return ""
        around = scope_of(around)
    callers = [] if process.id in seen else drawings.calls.get(process.id, [])
    if not callers:
        return "" if process.id in seen else process.id
    for caller, node in callers:
        if not _catches(caller, node, code):
            place = _escape(drawings, caller, node, code, seen | {process.id})
            if place:
                return place
    return ""


def _catches(process: Process, activity: etree._Element, code: str) -> bool:
    parent = scope_of(activity)
    if parent is None:
        return False
    return any(
        trigger(event) == "error" and _code(process, event) in ("", code)
        for event in Scope(parent).attached(activity)
    )


def _code(process: Process, event: etree._Element) -> str:
    definition = event.find(bpmn("errorEventDefinition"))
    reference = "" if definition is None else definition.get("errorRef", "")
    error = process.document.by_id.get(reference.rpartition(":")[2])
    return error.get("errorCode", "") if error is not None and kind_of(error) == "error" else ""
