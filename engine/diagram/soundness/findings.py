"""What is wrong with a scope that has been explored."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from engine.diagram.soundness.exploration import Exploration
from engine.diagram.soundness.marking import Marking, Move
from engine.diagram.soundness.net import HOSTS, Node
from engine.diagram.vocabulary import ACTIVITIES

MOST_LOOPS = 20  # that are told of one scope


@dataclass(frozen=True)
class Finding:
    """One fault. `others`: what it waits for, where tokens stop before it, or the rest of the loop.

    path: ids from the start. moves: the very moves, empty where no case gets there.
    """

    code: str
    element: str
    path: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()


def findings(found: Exploration) -> list[Finding]:
    """Every fault; of a scope too large to explore only what was met, and nothing about what was not."""
    stuck = list(_stuck(found))
    if found.limit:
        return [*stuck, Finding("too-large", found.net.starts[0])]
    return [*stuck, *_endless(found), *_unreached(found)]


def walked(moves: Iterable[Move]) -> tuple[str, ...]:
    """The elements that tokens left, in order."""
    return tuple(move.element for move in moves if not move.begins)


# -- stuck: tokens are left and none can move


def _stuck(found: Exploration) -> Iterator[Finding]:
    """One finding for each element at which a case gets stuck, with a shortest way there."""
    said: set[str] = set()
    for number in found.stuck:
        marking = found.markings[number]
        places = list(dict.fromkeys(marking.places))
        if said.isdisjoint(places) and not _waits_for_inside(found, marking):
            said.update(places)
            moves = tuple(found.path(number))
            path = walked(moves)
            over = any(found.net.nodes[name].kind == "endEvent" for name in path)
            code = "stranded" if over else "deadlock"
            yield Finding(code, places[0], path, _missing(found, marking, places[0]), moves)


def _waits_for_inside(found: Exploration, marking: Marking) -> bool:
    """Whether it is an inside that never ends: it has been reported there."""
    nodes = (found.net.nodes[token.at] for token in marking.waiting)
    return any(node.kind in HOSTS and not found.net.ends(node) for node in nodes)


def _missing(found: Exploration, marking: Marking, at: str) -> tuple[str, ...]:
    if not found.net.nodes[at].joins:
        return ()
    there = {token.source for token in (*marking.waiting, *marking.joining) if token.at == at}
    return tuple(name for name in found.net.nodes[at].incoming if name not in there)


# -- endless: a loop that no token leaves


def _endless(found: Exploration) -> Iterator[Finding]:
    """The loops in the markings from which neither an end nor a deadlock can be reached."""
    before: list[list[int]] = [[] for _ in found.markings]
    for at, moves in enumerate(found.moves):
        for _, to in moves:
            before[to].append(at)
    final = [n for n, moves in enumerate(found.moves) if not moves]
    left = set(range(len(found.markings))) - _closure(final, lambda n: before[n])
    for _ in range(MOST_LOOPS):
        if not left:
            return
        loop = _innermost(found, before, min(left))
        left -= _closure(loop, lambda n: before[n])
        if not any(_waits_for_inside(found, found.markings[n]) for n in loop):
            moves_in, elements = tuple(found.path(min(loop))), _turn(found, min(loop))
            yield Finding("endless", elements[0], walked(moves_in), elements, moves_in)


def _turn(found: Exploration, entry: int) -> tuple[str, ...]:
    """The elements of a loop in the order in which tokens leave them, from the entry on."""
    todo, seen = [entry], {entry}
    elements: dict[str, None] = {}
    for number in todo:
        for move, to in found.moves[number]:
            if not move.begins:
                elements.setdefault(move.element)
            if to not in seen:
                seen.add(to)
                todo.append(to)
    return tuple(elements)


def _innermost(found: Exploration, before: list[list[int]], start: int) -> set[int]:
    """A set of markings, reached from `start`, of which each reaches every other and nothing else."""
    while True:
        loop = _closure([start], lambda n: [to for _, to in found.moves[n]])
        beyond = loop - _closure([start], lambda n: before[n])
        if not beyond:
            return loop
        start = max(beyond)


def _closure(first: Iterable[int], step: Callable[[int], list[int]]) -> set[int]:
    reached, todo = set(first), list(first)
    while todo:
        new = set(step(todo.pop())) - reached
        reached |= new
        todo.extend(new)
    return reached


# -- unreached: tasks that no case runs, ends that no case reaches


def _unreached(found: Exploration) -> Iterator[Finding]:
    for node in found.net.nodes.values():
        code = "end-unreached" if node.kind == "endEvent" else "never-runs"
        if node.id not in found.entered and (node.kind in ACTIVITIES or node.kind == "endEvent"):
            way = _way_to(found, node)
            stops = next((n for n, name in enumerate(way) if name not in found.passed), 0)
            yield Finding(code, node.id, tuple(way[:stops]), tuple(way[stops : stops + 1]))


def _way_to(found: Exploration, goal: Node) -> list[str]:
    """The shortest drawn way to an element, boundary events included; empty if nothing leads there."""
    ways = {name: [name] for name in found.net.starts}
    todo = list(ways)
    for name in todo:
        node = found.net.nodes[name]
        for following in (*node.outgoing, *node.boundaries):
            if following not in ways:
                ways[following] = [*ways[name], following]
                todo.append(following)
    return ways.get(goal.id, [])
