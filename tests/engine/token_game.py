"""A reference for joins: tokens on sequence flows, straight from the words of BPMN 2.0.2 (table 13.1 to
13.3).

Knows nothing of the engine: no tasks, no tree, no data; slow and literal on purpose.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

LIMIT = 60  # tokens or moves, beyond which a net is not worth playing


class Endless(Exception):
    """The net moves for ever by itself, or multiplies its tokens."""


@dataclass(frozen=True)
class Net:
    """Nodes (id → kind) and flows (source, target). Kinds: start end task xor and or.

    A task named `D_<gateway>` stands before each splitting xor or or gateway and decides: completing it
    says for each outgoing flow whether its condition holds. The last outgoing flow is the default.
    """

    nodes: Mapping[str, str]
    flows: tuple[tuple[str, str], ...]

    def into(self, node: str) -> list[int]:
        """The positions of the flows into a node."""
        return [at for at, (_, target) in enumerate(self.flows) if target == node]

    def out_of(self, node: str) -> list[int]:
        """The positions of the flows out of a node."""
        return [at for at, (source, _) in enumerate(self.flows) if source == node]


@dataclass
class Game:
    """A play: tokens that wait on flows, and activities that run (the flows their tokens came by)."""

    net: Net
    tokens: list[int] = field(default_factory=list)
    running: list[int] = field(default_factory=list)
    decided: dict[str, tuple[bool, ...]] = field(default_factory=dict)

    def begin(self) -> None:
        """One token leaves the start."""
        self._leave("s", self.net.out_of("s"))
        self._play()

    def complete(self, task: str, holds: tuple[bool, ...]) -> None:
        """Completes one running instance of a task; `holds` answers the gateway behind it."""
        at = next(flow for flow in self.running if self.net.flows[flow][1] == task)
        self.running.remove(at)
        self.decided[task.removeprefix("D_")] = holds
        self._leave(task, self.net.out_of(task))
        self._play()

    @property
    def open(self) -> Counter[str]:
        """The running tasks."""
        return Counter(self.net.flows[at][1] for at in self.running)

    @property
    def ended(self) -> bool:
        """Whether no token is left."""
        return not self.tokens and not self.running

    def _leave(self, node: str, flows: list[int]) -> None:
        self.tokens += flows
        if len(self.tokens) + len(self.running) > LIMIT:
            raise Endless(node)

    def _play(self) -> None:
        """Moves all that moves by itself; an inclusive gateway only when nothing else can."""
        for _ in range(LIMIT):
            if not (self._move() or self._synchronise()):
                return
        raise Endless

    def _move(self) -> bool:
        for at in self.tokens:
            node = self.net.flows[at][1]
            kind, into = self.net.nodes[node], self.net.into(node)
            if kind == "and" and not set(into) <= set(self.tokens):
                continue
            if kind == "or" and len(into) > 1:
                continue
            for used in into if kind == "and" else [at]:
                self.tokens.remove(used)
            if kind == "task":
                self.running.append(at)
            elif kind != "end":
                self._leave(node, self._ways(node))
            return True
        return False

    def _synchronise(self) -> bool:
        for at in self.tokens:
            node = self.net.flows[at][1]
            if self.net.nodes[node] == "or" and self._may_fire(node):
                for used in set(self.net.into(node)) & set(self.tokens):
                    self.tokens.remove(used)
                self._leave(node, self._ways(node))
                return True
        return False

    def _may_fire(self, gateway: str) -> bool:
        into = set(self.net.into(gateway))
        full = into & set(self.tokens)
        for at in {*self.tokens, *self.running} - into | (set(self.running) & into):
            reached = self._reached(at, gateway)
            if reached & (into - full) and not reached & full:
                return False
        return True

    def _reached(self, start: int, gateway: str) -> set[int]:
        """The flows on the paths that start with a flow and do not visit the gateway before their end."""
        seen, todo = {start}, [start]
        while todo:
            target = self.net.flows[todo.pop()][1]
            for following in self.net.out_of(target) if target != gateway else ():
                if following not in seen:
                    seen.add(following)
                    todo.append(following)
        return seen

    def _ways(self, node: str) -> list[int]:
        ways, holds = self.net.out_of(node), self.decided.get(node, ())
        if len(ways) < 2 or self.net.nodes[node] == "and":
            return ways
        true = [way for way, hold in zip(ways[:-1], holds, strict=False) if hold]
        chosen = true[:1] if self.net.nodes[node] == "xor" else true
        return chosen or ways[-1:]
