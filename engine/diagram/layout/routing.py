"""Flows as orthogonal lines: the cheapest path on the raster, few bends first, crossings avoided."""

import heapq
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from engine.diagram.layout.grid import Grid, raster
from engine.diagram.layout.model import Edge, Graph, Node, Side
from engine.diagram.layout.ranks import is_return
from engine.diagram.layout.traffic import OPPOSITE, STEPS, Cell, Traffic, heading_to

BEND, CROSSING, TOUCHING, SHARED, COVERED = 40, 260, 700, 4, 3000
HAPPY, ROUNDS = 12, 3


@dataclass
class Router:
    """Routes every flow of a graph; `paths` holds the crossing points each one visits."""

    grid: Grid
    paths: dict[str, list[Cell]] = field(default_factory=dict)
    traffic: Traffic = field(default_factory=Traffic)

    @property
    def graph(self) -> Graph:
        return self.grid.graph

    @cached_property
    def edges(self) -> dict[str, Edge]:
        return {edge.id: edge for edge in self.graph.edges}

    def route_all(self) -> None:
        """The happy path first and for good, then short before long; twice more, knowing all the others."""
        order = sorted(self.graph.edges, key=self._priority)
        for turn in range(ROUNDS):
            for edge in order:
                if turn and edge.id in self.happy:
                    continue
                if turn:
                    self.traffic.add(edge, self.paths[edge.id], remove=True)
                self.paths[edge.id] = self._cheapest(edge)
                self.traffic.add(edge, self.paths[edge.id])

    @cached_property
    def happy(self) -> set[str]:
        """The flows of the happy path."""
        path = set(pairwise(self.graph.happy))
        return {edge.id for edge in self.graph.edges if (edge.source, edge.target) in path}

    def _priority(self, edge: Edge) -> tuple[bool, bool, int]:
        source, target = self._ends(edge)
        return edge.id not in self.happy, edge.back, abs(source.rank - target.rank)

    def _ends(self, edge: Edge) -> tuple[Node, Node]:
        return self.graph.nodes[self.graph.host_of(edge.source)], self.graph.nodes[edge.target]

    def _cheapest(self, edge: Edge) -> list[Cell]:
        """Dijkstra over (point, heading)."""
        start, goal = self.grid.place(edge.source), self.grid.place(edge.target)
        queue: list[tuple[float, int, Cell, Side, tuple[Cell, ...]]] = []
        seen: set[tuple[Cell, Side]] = set()
        for count, side in enumerate(Side):
            heapq.heappush(queue, (self._exit_cost(edge, side), count, start, side, (start,)))
        count = len(queue)
        while queue:
            cost, _, cell, heading, path = heapq.heappop(queue)
            if cell == goal and len(path) > 1:
                return list(path)
            if (cell, heading) in seen:
                continue
            seen.add((cell, heading))
            for side, ahead, extra in self._moves(edge, cell, heading, goal, first=len(path) == 1):
                count += 1
                heapq.heappush(queue, (cost + extra, count, ahead, side, (*path, ahead)))
        raise ValueError(f"no way for {edge.id}")

    def _moves(
        self, edge: Edge, cell: Cell, heading: Side, goal: Cell, *, first: bool
    ) -> list[tuple[Side, Cell, float]]:
        moves = []
        for side, (dx, dy) in STEPS.items():
            if side is OPPOSITE[heading] or (first and side is not heading):
                continue
            ahead = cell[0] + dx, cell[1] + dy
            if not (0 <= ahead[0] < len(self.grid.xs) and 0 <= ahead[1] < len(self.grid.ys)):
                continue
            if self._blocked(edge, cell, ahead, side) and ahead != goal:
                continue
            extra = self._step_cost(edge, cell, ahead, heading, side)
            if ahead == goal:
                extra += self._entry_cost(edge, OPPOSITE[side])
            moves.append((side, ahead, extra))
        return moves

    def _blocked(self, edge: Edge, cell: Cell, ahead: Cell, side: Side) -> bool:
        """Shapes stand in the way, except that a flow may cross half of its own source or target."""
        level = side in (Side.LEFT, Side.RIGHT)
        own = {self.graph.host_of(edge.source), edge.target}
        if cell in self.grid.covered and cell != self.grid.place(edge.source) and not level:
            return True
        if ahead in self.grid.covered:
            return self.grid.covered[ahead] not in own or not level
        return ahead in self.grid.occupied

    def _step_cost(self, edge: Edge, cell: Cell, ahead: Cell, heading: Side, side: Side) -> float:
        first, second = (self.grid.xs, 0) if cell[1] == ahead[1] else (self.grid.ys, 1)
        cost = self.grid.step(first[cell[second]], first[ahead[second]])
        cost += BEND if side is not heading else 0
        users = self.traffic.segments.get((min(cell, ahead), max(cell, ahead)), set())
        cost += sum(self._shared_cost(edge, self.edges[other]) for other in users)
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

    def _exit_cost(self, edge: Edge, side: Side) -> float:
        source, target = self._ends(edge)
        if self.graph.nodes[edge.source].host:
            return 0 if side is Side.BOTTOM else 5000
        if side is Side.LEFT:
            return 0 if is_return(self.graph, source.id) else 5000
        base = {Side.RIGHT: 0.0, Side.TOP: 60.0, Side.BOTTOM: 60.0}[side]
        if source.is_gateway or edge.back or source.rank == target.rank:
            base /= 6
        keep_free = edge.id in self.happy and any(other.back for other in self.graph.leaving(source.id))
        base += 60 if keep_free and side is not Side.RIGHT else 0
        return base + self._crowd(edge, source.id, side)

    def _entry_cost(self, edge: Edge, side: Side) -> float:
        source, target = self._ends(edge)
        if side is Side.RIGHT:
            return 5000
        base = 0.0 if side is Side.LEFT else 50.0
        if target.is_gateway or edge.back or source.rank == target.rank:
            base /= 5
        return base + self._crowd(edge, target.id, side)

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


def route(graph: Graph) -> Router:
    """Routes the flows of a graph whose nodes have columns and rows."""
    router = Router(raster(graph))
    router.route_all()
    return router
