"""Plays every scope of all files once, the innermost first: an activity may do what its inside may do."""

from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from engine.diagram.lint.drawings import Drawings, Process, Scope, called, scope_of, trigger
from engine.diagram.soundness.exploration import MAX_MARKINGS, MAX_MOVES, Exploration, explore
from engine.diagram.soundness.net import HOSTS, Net, Summary, code_of
from engine.diagram.vocabulary import is_true, kind_of

UNKNOWN = Summary(unknown=True)
MOST_CALLS = 40  # one inside the other; what lies deeper is taken to end, and explored by itself


@dataclass
class Insides:
    """The explorations made so far, by the element of the scope, and what they came to."""

    drawings: Drawings
    explorations: dict[etree._Element, Exploration] = field(default_factory=dict)
    summaries: dict[etree._Element, Summary] = field(default_factory=dict)
    depth: int = 0
    moves_left: int = MAX_MOVES

    def explore(self, process: Process, scope: Scope) -> Summary:
        """Plays a scope and all insides it needs. Without exactly one start event there is nothing to play;
        a process that calls itself is taken to end."""
        if scope.node not in self.summaries:
            if self.depth > MOST_CALLS:
                return UNKNOWN
            self.summaries[scope.node] = UNKNOWN  # while it is being explored
            self.depth += 1
            hosts = [node for node in scope.nodes if kind_of(node) in HOSTS and node.get("id")]
            insides = {node.get("id", ""): self._inside(process, node) for node in hosts}
            self.depth -= 1
            net = Net(process.document, scope, insides, self._stops(process, scope))
            if len(net.starts) == 1:
                found = explore(net, MAX_MARKINGS, self.moves_left)
                self.explorations[scope.node] = found
                self.moves_left -= sum(map(len, found.moves))
                self.summaries[scope.node] = found.summary
        return self.summaries[scope.node]

    def _inside(self, process: Process, node: etree._Element) -> Summary:
        if kind_of(node) != "callActivity":
            return self.explore(process, Scope(node))
        other = self.drawings.by_id.get(called(node))
        return self.explore(other, Scope(other.node)) if other else UNKNOWN

    def _stops(self, process: Process, scope: Scope) -> frozenset[str | None]:
        """The codes of the escalations thrown in a process that an interrupting boundary event catches."""
        nowhere: frozenset[str] = frozenset()
        return frozenset(
            code for code in self._codes if self._is_stopped(process, scope.node, code, nowhere)
        )

    @cached_property
    def _codes(self) -> set[str | None]:
        """The codes of all escalations that are thrown anywhere."""
        return {
            code_of(process.document, node)
            for process in self.drawings.processes
            for node in process.of_kind("endEvent", "intermediateThrowEvent")
            if trigger(node) == "escalation"
        }

    def _is_stopped(
        self, process: Process, node: etree._Element, code: str | None, seen: frozenset[str]
    ) -> bool:
        """Whether an escalation thrown in the scope `node` always stops it, wherever it is called from."""
        if kind_of(node) != "process":
            return self._is_caught(process, node, code, seen)
        callers = [] if process.id in seen else self.drawings.calls.get(process.id, [])
        seen = seen | {process.id}
        return bool(callers) and all(self._is_caught(by, host, code, seen) for by, host in callers)

    def _is_caught(
        self, process: Process, host: etree._Element, code: str | None, seen: frozenset[str]
    ) -> bool:
        outer = scope_of(host)
        if outer is None:
            return False
        catching = [event for event in Scope(outer).attached(host) if trigger(event) == "escalation"]
        codes = {code_of(process.document, event): event for event in catching}
        event = codes.get(code, codes.get(None))
        if event is not None:
            return is_true(event.get("cancelActivity", "true"))
        return self._is_stopped(process, outer, code, seen)
