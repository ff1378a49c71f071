"""Reads a diagram as a reader sees it: shapes, lines and labels on the page."""

from dataclasses import dataclass, field
from itertools import combinations, pairwise

from lxml import etree

from engine.diagram.layout.model import Box, Point
from engine.diagram.vocabulary import BPMNDI, DC, DI, is_flow_node, kind_of

Stretch = tuple[Point, Point]


@dataclass
class Drawing:
    """Everything of one file that has a place: boxes and labels by element, lines by flow, ends by flow."""

    boxes: dict[str, Box] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, list[Point]] = field(default_factory=dict)
    ends: dict[str, tuple[str, str]] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    inside: dict[str, str] = field(default_factory=dict)

    def overlapping_shapes(self) -> list[tuple[str, str]]:
        return [
            (one, other)
            for one, other in combinations(self.boxes, 2)
            if self.inside[one] == self.inside[other]
            and one not in (self.hosts.get(other), other)
            and other != self.hosts.get(one)
            and self.boxes[one].overlaps(self.boxes[other])
        ]

    def slanted_lines(self) -> list[str]:
        return [
            flow
            for flow, points in self.lines.items()
            if any(a[0] != b[0] and a[1] != b[1] for a, b in pairwise(points))
        ]

    def entering_from_the_right(self) -> list[str]:
        return [
            flow
            for flow, points in self.lines.items()
            if points[-1][0] >= self.boxes[self.ends[flow][1]].right
        ]

    def detached_lines(self) -> list[str]:
        """Flows that do not begin and end on the border of what they connect."""
        return [
            flow
            for flow, (source, target) in self.ends.items()
            if not (
                _on(self.lines[flow][0], self.boxes[source]) and _on(self.lines[flow][-1], self.boxes[target])
            )
        ]

    def lines_through_shapes(self) -> list[tuple[str, str]]:
        return [
            (flow, node)
            for flow, points in self.lines.items()
            for node, box in self.boxes.items()
            if self.inside[node] == self.inside[self.ends[flow][0]]
            and any(_thin(a, b).overlaps(_shrunk(box)) for a, b in pairwise(points))
        ]

    def crossings(self) -> list[tuple[str, str]]:
        """Pairs of flows that cross; flows out of one gateway or into one may share a stretch."""
        return [
            (one, other)
            for one, other in combinations(self.lines, 2)
            if any(_cross(p, q) for p in pairwise(self.lines[one]) for q in pairwise(self.lines[other]))
        ]

    def covered_labels(self) -> list[tuple[str, str]]:
        """Labels that cover a shape, a line or another label."""
        stretches = {
            (flow, i): _thin(a, b)
            for flow, points in self.lines.items()
            for i, (a, b) in enumerate(pairwise(points))
        }
        found = [
            (one, two)
            for one, two in combinations(self.labels, 2)
            if self.labels[one].overlaps(self.labels[two])
        ]
        for name, label in self.labels.items():
            found += [(name, node) for node, box in self.boxes.items() if label.overlaps(box)]
            found += [(name, flow) for (flow, _), line in stretches.items() if label.overlaps(line)]
        return found


def read_drawing(data: bytes) -> Drawing:
    """The drawing of a file's flow nodes and sequence flows."""
    root = etree.fromstring(data)
    drawing = Drawing()
    things = {
        thing.get("bpmnElement"): thing
        for thing in root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge")
    }
    for element in root.iter():
        name = element.get("id", "")
        if is_flow_node(element):
            drawing.boxes[name] = _box(things[name].find(f"{{{DC}}}Bounds"))
            drawing.inside[name] = element.getparent().get("id", "")
            if element.get("attachedToRef"):
                drawing.hosts[name] = element.get("attachedToRef", "")
        elif kind_of(element) == "sequenceFlow":
            points = things[name].iterfind(f"{{{DI}}}waypoint")
            drawing.lines[name] = [(float(p.get("x", 0)), float(p.get("y", 0))) for p in points]
            drawing.ends[name] = element.get("sourceRef", ""), element.get("targetRef", "")
        else:
            continue
        label = things[name].find(f"{{{BPMNDI}}}BPMNLabel/{{{DC}}}Bounds")
        if label is not None:
            drawing.labels[name] = _box(label)
    return drawing


def meaning(data: bytes) -> bytes:
    """A file without its drawing, in canonical form."""
    root = etree.fromstring(data, etree.XMLParser(remove_blank_text=True))
    for diagram in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(diagram)
    return etree.tostring(root, method="c14n2", strip_text=True)


def _box(bounds: etree._Element | None) -> Box:
    assert bounds is not None
    return Box(*(float(bounds.get(name, 0)) for name in ("x", "y", "width", "height")))


def _thin(a: Point, b: Point) -> Box:
    return Box(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1]))


def _shrunk(box: Box) -> Box:
    return Box(box.x + 2, box.y + 2, box.width - 4, box.height - 4)


def _on(point: Point, box: Box) -> bool:
    x, y = point
    near = box.x - 1 <= x <= box.right + 1 and box.y - 1 <= y <= box.bottom + 1
    within = box.x + 1 < x < box.right - 1 and box.y + 1 < y < box.bottom - 1
    return near and not within


def _cross(p: Stretch, q: Stretch) -> bool:
    """Whether a level and an upright stretch meet inside both."""
    level, upright = (p, q) if p[0][1] == p[1][1] else (q, p)
    if level[0][1] != level[1][1] or upright[0][0] != upright[1][0] or level[0][0] == level[1][0]:
        return False
    (x1, x2), (y1, y2) = sorted((level[0][0], level[1][0])), sorted((upright[0][1], upright[1][1]))
    return x1 < upright[0][0] < x2 and y1 < level[0][1] < y2
