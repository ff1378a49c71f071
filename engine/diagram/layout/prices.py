"""What a flow's way costs: length, bends, crossings, shared stretches, the side it leaves or enters by."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from engine.diagram.layout.grid import Grid
from engine.diagram.layout.model import Edge, Graph, Node, Side
from engine.diagram.layout.ranks import is_return
from engine.diagram.layout.traffic import OPPOSITE, Cell, Traffic, heading_to

BEND, CROSSING, TOUCHING, SHARED, COVERED, FORBIDDEN = 40, 260, 700, 4, 3000, 5000
HAPPY = 12


@dataclass
class Prices:
    """Prices on one raster, given the flows drawn already: `paths`, and in `traffic` where they run."""

    grid: Grid
    paths: dict[str, list[Cell]] = field(default_factory=dict)
    traffic: Traffic = field(default_factory=Traffic)

    @property
    def graph(self) -> Graph:
        return self.grid.graph

    @cached_property
    def edges(self) -> dict[str, Edge]:
        return {edge.id: edge for edge in self.graph.edges}

    @cached_property
    def happy(self) -> set[str]:
        """The flows of the happy path."""
        path = set(pairwise(self.graph.happy))
        return {edge.id for edge in self.graph.edges if (edge.source, edge.target) in path}

    def ends(self, edge: Edge) -> tuple[Node, Node]:
        """The nodes a flow connects; for a boundary event its host."""
        return self.graph.nodes[self.graph.host_of(edge.source)], self.graph.nodes[edge.target]

    def step(self, edge: Edge, cell: Cell, ahead: Cell, heading: Side, side: Side) -> float:
        """From one crossing point to the next."""
        cost = self.grid.distance(cell, ahead) + (BEND if side is not heading else 0)
        for other in self.traffic.segments.get((min(cell, ahead), max(cell, ahead)), ()):
            cost += self._shared_cost(edge, self.edges[other])
        if cell not in self.grid.occupied:
            cost += self._meeting_cost(edge, cell, OPPOSITE[heading], side)
        return cost

    def _meeting_cost(self, edge: Edge, cell: Cell, came: Side, goes: Side) -> float:
        """Two lines in one point: a crossing is bad, a touching bend is worse, joining or parting is free."""
        cost = 0.0
        for other_id, theirs in self.traffic.points.get(cell, {}).items():
            other = self.edges[other_id]
            joins = edge.target == other.target and goes in theirs
            parts = edge.source == other.source and came in theirs
            if joins or parts:
                continue
            straight = theirs == {Side.LEFT, Side.RIGHT} or theirs == {Side.TOP, Side.BOTTOM}
            clean = straight and OPPOSITE[came] is goes and goes not in theirs
            cost += CROSSING if clean else TOUCHING
        return cost

    def _shared_cost(self, edge: Edge, other: Edge) -> float:
        """Flows out of or into one gateway may share a stretch, a flow back rather not with one ahead."""
        if edge.target != other.target and edge.source != other.source:
            return COVERED
        return SHARED if edge.back == other.back else 10 * SHARED

    def leave(self, edge: Edge, side: Side) -> float:
        """Out of the source: to the right, up or down rather from gateways, to the left for rework only."""
        source, target = self.ends(edge)
        if self.graph.nodes[edge.source].host:
            return 0 if side is Side.BOTTOM else FORBIDDEN
        if side is Side.BOTTOM and self._seated(source.id):
            return FORBIDDEN
        if side is Side.LEFT:
            return 0 if is_return(self.graph, source.id) else FORBIDDEN
        base = {Side.RIGHT: 0.0, Side.TOP: 60.0, Side.BOTTOM: 60.0}[side]
        if source.is_gateway or edge.back or source.rank == target.rank:
            base /= 6
        keep_free = edge.id in self.happy and any(other.back for other in self.graph.leaving(source.id))
        base += 60 if keep_free and side is not Side.RIGHT else 0
        return base + self._crowd(edge, source.id, side)

    def enter(self, edge: Edge, side: Side) -> float:
        """Into the target: from the left, never from the right."""
        source, target = self.ends(edge)
        if side is Side.RIGHT or (side is Side.BOTTOM and self._seated(target.id)):
            return FORBIDDEN
        base = 0.0 if side is Side.LEFT else 50.0
        if target.is_gateway or edge.back or source.rank == target.rank:
            base /= 5
        return base + self._crowd(edge, target.id, side)

    def _seated(self, host: str) -> bool:
        """Whether a boundary event sits in the middle of the lower edge."""
        return any(node.host == host and node.seat == 0 for node in self.graph.nodes.values())

    def _crowd(self, edge: Edge, node_id: str, side: Side) -> float:
        """Sharing a side: with a flow the other way it misleads, with one the same way it is less clear."""
        cost = 0.0
        place = self.grid.place(node_id)
        for other in self.graph.edges:
            path = self.paths.get(other.id)
            if other is edge or not path:
                continue
            price = HAPPY if other.id in self.happy else 1
            if path[0] == place and heading_to(path[0], path[1]) is side:
                cost += 45 * price if node_id == edge.source else 900
            if path[-1] == place and heading_to(path[-1], path[-2]) is side:
                cost += 25 * price if node_id == edge.target else 900
        return cost
