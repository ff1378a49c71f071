"""What the soak calls flat."""

import pytest

import engine
from tests.soak.watch import Watch, quantile


def watched(sizes: list[float]) -> Watch:
    """A process whose size was read every half second."""
    watch = Watch(engine.create_database_engine("sqlite://"), {})
    watch.sizes["web0"] = [(number / 2, size) for number, size in enumerate(sizes)]
    return watch


def test_a_process_that_takes_memory_for_a_moment_is_flat() -> None:
    """64 MB while a password is checked, again and again, and more often towards the end."""
    sizes = [140.0 + (64 if n % (40 - n // 20) < 8 else 0) for n in range(600)]
    assert watched(sizes).growth(180)["web0"] == pytest.approx(0, abs=0.01)


def test_a_process_that_keeps_what_it_takes_is_not() -> None:
    """Two megabytes a minute are found, whatever comes and goes."""
    sizes = [140.0 + n / 60 + (64 if n % 30 < 8 else 0) for n in range(600)]
    assert watched(sizes).growth(180)["web0"] == pytest.approx(2.0, abs=0.2)


def test_a_quantile_is_the_value_below_which_so_many_lie() -> None:
    assert [quantile([float(n) for n in range(100)], share) for share in (0.5, 0.95)] == [50, 95]
    assert quantile([], 0.5) == 0
