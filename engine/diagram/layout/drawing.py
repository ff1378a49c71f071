"""Writes the diagram interchange: shapes, edges and label bounds, in the order of the file."""

from lxml import etree

from engine.diagram.layout.coordinates import BAND
from engine.diagram.layout.model import Box, Edge, Graph, LaneGroup, Point
from engine.diagram.vocabulary import BPMNDI, DC, DI

NAMESPACES = {"bpmndi": BPMNDI, "dc": DC, "di": DI}


def plane(parent: etree._Element, element_id: str) -> etree._Element:
    """A new empty diagram of a process or collaboration at the end of the definitions."""
    diagram = etree.SubElement(parent, f"{{{BPMNDI}}}BPMNDiagram", nsmap=NAMESPACES)
    diagram.set("id", f"Diagram_{element_id}")
    surface = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane")
    surface.set("id", f"Plane_{element_id}")
    surface.set("bpmnElement", element_id)
    return surface


def draw_shape(
    surface: etree._Element, element_id: str, box: Box, label: Box | None = None, **attributes: str
) -> None:
    """One shape with its label."""
    shape = etree.SubElement(surface, f"{{{BPMNDI}}}BPMNShape")
    shape.set("id", f"{element_id}_di")
    shape.set("bpmnElement", element_id)
    for name, value in attributes.items():
        shape.set(name, value)
    _bounds(shape, box)
    _label(shape, label)


def draw_edge(surface: etree._Element, element_id: str, points: list[Point], label: Box | None) -> None:
    """One flow with its corner points and its label."""
    edge = etree.SubElement(surface, f"{{{BPMNDI}}}BPMNEdge")
    edge.set("id", f"{element_id}_di")
    edge.set("bpmnElement", element_id)
    for x, y in points:
        point = etree.SubElement(edge, f"{{{DI}}}waypoint")
        point.set("x", _number(x))
        point.set("y", _number(y))
    _label(edge, label)


def draw_graph(surface: etree._Element, graph: Graph, dx: float, dy: float) -> None:
    """All lanes, nodes and flows of a graph, moved to its place on the page."""
    for group in graph.groups:
        draw_shape(surface, group.id, _around(graph, group).moved(dx, dy), isHorizontal="true")
    for lane in graph.lanes:
        if lane.id and lane.box:
            draw_shape(surface, lane.id, lane.box.moved(dx, dy), isHorizontal="true")
    for node in graph.nodes.values():
        extra = {"isExpanded": "true"} if node.inner else {}
        if node.kind == "exclusiveGateway":
            extra["isMarkerVisible"] = "true"
        draw_shape(surface, node.id, node.place.moved(dx, dy), _moved(node.label, dx, dy), **extra)
        if node.inner:
            draw_graph(surface, node.inner, dx + node.place.x, dy + node.place.y)
    for edge in graph.edges:
        _flow(surface, edge, dx, dy)


def _around(graph: Graph, group: LaneGroup) -> Box:
    """The lanes of a group, and left of them the room for its name."""
    boxes = [lane.box for lane in graph.lanes[group.first : group.last + 1] if lane.box]
    deepest = max(other.depth for other in graph.groups)
    x = boxes[0].x - (deepest - group.depth + 1) * BAND
    return Box(x, boxes[0].y, boxes[0].right - x, boxes[-1].bottom - boxes[0].y)


def _flow(surface: etree._Element, edge: Edge, dx: float, dy: float) -> None:
    points = [(x + dx, y + dy) for x, y in edge.points]
    draw_edge(surface, edge.id, points, _moved(edge.label, dx, dy))


def _moved(box: Box | None, dx: float, dy: float) -> Box | None:
    return box.moved(dx, dy) if box else None


def _label(parent: etree._Element, box: Box | None) -> None:
    if box:
        _bounds(etree.SubElement(parent, f"{{{BPMNDI}}}BPMNLabel"), box)


def _bounds(parent: etree._Element, box: Box) -> None:
    bounds = etree.SubElement(parent, f"{{{DC}}}Bounds")
    for name in ("x", "y", "width", "height"):
        bounds.set(name, _number(getattr(box, name)))


def _number(value: float) -> str:
    return str(round(value))
