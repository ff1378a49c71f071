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

NETS, STEPS, MARKINGS = 120, 25, 800
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
    found = explore(Played(document, scope), MARKINGS, every_order=True)
    return Driven(net, {"p.bpmn": document.data}), found


def test_where_the_check_says_stuck_the_engine_is_stuck() -> None:
    """The engine, driven along the path of a finding, stops exactly there."""
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
    assert min(verdicts["stuck"], verdicts["sound"]) > NETS / 10, verdicts


def test_the_game_and_the_engine_play_alike() -> None:
    """Whatever people complete and conditions say, both wait at the same tasks, end or stop together; no walk
    gets stuck where the check has explored everything and says nothing."""
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
    assert min(played["stuck"], played["ended"]) > NETS / 20, played


def test_playing_few_orders_finds_what_playing_all_finds() -> None:
    """The same stuck markings, tasks never run, ends never reached and loops, with terminate ends in between;
    and fewer markings to look at."""
    counts = Counter[str]()

    @DRIVE
    @given(st.randoms(use_true_random=True))
    def run(chance: Random) -> None:
        text = drawn(chance.choice([structured, wild])(chance)).decode()
        text = text.replace("inclusiveGateway", chance.choice(["exclusiveGateway", "parallelGateway"]))
        if "parallelGateway" in text:  # what was inclusive may not keep its conditions
            text = text.replace(" default=", " was=")
        for number in range(4):
            if chance.random() < 0.5:
                end = f'id="e{number or ""}" >'
                text = text.replace(end, f"{end}<bpmn:terminateEventDefinition/>")
        document = read_document(text.encode(), "p.bpmn")
        net = Played(document, Scope(next(document.processes())))
        every, few = explore(net, MARKINGS, every_order=True), explore(net, MARKINGS)
        if every.limit:
            return
        assert not few.limit
        assert {few.markings[n] for n in few.stuck} == {every.markings[n] for n in every.stuck}
        assert told(few) == told(every)
        counts.update(every=len(every.markings), few=len(few.markings), nets=1, faulty=bool(told(every)))

    run()
    assert counts["nets"] > NETS / 2, counts
    assert counts["faulty"] > NETS / 10, counts
    assert counts["few"] * 1.2 < counts["every"], counts


def told(found: Exploration) -> set[tuple[str, str]]:
    """What is said of single elements, and whether there is a loop or a standstill at all."""
    elements = ("never-runs", "end-unreached")
    return {(one.code, one.element if one.code in elements else "") for one in findings(found)}
