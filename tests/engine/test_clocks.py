"""Clocks: when they start, warn, end and move, and what reads them moves with them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

import engine
from engine.errors import BadLimit, ClockExpired, FourEyes
from engine.storage.models import CalendarDay, CalendarYear, Clock, ClockExtension, Job
from tests.drive import Case, House
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, extended, field, task
from tests.engine.timed import EXTENSION, clocks, limited, wait

Furnish = Callable[..., House]


RETIMED = {
    "p.bpmn": diagram(
        node("startEvent", "SE", extended(field("gist", required=True), clock_start="confirm PT4H"))
        + task("UT_do", clock_start="confirm PT40H") + task("UT_next", clock_stop="confirm") + END
        + flow("SE", "UT_do") + flow("UT_do", "UT_next") + flow("UT_next", "EE_done")
    )
}  # fmt: skip
"""A clock that gets another limit while it runs."""


def confirm(case: Case) -> Clock:
    """The clock `confirm` of a case, its latest turn."""
    return clocks(case.house.session, case.id)["confirm"]


def apply_for(case: Case, hours: float, as_: str = "cs") -> Case:
    """Somebody asks for an extension of that case, until so many hours from now."""
    until = (case.house.clock.now + timedelta(hours=hours)).isoformat()
    return case.house.start("x", as_, case_no=case.business_key, until=until)


def test_a_clock_starts_when_its_element_completes(house: Furnish) -> None:
    """It counts by the wall clock and warns after three quarters of its limit."""
    case = house(limited()).start("p", gist="渗漏")
    clock, now = confirm(case), case.house.clock.now
    assert (clock.started_at, clock.due_at, clock.warn_at) == (
        now, now + timedelta(hours=48), now + timedelta(hours=36),
    )  # fmt: skip
    assert (clock.verdict, clock.turn) == ("running", 1)
    assert case.task("UT_do").due_at == clock.due_at


def test_a_clock_may_count_from_an_earlier_moment(house: Furnish) -> None:
    """K1: the report limit counts from the earliest awareness of any employee."""
    case = house(limited("PT24H", {"clock.confirm.from": "${since}"})).start(
        "p", gist="渗漏", since="2026-11-21T09:00:00+08:00"
    )
    assert confirm(case).due_at == datetime(2026, 11, 22, 1, tzinfo=UTC)


@pytest.mark.parametrize(("limit", "hours"), [("PT90M", 1.5), ("24", 24), ("${12 * 2}", 24), ("P2D", 48)])
def test_a_limit_is_a_duration_or_a_number_of_hours(house: Furnish, limit: str, hours: float) -> None:
    case = house(limited(limit)).start("p", gist="渗漏")
    assert confirm(case).due_at == case.house.clock.now + timedelta(hours=hours)


@pytest.mark.parametrize("limit", ["${'soon'}", "${-1}", "${true}", "${[1]}"])
def test_what_is_no_limit_is_refused_and_nothing_begins(house: Furnish, limit: str) -> None:
    home = house(limited(limit))
    with pytest.raises(BadLimit):
        home.start("p", gist="渗漏")
    assert engine.list_instances(home.session, home.actor("compliance")).items == []


def test_no_limit_means_no_clock(house: Furnish) -> None:
    case = house(limited("${null}")).start("p", gist="渗漏")
    assert clocks(case.house.session, case.id) == {}


def test_a_clock_that_is_stopped_in_time_is_on_time(house: Furnish) -> None:
    case = house(limited()).start("p", gist="渗漏")
    case.house.clock.advance(hours=48)
    case.complete("UT_do", "cs", note="x")
    assert (confirm(case).verdict, confirm(case).stopped_at) == ("on_time", case.house.clock.now)


def test_a_clock_that_is_stopped_late_is_breached_even_if_no_worker_looked(house: Furnish) -> None:
    case = house(limited()).start("p", gist="渗漏")
    due = confirm(case).due_at
    case.house.clock.advance(hours=48, seconds=1)
    case.complete("UT_do", "cs", note="x")
    assert (confirm(case).verdict, confirm(case).breached_at) == ("breached", due)


def test_the_boundary_fires_at_the_end_and_not_a_second_before(house: Furnish) -> None:
    case = house(limited()).start("p", gist="渗漏")
    wait(case.house, hours=47, minutes=59, seconds=59)
    assert case.open_tasks() == ["UT_do"]
    wait(case.house, seconds=1)
    assert case.open_tasks() == ["UT_do", "UT_late"]


def test_missed_warnings_are_said_once(house: Furnish) -> None:
    """After a long downtime there is one breach and no warning."""
    case = house(limited()).start("p", gist="渗漏")
    wait(case.house, days=30)
    wait(case.house, days=30)
    kinds = [event.kind for event in case.view().history]
    assert kinds.count("clock_breached") == 1
    assert "clock_warned" not in kinds


def test_a_warning_comes_before_the_end(house: Furnish) -> None:
    case = house(limited()).start("p", gist="渗漏")
    wait(case.house, hours=36)
    assert [e.kind for e in case.view().history if e.kind.startswith("clock")] == [
        "clock_started", "clock_warned",
    ]  # fmt: skip
    assert case.open_tasks() == ["UT_do"]


def test_an_extension_moves_the_clock_the_timer_and_the_due_time_together(house: Furnish) -> None:
    """In one transaction, without touching the diagram (S2-2.2(1)b)."""
    home = house(limited() | EXTENSION)
    case = home.start("p", gist="渗漏")
    home.clock.advance(hours=40)
    request = apply_for(case, hours=32)
    request.complete("UT_ok", "vp", fine=True)
    assert request.ended_at == "已延期"
    until = home.clock.now + timedelta(hours=32)
    assert (confirm(case).due_at, confirm(case).extensions) == (until, 1)
    assert case.task("UT_do").due_at == until
    wait(home, hours=31)
    assert case.open_tasks() == ["UT_do"]
    wait(home, hours=1)
    assert case.open_tasks() == ["UT_do", "UT_late"]
    (row,) = home.session.scalars(select(ClockExtension))
    assert (row.due_after, row.granted_by, row.granted_in) == (until, "vp", request.id)


def test_work_done_within_an_extension_is_on_time_with_extension(house: Furnish) -> None:
    home = house(limited() | EXTENSION)
    early, late = home.start("p", gist="a"), home.start("p", gist="b")
    for case in (early, late):
        apply_for(case, hours=60).complete("UT_ok", "vp", fine=True)
    home.clock.advance(hours=47)
    early.complete("UT_do", "cs")
    home.clock.advance(hours=10)
    late.complete("UT_do", "cs")
    assert (confirm(early).verdict, confirm(late).verdict) == ("on_time", "extended")


def test_after_the_end_an_extension_is_rejected_by_the_diagram(house: Furnish) -> None:
    home = house(limited() | EXTENSION)
    case = home.start("p", gist="渗漏")
    home.clock.advance(hours=48)
    assert apply_for(case, hours=10).ended_at == "已驳回"
    assert confirm(case).extensions == 0


def test_an_extension_approved_too_late_is_refused_and_leaves_nothing(house: Furnish) -> None:
    home = house(limited() | EXTENSION)
    case = home.start("p", gist="渗漏")
    request = apply_for(case, hours=90)
    home.clock.advance(hours=48)
    with pytest.raises(ClockExpired):
        request.complete("UT_ok", "vp", fine=True)
    assert request.open_tasks() == ["UT_ok"]
    assert confirm(case).extensions == 0


def test_a_clock_cannot_be_extended_to_an_earlier_end_or_in_a_case_that_is_not_there(house: Furnish) -> None:
    home = house(limited() | EXTENSION)
    case = home.start("p", gist="渗漏")
    with pytest.raises(ClockExpired):
        apply_for(case, hours=1).complete("UT_ok", "vp", fine=True)
    nowhere = home.start("x", "cs", case_no="QF-0000-000000", until="2030-01-01")
    assert nowhere.ended_at == "已驳回"


def test_who_applies_may_not_approve(house: Furnish) -> None:
    home = house(limited() | EXTENSION)
    case = home.start("p", gist="渗漏")
    request = apply_for(case, hours=60, as_="vp")
    with pytest.raises(FourEyes):
        request.complete("UT_ok", "vp", fine=True)


def test_a_case_that_ends_leaves_no_clock_running_and_no_job_due(house: Furnish) -> None:
    case = house(limited()).start("p", gist="渗漏")
    session, home = case.house.session, case.house
    with engine.transaction(session):
        engine.cancel_instance(session, case.id, home.actor("cs_lead"), "误报", now=home.clock.now)
    assert confirm(case).verdict == "void"
    assert session.scalars(select(Job.state).where(Job.kind == "wake")).all() == ["done"]


def test_working_days_skip_weekends_and_holidays(house: Furnish) -> None:
    """The day of the start does not count, the last one counts whole: from a Friday to Tuesday's last second,
    and over the National Day holiday of 2026 (1 to 7 October, with the Saturday after it worked)."""
    home = house(limited("P2D", {"clock.confirm.calendar": "working"}))
    home.clock.now = datetime(2026, 11, 20, 2, tzinfo=UTC)  # a Friday
    case = home.start("p", gist="渗漏")
    assert confirm(case).due_at == datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)
    home.clock.now = datetime(2026, 9, 30, 2, tzinfo=UTC)
    case = home.start("p", gist="渗漏")
    assert confirm(case).due_at == datetime(2026, 10, 9, 15, 59, 59, tzinfo=UTC)


def test_the_overlay_goes_before_the_published_calendar(house: Furnish) -> None:
    home = house(limited("P2D", {"clock.confirm.calendar": "working"}))
    home.clock.now = datetime(2026, 11, 20, 2, tzinfo=UTC)
    for day, working in ((datetime(2026, 11, 21), True), (datetime(2026, 11, 23), False)):
        known = {"note": "x", "set_at": home.clock.now, "set_by": "owner"}
        home.session.add(CalendarDay(day=day.date(), working=working, **known))
    home.session.commit()
    case = home.start("p", gist="渗漏")
    assert confirm(case).due_at == datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)


def test_a_year_without_a_calendar_is_said_and_not_guessed(house: Furnish) -> None:
    """The clock runs without an end until somebody declares the year; then its end and its timers come."""
    home = house(limited("P3D", {"clock.confirm.calendar": "working"}))
    home.clock.now = datetime(2031, 12, 30, 2, tzinfo=UTC)
    case = home.start("p", gist="渗漏")
    assert (confirm(case).due_at, confirm(case).verdict) == (None, "running")
    wait(home, days=30)
    assert case.open_tasks() == ["UT_do"]
    for year in (2031, 2032):
        known = {"note": "公告", "set_at": home.clock.now, "set_by": "owner"}
        home.session.add(CalendarYear(year=year, **known))
    engine.wake_waiting_clocks(home.session, now=home.clock.now)
    home.session.commit()
    wait(home, seconds=1)
    assert confirm(case).due_at == datetime(2032, 1, 2, 15, 59, 59, tzinfo=UTC)
    wait(home, seconds=1)
    assert case.open_tasks() == ["UT_do", "UT_late"]


@pytest.mark.parametrize("hours", [3, 4])
def test_a_running_clock_that_gets_a_longer_limit_warns_and_ends_again(house: Furnish, hours: int) -> None:
    """D03 may give another limit than the one it began with, after its warning or its end: what then lies
    ahead is said when it comes."""
    home = house(RETIMED)
    case = home.start("p", gist="渗漏")
    wait(home, hours=hours)
    case.complete("UT_do", "cs")
    before = len(case.view().history)
    wait(home, hours=30 - hours)
    wait(home, hours=10)
    told = [event.kind for event in case.view().history[before:] if event.kind.startswith("clock")]
    assert told == ["clock_warned", "clock_breached"]


def test_an_extension_is_granted_while_a_timer_of_that_case_has_not_fired_yet(house: Furnish) -> None:
    """What is due there is left to the worker; the approval moves the clock and nothing else."""
    stops = extended(clock_stop="reply")
    body = limited("PT48H reply PT9H")["p.bpmn"].replace(
        b'<boundaryEvent id="TB_late"',
        b'<boundaryEvent id="TB_early" attachedToRef="UT_do" cancelActivity="false"><timerEventDefinition>'
        b"<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>"
        b'<endEvent id="EE_early" name="x">' + stops.encode() + b"</endEvent>"
        b'<sequenceFlow id="FE" sourceRef="TB_early" targetRef="EE_early"/>'
        b'<boundaryEvent id="TB_late"',
    )
    home = house({"p.bpmn": body} | EXTENSION)
    case = home.start("p", gist="渗漏")
    request = apply_for(case, hours=90)
    home.clock.advance(hours=2)
    request.complete("UT_ok", "vp", fine=True)
    assert (confirm(case).extensions, request.ended_at) == (1, "已延期")
    assert clocks(home.session, case.id)["reply"].verdict == "running"
    wait(home, seconds=1)
    assert clocks(home.session, case.id)["reply"].verdict == "on_time"
    assert engine.verify_chains(home.session) == []


def test_a_look_that_finds_nothing_due_leaves_no_line_of_history(house: Furnish) -> None:
    home = house(limited("P3D", {"clock.confirm.calendar": "working"}))
    home.clock.now = datetime(2031, 12, 30, 2, tzinfo=UTC)
    case = home.start("p", gist="渗漏")
    before = len(case.view().history)
    engine.wake_waiting_clocks(home.session, now=home.clock.now)
    home.session.commit()
    wait(home, days=1)
    assert len(case.view().history) == before
    assert home.session.scalars(select(Job.state).where(Job.kind == "wake")).all() == ["done"]


def test_the_chain_vouches_for_clocks(house: Furnish) -> None:
    home = house(limited() | EXTENSION)
    case = home.start("p", gist="渗漏")
    apply_for(case, hours=60).complete("UT_ok", "vp", fine=True)
    wait(home, hours=61)
    case.complete("UT_do", "cs")
    assert [e.kind for e in case.view().history if e.kind.startswith("clock")] == [
        "clock_started", "clock_extended", "clock_breached", "clock_stopped",
    ]  # fmt: skip
    assert engine.verify_chains(home.session) == []
