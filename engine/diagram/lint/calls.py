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
            if place := _escape(drawings, process, node, code):
                report.add("error-uncaught", node, error=code, place=place)


def _escape(drawings: Drawings, process: Process, thrower: etree._Element, code: str) -> str:
    """The id of the process that an error gets out of uncaught; empty if it is always caught."""
    seen: set[str] = set()
    waiting = [(process, thrower)]
    while waiting:
        process, inside = waiting.pop()
        if process.id in seen or _is_caught(process, inside, code):
            continue
        seen.add(process.id)
        callers = drawings.calls.get(process.id, [])
        if not callers:
            return process.id
        waiting += [(caller, node) for caller, node in callers if not _catches(caller, node, code)]
    return ""


def _is_caught(process: Process, inside: etree._Element, code: str) -> bool:
    """Whether a subprocess around an element catches the error."""
    around = scope_of(inside)
    while around is not None and around is not process.node:
        if _catches(process, around, code):
            return True
        around = scope_of(around)
    return False


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
