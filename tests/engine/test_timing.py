"""Time in a running instance: nothing happens but by the time that is passed in."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.diagram.bundle import compile_bundle
from engine.errors import TaskNotOpen
from tests.engine.drawing import (
    boundary,
    bpmn,
    catch,
    ends,
    gateways,
    tasks,
    timer,
)
from tests.engine.driving import NOON, Frozen, running


def test_the_engine_never_looks_at_the_clock() -> None:
    """An instance of the last century: every time in its rows is one that was passed in."""
    then = datetime(1999, 12, 31, 20, tzinfo=UTC)
    nodes = tasks("A") + boundary("late", "A", timer("timeDuration", "PT4H")) + ends("e f")
    bundle = compile_bundle({"p.bpmn": bpmn("p", nodes, "s > A; A > e; late > f")}, "p")
    run = Frozen(bundle, {}, then)
    assert {row["changed_at"] for row in run.rows.values()} == {then}
    assert run.step.next_due == datetime(2000, 1, 1, tzinfo=UTC)
    assert run.wait(hours=3.9).ended is False
    assert run.wait(hours=0.1).outcome == "f"


def test_what_is_due_happens_before_what_people_do() -> None:
    """Completing a task after its deadline is refused: the boundary event has taken it, even if no job
    came by."""
    run = running(
        tasks("A B") + boundary("late", "A", timer("timeDuration", "PT1H")) + ends("e f"),
        "s > A; A > e; late > B; B > f",
    )
    run.now += timedelta(hours=1)
    with pytest.raises(TaskNotOpen):
        run.do("A")
    run.wait()
    assert run.open() == ["B"]


def test_a_duration_is_fixed_when_the_token_comes() -> None:
    """The timer keeps its absolute due time, through any number of steps and whatever happens to the data."""
    nodes = (
        tasks("A")
        + gateways("parallel", "F J")
        + catch("w", timer("timeDuration", "${a}"))
        + tasks("Z")
        + ends("e")
    )
    run = running(nodes, "s > F; F > A; F > w; A > J; w > J; J > Z; Z > e", a="PT2H")
    assert run.step.next_due == NOON + timedelta(hours=2)
    run.wait(minutes=90)
    run.do("A", a="PT9H")
    assert run.step.next_due == NOON + timedelta(hours=2)
    run.wait(minutes=30)
    assert run.open() == ["Z"]


@pytest.mark.parametrize(
    ("value", "due"),
    [
        ("2026-12-01", "2026-11-30T16:00:00+00:00"),
        ("2026-12-01T08:00:00", "2026-12-01T00:00:00+00:00"),
        ("2026-12-01T08:00:00+01:00", "2026-12-01T07:00:00+00:00"),
        ("${today()}", "2026-11-21T16:00:00+00:00"),
        ("${now() + hours(3)}", "2026-11-22T07:00:00+00:00"),
    ],
)
def test_dates_are_meant_in_the_zone_of_the_house(value: str, due: str) -> None:
    """A date is its first moment in China; a time without an offset is Chinese time."""
    nodes = tasks("A") + gateways("parallel", "F") + catch("w", timer("timeDate", value)) + ends("e f")
    run = running(nodes, "s > F; F > A; F > w; A > e; w > f")
    moment = datetime.fromisoformat(due)
    assert run.step.next_due == (None if moment <= NOON else moment)


def test_a_reminder_comes_again_and_again_but_missed_ones_only_once() -> None:
    """R3/PT1H adds a branch at 1, 2 and 3 hours; after a long silence only one, and the count goes on."""
    nodes = tasks("A R") + boundary("remind", "A", timer("timeCycle", "R3/PT1H"), False) + ends("e f")
    run = running(nodes, "s > A; A > e; remind > R; R > f")
    for count in (1, 2, 3, 3):
        run.wait(hours=1)
        assert run.open().count("R") == count
    late = running(nodes, "s > A; A > e; remind > R; R > f")
    late.wait(hours=2.5)
    assert late.open().count("R") == 1
    assert late.step.next_due == NOON + timedelta(hours=3)
    late.do("A")
    assert late.step.next_due is None
    assert late.open() == ["R"]


def test_months_have_their_real_length() -> None:
    """R/P1M from the last of November comes at the last possible day, not after 30 times 24 hours for
    ever."""
    nodes = (
        tasks("A R")
        + boundary("m", "A", timer("timeCycle", "R/2026-12-01T00:00:00+00:00/P1M"), False)
        + ends("e f")
    )
    run = running(nodes, "s > A; A > e; m > R; R > f")
    run.now = datetime(2027, 2, 15, tzinfo=UTC)
    assert run.wait().next_due == datetime(2027, 3, 1, tzinfo=UTC)
