"""Moves whose order does not matter, so that one order stands for all of them.

After such a move everything else that was possible still is. (Godefroid, Partial-Order Methods for the
Verification of Concurrent Systems, 1996: persistent sets of one)
"""

from collections.abc import Iterator

from engine.diagram.soundness.game import Step, sent
from engine.diagram.soundness.marking import Board, Marking, Move
from engine.diagram.soundness.net import Net, Node


def harmless(net: Net, straight: frozenset[str], marking: Marking) -> Iterator[Step]:
    """The moves of a marking that may as well come first; `straight` from `straight_nodes`."""
    for token in dict.fromkeys(marking.waiting) if marking.quiet else ():
        if token.at in straight and not token.source:
            board, node = Board(marking), net.nodes[token.at]
            board.waiting.remove(token)
            to = sent(net, board.marking(), node, node.outgoing, token.side)
            yield Move(node.id, node.outgoing), to


def straight_nodes(net: Net) -> frozenset[str]:
    """The waiting nodes where nothing but an end can come, after which a token waits again or at a parallel
    join. None beside an inclusive join, which looks at where all tokens are."""
    if any(node.joins and node.kind == "inclusiveGateway" for node in net.nodes.values()):
        return frozenset()
    return frozenset(node.id for node in net.nodes.values() if _is_straight(net, node))


def _is_straight(net: Net, node: Node) -> bool:
    if not node.waits or node.boundaries or node.kind == "eventBasedGateway" or len(node.outgoing) != 1:
        return False
    if not net.ends(node) or any(map(net.stopped_by, net.escaping(node))):
        return False
    target = net.nodes[node.outgoing[0]]
    return target.waits or (target.joins and target.kind == "parallelGateway" and not _kills(net, target))


def _kills(net: Net, join: Node) -> bool:
    """Whether a token that leaves a join may at once end the scope, whatever else is in it."""
    todo, seen = [join], {join.id}
    for node in todo:
        if node.trigger == "terminate" or (node.throws and net.stopped_by(node.throws)):
            return True
        following = [name for name in node.outgoing if name not in seen and not net.nodes[name].waits]
        seen.update(following)
        todo += [net.nodes[name] for name in following]
    return False
