"""When timers are due: absolute times from dates, durations and cycles, and the turn after one that has
come."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.elements.timers import CycleTimer, DateTimer, DurationTimer, due_of, next_turn, timer_facts
from engine.errors import BadTimer

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
moments = st.integers(0, 5_000).map(lambda hours: NOW + timedelta(hours=hours))


def facts(kind: type, value: object) -> dict[str, object]:
    """The stored facts of a timer that starts now."""
    return timer_facts(kind("t", "x"), value, NOW, CHINA)


@pytest.mark.parametrize(
    ("value", "due"),
    [
        ("PT48H", NOW + timedelta(hours=48)),
        ("P1D", NOW + timedelta(days=1)),
        ("P1W", NOW + timedelta(weeks=1)),
        ("P1M", datetime(2026, 12, 22, 4, tzinfo=UTC)),
        ("P1Y2DT30M", datetime(2027, 11, 24, 4, 30, tzinfo=UTC)),
        (timedelta(minutes=5), NOW + timedelta(minutes=5)),
    ],
)
def test_durations_count_from_now(value: object, due: datetime) -> None:
    """ISO 8601 durations and computed ones; months and years have their real length."""
    assert due_of(facts(DurationTimer, value)) == due


def test_dates_are_absolute() -> None:
    """A date object is its first moment in the house's zone, an aware time is itself."""
    assert due_of(facts(DateTimer, date(2026, 11, 23))) == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert due_of(facts(DateTimer, NOW)) == NOW


@pytest.mark.parametrize(
    ("value", "first", "left"),
    [
        ("R/PT1H", NOW + timedelta(hours=1), None),
        ("R3/PT1H", NOW + timedelta(hours=1), 2),
        ("R2/2026-11-23T08:00:00+08:00/P1D", datetime(2026, 11, 23, 0, tzinfo=UTC), 1),
        ("R2/P1D/2026-11-30T00:00:00+00:00", datetime(2026, 11, 28, 0, tzinfo=UTC), 1),
    ],
)
def test_cycles_have_a_first_turn_and_a_count(value: str, first: datetime, left: int | None) -> None:
    """With a start, with an end, or from now on."""
    found = facts(CycleTimer, value)
    assert (due_of(found), found["left"]) == (first, left)


@pytest.mark.parametrize("kind", [DateTimer, DurationTimer, CycleTimer])
@pytest.mark.parametrize(
    "value", ["soon", "", None, 7, "R", "R0/PT1H", "R3/PT0S", "R/x/PT1H/y", "P", "2026-13-01"]
)
def test_other_values_are_refused(kind: type, value: object) -> None:
    """What is no time of the needed kind is refused with the timer's name; never taken for something else."""
    with pytest.raises(BadTimer, match="t:"):
        facts(kind, value)


@given(moments, st.integers(1, 50), st.integers(1, 30) | st.none())
def test_the_next_turn_lies_ahead_and_in_step(now: datetime, hours: int, turns: int | None) -> None:
    """However late somebody looks: the next due time is after now, a whole number of turns on, the count
    went down."""
    first = facts(CycleTimer, f"R{turns or ''}/PT{hours}H")
    start = due_of(first)
    assert start is not None
    if now < start:
        return
    following = next_turn(first, now)
    passed = (now - start) // timedelta(hours=hours) + 1
    if turns is not None and passed >= turns:
        assert following is None
    else:
        assert following is not None
        assert due_of(following) == start + passed * timedelta(hours=hours)
        assert due_of(following) > now  # type: ignore[operator]
        assert following["left"] == (None if turns is None else turns - 1 - passed)
