"""Builds the runnable spec of one process, and of the subprocesses drawn inside it.

SpiffWorkflow's own parser walks the flows recursively (a long chain overflows it), tries the conditions of a
gateway in the order of the drawing, ignores without a word what it does not know and stops at the first
fault. This one makes every spec first, then connects them in document order, and notes every fault with its
place.
"""

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition

from engine.diagram.document import Document, documentation_of, properties_of
from engine.diagram.parser.camunda import Facts, extensions_of, is_external
from engine.diagram.parser.events import Definition, event_definition, message_definition
from engine.diagram.parser.flows import Flows
from engine.diagram.parser.lanes import Lanes
from engine.diagram.parser.loops import wrap
from engine.diagram.parser.refusals import check_process_id, check_start, refuse_node
from engine.diagram.parser.scripts import script_of
from engine.diagram.vocabulary import EVENTS, is_flow_node, is_true, kind_of
from engine.elements import SPEC_CLASSES

MAX_NODES = 300


class ProcessBuilder:
    """Turns a `process` or `subProcess` element into a spec; `subspecs` collects those of the parts."""

    def __init__(self, document: Document, node: etree._Element, process_id: str, lanes: Lanes) -> None:
        self.document, self.node, self.process_id, self.lanes = document, node, process_id, lanes
        own = node.get("id", "")
        self.name = process_id if kind_of(node) == "process" else f"{process_id}/{own}"
        self.spec = SPEC_CLASSES["process"](
            name=self.name, description=node.get("name") or own, filename=document.file
        )
        self.spec.extensions = {"process": process_id, "properties": properties_of(node)}
        self.flows = Flows(document, node)
        self.subspecs: dict[str, Any] = {}
        self.activities: dict[str, Any] = {}
        self.entries: dict[str, Any] = {}

    def build(self) -> Any:
        """The spec; to be run only if `document.problems` stayed empty."""
        if kind_of(self.node) == "process":
            check_process_id(self.document, self.node)
            check_start(self.document, self.node)
            if is_too_large(self.document, self.node):
                return self.spec
        nodes = [child for child in self.node if is_flow_node(child)]
        for node in nodes:
            if refuse_node(self.document, node, self.spec):
                self._make(node)
        self._attach_boundaries(nodes)
        self._link_to_ends(nodes)
        self.flows.connect(self.activities, self.entries)
        return self.spec

    def _make(self, node: etree._Element) -> None:
        name, lane = node.get("id", ""), self.lanes.of(node)
        attributes: Facts = {
            "lane": lane.name if lane else None,
            "bpmn_name": node.get("name"),
            "documentation": documentation_of(node) or None,
            "description": kind_of(node),
        }
        arguments, facts = self._details(node)
        kind = "externalTask" if is_external(node) else kind_of(node)
        inner = SPEC_CLASSES[kind](self.spec, name, **arguments, **attributes)
        inner.extensions = extensions_of(self.document, node, self.process_id, lane) | facts
        self.activities[name] = self.entries[name] = wrap(self.document, node, inner, attributes)

    def _details(self, node: etree._Element) -> tuple[Facts, Facts]:
        """The constructor arguments that only this kind of element takes, and its facts."""
        kind = kind_of(node)
        if kind == "scriptTask":
            script = script_of(self.document, node)
            return {"script": script["source"]}, {"script": script}
        if kind in ("sendTask", "receiveTask"):
            return self._event(message_definition(self.document, node))
        if kind == "eventBasedGateway":
            return {"event_definition": MultipleEventDefinition()}, {}
        if kind in EVENTS:
            arguments, facts = self._event(event_definition(self.document, node))
            if kind == "boundaryEvent":
                arguments["cancel_activity"] = is_true(node.get("cancelActivity", "true"))
            return arguments, facts
        if kind == "subProcess":
            return {"subworkflow_spec": self._subprocess(node)}, {}
        return ({"subworkflow_spec": node.get("calledElement")} if kind == "callActivity" else {}), {}

    def _event(self, defined: Definition) -> tuple[Facts, Facts]:
        """Also tells the process which correlation keys its messages use."""
        definition, facts = defined
        if isinstance(definition, MessageEventDefinition):
            for property_ in definition.correlation_properties:
                for key in property_.correlation_keys:
                    names = self.spec.correlation_keys.setdefault(key, [])
                    if property_.name not in names:
                        names.append(property_.name)
        return {"event_definition": definition}, facts

    def _subprocess(self, node: etree._Element) -> str:
        inside = ProcessBuilder(self.document, node, self.process_id, self.lanes)
        self.subspecs |= {inside.name: inside.build(), **inside.subspecs}
        return inside.name

    def _attach_boundaries(self, nodes: list[etree._Element]) -> None:
        """Puts the split that watches the boundary events in front of their host."""
        by_host: dict[str, list[Any]] = {}
        for node in nodes:
            host, event = node.get("attachedToRef", ""), self.activities.get(node.get("id", ""))
            if kind_of(node) == "boundaryEvent" and event is not None:
                by_host.setdefault(host, []).append(event)
                if host not in self.flows.nodes:
                    zh, en = f"attachedToRef“{host}”不存在。", f"attachedToRef “{host}” does not exist."
                    self.document.complain(node, "boundary.host", zh, en)
        for host, events in by_host.items():
            if host in self.activities:
                self.entries[host] = self._watch(self.activities[host], events)

    def _watch(self, host: Any, events: list[Any]) -> Any:
        name, lane = host.name, host.lane
        split = SPEC_CLASSES["boundarySplit"](self.spec, f"{name}.BoundaryEventSplit", lane=lane)
        join = SPEC_CLASSES["boundaryJoin"](
            self.spec, f"{name}.BoundaryEventJoin", lane=lane, split_task=split.name, cancel=True
        )
        for spec in (host, *events):
            split.connect(spec)
            spec.connect(join)
        return split

    def _link_to_ends(self, nodes: list[etree._Element]) -> None:
        """The spec's own start leads to the start event, every end event to the spec's own end."""
        for node in nodes:
            spec = self.activities.get(node.get("id", ""))
            if spec is not None and kind_of(node) == "startEvent":
                self.spec.start.connect(spec)
            elif spec is not None and kind_of(node) == "endEvent":
                spec.connect(self.spec.end)


def is_too_large(document: Document, process: etree._Element) -> bool:
    """Whether a process has more flow nodes than we promise to run; noted if so."""
    count = sum(is_flow_node(child) for child in process.iter())
    if count > MAX_NODES:
        zh = f"流程有 {count} 个节点，上限为 {MAX_NODES} 个；请用调用活动拆分。"
        en = f"The process has {count} flow nodes, the limit is {MAX_NODES}: split it with call activities."
        document.complain(process, "process.size", zh, en)
    return count > MAX_NODES
