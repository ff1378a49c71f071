"""A token that starts must be able to reach everything drawn, and from there an end event."""

from collections.abc import Callable, Iterable

from lxml import etree

from engine.diagram.lint.drawings import Process, Scope
from engine.diagram.lint.report import Report
from engine.diagram.parser.process_builder import MAX_NODES
from engine.diagram.vocabulary import SUBPROCESSES, kind_of

MAX_NESTING = 10
MAX_FLOWS = 4 * MAX_NODES


def check_size(report: Report, process: Process) -> bool:
    """Whether a process is small enough to be looked at closer."""
    nodes, flows = sum(1 for _ in process.nodes), sum(1 for _ in process.flows)
    if nodes > MAX_NODES:
        report.add("too-many-elements", process.node, count=nodes, limit=MAX_NODES)
    elif flows > MAX_FLOWS:
        report.add("too-many-flows", process.node, count=flows, limit=MAX_FLOWS)
    for scope in process.scopes:
        depth = sum(1 for around in scope.node.iterancestors() if kind_of(around) in SUBPROCESSES)
        if depth == MAX_NESTING:
            report.add("nested-too-deep", scope.node, limit=MAX_NESTING)
    return nodes <= MAX_NODES and flows <= MAX_FLOWS


def check_reach(report: Report, process: Process) -> None:
    """One start event and at least one end event in every scope, and no element off the ways between them."""
    for scope in process.scopes:
        starts = scope.starts()
        ends = [node for node in scope.nodes if kind_of(node) == "endEvent"]
        if not starts:
            report.add("start-missing", scope.node)
        for extra in starts[1:]:
            report.add("start-second", extra, first=starts[0].get("id", ""))
        if not ends:
            report.add("end-missing", scope.node)
        _check_ways(report, scope, starts, ends)


def _check_ways(
    report: Report, scope: Scope, starts: list[etree._Element], ends: list[etree._Element]
) -> None:
    reached = _closure(starts, lambda node: _next(scope, node))
    leaving = _closure(ends, lambda node: _previous(scope, node))
    for node in scope.nodes:
        if starts and node not in reached and _is_first_unreached(scope, node):
            report.add("never-reached", node)
        if not ends or kind_of(node) in ("endEvent", "boundaryEvent"):
            continue
        if not scope.leaving(node):
            report.add("leads-nowhere", node)
        elif node not in leaving and _only_loops(scope, node):
            report.add("never-ends", node)


def _closure(
    first: Iterable[etree._Element], step: Callable[[etree._Element], list[etree._Element]]
) -> set[etree._Element]:
    found: set[etree._Element] = set()
    waiting = list(first)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(step(node))
    return found


def _next(scope: Scope, node: etree._Element) -> list[etree._Element]:
    targets = [scope.by_id.get(flow.get("targetRef", "")) for flow in scope.leaving(node)]
    return [target for target in targets if target is not None] + scope.attached(node)


def _previous(scope: Scope, node: etree._Element) -> list[etree._Element]:
    sources = [scope.by_id.get(flow.get("sourceRef", "")) for flow in scope.entering(node)]
    host = scope.by_id.get(node.get("attachedToRef", ""))
    return [source for source in [*sources, host] if source is not None]


def _is_first_unreached(scope: Scope, node: etree._Element) -> bool:
    """Whether nothing leads to the node; what follows it is unreached for the same reason.

    A ring of elements that only lead to each other is reported at each of them.
    """
    before = _closure(_previous(scope, node), lambda earlier: _previous(scope, earlier))
    return node in before or not before


def _only_loops(scope: Scope, node: etree._Element) -> bool:
    """Whether a token can walk on from the node for ever; what leads to a dead end is reported there."""
    after = _closure(_next(scope, node), lambda later: _next(scope, later))
    return node in after
