"""Where the tokens of a scope are, and one move of them."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from engine.diagram.soundness.net import Thrown


class Token(NamedTuple):
    """A token that waits at a node.

    source: at a join, the node it came from. side: the boundary event that added it to the case; empty for
    the main way. happened: the boundary events that cannot happen again while it waits.
    """

    at: str
    source: str = ""
    side: str = ""
    happened: tuple[str, ...] = ()


class Due(NamedTuple):
    """A token that moves by itself, in turn. `arms`: an activity with boundary events begins only then."""

    at: str
    side: str = ""
    arms: bool = False


class Marking(NamedTuple):
    """All tokens of a scope.

    waiting: in no order, so sorted. joining: at inclusive gateways, in the order of their arrival, because
    the engine asks these gateways in that order. queue: what the engine runs next, first in first out.
    """

    waiting: tuple[Token, ...] = ()
    joining: tuple[Token, ...] = ()
    queue: tuple[Due, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether no token is left."""
        return not (self.waiting or self.joining or self.queue)

    @property
    def quiet(self) -> bool:
        """Whether nothing moves by itself."""
        return not self.queue

    @property
    def places(self) -> list[str]:
        """Where tokens wait or are due, with repetition."""
        return [token.at for token in (*self.waiting, *self.joining)] + [due.at for due in self.queue]

    def crowded(self, limit: int) -> str:
        """A node with more than `limit` tokens, at a join from one flow; empty if there is none."""
        waiting = [(token.at, token.source) for token in (*self.waiting, *self.joining)]
        counts = Counter([*waiting, *((due.at, "") for due in self.queue)])
        return next((at for (at, _), count in counts.items() if count > limit), "")


class Move(NamedTuple):
    """What happened: a token left `element` for `targets`; or the element threw something out of there."""

    element: str
    targets: tuple[str, ...] = ()
    thrown: Thrown | None = None
    begins: bool = False  # an activity with boundary events only began


class Board:
    """A marking while a move is made."""

    def __init__(self, marking: Marking) -> None:
        self.waiting, self.joining, self.queue = (
            list(marking.waiting), list(marking.joining), list(marking.queue)
        )  # fmt: skip

    def marking(self) -> Marking:
        """The marking after the move."""
        return Marking(tuple(sorted(self.waiting)), tuple(self.joining), tuple(self.queue))
