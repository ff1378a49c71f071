"""A rework loop of a thousand turns: what a step costs must not depend on the turns before it."""

from collections.abc import Iterator

from tests.bench.measure import Measure, side_by_side, times_as_fast, times_as_long
from tests.bench.our_side import OurCase, OurSide
from tests.bench.plain_loop import PlainLoop, finish
from tests.bench.plan import Plan
from tests.bench.regulations import AGAIN, LOOP

EARLY, AROUND = 10, 5  # turn 10: turns 5 to 14, and as many around the late one
STOCK_TURNS = 250  # from about turn 330 on stock SpiffWorkflow no longer finds its ready task
CASES, ROUNDS = 10, 10


def measure(plan: Plan) -> Iterator[Measure]:
    """Late turns against early ones; a late turn against the plain loop."""
    ours = OurSide(plan.at("rework/ours.sqlite"), LOOP)
    late, early = _case_at(ours, plan.turns - CASES * AROUND), _early(ours)
    rounds = CASES * 2 * AROUND  # turn by turn: the machine's own moods are longer than one
    pairs = side_by_side(rounds, lambda: late.step(AGAIN), lambda: next(early).step(AGAIN))
    yield times_as_long(f"rework, turn {plan.turns} against turn {EARLY} (ms)", pairs, at_most=1.2)
    turn = min(plan.turns // 2, STOCK_TURNS)
    loop = PlainLoop(plan.at("rework/loop.sqlite"), LOOP)
    number = loop.keep(_workflow_at(loop, turn - ROUNDS))
    other = _case_at(ours, turn - ROUNDS)
    pairs = side_by_side(ROUNDS, lambda: other.step(AGAIN), lambda: loop.step(number, "UT_do", AGAIN))
    yield times_as_fast(f"rework, turn {turn} (ms): against (a) plain loop", pairs)
    ours.close()
    loop.close()


def _case_at(side: OurSide, turn: int) -> OurCase:
    case = OurCase(side)
    for _ in range(turn):
        case.step(AGAIN)
    return case


def _early(side: OurSide) -> Iterator[OurCase]:
    """New cases one after another, each while its turns are around the early one."""
    while True:
        yield from [_case_at(side, EARLY - AROUND)] * (2 * AROUND)


def _workflow_at(loop: PlainLoop, turn: int) -> object:
    workflow = loop.begun({"gist": "阀门渗漏"})
    for _ in range(turn):
        finish(workflow, "UT_do", AGAIN)
    return workflow
