"""The drawing itself: everything has a shape or a line, and no two shapes overlap."""

from dataclasses import dataclass
from itertools import combinations

from lxml import etree

from engine.diagram.document import Document
from engine.diagram.lint.report import Report
from engine.diagram.vocabulary import BPMNDI, DC, DI, bpmn, is_flow_node, kind_of

MAX_SHAPES = 1000  # beyond this no process is accepted anyway, and pairs would take for ever
_DRAWN = frozenset(["participant", "lane", "sequenceFlow", "messageFlow", "textAnnotation", "association"])
_LINES = frozenset(["sequenceFlow", "messageFlow", "association"])


@dataclass(frozen=True)
class Box:
    """A shape's bounds, in pixels."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share more than an edge."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


def check_interchange(report: Report, document: Document) -> None:
    shapes = _by_element(document, "BPMNShape")
    edges = _by_element(document, "BPMNEdge")
    boxes: dict[etree._Element, Box] = {}
    for node in document.root.iter(bpmn("*")):
        if not node.get("id") or not (is_flow_node(node) or kind_of(node) in _DRAWN):
            continue
        drawn = (edges if kind_of(node) in _LINES else shapes).get(node.get("id", ""))
        if drawn is None:
            report.add("drawing-missing", node)
        elif kind_of(node) in _LINES:
            _check_line(report, node, drawn)
        elif (box := _box(drawn)) is None:
            report.add("drawing-missing", node)
        elif is_flow_node(node):
            boxes[node] = box
    _check_strays(report, document, shapes | edges)
    _check_overlaps(report, boxes)


def _by_element(document: Document, kind: str) -> dict[str, etree._Element]:
    shapes = document.root.iter(f"{{{BPMNDI}}}{kind}")
    return {shape.get("bpmnElement", "").rpartition(":")[2]: shape for shape in shapes}


def _check_line(report: Report, node: etree._Element, edge: etree._Element) -> None:
    points = edge.findall(f"{{{DI}}}waypoint")
    if len(points) < 2 or any(_number(p.get("x")) is None or _number(p.get("y")) is None for p in points):
        report.add("drawing-missing", node)


def _box(shape: etree._Element) -> Box | None:
    bounds = shape.find(f"{{{DC}}}Bounds")
    if bounds is None:
        return None
    numbers = [_number(bounds.get(name)) for name in ("x", "y", "width", "height")]
    x, y, width, height = numbers
    if x is None or y is None or not width or not height or width < 0 or height < 0:
        return None
    return Box(x, y, width, height)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None


def _check_strays(report: Report, document: Document, drawn: dict[str, etree._Element]) -> None:
    for name, shape in drawn.items():
        if name not in document.by_id:
            report.add("drawing-stray", shape, element=name)


def _check_overlaps(report: Report, boxes: dict[etree._Element, Box]) -> None:
    """Flow nodes of one scope, except a boundary event and its host."""
    if len(boxes) > MAX_SHAPES:
        return
    for (one, first), (other, second) in combinations(boxes.items(), 2):
        if one.getparent() is not other.getparent() or not first.overlaps(second):
            continue
        hosts = {one.get("attachedToRef"), other.get("attachedToRef")}
        if not hosts & {one.get("id"), other.get("id")}:
            report.add("drawing-overlap", other, other=one.get("id", ""))
