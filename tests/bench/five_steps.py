"""The five-step process against all three baselines."""

from collections.abc import Iterator
from statistics import median

from tests.bench.measure import Measure, side_by_side, times_as_fast, times_as_long
from tests.bench.our_side import OurCase, OurSide
from tests.bench.plain_loop import PlainLoop
from tests.bench.plan import Plan
from tests.bench.regulations import FIVE, FIVE_STEPS, NOTE
from tests.bench.sqlite_file import Floor
from tests.bench.viewflow_side import ViewflowSide
from tests.engine.counting import counted

CASES = 4  # a round completes each step of so many cases


def measure(plan: Plan) -> Iterator[Measure]:
    """Completion against the plain loop (a) and django-viewflow (b), and against the floor (c).

    The targets are about what the documentation of both teaches: SQLite as it comes. That much of the gain is
    our journal's is told, too: beside it stands what they reach when they are given that journal."""
    ours = OurSide(plan.at("five/ours.sqlite"), FIVE_STEPS)
    loop = PlainLoop(plan.at("five/loop.sqlite"), FIVE_STEPS)
    peer = ViewflowSide(plan.at("five/viewflow.sqlite"))
    floor = Floor(plan.at("five/floor.sqlite"), bytes_written(ours))
    name = "five steps, completion (ms)"
    our_round = lambda: median(_ours(ours))  # noqa: E731
    for journal, targets in (("given our journal", (None, None)), ("as it comes", (1.0, 3.0))):
        pairs = side_by_side(plan.rounds, our_round, lambda: median(_loop(loop)))
        yield times_as_fast(f"{name}: against (a) plain loop, {journal}", pairs, at_least=targets[0])
        pairs = side_by_side(plan.rounds, our_round, lambda: median(_peer(peer)))
        yield times_as_fast(f"{name}: against (b) django-viewflow, {journal}", pairs, at_least=targets[1])
        loop.as_it_comes()
        peer.as_it_comes()
    pairs = side_by_side(plan.rounds, our_round, lambda: median(floor.step() for _ in range(20)))
    yield times_as_long(f"{name}: against (c) one commit of the same bytes", pairs)
    for side in (ours, loop, floor):
        side.close()


def bytes_written(ours: OurSide) -> int:
    """What one of our completions writes."""
    case = OurCase(ours)
    case.step(NOTE)
    with counted(ours.database) as work:
        case.step(NOTE)
    return work.bytes


def _ours(side: OurSide) -> list[float]:
    return [case.step(NOTE) for case in [OurCase(side) for _ in range(CASES)] for _ in FIVE]


def _loop(side: PlainLoop) -> list[float]:
    numbers = [side.start({"gist": "阀门渗漏"}) for _ in range(CASES)]
    return [side.step(number, element, NOTE) for number in numbers for element in FIVE]


def _peer(side: ViewflowSide) -> list[float]:
    took = []
    for task in [side.start() for _ in range(CASES)]:
        for _ in FIVE:
            time, task = side.step(task, NOTE)
            took.append(time)
    return took
