"""The states in which a case of a bundle can wait, to compare a running case with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from lxml import etree

from engine.diagram.bundle import Bundle
from engine.diagram.lint.drawings import Drawings
from engine.diagram.lint.files import read_files
from engine.diagram.lint.report import Report
from engine.diagram.soundness.exploration import MAX_MARKINGS, Exploration, explore
from engine.diagram.soundness.insides import Insides
from engine.diagram.soundness.marking import Token
from engine.diagram.soundness.net import Net
from engine.diagram.vocabulary import kind_of

KEPT = 8  # bundles whose states are remembered

Waiting = tuple[Token, ...]


def state_of(tokens: Iterable[Token]) -> Waiting:
    """Tokens as a state: without their order, and without which boundary event sent them out."""
    return tuple(sorted(token._replace(side="") for token in tokens))


@dataclass(frozen=True)
class Reached:
    """What can be reached in one scope. `exploration` stops at its bounds, then not all is known."""

    exploration: Exploration

    @property
    def net(self) -> Net:
        """The net that was played."""
        return self.exploration.net

    @cached_property
    def every(self) -> Exploration:
        """Played in every order: no state is left out because another one stands for it."""
        return explore(self.net, MAX_MARKINGS, every_order=True)

    @cached_property
    def states(self) -> frozenset[Waiting]:
        """The states in which nothing moves by itself."""
        quiet = (m for m in self.every.markings if m.quiet)
        return frozenset(state_of((*marking.waiting, *marking.joining)) for marking in quiet)

    @property
    def complete(self) -> bool:
        """Whether these are all."""
        return self.every.limit is None

    def beside(self, state: Waiting) -> list[str]:
        """The nodes that are also at work in the state most like this one that has all of its tokens; empty
        if there is none."""
        here = Counter(state)
        more = (Counter(found) - here for found in self.states if not here - Counter(found))
        best = min(more, key=lambda rest: (sum(rest.values()), sorted(rest)), default=Counter[Token]())
        return sorted({token.at for token in best})

    def same_net(self, other: Reached) -> bool:
        """Whether two scopes run alike: then whatever is reached in one is reached in the other."""
        mine, its = self.net, other.net
        return (mine.nodes, mine.insides, mine.stops) == (its.nodes, its.insides, its.stops)


def reached_in(bundle: Bundle) -> Mapping[str, Reached]:
    """By the name of the scope's spec: a process under its id, a subprocess under `<process>/<element>`."""
    diagrams = ((name, data) for name, data in bundle.sources.items() if name.lower().endswith(".bpmn"))
    return _reached(tuple(sorted(diagrams)))


@lru_cache(KEPT)
def _reached(files: tuple[tuple[str, bytes], ...]) -> Mapping[str, Reached]:
    drawings, _ = read_files(Report(), dict(files))
    return {_name(found.net.scope.node): Reached(found) for found in _played(drawings)}


def _played(drawings: Drawings) -> list[Exploration]:
    insides = Insides(drawings)
    for process in drawings.processes:
        for scope in process.scopes:
            insides.explore(process, scope)
    return list(insides.explorations.values())


def _name(node: etree._Element) -> str:
    own = node.get("id", "")
    if kind_of(node) == "process":
        return own
    process = next(above for above in node.iterancestors() if kind_of(above) == "process")
    return f"{process.get('id', '')}/{own}"
