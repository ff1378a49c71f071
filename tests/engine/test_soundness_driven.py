"""What the soundness check says is what the engine does: its paths are driven, the engine's are followed."""

from collections import Counter
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.diagram.bundle import compile_bundle
from engine.diagram.document import read_document
from engine.diagram.lint.drawings import Scope
from engine.diagram.soundness.exploration import Exploration, explore
from engine.diagram.soundness.findings import findings
from engine.diagram.soundness.game import first, steps
from engine.diagram.soundness.marking import Marking, Move
from engine.diagram.soundness.net import Net as Played
from tests.engine.driving import Remembered
from tests.engine.nets import drawn, structured, wild
from tests.engine.token_game import Net

NETS, STEPS, MARKINGS = 250, 25, 1_500
DRIVE = settings(max_examples=NETS, deadline=None, derandomize=True, database=None, phases=[Phase.generate])


class Driven:
    """A random net in the in-memory engine."""

    def __init__(self, net: Net, files: dict[str, bytes]) -> None:
        self.net = net
        self.run = Remembered(compile_bundle(files, "p"), {})

    def open(self) -> Counter[str]:
        """The tasks that wait for people."""
        tasks = (task for scope in self.run.instance.scopes() for task in scope.tasks.values())
        return Counter(t.task_spec.element_id for t in tasks if t.task_spec.waits_for_work and t.unfinished)

    def do(self, element: str, ways: tuple[str, ...] | None) -> None:
        """Completes an open task; `ways` are the targets that the gateway behind it is to choose."""
        values = {}
        if ways is not None:
            gateway = element.removeprefix("D_")
            flows = [self.net.flows[at][1] for at in self.net.out_of(gateway)]
            values = {f"{gateway}_{number}": target in ways for number, target in enumerate(flows)}
        tasks = (task for scope in self.run.instance.scopes() for task in scope.tasks.values())
        task = next(t for t in tasks if t.task_spec.element_id == element and t.unfinished)
        self.run.complete(str(task.id), values)

    @property
    def is_stuck(self) -> bool:
        """Whether it has not ended and nobody can do anything."""
        return not self.run.step.ended and not self.open()


def walk(driven: Driven, moves: tuple[Move, ...]) -> None:
    """Drives the engine along a path; what moves by itself only says how gateways choose."""
    for at, move in enumerate(moves):
        if driven.net.nodes[move.element] == "task":
            assert driven.open()[move.element], (move, driven.open())
            gateway = move.element.removeprefix("D_")
            chosen = next((m.targets for m in moves[at + 1 :] if m.element == gateway), None)
            driven.do(move.element, chosen if move.element.startswith("D_") else None)


def follow(
    found: Exploration, marking: Marking, chance: Random, done: str = ""
) -> tuple[Marking, list[Move]]:
    """One completion and all that moves by itself after it, with random choices."""
    moves: list[Move] = []
    while True:
        possible = steps(found.net, marking)
        by_itself = not any(move.element in tasks_of(marking) for move, _ in possible) or bool(marking.queue)
        if not possible or (not by_itself and not done):
            return marking, moves
        if not by_itself:
            possible, done = [step for step in possible if step[0].element == done], ""
        move, marking = chance.choice(possible)
        moves.append(move)


def tasks_of(marking: Marking) -> Counter[str]:
    """The tasks that wait for people; joins wait with the name of where the token came from."""
    return Counter(token.at for token in marking.waiting if not token.source)


def explored(chance: Random) -> tuple[Driven, Exploration]:
    """A random net, small enough to be explored fully or not."""
    net = chance.choice([structured, wild])(chance)
    document = read_document(drawn(net), "p.bpmn")
    scope = Scope(next(document.processes()))
    return Driven(net, {"p.bpmn": document.data}), explore(Played(document, scope), MARKINGS)


def test_where_the_check_says_stuck_the_engine_is_stuck() -> None:
    """The engine, driven along the path of a finding, stops exactly there; where the check has explored
    everything and says nothing, no random walk gets stuck."""
    verdicts = Counter[str]()

    @DRIVE
    @given(st.randoms(use_true_random=True))
    def run(chance: Random) -> None:
        driven, found = explored(chance)
        stuck = [one for one in findings(found) if one.code in ("deadlock", "stranded")]
        if stuck:
            one = chance.choice(stuck)
            walk(driven, one.moves)
            assert driven.is_stuck
            places = {t.task_spec.element_id for t in driven.run.instance.tasks.values() if t.unfinished}
            assert one.element in places
        verdicts["stuck" if stuck else "unknown" if found.limit else "sound"] += 1

    run()
    assert verdicts["stuck"] > 30, verdicts
    assert verdicts["sound"] > 30, verdicts


def test_the_game_and_the_engine_play_alike() -> None:
    """Whatever people complete and conditions say, both wait at the same tasks, and end or stop together."""
    played = Counter[str]()

    @DRIVE
    @given(st.randoms(use_true_random=True))
    def run(chance: Random) -> None:
        driven, found = explored(chance)
        marking, _ = follow(found, first(found.net), chance)
        for _ in range(STEPS):
            assert tasks_of(marking) == driven.open()
            assert marking.ended == driven.run.step.ended
            if not driven.open():
                break
            done = chance.choice(sorted(driven.open()))
            marking, moves = follow(found, marking, chance, done)
            gateway = done.removeprefix("D_")
            chosen = next((m.targets for m in moves if m.element == gateway), None)
            driven.do(done, chosen if done.startswith("D_") else None)
            played["steps"] += 1
        played["stuck" if driven.is_stuck else "ended" if marking.ended else "open"] += 1
        if not found.limit:
            assert marking in found.markings
            assert not driven.is_stuck or found.stuck

    run()
    assert min(played["stuck"], played["ended"]) > 20, played
