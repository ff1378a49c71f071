"""The net of one scope: its nodes, and what a token may do at each, as the engine runs them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from engine.diagram.document import Document
from engine.diagram.lint.drawings import Scope, is_activity, trigger
from engine.diagram.vocabulary import bpmn, camunda, is_true, kind_of

Thrown = tuple[str, str | None]  # ("error" or "escalation", its code)
HOSTS = frozenset({"subProcess", "callActivity", "transaction", "adHocSubProcess"})
_WAITING = HOSTS | {"userTask", "receiveTask", "eventBasedGateway"}


@dataclass(frozen=True)
class Node:
    """One flow node. `outgoing` and `incoming` name nodes, in the order of the file.

    waits: a token stays until something from outside happens: a person, a message, a timer, an inside.
    throws: what the node itself throws. catches: what a boundary event catches; it `interrupts` its `host`,
    and happens `once` at most while the host is at work. outside: someone else does the work, so may fail.
    """

    id: str
    kind: str
    trigger: str
    waits: bool
    outside: bool
    outgoing: tuple[str, ...]
    incoming: tuple[str, ...]
    default: str
    boundaries: tuple[str, ...]
    host: str
    interrupts: bool
    once: bool
    code: str | None

    @property
    def throws(self) -> Thrown | None:
        """The error or escalation that the node throws when a token comes."""
        throwing = self.kind in ("endEvent", "intermediateThrowEvent")
        return (self.trigger, self.code) if throwing and self.trigger in ("error", "escalation") else None

    @cached_property
    def joins(self) -> bool:
        """Whether tokens wait here for each other."""
        return self.kind in ("parallelGateway", "inclusiveGateway") and len(self.incoming) > 1


@dataclass(frozen=True)
class Summary:
    """What the inside of an activity may do to the activity: end, or throw what nobody inside catches."""

    ends: bool = True
    throws: frozenset[Thrown] = frozenset()
    unknown: bool = False  # not among the files: it may throw anything


@dataclass(frozen=True, eq=False)
class Net:
    """A process or subprocess to be played. `insides` says what its activities with an inside may do.

    stops: codes of the escalations that stop this scope, because a boundary event around it interrupts it.
    """

    document: Document
    scope: Scope
    insides: dict[str, Summary] = field(default_factory=dict)
    stops: frozenset[str | None] = frozenset()

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """By id, in the order of the file."""
        return {name: self._node(node) for name, node in self.scope.by_id.items()}

    @cached_property
    def starts(self) -> list[str]:
        """The start events."""
        return [node.id for node in self.nodes.values() if node.kind == "startEvent"]

    def _node(self, node: etree._Element) -> Node:
        kind, what = kind_of(node), trigger(node)
        known, name = self.scope.by_id, node.get("id", "")
        flows = self.scope.leaving(node)
        leaving = [flow.get("targetRef", "") for flow in flows]
        entering = [flow.get("sourceRef", "") for flow in self.scope.entering(node)]
        default = [f.get("targetRef", "") for f in flows if f.get("id") == node.get("default")]
        boundaries = tuple(event.get("id", "") for event in self.scope.attached(node) if event.get("id"))
        external = node.get(camunda("type")) == "external"
        catching = kind == "intermediateCatchEvent" and what != "none"
        return Node(
            id=name,
            kind=kind,
            trigger=what,
            waits=kind in _WAITING or catching or external or bool(boundaries and is_activity(node)),
            outside=external,
            outgoing=tuple(dict.fromkeys(target for target in leaving if target in known)),
            incoming=tuple(dict.fromkeys(source for source in entering if source in known)),
            default=default[0] if default else "",
            boundaries=boundaries,
            host=node.get("attachedToRef", "").rpartition(":")[2],
            interrupts=is_true(node.get("cancelActivity", "true")),
            once=what == "timer" and node.find(f".//{bpmn('timeCycle')}") is None,
            code=code_of(self.document, node),
        )

    def ends(self, node: Node) -> bool:
        """Whether the work at a waiting node may end by itself."""
        return self.insides.get(node.id, Summary()).ends

    def happens(self, event: Node) -> bool:
        """Whether a boundary event may happen: errors and escalations only if something throws them."""
        if event.trigger not in ("error", "escalation"):
            return True
        host = self.nodes[event.host]
        inside = self.insides.get(host.id)
        if inside is None or inside.unknown:
            return inside is not None or host.outside
        return any(self.catcher(host, thrown) == event for thrown in inside.throws)

    def catcher(self, host: Node, thrown: Thrown) -> Node | None:
        """The boundary event of `host` that catches: the one with the very code before one without any."""
        what, code = thrown
        found = [self.nodes[name] for name in host.boundaries if self.nodes[name].trigger == what]
        found = [event for event in found if event.code in (None, code)]
        return min(found, key=lambda event: event.code is None, default=None)

    def escaping(self, host: Node) -> list[Thrown]:
        """What gets out of the inside of `host` and past its boundary events."""
        inside = self.insides.get(host.id)
        if inside is None:
            return []
        return sorted((t for t in inside.throws if self.catcher(host, t) is None), key=str)

    def stopped_by(self, thrown: Thrown) -> bool:
        """Whether throwing this ends the whole scope; an escalation that nobody has to heed does not."""
        return thrown[0] == "error" or thrown[1] in self.stops

    @cached_property
    def _sources(self) -> dict[tuple[str, frozenset[str]], frozenset[str]]:
        return {}

    def sources(self, gateway: str, last: frozenset[str]) -> frozenset[str]:
        """The nodes from which flows lead to one of `last` without visiting the gateway, as the engine walks
        them (`engine.elements.reach`): an armed boundary event is no token, and no flow leads through it."""
        if (gateway, last) not in self._sources:
            found, todo = set(last) - {gateway}, list(last)
            while todo:
                for name in self._before(self.nodes[todo.pop()]):
                    if name != gateway and name not in found:
                        found.add(name)
                        todo.append(name)
            self._sources[gateway, last] = frozenset(found)
        return self._sources[gateway, last]

    def _before(self, node: Node) -> list[str]:
        at = self.nodes[node.host] if node.kind == "boundaryEvent" and node.host in self.nodes else node
        return [name for name in at.incoming if self.nodes[name].kind != "boundaryEvent"]


def code_of(document: Document, event: etree._Element) -> str | None:
    """The code of the error or escalation that an event throws or catches; None if it names none."""
    for what in ("error", "escalation"):
        drawn = event.find(bpmn(f"{what}EventDefinition"))
        if drawn is not None:
            named = document.by_id.get(drawn.get(f"{what}Ref", "").rpartition(":")[2])
            return named.get(f"{what}Code") if named is not None else None
    return None
