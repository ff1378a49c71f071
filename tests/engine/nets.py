"""Random nets for the token game: well-structured ones, and wild ones where anything leads anywhere."""

from collections import Counter
from random import Random

from tests.engine.drawing import bpmn, element, ends, gateways, tasks
from tests.engine.token_game import Net

GATEWAYS = {"xor": "exclusive", "and": "parallel", "or": "inclusive"}
WIDEST = 3


class Builder:
    """Collects nodes and flows."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.nodes, self.flows = chance, {"s": "start"}, []

    def node(self, kind: str, name: str = "") -> str:
        name = name or f"{kind[0].upper()}{len(self.nodes)}"
        self.nodes[name] = kind
        return name

    def split(self, kind: str) -> tuple[str, str]:
        """A splitting gateway with the task that decides it: (first node, gateway)."""
        gateway = self.node(kind)
        if kind == "and":
            return gateway, gateway
        decider = self.node("task", f"D_{gateway}")
        self.flows.append((decider, gateway))
        return decider, gateway

    def block(self, depth: int) -> tuple[str, str]:
        """A random well-structured block: (first node, last node)."""
        kind = self.chance.choice(
            ["task"] if depth == 0 else ["task", "seq", "and", "or", "xor", "loop", "loop"]
        )
        if kind == "task":
            name = self.node("task")
            return name, name
        if kind == "seq":
            first, second = self.block(depth - 1), self.block(depth - 1)
            self.flows.append((first[1], second[0]))
            return first[0], second[1]
        return self._loop(depth) if kind == "loop" else self._branches(kind, depth)

    def _branches(self, kind: str, depth: int) -> tuple[str, str]:
        entry, split = self.split(kind)
        join = self.node(kind)
        for _ in range(self.chance.randint(2, WIDEST)):
            first, last = self.block(depth - 1)
            self.flows += [(split, first), (last, join)]
        return entry, join

    def _loop(self, depth: int) -> tuple[str, str]:
        merge, (first, last) = self.node("xor"), self.block(depth - 1)
        entry, split = self.split("xor")
        after = self.node("task")
        self.flows += [(merge, first), (last, entry), (split, merge), (split, after)]
        return merge, after


def structured(chance: Random) -> Net:
    """A well-structured net: blocks within blocks, loops around anything."""
    build = Builder(chance)
    first, last = build.block(3)
    build.node("end", "e")
    return Net(build.nodes, (("s", first), *build.flows, (last, "e")))


def wild(chance: Random) -> Net:
    """Splits, joins and tasks wired at random: deadlocks, tokens in excess, joins that others can still
    reach."""
    build = Builder(chance)
    outs, entries = ["s"], []
    for _ in range(chance.randint(2, 4)):
        entry, split = build.split(chance.choice(["xor", "and", "or", "and"]))
        entries.append(entry)
        outs += [split] * 2
    for kind in chance.choices(["xor", "and", "or", "or"], k=chance.randint(2, 4)):
        join = build.node(kind)
        entries += [join] * 2
        outs.append(join)
    for _ in range(chance.randint(2, 4)):
        task = build.node("task")
        entries.append(task)
        outs.append(task)
    chance.shuffle(outs)
    chance.shuffle(entries)
    for number, source in enumerate(outs):
        target = entries[number] if number < len(entries) else build.node("end", f"e{number}")
        hop = build.node("task")  # no flow runs twice between the same two nodes, and nothing moves for ever
        build.flows += [(source, hop), (hop, target)]
    return Net(build.nodes, tuple(build.flows))


def drawn(net: Net) -> bytes:
    """The net as a BPMN file. Variables `<gateway>_<number>` hold the decisions."""
    nodes = ""
    for name, kind in net.nodes.items():
        if kind in GATEWAYS:
            nodes += gateways(GATEWAYS[kind], name)
        elif kind != "start":
            nodes += tasks(name) if kind == "task" else ends(name)
    lines, names, seen = [], [], Counter[str]()
    for source, target in net.flows:
        ways, number = net.out_of(source), seen[source]
        seen[source] += 1
        choosing = len(ways) > 1 and net.nodes[source] in ("xor", "or")
        if choosing and number == len(ways) - 1:
            lines.append(f"{source} >> {target}")
        elif choosing:
            names.append(f"{source}_{number}")
            lines.append(f"{source} > {target} : {names[-1]}")
        else:
            lines.append(f"{source} > {target}")
    return bpmn("p", nodes, ";".join(lines), element("message", "Unused"), " ".join(names))
