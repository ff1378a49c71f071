"""Labels beside their shapes and lines: of several usual places the one that covers least."""

from engine.diagram.layout.model import Box, Edge, Graph, Node, Point
from engine.diagram.layout.text import WRAP, label_size

ON_SHAPE, ON_LABEL, ON_LINE, ON_BORDER = 1000.0, 800.0, 300.0, 200.0


def place_labels(graph: Graph) -> None:
    """Gives events, gateways and named flows the box of their label."""
    lines = {edge.id: _segments(edge.points) for edge in graph.edges}
    for node in graph.nodes.values():
        if node.has_outer_label:
            size = label_size(node.name, WRAP["node"])
            node.label = _best(graph, lines, _around(node, *size), {edge.id for edge in ()})
    for edge in graph.edges:
        if edge.name:
            edge.label = _best(graph, lines, _along(graph, edge, *label_size(edge.name, WRAP["flow"])), set())


def _best(
    graph: Graph, lines: dict[str, list[Box]], places: list[tuple[float, Box]], mine: set[str]
) -> Box:
    def cost(place: tuple[float, Box]) -> float:
        price, box = place
        shapes = [n.box for n in graph.nodes.values() if n.box and n.inner is None]
        labels = [x.label for x in (*graph.nodes.values(), *graph.edges) if x.label]
        price += ON_SHAPE * sum(box.overlaps(shape, 1) for shape in shapes)
        price += ON_LABEL * sum(box.overlaps(label, 1) for label in labels)
        price += ON_LINE * sum(
            box.overlaps(line, 1) for edge, parts in lines.items() if edge not in mine for line in parts
        )
        borders = [y for lane in graph.lanes if lane.box for y in (lane.box.y, lane.box.bottom)]
        return price + ON_BORDER * sum(box.y - 1 < y < box.bottom + 1 for y in borders)

    return min(places, key=cost)[1]


def _around(node: Node, width: float, height: float) -> list[tuple[float, Box]]:
    """Above a gateway, below an event; else the other side, else a corner."""
    assert node.box is not None
    (x, y), half = node.box.middle, node.height / 2
    above, below = y - half - 3 - height, y + half + 3
    low = not node.is_gateway
    inner = half * 0.55
    return [
        (20.0 if low else 0.0, Box(x - width / 2, above, width, height)),
        (0.0 if low else 20.0, Box(x - width / 2, below, width, height)),
        (30.0, Box(x - 5 - width, y - inner - height, width, height)),
        (30.0, Box(x + 5, y - inner - height, width, height)),
        (32.0, Box(x - 5 - width, y + inner, width, height)),
        (32.0, Box(x + 5, y + inner, width, height)),
        (40.0, Box(x - 5 - width, above, width, height)),
        (40.0, Box(x + 5, above, width, height)),
        (42.0, Box(x - 5 - width, below, width, height)),
        (42.0, Box(x + 5, below, width, height)),
    ]


def _along(graph: Graph, edge: Edge, width: float, height: float) -> list[tuple[float, Box]]:
    """Above or below the level stretches, right or left of the upright ones; near the gateway, where it is asked."""
    shared = [other for other in graph.leaving(edge.source) if other is not edge and other.points]
    places: list[tuple[float, Box]] = []
    walked = 0.0
    for a, b in zip(edge.points, edge.points[1:], strict=False):
        length = abs(a[0] - b[0]) + abs(a[1] - b[1])
        common = any(_same_stretch(a, b, other.points) for other in shared)
        for price, box in _beside(a, b, width, height):
            places.append((price + walked / 8 + (150 if common else 0), box))
        walked += length
    return places


def _beside(a: Point, b: Point, width: float, height: float) -> list[tuple[float, Box]]:
    (ax, ay), (bx, by) = a, b
    if ay == by:
        sign = 1 if bx > ax else -1
        near = ax + 4 if sign > 0 else ax - 4 - width
        middle = (ax + bx) / 2 - width / 2
        fits = 0.0 if abs(bx - ax) > width + 4 else 60.0
        return [
            (fits + price, Box(x, y, width, height))
            for x, extra in ((near, 0.0), (middle, 2.0))
            for y, price in ((ay - 2 - height, extra), (ay + 3, 6 + extra))
        ]
    down = by > ay
    near = ay + 4 if down else ay - 4 - height
    middle = (ay + by) / 2 - height / 2
    return [
        (price + extra, Box(x, y, width, height))
        for y, extra in ((near, 0.0), (middle, 2.0))
        for x, price in ((ax + 3, 0.0), (ax - 3 - width, 3.0))
    ]


def _same_stretch(a: Point, b: Point, points: list[Point]) -> bool:
    """Whether the first part of this stretch is also the start of another flow's line."""
    for c, d in zip(points, points[1:], strict=False):
        if c == a and ((c[0] == d[0] == b[0]) or (c[1] == d[1] == b[1])):
            return (d[0] - c[0]) * (b[0] - a[0]) + (d[1] - c[1]) * (b[1] - a[1]) > 0
    return False


def _segments(points: list[Point]) -> list[Box]:
    return [
        Box(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1]))
        for a, b in zip(points, points[1:], strict=False)
    ]
