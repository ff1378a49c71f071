"""A call activity 300 times at once: one is completed while the others wait."""

from collections.abc import Iterator

from tests.bench.measure import Measure, milliseconds, side_by_side, times_as_fast
from tests.bench.our_side import OurSide
from tests.bench.plain_loop import PlainLoop
from tests.bench.plan import Plan
from tests.bench.regulations import MANY

DONE = {"note": "已办理。"}
MOST_ROUNDS = 10


def measure(plan: Plan) -> Iterator[Measure]:
    """Opening them all, then completing one after the other, against the plain loop."""
    items = {"count": plan.ways}
    ours, loop = OurSide(plan.at("many/ours.sqlite"), MANY), PlainLoop(plan.at("many/loop.sqlite"), MANY)
    opened: list[str] = []
    rounds = min(MOST_ROUNDS, plan.rounds)

    def open_ours() -> float:
        task = ours.start()
        return milliseconds(lambda: opened.extend(ours.complete(task, items).opened))

    def open_loop() -> float:
        number = loop.start({"gist": "阀门渗漏"})
        return loop.step(number, "UT_plan", items)

    name = f"{plan.ways} call activities at once"
    pairs = side_by_side(min(3, rounds), open_ours, open_loop)
    yield times_as_fast(f"{name}, opening them (ms): against (a) plain loop", pairs)
    pairs = side_by_side(
        rounds,
        lambda: milliseconds(lambda: ours.complete(opened.pop(), DONE)),
        lambda: loop.step(1, "UT_each", DONE),
    )
    yield times_as_fast(f"{name}, completing one (ms): against (a) plain loop", pairs)
    ours.close()
    loop.close()
