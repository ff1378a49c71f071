"""From the raster to pixels: unused tracks vanish, columns and rows are as wide as what stands in them."""

from dataclasses import dataclass
from itertools import pairwise

from engine.diagram.layout.grid import Grid
from engine.diagram.layout.model import SEAT, Box, Edge, Graph, Node, Point
from engine.diagram.layout.routing import Router
from engine.diagram.layout.text import label_size, vertical_length

TRACK, PAD, GUTTER, BAND = 14, 14, 40, 30
MIN_LANE = 100


@dataclass
class _Used:
    """Tracks along which at least one flow runs."""

    columns: set[int]
    rows: set[int]


def assign_coordinates(router: Router, left: float) -> None:
    """Boxes for nodes and lanes, points for flows. `left` is the room for the names of pool and lanes."""
    grid, graph = router.grid, router.graph
    used = _used(router)
    xs = _columns(grid, used, left)
    ys, lanes = _rows(grid, used)
    graph.width, graph.height = xs[-1] + PAD, lanes[-1][1]
    for index, lane in enumerate(graph.lanes):
        top, bottom = lanes[index]
        lane.box = Box(left - BAND, top, graph.width - left + BAND, bottom - top)
    for node in graph.nodes.values():
        column, row = grid.place(node.id)
        node.box = _box(graph, node, xs[column], ys[row])
    for edge in graph.edges:
        edge.points = _points(graph, edge, [(xs[i], ys[j]) for i, j in router.paths[edge.id]])


def _used(router: Router) -> _Used:
    used = _Used(set(), set())
    for path in router.paths.values():
        for a, b in pairwise(path):
            (used.columns if a[0] == b[0] else used.rows).add(a[0] if a[0] == b[0] else a[1])
    return used


def _columns(grid: Grid, used: _Used, left: float) -> list[float]:
    """The x of every vertical line."""
    graph = grid.graph
    xs: list[float] = [0.0] * len(grid.xs)
    x = left
    for band in range(graph.columns() + 1):
        tracks = [i for i, line in enumerate(grid.xs) if line.band == band and line.track is not None]
        x = _gutter(tracks, used.columns, xs, x, _gutter_width(graph, band))
        if band < graph.columns():
            here = [n for n in graph.nodes.values() if n.rank == band and n.host is None]
            width = max((_width(node) for node in here), default=0)
            for i, line in enumerate(grid.xs):
                if line.band == band and line.track is None:
                    xs[i] = x + width / 2 + SEAT * line.seat
            x += width
    return [*xs, x]


def _width(node: Node) -> float:
    """A little more than the shape where the label below an event is much wider."""
    label = label_size(node.name)[0] - 20 if node.is_event and node.name else 0
    return max(node.width, label)


def _gutter_width(graph: Graph, band: int) -> float:
    """Room between two columns: enough for the label of a flow that leaves a gateway to the right."""
    if band in (0, graph.columns()):
        return GUTTER - 16
    labels = [
        label_size(edge.name)[0] + (34 if edge.default else 20)
        for edge in graph.edges
        if edge.name and not edge.back and graph.nodes[edge.source].rank == band - 1
    ]
    return max([GUTTER, *labels])


def _gutter(tracks: list[int], used: set[int], xs: list[float], x: float, least: float) -> float:
    """Spreads the used tracks over the gutter that begins at `x`; returns where it ends."""
    busy = [i for i in tracks if i in used]
    width = max(least, 2 * 18 + TRACK * (len(busy) - 1))
    first = x + (width - TRACK * (len(busy) - 1)) / 2
    for i in tracks:
        xs[i] = first
    for place, i in enumerate(busy):
        xs[i] = first + TRACK * place
    return x + width


def _rows(grid: Grid, used: _Used) -> tuple[list[float], list[tuple[float, float]]]:
    """The y of every horizontal line, and top and bottom of every lane."""
    ys: list[float] = [0.0] * len(grid.ys)
    lanes: list[tuple[float, float]] = []
    y = grid.graph.top
    for lane in range(len(grid.graph.lanes)):
        top = y
        lines = [i for i, line in enumerate(grid.ys) if _lane_of(grid, i) == lane]
        y = _lane(grid, used, lines, ys, top)
        spare = max(0.0, _least_height(grid.graph, lane) - (y - top))
        for i in lines:
            ys[i] += spare / 2
        y += spare
        lanes.append((top, y))
    return ys, lanes


def _lane_of(grid: Grid, index: int) -> int:
    line = grid.ys[index]
    above = line.track is not None and line.track < 0
    return grid.rows[line.band - 1 if above else line.band][0]


def _lane(grid: Grid, used: _Used, lines: list[int], ys: list[float], y: float) -> float:
    """Walks down one lane: padding, used tracks, rows. Returns its bottom."""
    for i in lines:
        line = grid.ys[i]
        if line.track is None:
            up, down = _extent(grid.graph, grid.rows[line.band])
            ys[i] = y + PAD + up
            y = ys[i] + down
        else:
            y += TRACK if i in used.rows else 0
            ys[i] = y
    return y + PAD


def _extent(graph: Graph, row: tuple[int, int]) -> tuple[float, float]:
    """How far shapes and their labels reach above and below the middle of a row."""
    up = down = 25.0
    for node in graph.nodes.values():
        if (node.lane, node.row) != row or node.host:
            continue
        label = label_size(node.name)[1] + 8 if node.has_outer_label else 0
        guests = [g for g in graph.nodes.values() if g.host == node.id]
        label = max([label, *(g.height / 2 + label_size(g.name)[1] + 4 for g in guests)])
        up = max(up, node.height / 2 + (label if node.is_gateway else 0))
        down = max(down, node.height / 2 + label)
    return up, down


def _least_height(graph: Graph, lane: int) -> float:
    return max(MIN_LANE, vertical_length(graph.lanes[lane].name) + 24)


def _box(graph: Graph, node: Node, x: float, y: float) -> Box:
    if node.host:
        y += graph.nodes[node.host].height / 2
    return Box(x - node.width / 2, y - node.height / 2, node.width, node.height)


def _points(graph: Graph, edge: Edge, places: list[Point]) -> list[Point]:
    """Corner points only, from border to border."""
    first = _border(graph.nodes[edge.source].place, places[1])
    last = _border(graph.nodes[edge.target].place, places[-2])
    points = [first, *places[1:-1], last]
    return _corners([first, *(here for before, here in pairwise(points) if here != before)])


def _corners(points: list[Point]) -> list[Point]:
    """Leaves out the points in the middle of a straight stretch."""
    corners = [points[0]]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        if not (before[0] == here[0] == after[0] or before[1] == here[1] == after[1]):
            corners.append(here)
    return [*corners, points[-1]]


def _border(box: Box, towards: Point) -> Point:
    """Where a line from the middle of the box leaves it."""
    x, y = box.middle
    if abs(towards[0] - x) < 1:
        return (x, box.bottom) if towards[1] > y else (x, box.y)
    return (box.right, y) if towards[0] > x else (box.x, y)
