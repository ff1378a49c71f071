"""Every diagram said to get a case stuck does so in the engine, driven along the path that is told."""

from itertools import pairwise

import pytest

from engine.diagram.bundle import compile_bundle
from engine.diagram.soundness import explorations
from engine.diagram.soundness.exploration import Exploration
from engine.diagram.soundness.findings import findings
from engine.diagram.soundness.marking import Move
from tests.engine.driving import Remembered
from tests.engine.unsound import UNSOUND, Case

STUCK = {
    name: case
    for name, case in UNSOUND.items()
    if {code for code, _ in case.verdict} & {"deadlock", "stranded"}
}


@pytest.mark.parametrize("case", STUCK.values(), ids=STUCK.keys())
def test_the_engine_gets_stuck_in_every_diagram_that_is_said_to(case: Case) -> None:
    """Driven along the path with the people, messages, timers and answers that it names."""
    found = [(one, e) for e in explorations(case.files) for one in findings(e)]
    finding, exploration = next(pair for pair in found if pair[0].code in ("deadlock", "stranded"))
    run = driven_along(case, finding.moves, exploration)
    tasks = [task for scope in run.instance.scopes() for task in scope.tasks.values() if task.unfinished]
    assert finding.element in {task.task_spec.element_id for task in tasks}
    assert not any(task.task_spec.waits_for_work for task in tasks)
    assert not run.step.ended


def driven_along(case: Case, moves: tuple[Move, ...], found: Exploration) -> Remembered:
    """The in-memory engine after all that a path says has happened."""
    nodes = found.net.nodes
    outside = [at for at, move in enumerate(moves) if comes_from_outside(found, move)]
    outside = outside or [len(moves)]
    run = Remembered(compile_bundle(case.files, "p"), answers(found, moves[: outside[0]]))
    for at, following in pairwise([*outside, len(moves)] if outside[0] < len(moves) else []):
        node = nodes[moves[at].element]
        if node.kind == "userTask":
            tasks = (task for scope in run.instance.scopes() for task in scope.tasks.values())
            task = next(t for t in tasks if t.task_spec.element_id == node.id and t.unfinished)
            run.complete(str(task.id), answers(found, moves[at:following]))
        elif "timer" in (node.trigger, *(nodes[target].trigger for target in moves[at].targets)):
            run.wait(hours=1)
        else:
            run.deliver("hello", {})
    return run


def comes_from_outside(found: Exploration, move: Move) -> bool:
    """Whether a move is a person's, a message or a timer; behind an event-based gateway it has happened."""
    node = found.net.nodes[move.element]
    passed = any(found.net.nodes[name].kind == "eventBasedGateway" for name in node.incoming)
    return (node.waits or bool(node.host)) and not move.begins and not passed


def answers(found: Exploration, moves: tuple[Move, ...]) -> dict[str, bool]:
    """The variables that make the gateways among these moves choose as they did."""
    values = dict.fromkeys(("a", "b", "again", "stop"), False)
    for move in moves:
        for flow in found.net.scope.leaving(found.net.scope.by_id[move.element]):
            condition = "".join(flow.itertext()).strip("${} ")
            if condition and flow.get("targetRef") in move.targets:
                values[condition] = True
    return values
