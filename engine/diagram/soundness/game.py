"""The token game: which moves a marking allows. It follows `engine.elements`, not the textbook.

What runs by itself runs in turn, first in first out; inclusive gateways are asked when nothing else moves;
then people, messages, timers and insides act in any order, and every condition is taken both ways.
"""

from collections.abc import Iterable
from itertools import combinations

from engine.diagram.soundness.marking import Board, Due, Marking, Move, Token
from engine.diagram.soundness.net import Net, Node

SIDE_TOKENS = 2  # that one non-interrupting boundary event may have under way at once
MOST_WAYS = 8  # conditional flows of an inclusive gateway that are combined in every way
Step = tuple[Move, Marking]


def first(net: Net) -> Marking:
    """One token on the start event."""
    return Marking(queue=tuple(Due(name) for name in net.starts))


def steps(net: Net, marking: Marking) -> list[Step]:
    """The moves out of a marking, each with the marking it leads to; none if it has ended or is stuck."""
    if marking.queue:
        return _run_next(net, marking)
    return _settle(net, marking) or _outside(net, marking)


def combines_all(net: Net) -> bool:
    """Whether every inclusive gateway is narrow enough for all combinations of its conditions."""
    return all(len(n.outgoing) <= MOST_WAYS for n in net.nodes.values() if n.kind == "inclusiveGateway")


# -- what runs by itself


def _run_next(net: Net, marking: Marking) -> list[Step]:
    due = marking.queue[0]
    node, rest = net.nodes[due.at], marking._replace(queue=marking.queue[1:])
    if due.arms:
        board = Board(rest)
        _start(board, node, due.side)
        return [(Move(node.id, begins=True), board.marking())]
    if node.throws and net.stopped_by(node.throws):
        return [(Move(node.id, thrown=node.throws), Marking())]
    if node.kind == "endEvent" and node.trigger == "terminate":
        return [(Move(node.id), Marking())]
    return [
        (Move(node.id, targets, node.throws), sent(net, rest, node, targets, due.side))
        for targets in _ways(node)
    ]


def _ways(node: Node) -> list[tuple[str, ...]]:
    """The sets of flows that a token may leave by; none if the engine would find no way out."""
    flows = node.outgoing
    if node.kind == "exclusiveGateway":
        return [(target,) for target in flows]
    if node.kind == "inclusiveGateway":
        return _chosen(flows, node.default)
    return [flows]


def _chosen(flows: tuple[str, ...], default: str) -> list[tuple[str, ...]]:
    """Any of the conditional flows; the default flow alone if no condition holds."""
    asked = tuple(target for target in flows if target != default)
    sizes = range(1, len(asked) + 1) if len(flows) <= MOST_WAYS else (1, len(asked))
    found = [chosen for size in sizes for chosen in combinations(asked, size)]
    return [*found, (default,)] if default else found


def sent(net: Net, marking: Marking, source: Node, targets: Iterable[str], side: str) -> Marking:
    """The marking after a token of `source` has come to each of the targets."""
    board = Board(marking)
    for target in targets:
        _arrive(net, board, source, net.nodes[target], side)
    return board.marking()


def _arrive(net: Net, board: Board, source: Node, node: Node, side: str) -> None:
    if node.joins and node.kind == "parallelGateway":
        board.waiting.append(Token(node.id, source.id, side))
        _join(board, node)
    elif node.joins:
        board.joining.append(Token(node.id, source.id, side))
    elif source.kind == "eventBasedGateway":
        board.queue.append(Due(node.id, side))  # its event has happened already
    elif node.boundaries:
        board.queue.append(Due(node.id, side, arms=True))
    else:
        _start(board, node, side)


def _start(board: Board, node: Node, side: str) -> None:
    if node.waits:
        board.waiting.append(Token(node.id, side=side))
    else:
        board.queue.append(Due(node.id, side))


def _join(board: Board, node: Node) -> None:
    """A parallel gateway fires with one token from every flow; more of them wait for the next turn."""
    first_of = {token.source: token for token in reversed(board.waiting) if token.at == node.id}
    if len(first_of) == len(node.incoming):
        for token in first_of.values():
            board.waiting.remove(token)
        board.queue.append(Due(node.id, _side(first_of.values())))


def _side(tokens: Iterable[Token]) -> str:
    sides = [token.side for token in tokens]
    return "" if "" in sides else sides[0]


def _settle(net: Net, marking: Marking) -> list[Step]:
    """The first inclusive gateway, by arrival, that no token holds back."""
    for name in dict.fromkeys(token.at for token in marking.joining):
        first_of = {token.source: token for token in reversed(marking.joining) if token.at == name}
        if not _held_back(net, marking, name, frozenset(first_of)):
            board = Board(marking)
            for token in first_of.values():
                board.joining.remove(token)
            board.queue.append(Due(name, _side(first_of.values())))
            return _run_next(net, board.marking())
    return []


def _held_back(net: Net, marking: Marking, gateway: str, full: frozenset[str]) -> bool:
    empty = frozenset(net.nodes[gateway].incoming) - full
    if not empty:
        return False
    blocked, passed = net.sources(gateway, empty), net.sources(gateway, full)
    return any(at in blocked and at not in passed for at in marking.places if at != gateway)


# -- what comes from outside


def _outside(net: Net, marking: Marking) -> list[Step]:
    found: list[Step] = []
    for token in dict.fromkeys(marking.waiting):
        node = net.nodes[token.at]
        if node.waits:
            board = Board(marking)
            board.waiting.remove(token)
            rest = board.marking()
            found += _finished(net, rest, node, token)
            found += _boundaries(net, rest, node, token)
    return found


def _finished(net: Net, rest: Marking, node: Node, token: Token) -> list[Step]:
    ways = [(target,) for target in node.outgoing] if node.kind == "eventBasedGateway" else [node.outgoing]
    found = [
        (Move(node.id, targets), sent(net, rest, node, targets, token.side))
        for targets in ways
        if net.ends(node)
    ]
    stops = [thrown for thrown in net.escaping(node) if net.stopped_by(thrown)]
    return found + [(Move(node.id, thrown=thrown), Marking()) for thrown in stops]


def _boundaries(net: Net, rest: Marking, node: Node, token: Token) -> list[Step]:
    found = []
    for event in (net.nodes[name] for name in node.boundaries):
        if not net.happens(event) or event.id in token.happened:
            continue
        board, side = Board(rest), token.side
        if not event.interrupts:
            if _under_way(rest, event.id) >= SIDE_TOKENS:
                continue
            happened = tuple(sorted({*token.happened, event.id})) if event.once else token.happened
            board.waiting.append(token._replace(happened=happened))
            side = event.id
        board.queue.append(Due(event.id, side))
        found += _run_next(net, board.marking())
    return found


def _under_way(marking: Marking, event: str) -> int:
    return sum(token.side == event for token in (*marking.waiting, *marking.joining))
