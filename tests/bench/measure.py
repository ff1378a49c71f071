"""What is measured: two things side by side, round after round, and the ratio that a target speaks of."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles

Pairs = Sequence[tuple[float, float]]
Timed = Callable[[], float]
KEPT = ("name", "ours", "baseline", "ratio", "spread", "target", "holds")


@dataclass(frozen=True)
class Measure:
    """One line of the table. `ours` and `baseline` are medians in the unit that `name` ends with.

    `ratio` is the median of the rounds' ratios and `spread` the range of their middle half; `target` says
    what the ratio must be (">= 4.0"), `holds` whether it is (None: no target, or not measurable here: see
    `note`)."""

    name: str
    ours: float | None
    baseline: float | None = None
    ratio: float | None = None
    spread: tuple[float, float] | None = None
    target: str | None = None
    holds: bool | None = None
    note: str = ""

    def as_json(self) -> dict[str, object]:
        """The object that `build/bench.json` keeps."""
        return {name: value for name, value in asdict(self).items() if name in KEPT}


def times_as_fast(name: str, pairs: Pairs, at_least: float | None = None, note: str = "") -> Measure:
    """From rounds of (our time, baseline's time): how many times as fast we are."""
    ratios = [baseline / ours for ours, baseline in pairs]
    holds = None if at_least is None else median(ratios) >= at_least
    return _measure(name, pairs, ratios, f">= {at_least}" if at_least else None, holds, note)


def times_as_long(name: str, pairs: Pairs, at_most: float | None = None, note: str = "") -> Measure:
    """From rounds of (our time, our time in the easy case): how many times as long the hard case takes."""
    ratios = [ours / baseline for ours, baseline in pairs]
    holds = None if at_most is None else median(ratios) <= at_most
    return _measure(name, pairs, ratios, f"<= {at_most}" if at_most else None, holds, note)


def alone(name: str, values: Sequence[float], note: str = "") -> Measure:
    """A number without a counterpart."""
    return Measure(name, median(values), spread=middle_half(values), note=note)


def _measure(
    name: str, pairs: Pairs, ratios: list[float], target: str | None, holds: bool | None, note: str
) -> Measure:
    ours, baseline = (median(column) for column in zip(*pairs, strict=True))
    return Measure(name, ours, baseline, median(ratios), middle_half(ratios), target, holds, note)


def middle_half(values: Sequence[float]) -> tuple[float, float]:
    """From the lower to the upper quartile."""
    if len(values) < 2:
        return values[0], values[0]
    low, _, high = quantiles(values, n=4, method="inclusive")
    return low, high


def p95(values: Sequence[float]) -> float:
    """Nineteen of twenty values are not above this one."""
    return quantiles(values, n=20, method="inclusive")[-1]


def milliseconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def side_by_side(rounds: int, ours: Timed, baseline: Timed) -> list[tuple[float, float]]:
    """Each round asks both for a time, and they take turns in being first. One round before is thrown away.

    Python's collector runs between rounds and not inside them, for neither side."""
    pairs = []
    for number in range(rounds + 1):
        gc.collect()
        gc.disable()
        try:
            if number % 2:
                mine, theirs = ours(), baseline()
            else:
                theirs, mine = baseline(), ours()
        finally:
            gc.enable()
        pairs.append((mine, theirs))
    return pairs[1:]
