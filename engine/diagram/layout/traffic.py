"""Directions on the raster, and what is drawn on it already."""

from dataclasses import dataclass, field
from itertools import pairwise

from engine.diagram.layout.model import Edge, Side

Cell = tuple[int, int]
Segment = tuple[Cell, Cell]
STEPS = {Side.RIGHT: (1, 0), Side.LEFT: (-1, 0), Side.TOP: (0, -1), Side.BOTTOM: (0, 1)}
OPPOSITE = {
    Side.RIGHT: Side.LEFT,
    Side.LEFT: Side.RIGHT,
    Side.TOP: Side.BOTTOM,
    Side.BOTTOM: Side.TOP,
}


@dataclass
class Traffic:
    """What is drawn already: which flows run along each segment, and how they pass each point."""

    segments: dict[Segment, set[str]] = field(default_factory=dict)
    points: dict[Cell, dict[str, set[Side]]] = field(default_factory=dict)

    def add(self, edge: Edge, path: list[Cell], *, remove: bool = False) -> None:
        for a, b in pairwise(path):
            users = self.segments.setdefault((min(a, b), max(a, b)), set())
            users.symmetric_difference_update({edge.id})
            self._mark(a, edge.id, heading_to(a, b), remove)
            self._mark(b, edge.id, heading_to(b, a), remove)

    def _mark(self, cell: Cell, edge_id: str, side: Side, remove: bool) -> None:
        users = self.points.setdefault(cell, {})
        if remove:
            users.pop(edge_id, None)
        else:
            users.setdefault(edge_id, set()).add(side)


def heading_to(a: Cell, b: Cell) -> Side:
    """The side of `a` that the neighbouring point `b` lies on."""
    if a[0] == b[0]:
        return Side.BOTTOM if b[1] > a[1] else Side.TOP
    return Side.RIGHT if b[0] > a[0] else Side.LEFT
