"""From BPMN XML to the layouter's graph: sizes as the modeler draws them, lanes from the lane set."""

from lxml import etree

from engine.diagram.layout.model import SEAT, Edge, Graph, Lane, LaneGroup, Node
from engine.diagram.vocabulary import EVENTS, GATEWAYS, SUBPROCESSES, bpmn, is_flow_node, kind_of

TASK, EVENT, GATEWAY = (100.0, 80.0), (36.0, 36.0), (50.0, 50.0)
SEATS = (1, -1, 0)


def read_graph(process: etree._Element, expanded: frozenset[str] = frozenset()) -> Graph:
    """The flow nodes, flows and lanes of one process; `expanded` subprocesses get a graph of their own."""
    lanes, groups, lane_of = _lanes(process)
    nodes = {n.id: n for n in (_node(e, lane_of, expanded) for e in process if is_flow_node(e)) if n.id}
    _seat_boundary_events(nodes)
    defaults = {e.get("default") for e in process if e.get("default")}
    edges = [_edge(e, defaults) for e in process.iterchildren(bpmn("sequenceFlow"))]
    known = [edge for edge in edges if edge.id and edge.source in nodes and edge.target in nodes]
    return Graph(nodes, known, lanes, groups)


def _lanes(process: etree._Element) -> tuple[list[Lane], list[LaneGroup], dict[str, int]]:
    """The innermost lanes from top to bottom, the lanes around them, and the lane of each node."""
    lanes: list[Lane] = []
    groups: list[LaneGroup] = []
    lane_of: dict[str, int] = {}

    def walk(lane_set: etree._Element, depth: int) -> None:
        for lane in lane_set.iterchildren(bpmn("lane")):
            inner, first = lane.find(bpmn("childLaneSet")), len(lanes)
            for reference in lane.iterchildren(bpmn("flowNodeRef")):
                lane_of.setdefault((reference.text or "").strip(), first)
            if inner is not None:
                walk(inner, depth + 1)
            if len(lanes) > first:
                groups.append(LaneGroup(lane.get("id", ""), first, len(lanes) - 1, depth))
            else:
                lanes.append(Lane(lane.get("id", ""), lane.get("name", "")))

    for lane_set in process.iterchildren(bpmn("laneSet")):
        walk(lane_set, 0)
    return lanes or [Lane("", "")], groups, lane_of


def _node(element: etree._Element, lane_of: dict[str, int], expanded: frozenset[str]) -> Node:
    node_id, kind = element.get("id", ""), kind_of(element)
    width, height = EVENT if kind in EVENTS else GATEWAY if kind in GATEWAYS else TASK
    node = Node(node_id, kind, width, height, lane_of.get(node_id, 0), element.get("name", ""))
    node.host = element.get("attachedToRef") if kind == "boundaryEvent" else None
    if kind in SUBPROCESSES and node_id in expanded:
        node.inner = read_graph(element, expanded)
    return node


def _seat_boundary_events(nodes: dict[str, Node]) -> None:
    """Up to three events of one host sit right, left, then in the middle. More sit from right to left, with
    room for their names, and the host is as wide as they need. One without a host stands in the flow."""
    guests: dict[str, list[Node]] = {}
    for node in nodes.values():
        host = nodes.get(node.host or "")
        if host is None or host.host:
            node.host = None
        else:
            node.lane = host.lane
            guests.setdefault(host.id, []).append(node)
    for host_id, seated in guests.items():
        outermost = len(seated) - 1
        seats = SEATS if outermost < len(SEATS) else range(outermost, -outermost - 1, -2)
        for node, seat in zip(seated, seats, strict=False):
            node.seat = seat
            nodes[host_id].width = max(nodes[host_id].width, TASK[0] + 2 * SEAT * (abs(seat) - 1))


def _edge(flow: etree._Element, defaults: set[str | None]) -> Edge:
    flow_id = flow.get("id", "")
    ends = flow.get("sourceRef", ""), flow.get("targetRef", "")
    return Edge(flow_id, *ends, flow.get("name", ""), default=flow_id in defaults)
