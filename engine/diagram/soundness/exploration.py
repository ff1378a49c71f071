"""All markings of a scope that can be reached, as far as the bounds go, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from engine.diagram.soundness.game import combines_all, first, steps
from engine.diagram.soundness.marking import Marking, Move
from engine.diagram.soundness.net import HOSTS, Net, Summary
from engine.diagram.soundness.order import harmless, straight_nodes

MAX_MARKINGS = 20_000  # of one scope
FEW_MARKINGS = 2_000  # where not every combination is played, so there is no full verdict anyway
MAX_MOVES = 200_000  # of all scopes together: some ten seconds
MAX_TOKENS = 6  # at one node


@dataclass
class Exploration:
    """The graph of markings, breadth first, so that the way back along `came` is a shortest one.

    moves: by marking (its number), the moves out of it. came: the number of the marking before, and the move.
    limit: why not everything was explored, (Chinese, English); None if everything was.
    """

    net: Net
    markings: list[Marking] = field(default_factory=list)
    moves: list[list[tuple[Move, int]]] = field(default_factory=list)
    came: list[tuple[int, Move] | None] = field(default_factory=list)
    limit: tuple[str, str] | None = None

    def path(self, number: int) -> list[Move]:
        """The moves from the start to a marking."""
        found: list[Move] = []
        while (before := self.came[number]) is not None:
            number, move = before
            found.append(move)
        return found[::-1]

    @property
    def stuck(self) -> list[int]:
        """The markings in which tokens are left and none of them can move, nearest to the start first."""
        return [n for n, marking in enumerate(self.markings) if not self.moves[n] and not marking.ended]

    @cached_property
    def passed(self) -> frozenset[str]:
        """The nodes that some token got past, rather than being stopped there by what was thrown."""
        all_moves = (move for moves in self.moves for move, _ in moves)
        return frozenset(m.element for m in all_moves if not m.begins and not self._stops(m))

    @cached_property
    def entered(self) -> frozenset[str]:
        """The nodes that some token came to."""
        return self.passed | {at for marking in self.markings for at in marking.places}

    @property
    def summary(self) -> Summary:
        """What this inside may do to the activity around it; if not all is known, whatever is drawn."""
        if self.limit:
            nodes = self.net.nodes.values()
            thrown = {node.throws for node in nodes if node.throws}
            hosts = [node for node in nodes if node.kind in HOSTS]
            unknown = any(self.net.insides.get(node.id, Summary()).unknown for node in hosts)
            return Summary(True, frozenset(thrown | self._escaping({n.id for n in hosts})), unknown)
        all_moves = [(move, to) for moves in self.moves for move, to in moves]
        thrown = {move.thrown for move, _ in all_moves if move.thrown}
        ends = any(self.markings[to].ended and not self._stops(move) for move, to in all_moves)
        return Summary(ends, frozenset(thrown | self._escaping(self.entered)))

    def _stops(self, move: Move) -> bool:
        return move.thrown is not None and self.net.stopped_by(move.thrown)

    def _escaping(self, names: set[str] | frozenset[str]) -> set[tuple[str, str | None]]:
        return {thrown for name in names for thrown in self.net.escaping(self.net.nodes[name])}


def explore(
    net: Net, max_markings: int = MAX_MARKINGS, max_moves: int = MAX_MOVES, every_order: bool = False
) -> Exploration:
    """Plays a scope in every way.

    Args: the net; how many markings and moves are looked at most; whether all orders of what does not
    depend on each other are played, which changes no verdict.
    Returns what was reached. Where a bound was hit, `limit` says so; what was found until then is true.
    """
    found, numbers = Exploration(net), Numbers()
    straight: frozenset[str] = frozenset() if every_order else straight_nodes(net)
    numbers.of(first(net), found, None)
    if not combines_all(net):
        found.limit = ("包容网关的分支太多", "an inclusive gateway has too many branches")
        max_markings = min(max_markings, FEW_MARKINGS)
    while (at := len(found.moves)) < len(found.markings):
        marking = found.markings[at]
        if limit := _limit(marking, at, at >= max_markings or max_moves < 0):
            found.limit = found.limit or limit
            found.moves.append([(UNKNOWN, at)])
            continue
        fresh = (step for step in harmless(net, straight, marking) if step[1] not in numbers)
        one = next(fresh, None)  # one not yet met, or a loop of such moves could hide all others
        made = [one] if one else steps(net, marking)
        max_moves -= len(made)
        found.moves.append([(move, numbers.of(to, found, (at, move))) for move, to in made])
    return found


def _limit(marking: Marking, number: int, is_enough: bool) -> tuple[str, str] | None:
    """Why a marking is not looked at, in Chinese and in English; None if it is."""
    if is_enough:
        return f"走法太多，只推演了 {number:,} 个状态", f"only {number:,} states were looked at"
    if crowded := marking.crowded(MAX_TOKENS):
        en = f"over {MAX_TOKENS} tokens can gather at {crowded}"
        return f"{crowded} 处可能积累 {MAX_TOKENS} 个以上的令牌", en
    return None


UNKNOWN = Move("", begins=True)  # stands for the moves that were not looked at: such a marking is not stuck


class Numbers(dict[Marking, int]):
    """The numbers of the markings met so far."""

    def of(self, marking: Marking, found: Exploration, came: tuple[int, Move] | None) -> int:
        """The number of a marking; a new one is added to what was found, with the move that led to it."""
        number = self.setdefault(marking, len(found.markings))
        if number == len(found.markings):
            found.markings.append(marking)
            found.came.append(came)
        return number
