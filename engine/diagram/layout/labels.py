"""Labels beside their shapes and lines: of several usual places the one that covers least."""

from dataclasses import dataclass, field
from itertools import pairwise

from engine.diagram.layout.model import Box, Edge, Graph, Node, Point
from engine.diagram.layout.text import label_size

ON_SHAPE, ON_LABEL, ON_LINE, ON_BORDER = 1000.0, 800.0, 300.0, 200.0
AIR = 5
Place = tuple[float, Box]


@dataclass
class _Page:
    """What a label must not cover."""

    shapes: list[Box]
    lines: list[Box]
    borders: list[float]
    labels: list[Box] = field(default_factory=list)

    def put(self, places: list[Place]) -> Box:
        """Takes the place that costs least: its own price and what it covers."""
        box = min(places, key=lambda place: place[0] + self._covered(place[1]))[1]
        self.labels.append(box)
        return box

    def _covered(self, box: Box) -> float:
        price = ON_SHAPE * sum(box.overlaps(shape, 1) for shape in self.shapes)
        price += ON_LABEL * sum(box.overlaps(label, 1) for label in self.labels)
        price += ON_LINE * sum(box.overlaps(line, 1) for line in self.lines)
        return price + ON_BORDER * sum(box.y - 1 < y < box.bottom + 1 for y in self.borders)


def place_labels(graph: Graph) -> None:
    """Gives events, gateways and named flows the box of their label."""
    shapes = [node.box for node in graph.nodes.values() if node.box]
    lines = [part for edge in graph.edges for part in _segments(edge.points)]
    lines += [_slash(edge) for edge in graph.edges if edge.default and edge.points]
    borders = [y for lane in graph.lanes if lane.box for y in (lane.box.y, lane.box.bottom)]
    page = _Page(shapes, lines, borders)
    for node in graph.nodes.values():
        if node.has_outer_label:
            node.label = page.put(_around(node, *label_size(node.name)))
    for edge in graph.edges:
        if edge.name:
            edge.label = page.put(_along(graph, edge, *label_size(edge.name)))


def _slash(edge: Edge) -> Box:
    """Where the viewer draws the mark of a default flow."""
    (ax, ay), (bx, by) = edge.points[:2]
    x, y = ax + 11 * _sign(bx - ax), ay + 11 * _sign(by - ay)
    return Box(x - 8, y - 8, 16, 16)


def _around(node: Node, width: float, height: float) -> list[Place]:
    """Above a gateway, below an event; else the other side, else a corner."""
    (x, y), half = node.place.middle, node.height / 2
    above, below = y - half - 3 - height, y + half + 3
    low = not node.is_gateway
    inner = half * 0.55
    high = y - max(half, 40) - 3 - height
    corners = [
        (30.0, x - AIR - width, y - inner - height),
        (31.0, x + AIR, y - inner - height),
        (32.0, x - AIR - width, y + inner),
        (33.0, x + AIR, y + inner),
        (34.0, x - AIR - width, high),
        (40.0, x - AIR - width, above),
        (42.0, x - AIR - width, below),
        (60.0, x + AIR, above),
        (62.0, x + AIR, below),
    ]
    middle = [(20.0 if low else 0.0, x - width / 2, above), (0.0 if low else 20.0, x - width / 2, below)]
    return [(price, Box(left, top, width, height)) for price, left, top in (*middle, *corners)]


def _along(graph: Graph, edge: Edge, width: float, height: float) -> list[Place]:
    """Above or below the level stretches, right or left of the upright ones, near the gateway that asks."""
    shared = [other for other in graph.leaving(edge.source) if other is not edge and other.points]
    places: list[Place] = []
    walked = 0.0
    for a, b in pairwise(edge.points):
        length = abs(a[0] - b[0]) + abs(a[1] - b[1])
        common = any(_same_stretch(a, b, other.points) for other in shared)
        for price, box in _beside(a, b, width, height):
            places.append((price + walked / 8 + (150 if common else 0), box))
        walked += length
    return places


def _beside(a: Point, b: Point, width: float, height: float) -> list[Place]:
    """Places along one stretch: near its beginning, clear of the default mark, in the middle."""
    (ax, ay), (bx, by) = a, b
    if ay == by:
        starts = _spots(ax, bx, width)
        fits = 0.0 if abs(bx - ax) > width + 4 else 60.0
        sides = ((ay - 2 - height, 0.0), (ay + 4, 6.0))
        return [(fits + e + p, Box(x, y, width, height)) for x, e in starts for y, p in sides]
    sides = ((ax + AIR, 0.0), (ax - AIR - width, 3.0))
    return [(e + p, Box(x, y, width, height)) for y, e in _spots(ay, by, height) for x, p in sides]


def _spots(a: float, b: float, size: float) -> list[tuple[float, float]]:
    """Where along a stretch from `a` to `b` a label of this size may begin, with the price of each."""
    sign = _sign(b - a)
    near = [(a + sign * air - (size if sign < 0 else 0), price) for air, price in ((AIR, 0.0), (20, 1.0))]
    return [*near, ((a + b) / 2 - size / 2, 2.0)]


def _same_stretch(a: Point, b: Point, points: list[Point]) -> bool:
    """Whether the first part of this stretch is also the start of another flow's line."""
    for c, d in pairwise(points):
        if c == a and ((c[0] == d[0] == b[0]) or (c[1] == d[1] == b[1])):
            return (d[0] - c[0]) * (b[0] - a[0]) + (d[1] - c[1]) * (b[1] - a[1]) > 0
    return False


def _segments(points: list[Point]) -> list[Box]:
    return [
        Box(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1])) for a, b in pairwise(points)
    ]


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)
