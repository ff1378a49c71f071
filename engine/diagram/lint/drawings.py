"""What is drawn in the files under lint: processes, their scopes, nodes and flows. No judging here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from engine.diagram.document import Document
from engine.diagram.vocabulary import ACTIVITIES, SUBPROCESSES, bpmn, is_flow_node, is_true, kind_of


@dataclass(frozen=True)
class Scope:
    """A process or a subprocess: the flow nodes and sequence flows that stand directly in it."""

    node: etree._Element

    @cached_property
    def nodes(self) -> list[etree._Element]:
        return [child for child in self.node if is_flow_node(child)]

    @cached_property
    def flows(self) -> list[etree._Element]:
        return list(self.node.iterchildren(bpmn("sequenceFlow")))

    @cached_property
    def by_id(self) -> dict[str, etree._Element]:
        return {name: node for node in self.nodes if (name := node.get("id"))}

    def leaving(self, node: etree._Element) -> list[etree._Element]:
        """The sequence flows whose source is `node`."""
        return self._by_end["sourceRef"].get(node.get("id", ""), [])

    def entering(self, node: etree._Element) -> list[etree._Element]:
        """The sequence flows whose target is `node`."""
        return self._by_end["targetRef"].get(node.get("id", ""), [])

    @cached_property
    def _by_end(self) -> dict[str, dict[str, list[etree._Element]]]:
        found: dict[str, dict[str, list[etree._Element]]] = {"sourceRef": {}, "targetRef": {}}
        for flow in self.flows:
            for end, flows in found.items():
                if name := flow.get(end):
                    flows.setdefault(name, []).append(flow)
        return found

    def attached(self, node: etree._Element) -> list[etree._Element]:
        """The boundary events of the activity `node`."""
        return [
            event
            for event in self.nodes
            if kind_of(event) == "boundaryEvent" and event.get("attachedToRef") == node.get("id")
        ]

    def starts(self) -> list[etree._Element]:
        return [node for node in self.nodes if kind_of(node) == "startEvent"]


@dataclass(frozen=True)
class Process:
    """A process that is meant to run."""

    document: Document
    node: etree._Element

    @property
    def id(self) -> str:
        return self.node.get("id", "")

    @cached_property
    def scopes(self) -> list[Scope]:
        """The process itself, then every subprocess in it, outermost first."""
        inner = [Scope(node) for node in self.node.iter(bpmn("subProcess"))]
        return [Scope(self.node), *inner]

    @property
    def nodes(self) -> Iterator[etree._Element]:
        """Every flow node, at any depth."""
        for scope in self.scopes:
            yield from scope.nodes

    @property
    def flows(self) -> Iterator[etree._Element]:
        """Every sequence flow, at any depth."""
        for scope in self.scopes:
            yield from scope.flows

    def of_kind(self, *kinds: str) -> list[etree._Element]:
        return [node for node in self.nodes if kind_of(node) in kinds]


class Drawings:
    """All diagrams of one lint run."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents
        self.processes = [
            Process(document, node)
            for document in documents
            for node in document.root.iterchildren(bpmn("process"))
            if is_true(node.get("isExecutable", "true"))
        ]

    @cached_property
    def by_id(self) -> dict[str, Process]:
        """The processes by id; of two with the same id, the first."""
        return {process.id: process for process in reversed(self.processes)}

    @cached_property
    def calls(self) -> dict[str, list[tuple[Process, etree._Element]]]:
        """Called process id → the call activities that call it, with the process they stand in."""
        found: dict[str, list[tuple[Process, etree._Element]]] = {}
        for process in self.processes:
            for node in process.of_kind("callActivity"):
                found.setdefault(called(node), []).append((process, node))
        return found

    def together(self, process_id: str) -> list[Process]:
        """The processes that can run in one case: those that call or are called, directly or not."""
        found, waiting = [process_id], [process_id]
        while waiting:
            name = waiting.pop()
            below = [called(node) for node in self.by_id[name].of_kind("callActivity")]
            above = [process.id for process, _ in self.calls.get(name, [])]
            new = {other for other in [*below, *above] if other in self.by_id} - set(found)
            found.extend(sorted(new))
            waiting.extend(new)
        return [self.by_id[name] for name in found]


def called(node: etree._Element) -> str:
    """The id of the process that a call activity calls, without a namespace prefix."""
    return node.get("calledElement", "").rpartition(":")[2]


def scope_of(node: etree._Element) -> etree._Element | None:
    """The process or subprocess that an element stands in."""
    for around in node.iterancestors():
        if kind_of(around) == "process" or kind_of(around) in SUBPROCESSES:
            return around
    return None


def definitions(node: etree._Element) -> list[etree._Element]:
    """The event definitions of an event, by reference ones included."""
    return [child for child in node if kind_of(child).endswith(("EventDefinition", "eventDefinitionRef"))]


def trigger(node: etree._Element) -> str:
    """What an event waits for or throws: message, timer …; "none" for a plain event."""
    drawn = definitions(node)
    return kind_of(drawn[0]).removesuffix("EventDefinition") if drawn else "none"


def is_activity(node: etree._Element) -> bool:
    return kind_of(node) in ACTIVITIES


def is_gateway(node: etree._Element) -> bool:
    return kind_of(node).endswith("Gateway")


def text_of(node: etree._Element | None) -> str:
    return "" if node is None else (node.text or "").strip()
