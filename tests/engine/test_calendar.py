"""The working calendar as the owner keeps it: days set, years declared, and what waits for them."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

import engine
from engine import DayView, YearView
from engine.errors import BadDay, EngineError, NotAllowed, NothingToChange, ReasonRequired
from engine.storage.models import CalendarDay, CalendarYear
from tests.drive import Case, House, contents
from tests.engine.houses import ONE
from tests.engine.timed import clocks, limited, wait

Furnish = Callable[..., House]
NATIONAL_DAY = date(2026, 10, 1)


def change(
    home: House, verb: Callable[..., int], *what: object, as_: str = "owner", why: str = "公告"
) -> int:
    """The owner changes the calendar."""
    home.session.rollback()
    with engine.transaction(home.session):
        return verb(home.session, *what, home.actor(as_), why, now=home.clock.now)


def year(home: House, number: int, as_: str = "staff") -> YearView:
    """A year as somebody sees it."""
    return engine.get_calendar(home.session, number, home.actor(as_))


def day(view: YearView, wanted: date) -> DayView:
    """One day of a year."""
    return next(d for page in view.months for week in page for d in week if d and d.day == wanted)


def waiting_case(home: House, now: datetime) -> Case:
    """A case whose clock counts three working days from then on."""
    home.clock.now = now
    return home.start("p", gist="渗漏")


WORKING = limited("P3D", {"clock.confirm.calendar": "working"})


def test_a_published_year_shows_its_holidays_and_make_up_days(house: Furnish) -> None:
    """The Saturday after the National Day holiday of 2026 is worked."""
    view = year(house(ONE), 2026)
    assert (view.state, len(view.months)) == ("published", 12)
    off, made_up = day(view, NATIONAL_DAY), day(view, date(2026, 10, 10))
    assert (off.working, off.special, off.holiday) == (False, True, engine.Text("国庆节", "National Day"))
    assert (made_up.working, made_up.special) == (True, True)
    assert sum(d is not None for page in view.months for week in page for d in week) == 365
    assert view.working_days == 248


def test_a_year_that_nobody_has_published_is_unknown(house: Furnish) -> None:
    view = year(house(ONE), 2031)
    assert (view.state, view.working_days) == ("unknown", 0)
    assert day(view, date(2031, 3, 3)).working is None


def test_the_owner_makes_a_day_worked_or_free_against_the_published_calendar(house: Furnish) -> None:
    home = house(ONE)
    change(home, engine.set_calendar_day, NATIONAL_DAY, True, why="赶工")
    shown = day(year(home, 2026), NATIONAL_DAY)
    assert (shown.working, shown.set_here, shown.note) == (True, True, "赶工")
    (kept,) = year(home, 2026).days_set
    assert (kept.day, kept.working, kept.by_name, kept.at) == (
        NATIONAL_DAY, True, "owner 先生", home.clock.now,
    )  # fmt: skip


def test_a_day_that_is_taken_back_is_as_published_and_both_changes_stay_readable(house: Furnish) -> None:
    home = house(ONE)
    change(home, engine.set_calendar_day, NATIONAL_DAY, True, why="赶工")
    change(home, engine.clear_calendar_day, NATIONAL_DAY, why="取消赶工")
    view = year(home, 2026)
    assert (day(view, NATIONAL_DAY).working, view.days_set) == (False, [])
    assert [(c.kind, c.note, c.day, c.by_name) for c in view.changes] == [
        ("calendar_day_cleared", "取消赶工", NATIONAL_DAY, "owner 先生"),
        ("calendar_day_set", "赶工", NATIONAL_DAY, "owner 先生"),
    ]


def test_a_declared_year_works_from_monday_to_friday_but_for_the_days_set(house: Furnish) -> None:
    home = house(ONE)
    change(home, engine.set_calendar_day, date(2031, 1, 1), False, why="元旦")
    change(home, engine.declare_calendar_year, 2031, why="按惯例")
    view = year(home, 2031)
    assert (view.state, view.note, view.working_days) == ("declared", "按惯例", 260)
    assert day(view, date(2031, 1, 1)).working is False
    assert day(view, date(2031, 1, 4)).working is False  # a Saturday


def test_clocks_that_wait_for_a_year_get_their_end_when_it_is_declared(house: Furnish) -> None:
    home = house(WORKING)
    case = waiting_case(home, datetime(2031, 1, 6, 2, tzinfo=UTC))
    assert year(home, 2031).waiting == 1
    assert change(home, engine.declare_calendar_year, 2031) == 1
    wait(home, seconds=1)
    assert clocks(home.session, case.id)["confirm"].due_at == datetime(2031, 1, 9, 15, 59, 59, tzinfo=UTC)
    assert year(home, 2031).waiting == 0
    assert engine.verify_chains(home.session) == []


def test_single_days_are_enough_for_a_clock_that_reaches_no_further(house: Furnish) -> None:
    home = house(WORKING)
    case = waiting_case(home, datetime(2031, 1, 6, 2, tzinfo=UTC))
    for number in (7, 8, 9):
        change(home, engine.set_calendar_day, date(2031, 1, number), True)
    wait(home, seconds=1)
    assert clocks(home.session, case.id)["confirm"].due_at == datetime(2031, 1, 9, 15, 59, 59, tzinfo=UTC)


def test_a_clock_that_has_an_end_keeps_it_whatever_the_calendar_becomes(house: Furnish) -> None:
    home = house(WORKING)
    case = waiting_case(home, datetime(2026, 11, 23, 2, tzinfo=UTC))
    before = clocks(home.session, case.id)["confirm"].due_at
    assert change(home, engine.set_calendar_day, date(2026, 11, 25), False) == 0
    wait(home, seconds=1)
    assert clocks(home.session, case.id)["confirm"].due_at == before


@pytest.mark.parametrize("who", ["staff", "cs", "qa_lead", "vp", "compliance", "it", "admin"])
def test_only_the_owner_changes_the_calendar(house: Furnish, who: str) -> None:
    home = house(ONE)
    change(home, engine.set_calendar_day, NATIONAL_DAY, True)
    before = contents(home.session)
    acts: list[tuple[Callable[..., int], tuple[object, ...]]] = [
        (engine.set_calendar_day, (date(2026, 10, 2), True)),
        (engine.clear_calendar_day, (NATIONAL_DAY,)),
        (engine.declare_calendar_year, (2031,)),
    ]
    for verb, what in acts:
        with pytest.raises(NotAllowed):
            change(home, verb, *what, as_=who)
    assert contents(home.session) == before
    assert not year(home, 2026, who).may_edit


def test_changes_need_a_reason_a_day_of_this_age_and_something_to_change(house: Furnish) -> None:
    home = house(ONE)
    change(home, engine.set_calendar_day, NATIONAL_DAY, True)
    change(home, engine.declare_calendar_year, 2031)
    acts: list[tuple[type[EngineError], str, Callable[..., int], tuple[object, ...]]] = [
        (ReasonRequired, " ", engine.set_calendar_day, (date(2026, 10, 2), True)),
        (ReasonRequired, "", engine.clear_calendar_day, (NATIONAL_DAY,)),
        (ReasonRequired, "", engine.declare_calendar_year, (2032,)),
        (BadDay, "x", engine.set_calendar_day, (date(1999, 1, 1), True)),
        (BadDay, "x", engine.declare_calendar_year, (2101,)),
        (NothingToChange, "公告", engine.set_calendar_day, (NATIONAL_DAY, True)),
        (NothingToChange, "x", engine.clear_calendar_day, (date(2026, 10, 2),)),
        (NothingToChange, "x", engine.declare_calendar_year, (2031,)),
        (NothingToChange, "x", engine.declare_calendar_year, (2026,)),
    ]
    for refusal, why, verb, what in acts:
        with pytest.raises(refusal):
            change(home, verb, *what, why=why)
    assert len(home.session.scalars(select(CalendarDay)).all()) == 1
    assert len(home.session.scalars(select(CalendarYear)).all()) == 1


@pytest.mark.parametrize("number", [0, 2003, 2101, 10**9, -1])
def test_years_far_away_are_refused(house: Furnish, number: int) -> None:
    with pytest.raises(BadDay):
        year(house(ONE), number)
