"""Rows: the happy path keeps one straight line in each lane; everything else finds a free line beside it."""

from dataclasses import dataclass, field
from itertools import pairwise

from engine.diagram.layout.model import Graph, Node
from engine.diagram.layout.ranks import is_return

MAX_ROWS = 60


@dataclass
class _Cells:
    """Which (column, lane, row) hold a node or a line, and which sides of a node are in use."""

    taken: set[tuple[int, int, int]] = field(default_factory=set)
    sides: dict[str, list[int]] = field(default_factory=dict)

    def free(self, ranks: range, lane: int, row: int) -> bool:
        return not any((rank, lane, row) in self.taken for rank in ranks)

    def take(self, ranks: range, lane: int, row: int) -> None:
        self.taken |= {(rank, lane, row) for rank in ranks}


def assign_rows(graph: Graph) -> None:
    """Gives every node its row within its lane; row 0 is the happy path, negative rows lie above it."""
    cells = _Cells()
    _note_lane_changes(graph, cells)
    _place_happy_path(graph, cells)
    rest = [n for n in graph.nodes.values() if n.id not in graph.happy and n.host is None]
    flows = [edge.target for edge in graph.edges]
    ends = {n.id for n in rest if not graph.leaving(n.id)}
    order = {n.id: (n.id in ends, n.rank, flows.index(n.id) if n.id in flows else 0) for n in rest}
    for node in sorted(rest, key=lambda n: order[n.id]):
        _place(graph, cells, node)
    for node in graph.nodes.values():
        if node.host:
            node.row = graph.nodes[node.host].row


def _note_lane_changes(graph: Graph, cells: _Cells) -> None:
    """A flow to another lane leaves up or down whatever the rows; the happy path shares its side least."""
    happy = set(pairwise(graph.happy))
    for edge in graph.edges:
        source = graph.nodes[graph.host_of(edge.source)]
        side = _sign(graph.nodes[edge.target].lane - source.lane)
        is_happy = (edge.source, edge.target) in happy
        if not edge.back and (side or is_happy):
            cells.sides.setdefault(source.id, []).extend([side] * (2 if is_happy else 1))


def _place_happy_path(graph: Graph, cells: _Cells) -> None:
    for node_id in graph.happy:
        node = graph.nodes[node_id]
        cells.take(range(node.rank, node.rank + 1), node.lane, 0)
    for before, after in pairwise(graph.happy):
        source, target = graph.nodes[before], graph.nodes[after]
        cells.take(range(source.rank + 1, target.rank), target.lane, 0)


def _place(graph: Graph, cells: _Cells, node: Node) -> None:
    entering = [edge for edge in graph.entering(node.id) if not edge.back]
    source = graph.nodes[graph.host_of(entering[0].source)] if entering else None
    rows = sorted(range(-MAX_ROWS, MAX_ROWS + 1), key=lambda row: _cost(graph, cells, node, source, row))
    node.row = next(row for row in rows if cells.free(_span(node, source, row), node.lane, row))
    cells.take(_span(node, source, node.row), node.lane, node.row)
    if source and source.lane == node.lane:
        cells.sides.setdefault(source.id, []).append(_sign(node.row - source.row))
    _keep_way_out(graph, cells, node)


def _span(node: Node, source: Node | None, row: int) -> range:
    """Columns that must be free: the node's own and those its incoming line crosses in this row."""
    if source is None or source.rank >= node.rank:
        return range(node.rank, node.rank + 1)
    same_line = source.lane == node.lane and source.row == row
    return range(source.rank + 1 if same_line or not source.is_gateway else source.rank, node.rank + 1)


def _cost(graph: Graph, cells: _Cells, node: Node, source: Node | None, row: int) -> tuple[float, int]:
    """Close to the predecessor, on a side of it that nothing else uses; below rather than above."""
    if source is None:
        return abs(row), -row
    base = source.row if source.lane == node.lane else 0
    cost = abs(row - base) * 10.0
    if source.is_gateway and source.lane == node.lane:
        cost += 15 * cells.sides.get(source.id, []).count(_sign(row - base))
    if graph.nodes[graph.entering(node.id)[0].source].host and source.lane == node.lane:
        cost += 25 if row <= base else 0
    if is_return(graph, node.id) and source.lane == node.lane:
        cost += 5 if row > base else 0
    return cost, -row


def _keep_way_out(graph: Graph, cells: _Cells, node: Node) -> None:
    """A line straight on to a node placed already must stay free."""
    for edge in graph.leaving(node.id):
        target = graph.nodes[edge.target]
        between = range(node.rank + 1, target.rank)
        if target.id in graph.happy and target.lane == node.lane and target.row == node.row:
            cells.take(between, node.lane, node.row)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
