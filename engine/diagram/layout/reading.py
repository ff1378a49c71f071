"""From BPMN XML to the layouter's graph: sizes as the modeler draws them, lanes from the lane set."""

from lxml import etree

from engine.diagram.layout.model import Edge, Graph, Lane, Node
from engine.diagram.vocabulary import EVENTS, GATEWAYS, SUBPROCESSES, bpmn, is_flow_node, kind_of

TASK, EVENT, GATEWAY = (100.0, 80.0), (36.0, 36.0), (50.0, 50.0)


def read_graph(process: etree._Element, expanded: frozenset[str] = frozenset()) -> Graph:
    """The flow nodes, flows and lanes of one process; `expanded` subprocesses get a graph of their own."""
    lanes, lane_of = _lanes(process)
    nodes = {n.id: n for n in (_node(e, lane_of, expanded) for e in process if is_flow_node(e)) if n}
    for node in nodes.values():
        if node.host in nodes:
            node.lane = nodes[node.host].lane
    defaults = {e.get("default") for e in process if e.get("default")}
    edges = [_edge(e, defaults) for e in process.iterchildren(bpmn("sequenceFlow"))]
    known = [edge for edge in edges if edge.source in nodes and edge.target in nodes]
    return Graph(nodes, known, lanes)


def _lanes(process: etree._Element) -> tuple[list[Lane], dict[str, int]]:
    """The innermost lanes from top to bottom, and the lane of each node."""
    lanes: list[Lane] = []
    lane_of: dict[str, int] = {}
    for lane in process.iterfind(f"{bpmn('laneSet')}//{bpmn('lane')}"):
        if lane.find(bpmn("childLaneSet")) is not None:
            continue
        for reference in lane.iterchildren(bpmn("flowNodeRef")):
            lane_of[(reference.text or "").strip()] = len(lanes)
        lanes.append(Lane(lane.get("id", ""), lane.get("name", "")))
    return lanes or [Lane("", "")], lane_of


def _node(element: etree._Element, lane_of: dict[str, int], expanded: frozenset[str]) -> Node | None:
    node_id, kind = element.get("id", ""), kind_of(element)
    if not node_id:
        return None
    width, height = EVENT if kind in EVENTS else GATEWAY if kind in GATEWAYS else TASK
    node = Node(node_id, kind, width, height, lane_of.get(node_id, 0), element.get("name", ""))
    node.host = element.get("attachedToRef") if kind == "boundaryEvent" else None
    if kind in SUBPROCESSES and node_id in expanded:
        node.inner = read_graph(element, expanded)
    return node


def _edge(flow: etree._Element, defaults: set[str | None]) -> Edge:
    flow_id = flow.get("id", "")
    ends = flow.get("sourceRef", ""), flow.get("targetRef", "")
    return Edge(flow_id, *ends, flow.get("name", ""), default=flow_id in defaults)
