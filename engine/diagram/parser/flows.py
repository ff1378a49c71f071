"""The sequence flows of one process or subprocess: which specs they connect, and under which condition."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from engine.diagram.document import Document
from engine.diagram.vocabulary import bpmn, is_flow_node, kind_of

CHOOSING = ("exclusiveGateway", "inclusiveGateway")


class Flows:
    """The flows drawn directly in `scope`, in document order."""

    def __init__(self, document: Document, scope: etree._Element) -> None:
        self.document = document
        self.nodes = {node.get("id", ""): node for node in scope if is_flow_node(node)}
        self.leaving: dict[str, list[etree._Element]] = {}
        for flow in scope.iterchildren(bpmn("sequenceFlow")):
            self.leaving.setdefault(flow.get("sourceRef", ""), []).append(flow)

    def connect(self, activities: Mapping[str, Any], entries: Mapping[str, Any]) -> None:
        """Connects the specs; what cannot be connected as drawn is noted.

        Args: by element id, the spec from which its flows leave and the one at which they arrive.
        """
        for source, flows in self.leaving.items():
            self._check_source(source, flows)
            targets: set[str] = set()
            for flow in flows:
                target = flow.get("targetRef", "")
                self._check_target(flow, target, targets)
                targets.add(target)
                if source in activities and target in entries:
                    self._join(flow, activities[source], entries[target])

    def _join(self, flow: etree._Element, source: Any, target: Any) -> None:
        condition = self._condition(flow)
        if condition is None:
            source.connect(target)
        else:
            source.connect_outgoing_if(condition, target)

    def _condition(self, flow: etree._Element) -> str | None:
        """The condition of a flow; None for the default and for flows that always carry the token."""
        source = self.nodes[flow.get("sourceRef", "")]
        drawn = flow.find(bpmn("conditionExpression"))
        if kind_of(source) not in CHOOSING:
            if drawn is not None:
                zh = "只有离开排他网关或包容网关的流可以有条件。"
                en = "Only flows out of exclusive and inclusive gateways may have a condition."
                self.document.complain(flow, "flow.condition", zh, en)
            return None
        if flow.get("id") == source.get("default"):
            return None
        if drawn is not None:
            return self.document.expression(drawn, drawn.text)
        if len(self.leaving[source.get("id", "")]) > 1:
            zh, en = "网关的非默认流没有条件。", "A flow that is not the gateway's default needs a condition."
            self.document.complain(flow, "flow.condition", zh, en)
        return None

    def _check_source(self, source: str, flows: list[etree._Element]) -> None:
        node = self.nodes.get(source)
        if node is None:
            for flow in flows:
                self._missing(flow, source)
            return
        default, chooses = node.get("default"), kind_of(node) in CHOOSING
        if default and (not chooses or default not in [flow.get("id") for flow in flows]):
            zh = f"默认流“{default}”须离开该元素，且该元素须为排他网关或包容网关。"
            en = f"The default flow “{default}” must leave this element, an exclusive or inclusive gateway."
            self.document.complain(node, "flow.default", zh, en)

    def _check_target(self, flow: etree._Element, target: str, before: set[str]) -> None:
        if target not in self.nodes:
            self._missing(flow, target)
        if target in before:
            zh = "两个元素之间有两条顺序流；请合并其条件。"
            en = "Two sequence flows join the same two elements: merge their conditions."
            self.document.complain(flow, "flow.twice", zh, en)

    def _missing(self, flow: etree._Element, end: str) -> None:
        zh = f"顺序流的一端“{end}”不在同一流程中。"
        en = f"The sequence flow's end “{end}” does not exist in the same process."
        self.document.complain(flow, "flow.end", zh, en)
