"""All markings of a scope that can be reached, as far as the bounds go, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from engine.diagram.soundness.game import combines_all, first, steps
from engine.diagram.soundness.marking import Marking, Move
from engine.diagram.soundness.net import HOSTS, Net, Summary

MAX_MARKINGS = 20_000  # of one scope
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
        """The nodes that some token got past."""
        return frozenset(move.element for moves in self.moves for move, _ in moves if not move.begins)

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
        ends = any(
            self.markings[to].ended and not (move.thrown and self.net.stopped_by(move.thrown))
            for move, to in all_moves
        )
        return Summary(ends, frozenset(thrown | self._escaping(self.entered)))

    def _escaping(self, names: set[str] | frozenset[str]) -> set[tuple[str, str | None]]:
        return {thrown for name in names for thrown in self.net.escaping(self.net.nodes[name])}


def explore(net: Net, max_markings: int = MAX_MARKINGS, max_moves: int = MAX_MOVES) -> Exploration:
    """Plays a scope in every way.

    Args: the net, and how many markings and moves are looked at most.
    Returns what was reached. Where a bound was hit, `limit` says so; what was found until then is true.
    """
    found, numbers = Exploration(net), Numbers()
    numbers.of(first(net), found, None)
    if not combines_all(net):
        found.limit = ("包容网关的分支太多", "an inclusive gateway has too many branches")
    while (at := len(found.moves)) < len(found.markings):
        if at >= max_markings or max_moves < 0:
            found.limit = (f"走法太多，只推演了 {at:,} 个状态", f"only {at:,} states were looked at")
            found.moves += [[(UNKNOWN, n)] for n in range(at, len(found.markings))]
            break
        if crowded := found.markings[at].crowded(MAX_TOKENS):
            zh, en = f"{crowded} 处可能积累 {MAX_TOKENS} 个以上的令牌", f"over {MAX_TOKENS} tokens can gather"
            found.limit = (zh, f"{en} at {crowded}")
            found.moves.append([(UNKNOWN, at)])
            continue
        made = steps(net, found.markings[at])
        max_moves -= len(made)
        found.moves.append([(move, numbers.of(to, found, (at, move))) for move, to in made])
    return found


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
