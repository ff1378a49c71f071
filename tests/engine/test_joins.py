"""Joins: checked against a reference token game, and what they do with the data of the branches."""

from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.diagram.bundle import compile_bundle
from engine.elements.task_data import merge3
from tests.engine.driving import Frozen
from tests.engine.nets import drawn, structured, wild
from tests.engine.token_game import Endless, Game

NETS, STEPS = 120, 14


def play(net_of, chance: Random) -> int:  # type: ignore[no-untyped-def]
    """Plays one net with both, in the same random order. Returns the number of steps."""
    net = net_of(chance)
    game = Game(net)
    frozen = Frozen(compile_bundle({"p.bpmn": drawn(net)}, "p"), {})
    game.begin()
    for step in range(STEPS):
        assert sorted(game.open.elements()) == frozen.open()
        assert game.ended == frozen.step.ended
        if not game.open:
            return step
        task = chance.choice(sorted(game.open.elements()))
        holds = tuple(chance.random() < 0.5 for _ in range(3))
        game.complete(task, holds)
        gateway = task.removeprefix("D_")
        frozen.do(task, 0, **{f"{gateway}_{number}": hold for number, hold in enumerate(holds)})
    return STEPS


@pytest.mark.parametrize("kind", [structured, wild])
def test_token_game(kind) -> None:  # type: ignore[no-untyped-def]
    """Parallel and inclusive gateways fire when BPMN says so: nested, in loops, and in diagrams nobody should draw."""
    steps = []

    @settings(max_examples=NETS, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(st.randoms(use_true_random=True))
    def run(chance: Random) -> None:
        try:
            steps.append(play(kind, chance))
        except Endless:
            steps.append(0)

    run()
    assert sum(steps) > 5 * NETS
