"""One process, compiled: its specs, the facts of its elements, and what it refers to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from lxml import etree

from engine.diagram.document import Document
from engine.diagram.element import Element, element_of
from engine.diagram.parser.lanes import Lanes
from engine.diagram.parser.process_builder import ProcessBuilder
from engine.diagram.process_facts import ProcessFacts, process_facts
from engine.diagram.vocabulary import bpmn, is_flow_node
from engine.errors import Problem

Extensions = Mapping[str, Any]


@dataclass(frozen=True)
class CompiledProcess:
    """A process that can run if `problems` is empty. Shared by all its instances and never changed.

    spec, subspecs: what SpiffWorkflow runs; the latter by name, for the subprocesses drawn inside.
    elements: by element id. extensions: what the spec of each element carries, by element id.
    flows: (source id, target id) → sequence flow id. reads: the names that expressions, scripts and templates
    read; keys: those of parts that they look up (`row["agree"]`).
    """

    facts: ProcessFacts
    spec: Any
    subspecs: Mapping[str, Any]
    elements: Mapping[str, Element]
    extensions: Mapping[str, Extensions]
    flows: Mapping[tuple[str, str], str]
    reads: frozenset[str]
    keys: frozenset[str]
    problems: tuple[Problem, ...]
    document: Document
    node: etree._Element

    def of_kind(self, kind: str) -> Iterator[Element]:
        """The elements of one BPMN kind, in document order."""
        return (element for element in self.elements.values() if element.kind == kind)

    @property
    def start(self) -> Element:
        """The start event of the process itself, of which a process without problems has one."""
        return self.elements[next(self.node.iterchildren(bpmn("startEvent"))).get("id", "")]

    @property
    def form_keys(self) -> frozenset[str]:
        """The forms that its elements refer to."""
        return frozenset(element.form_key for element in self.elements.values() if element.form_key)

    @property
    def decision_ids(self) -> frozenset[str]:
        """The decisions that its business rule tasks refer to."""
        refs = (e["decision"]["ref"] for e in self.extensions.values() if "decision" in e)
        return frozenset(ref for ref in refs if ref)

    @property
    def called(self) -> frozenset[str]:
        """The ids of the processes it calls."""
        return frozenset(element.called for element in self.of_kind("callActivity") if element.called)


def compile_process(document: Document, node: etree._Element) -> CompiledProcess:
    """Compiles the `process` element `node` of `document`; what is wrong with it is in `problems`."""
    own = replace(document, problems=[], reads=set(), keys=set())
    lanes = Lanes(node)
    builder = ProcessBuilder(own, node, node.get("id", ""), lanes)
    spec = builder.build()
    extensions = dict(_extensions((spec, *builder.subspecs.values())))
    elements = {
        name: element_of(own, drawn, lanes.of(drawn), extensions[name])
        for drawn in node.iter()
        if is_flow_node(drawn) and (name := drawn.get("id", "")) in extensions
    }
    return CompiledProcess(
        facts=process_facts(node, document.file),
        spec=spec,
        subspecs=builder.subspecs,
        elements=elements,
        extensions=extensions,
        flows=_flows(node),
        reads=frozenset(own.reads),
        keys=frozenset(own.keys),
        problems=tuple(own.problems),
        document=document,
        node=node,
    )


def _extensions(specs: tuple[Any, ...]) -> Iterator[tuple[str, Extensions]]:
    """Those of the elements as they stand in the flow: a multi-instance frame, not what it repeats."""
    for spec in specs:
        for task in spec.task_specs.values():
            carried = getattr(task, "extensions", None)
            if carried and "element" in carried and not carried.get("inner"):
                yield carried["element"], cast(Extensions, carried)


def _flows(node: etree._Element) -> dict[tuple[str, str], str]:
    return {
        (flow.get("sourceRef", ""), flow.get("targetRef", "")): flow.get("id", "")
        for flow in node.iter(bpmn("sequenceFlow"))
    }
