"""Flows as orthogonal lines: the cheapest path on the raster, few bends first, crossings avoided."""

import heapq
from dataclasses import dataclass
from functools import cached_property

from engine.diagram.layout.grid import Grid, raster
from engine.diagram.layout.model import Edge, Graph, Side
from engine.diagram.layout.prices import Prices
from engine.diagram.layout.traffic import OPPOSITE, STEPS, Cell

ROUNDS = 3
State = tuple[Cell, Side]


@dataclass
class Router:
    """Routes every flow of a graph; `paths` holds the crossing points each one visits."""

    grid: Grid

    @property
    def graph(self) -> Graph:
        return self.grid.graph

    @cached_property
    def prices(self) -> Prices:
        return Prices(self.grid)

    @property
    def paths(self) -> dict[str, list[Cell]]:
        return self.prices.paths

    def route_all(self) -> None:
        """The happy path first and for good, then short before long; twice more, knowing all the others."""
        order = sorted(self.graph.edges, key=self._priority)
        for turn in range(ROUNDS):
            for edge in order:
                if turn and edge.id in self.prices.happy:
                    continue
                if turn:
                    self.prices.traffic.add(edge, self.paths[edge.id], remove=True)
                self.paths[edge.id] = self._cheapest(edge)
                self.prices.traffic.add(edge, self.paths[edge.id])

    def _priority(self, edge: Edge) -> tuple[bool, bool, int]:
        source, target = self.prices.ends(edge)
        return edge.id not in self.prices.happy, edge.back, abs(source.rank - target.rank)

    def _cheapest(self, edge: Edge) -> list[Cell]:
        """A* over (point, heading); what is left is at least the way straight to the goal."""
        start, goal = self.grid.place(edge.source), self.grid.place(edge.target)
        if start == goal:
            return self._around(start, from_guest=edge.source != edge.target)
        best: dict[State, float] = {}
        before: dict[State, State] = {}
        queue: list[tuple[float, int, float, State]] = []
        for side in Side:
            best[(start, side)] = cost = self.prices.leave(edge, side)
            heapq.heappush(queue, (cost + self.grid.distance(start, goal), len(queue), cost, (start, side)))
        count = len(queue)
        while queue:
            _, _, cost, state = heapq.heappop(queue)
            if state[0] == goal and state in before:
                return _walk(before, state)
            if cost > best[state]:
                continue
            for ahead, extra in self._moves(edge, state, start, goal):
                if cost + extra < best.get(ahead, float("inf")):
                    best[ahead], before[ahead] = cost + extra, state
                    count += 1
                    left = self.grid.distance(ahead[0], goal)
                    heapq.heappush(queue, (cost + extra + left, count, cost + extra, ahead))
        raise ValueError(f"no way for {edge.id}")

    def _around(self, cell: Cell, *, from_guest: bool) -> list[Cell]:
        """A flow to where it began: out right, in from above; from a boundary event down and in left."""
        (x, y), step = cell, -1 if from_guest else 1
        end = next(
            i for i in range(x + step, step * len(self.grid.xs), step) if (i, y) not in self.grid.covered
        )
        aside = y + 1 if from_guest else y - 1
        out, home = range(x, end + step, step), range(end, x - step, -step)
        way = [*((i, y) for i in out), *((i, aside) for i in home), cell]
        return way[::-1] if from_guest else way

    def _moves(self, edge: Edge, state: State, start: Cell, goal: Cell) -> list[tuple[State, float]]:
        cell, heading = state
        moves = []
        for side, (dx, dy) in STEPS.items():
            if side is OPPOSITE[heading] or (cell == start and side is not heading):
                continue
            ahead = cell[0] + dx, cell[1] + dy
            if not (0 <= ahead[0] < len(self.grid.xs) and 0 <= ahead[1] < len(self.grid.ys)):
                continue
            if ahead != goal and self._blocked(edge, cell, ahead, side):
                continue
            price = self.prices.step(edge, cell, ahead, heading, side)
            if ahead == goal:
                price += self.prices.enter(edge, OPPOSITE[side])
            moves.append(((ahead, side), price))
        return moves

    def _blocked(self, edge: Edge, cell: Cell, ahead: Cell, side: Side) -> bool:
        """Shapes stand in the way, except that a flow may cross half of its own source or target."""
        level = side in (Side.LEFT, Side.RIGHT)
        if cell in self.grid.covered and cell != self.grid.place(edge.source) and not level:
            return True
        if ahead in self.grid.covered:
            own = (self.graph.host_of(edge.source), edge.target)
            return self.grid.covered[ahead] not in own or not level
        return ahead in self.grid.occupied


def route(graph: Graph) -> Router:
    """Routes the flows of a graph whose nodes have columns and rows."""
    router = Router(raster(graph))
    router.route_all()
    return router


def _walk(before: dict[State, State], state: State) -> list[Cell]:
    """The points from the source to where the search ended."""
    path = [state[0]]
    while state in before:
        state = before[state]
        path.append(state[0])
    return path[::-1]
