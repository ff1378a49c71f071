"""The raster that flows are routed on: a line through every column and row, tracks in the gaps between."""

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

from engine.diagram.layout.model import Graph

TRACKS = 5


@dataclass(frozen=True)
class Line:
    """A vertical or horizontal line of the raster.

    `band` is the column or row it runs through: its middle, or with a `seat` the boundary events left (below
    0) or right of it. A line in a gap has the band after it and a `track`: above a lane's first row, tracks
    below 0 belong to the lane above.
    """

    band: int
    track: int | None = None
    seat: int = 0


@dataclass(frozen=True)
class Grid:
    """Vertical lines `xs` from left to right, horizontal lines `ys` from the top, and who stands where."""

    graph: Graph
    xs: list[Line]
    ys: list[Line]
    rows: list[tuple[int, int]]

    @cached_property
    def occupied(self) -> dict[tuple[int, int], str]:
        """Crossing points of the raster in the middle of a shape."""
        return {self.place(node.id): node.id for node in self.graph.nodes.values() if node.host is None}

    @cached_property
    def covered(self) -> dict[tuple[int, int], str]:
        """Crossing points that a shape covers right and left of its middle."""
        seats = {s: line for line, s in enumerate(self.xs) if s.seat}
        return {
            (line, self.place(node.id)[1]): node.id
            for node in self.graph.nodes.values()
            for seat, line in seats.items()
            if node.host is None and seat.band == node.rank
        }

    def place(self, node_id: str) -> tuple[int, int]:
        """The crossing point in the middle of a node; for a boundary event the one above it in its host."""
        node = self.graph.nodes[node_id]
        host = self.graph.nodes[self.graph.host_of(node_id)]
        return self._column_line[(host.rank, node.seat)], self._row_line[(host.lane, host.row)]

    @cached_property
    def _column_line(self) -> dict[tuple[int, int], int]:
        return {(line.band, line.seat): i for i, line in enumerate(self.xs) if line.track is None}

    @cached_property
    def _row_line(self) -> dict[tuple[int, int], int]:
        return {self.rows[line.band]: i for i, line in enumerate(self.ys) if line.track is None}

    def distance(self, a: tuple[int, int], b: tuple[int, int]) -> float:
        """Nominal distance between two crossing points, along the lines."""
        return abs(self._along[0][a[0]] - self._along[0][b[0]]) + abs(
            self._along[1][a[1]] - self._along[1][b[1]]
        )

    @cached_property
    def _along(self) -> tuple[list[float], list[float]]:
        """How far each line lies from the first: tracks are close together, bands far apart."""
        return _positions(self.xs), _positions(self.ys)


def _positions(lines: list[Line]) -> list[float]:
    steps = (6 if a.track is not None and b.track is not None else 50 for a, b in pairwise(lines))
    return [0, *accumulate(steps)]


def raster(graph: Graph) -> Grid:
    """The raster of a graph whose nodes have their columns and rows."""
    rows = graph.rows()
    tracks = range(TRACKS)
    seats = {(node.rank, node.seat) for node in graph.nodes.values() if node.host}
    xs: list[Line] = []
    for column in range(graph.columns()):
        xs += [Line(column, t) for t in tracks]
        xs += [Line(column, seat=s) for s in sorted({0} | {s for rank, s in seats if rank == column})]
    xs += [Line(graph.columns(), t) for t in tracks]
    ys: list[Line] = []
    for index, (lane, _row) in enumerate(rows):
        if index and rows[index - 1][0] != lane:
            ys += [Line(index, t - TRACKS) for t in tracks]
        ys += [*(Line(index, t) for t in tracks), Line(index)]
    ys += [Line(len(rows), t - TRACKS) for t in tracks]
    return Grid(graph, xs, ys, rows)
