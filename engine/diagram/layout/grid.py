"""The raster that flows are routed on: a line through every column and row, tracks in the gaps between."""

from dataclasses import dataclass
from functools import cached_property

from engine.diagram.layout.model import Graph

TRACKS = 5


@dataclass(frozen=True)
class Line:
    """A vertical or horizontal line of the raster.

    `band` is the column or row whose middle it runs through; a line in a gap has the band after it and a
    `track`: above a lane's first row, tracks below 0 belong to the lane above.
    """

    band: int
    track: int | None = None


@dataclass(frozen=True)
class Grid:
    """Vertical lines `xs` from left to right, horizontal lines `ys` from the top, and who stands where."""

    graph: Graph
    xs: list[Line]
    ys: list[Line]
    rows: list[tuple[int, int]]

    @cached_property
    def occupied(self) -> dict[tuple[int, int], str]:
        """Crossing points of the raster that a shape covers."""
        return {self.place(node.id): node.id for node in self.graph.nodes.values() if node.host is None}

    def place(self, node_id: str) -> tuple[int, int]:
        """The crossing point in the middle of a node (for a boundary event, of its host)."""
        node = self.graph.nodes[self.graph.host_of(node_id)]
        return self._column_line[node.rank], self._row_line[(node.lane, node.row)]

    @cached_property
    def _column_line(self) -> dict[int, int]:
        return {line.band: i for i, line in enumerate(self.xs) if line.track is None}

    @cached_property
    def _row_line(self) -> dict[tuple[int, int], int]:
        return {self.rows[line.band]: i for i, line in enumerate(self.ys) if line.track is None}

    def step(self, first: Line, second: Line) -> float:
        """A nominal distance between neighbouring lines: tracks are close together, bands far apart."""
        return 6 if first.track is not None and second.track is not None else 50


def raster(graph: Graph) -> Grid:
    """The raster of a graph whose nodes have their columns and rows."""
    rows = graph.rows()
    tracks = range(TRACKS)
    xs = [line for c in range(graph.columns()) for line in (*(Line(c, t) for t in tracks), Line(c))]
    xs += [Line(graph.columns(), t) for t in tracks]
    ys: list[Line] = []
    for index, (lane, _row) in enumerate(rows):
        if index and rows[index - 1][0] != lane:
            ys += [Line(index, t - TRACKS) for t in tracks]
        ys += [*(Line(index, t) for t in tracks), Line(index)]
    ys += [Line(len(rows), t - TRACKS) for t in tracks]
    return Grid(graph, xs, ys, rows)
