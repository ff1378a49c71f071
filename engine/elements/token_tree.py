"""Where tokens came from: the tree of tasks, reduced to what joins need of it.

The tree is walked upwards with loops, never by recursion, so that its depth does not matter.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from engine.elements.task_data import copy_value, merge3


def ancestors(task: Any) -> list[Any]:
    """The tasks above `task`, nearest first, the task itself excluded."""
    found, above = [], task.parent
    while above is not None:
        found.append(above)
        above = above.parent
    return found


def forks(tokens: Iterable[Any]) -> dict[Any, set[Any]]:
    """The places where the ways of `tokens` part: task id → ids of the children that lead to a token."""
    ways: dict[Any, set[Any]] = {}
    for token in tokens:
        below = token
        for above in ancestors(token):
            known = ways.setdefault(above.id, set())
            if below.id in known:
                break
            known.add(below.id)
            below = above
    return {place: children for place, children in ways.items() if len(children) > 1}


def nearest_fork(token: Any, places: dict[Any, set[Any]]) -> Any:
    """The nearest ancestor of `token` among `places`, or None."""
    return next((above for above in ancestors(token) if above.id in places), None)


def merge_tokens(tokens: Sequence[Any]) -> tuple[dict[str, Any], list[str]]:
    """Merges the data of several tokens, innermost fork first, each pair against the data of its own fork.

    Of two different changes the token that arrived later wins (`internal_data["arrived"]`, absent = latest).
    Returns the data and the dotted names that clashed.
    """
    ways = [(token, [token, *ancestors(token)], token.data, _arrived(token)) for token in tokens]
    clashes: list[str] = []
    while len(ways) > 1:
        first, second, fork = _innermost(ways)
        early, late = sorted((first, second), key=lambda way: way[3])
        merged, found = merge3(fork.data, early[2], late[2])
        clashes += found
        path = late[1][[task.id for task in late[1]].index(fork.id) :]
        ways = [way for way in ways if way is not first and way is not second] + [
            (late[0], path, merged, late[3])
        ]
    return copy_value(ways[0][2]), sorted(set(clashes))


Way = tuple[Any, list[Any], dict[str, Any], float]


def _innermost(ways: Sequence[Way]) -> tuple[Way, Way, Any]:
    """The two ways that part deepest in the tree, earliest arrivals first, and the fork where they part."""
    best: tuple[int, Way, Way, Any] | None = None
    ordered = sorted(ways, key=lambda way: way[3])
    for position, first in enumerate(ordered):
        for second in ordered[position + 1 :]:
            fork, depth = _parting(first[1], second[1])
            if best is None or depth > best[0]:
                best = (depth, first, second, fork)
    assert best is not None
    return best[1], best[2], best[3]


def _parting(one: list[Any], other: list[Any]) -> tuple[Any, int]:
    known = {task.id for task in other}
    for position, task in enumerate(one):
        if task.id in known:
            return task, len(one) - position
    raise AssertionError("two tokens of one scope have no common root")


def _arrived(token: Any) -> float:
    return float(token.internal_data.get("arrived", float("inf")))
