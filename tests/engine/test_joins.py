"""Joins: checked against a reference token game, and what they do with the data of the branches."""

from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.diagram.bundle import compile_bundle
from engine.elements.task_data import merge3
from tests.engine.drawing import bpmn, ends, gateways, script, tasks
from tests.engine.driving import Frozen
from tests.engine.nets import drawn, structured, wild
from tests.engine.token_game import Endless, Game

NETS, STEPS = 300, 14


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
    """Parallel and inclusive gateways fire when BPMN says so: nested, in loops, and in diagrams nobody
    should draw."""
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


READ = script("read", "seen = [a, b, c, d]")


def parallel(branches: str, joined: str = "") -> Frozen:
    """s → fork → branches → join → Z, in a loop while `again`."""
    names = branches.split()
    nodes = (
        tasks(f"{branches} Z") + gateways("parallel", "F J") + gateways("exclusive", "M X") + ends("e") + READ
    )
    ways = ";".join(f"F > {name}; {name} > J" for name in names)
    flows = f"s > M; M > F; {ways}; J > Z; Z > read; read > X; X > M : again; X >> e"
    return Frozen(compile_bundle({"p.bpmn": bpmn("p", nodes, flows)}, "p"), {"a": 0, "b": {"x": 1, "y": 1}})


def test_stale_copies_do_not_win() -> None:
    """What one branch changed survives although the other branch, finishing later, carries the old value."""
    case = parallel("A B")
    case.do("A", a=5)
    case.do("B", c=7)
    assert case.data("Z") == {"a": 5, "b": {"x": 1, "y": 1}, "c": 7}
    assert case.step.clashes == []


def test_changes_inside_one_record_merge_leaf_by_leaf() -> None:
    """Two branches that change different parts of one record both keep their change."""
    case = parallel("A B")
    case.do("A", b={"x": 2, "y": 1})
    case.do("B", b={"x": 1, "y": 3})
    assert case.data("Z")["b"] == {"x": 2, "y": 3}


def test_two_different_changes_of_one_leaf_are_recorded() -> None:
    """The later branch wins, and the step names the leaf and the join."""
    case = parallel("A B")
    case.do("B", b={"x": 2, "y": 1}, a=9)
    step = case.do("A", b={"x": 3, "y": 1}, a=9)
    assert case.data("Z")["b"]["x"] == 3
    assert [(clash.element_id, clash.names) for clash in step.clashes] == [("J", ("b.x",))]


def test_joins_do_not_mix_the_turns_of_a_loop() -> None:
    """In the second turn the join waits for both branches again, whatever order they finish in."""
    case = parallel("A B C")
    for order in ("ABC", "CBA", "BCA", "CAB"):
        for name in order:
            assert "Z" not in case.open()
            case.do(name)
        assert case.open() == ["Z"]
        case.do("Z", again=True)


def test_branches_do_not_share_records() -> None:
    """A script in one branch that changes a part of a record leaves the other branch's copy alone."""
    nodes = tasks("A B") + gateways("parallel", "F") + ends("e f") + script("cut", "b['x'] = 99") + READ
    flows = "s > F; F > cut; cut > A; F > B; A > e; B > read; read > f"
    case = Frozen(compile_bundle({"p.bpmn": bpmn("p", nodes, flows)}, "p"), {"b": {"x": 1}})
    assert case.data("A")["b"] == {"x": 99}
    assert case.data("B")["b"] == {"x": 1}


def test_joins_across_forks_use_the_right_fork() -> None:
    """A branch that forked later is merged against its own fork: nobody's older copy undoes its change."""
    nodes = tasks("A B C D E Z") + gateways("parallel", "F1 F2 J1 J2") + ends("e") + READ
    flows = (
        "s > F1; F1 > A; F1 > E; E > F2; F2 > B; F2 > C; A > J1; B > J1; J1 > D; D > J2; C > J2; J2 > Z;"
        "Z > read; read > e"
    )
    for order in ("EABCD", "ECBAD", "AEBDC", "EBACD"):
        case = Frozen(compile_bundle({"p.bpmn": bpmn("p", nodes, flows)}, "p"), {"a": 0})
        for name in order:
            case.do(
                name, **{"E": {"a": 1, "d": 1}, "B": {"a": 2}, "A": {"b": 3}, "C": {"c": 4}, "D": {}}[name]
            )
        assert case.data("Z") == {"a": 2, "b": 3, "c": 4, "d": 1}
        assert case.step.clashes == []


def test_tokens_in_excess_wait_for_the_next_turn() -> None:
    """A parallel gateway takes one token from each flow; a second one on the same flow stays."""
    nodes = tasks("A B C Z") + gateways("parallel", "F J") + gateways("exclusive", "M") + ends("e")
    flows = "s > F; F > A; F > B; F > C; A > M; B > M; M > J; C > J; J > Z; Z > e"
    case = Frozen(compile_bundle({"p.bpmn": bpmn("p", nodes, flows)}, "p"), {})
    case.do("A")
    case.do("B")
    case.do("C")
    case.do("Z")
    assert case.open() == []
    assert not case.step.ended


def test_inclusive_join_ignores_a_token_that_can_also_reach_a_full_flow() -> None:
    """The token in the loop may come by a flow that has a token already, so the gateway does not wait for
    it."""
    nodes = (
        tasks("A B C Z")
        + gateways("parallel", "F")
        + gateways("exclusive", "X M")
        + gateways("inclusive", "J")
    )
    flows = "s > F; F > A; F > B; A > M; M > J; B > X; X > C : a; X >> M; C > J; J > Z; Z > e"
    case = Frozen(compile_bundle({"p.bpmn": bpmn("p", nodes + ends("e"), flows)}, "p"), {})
    assert case.open() == ["A", "B"]
    case.do("A")
    assert case.open() == ["B", "Z"]


leaves = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.text("xy", max_size=1))
records = st.dictionaries(st.sampled_from("abc"), leaves | st.dictionaries(st.sampled_from("pq"), leaves))


@given(records, records, records)
def test_merging_is_leaf_by_leaf(
    base: dict[str, object], mine: dict[str, object], theirs: dict[str, object]
) -> None:
    """What only one side changed is taken from it; what nobody changed stays; a one-sided merge is that
    side."""
    assert merge3(base, mine, base) == (mine, [])
    assert merge3(base, base, theirs) == (theirs, [])
    assert merge3(base, mine, mine) == (mine, [])
    merged, clashes = merge3(base, mine, theirs)
    for key in {*base, *mine, *theirs}:
        if mine.get(key, "-") == base.get(key, "-") and type(mine.get(key)) is type(base.get(key)):
            assert merged.get(key, "-") == theirs.get(key, "-")
        elif not any(name == key or name.startswith(f"{key}.") for name in clashes):
            assert merged.get(key, "-") in (mine.get(key, "-"), theirs.get(key, "-")) or isinstance(
                merged[key], dict
            )
