"""What a case page says of time limits: as clocks with verdicts, and as sentences of the history."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

import engine
from engine import ClockView, Text
from tests.drive import Case, House
from tests.engine.counting import plans
from tests.engine.houses import REWORK
from tests.engine.timed import EXTENSION, limited, wait

Furnish = Callable[..., House]
LABELS = {"clocks.csv": "id,zh,en\nconfirm,调查并确认,Investigation\n".encode()}


def clock(case: Case, as_: str = "compliance") -> ClockView:
    """The only clock of a case."""
    (found,) = case.view(as_).clocks
    return found


def said(case: Case, kind: str) -> list[Text]:
    """The sentences of the history events of a kind."""
    return [event.text for event in case.view().history if event.kind == kind]


def apply_for(case: Case, hours: float) -> Case:
    """Customer service asks for an extension until so many hours from now."""
    until = (case.house.clock.now + timedelta(hours=hours)).isoformat()
    return case.house.start("x", "cs", case_no=case.business_key, until=until)


def test_a_clock_has_the_label_that_the_owner_gives_it(house: Furnish) -> None:
    case = house(limited() | LABELS).start("p", gist="渗漏")
    assert clock(case).label == Text("调查并确认", "Investigation")


def test_a_clock_without_a_label_is_shown_by_its_name(house: Furnish) -> None:
    case = house(limited()).start("p", gist="渗漏")
    assert clock(case).label == Text("confirm")


def test_a_running_clock_is_fine_then_warned_then_late(house: Furnish) -> None:
    """Whether or not a worker has looked: the page goes by the time of the request."""
    case = house(limited()).start("p", gist="渗漏")
    seen = []
    for _ in range(3):
        seen.append((clock(case).running, clock(case).warned, clock(case).late))
        case.house.clock.advance(hours=36)
    assert seen == [(True, False, False), (True, True, False), (True, False, True)]


def test_a_stopped_clock_shows_its_verdict(house: Furnish) -> None:
    home = house(limited())
    early, late = home.start("p", gist="a"), home.start("p", gist="b")
    early.complete("UT_do", "cs")
    home.clock.advance(hours=49)
    late.complete("UT_do", "cs")
    assert [(clock(c).verdict, clock(c).late, clock(c).running) for c in (early, late)] == [
        ("on_time", False, False), ("breached", True, False),
    ]  # fmt: skip


def test_an_extension_tells_who_granted_it_why_when_and_in_which_case(house: Furnish) -> None:
    home = house(limited() | EXTENSION)
    case = home.start("p", gist="渗漏")
    first = clock(case).due_at
    request = apply_for(case, 72)
    request.complete("UT_ok", "vp", fine=True)
    shown = clock(case)
    (granted,) = shown.extensions
    assert (granted.due_before, granted.due_after) == (first, shown.due_at)
    assert (granted.reason, granted.by_name, granted.at) == ("特殊问题", "vp 先生", home.clock.now)
    assert (granted.case_number, granted.case_id) == (request.business_key, request.id)
    assert (shown.first_due_at, shown.verdict) == (first, "running")


def test_who_may_not_see_the_granting_case_gets_its_number_only(house: Furnish) -> None:
    home = house(limited() | EXTENSION)
    case = home.start("p", "sales", gist="渗漏")
    request = apply_for(case, 72)
    request.complete("UT_ok", "vp", fine=True)
    (granted,) = clock(case, "sales").extensions
    assert (granted.case_number, granted.case_id) == (request.business_key, None)


def test_a_clock_that_waits_for_a_calendar_names_the_year(house: Furnish) -> None:
    home = house(limited("P3D", {"clock.confirm.calendar": "working"}))
    home.clock.now = datetime(2026, 12, 30, 2, tzinfo=UTC)
    case = home.start("p", gist="渗漏")
    assert (clock(case).due_at, clock(case).unknown_year) == (None, 2027)
    assert said(case, "clock_started") == [
        Text("时限“confirm”开始计时，到期时间待定（尚无工作日历）",
             "the time limit “confirm” began: not known when it is due (no calendar yet)")
    ]  # fmt: skip


def test_the_history_tells_of_start_warning_breach_and_stop_in_both_languages(house: Furnish) -> None:
    """Times are office time: 2026-11-22 09:00 and 48 hours."""
    case = house(limited() | LABELS).start("p", gist="渗漏")
    wait(case.house, hours=36)
    wait(case.house, hours=12)
    case.complete("UT_do", "cs")
    assert said(case, "clock_started") == [
        Text("时限“调查并确认”开始计时，2026-11-24 09:00 到期",
             "the time limit “Investigation” began: due 2026-11-24 09:00")
    ]  # fmt: skip
    assert [t.en for t in said(case, "clock_warned")] == [
        "the time limit “Investigation” is running out: due 2026-11-24 09:00"
    ]
    assert [t.zh for t in said(case, "clock_breached")] == ["时限“调查并确认”已超期，2026-11-24 09:00 到期"]
    assert [t.zh for t in said(case, "clock_stopped")] == ["时限“调查并确认”停止：按时"]


def test_the_history_tells_of_an_extension_with_old_and_new_end_and_the_case(house: Furnish) -> None:
    home = house(limited() | EXTENSION | LABELS)
    case = home.start("p", gist="渗漏")
    request = apply_for(case, 72)
    request.complete("UT_ok", "vp", fine=True)
    (told,) = said(case, "clock_extended")
    assert told.zh == (
        f"时限“调查并确认”由 2026-11-24 09:00 延至 2026-11-25 09:00，依据案件 {request.business_key}"
    )
    (event,) = [e for e in case.view().history if e.kind == "clock_extended"]
    assert (event.actor_name, event.reason) == ("vp 先生", "特殊问题")


def test_the_history_says_which_timer_fired(house: Furnish) -> None:
    case = house(limited()).start("p", gist="渗漏")
    wait(case.house, hours=36)
    wait(case.house, hours=12)
    assert said(case, "time") == [
        Text("到时：核对了各项时限", "time came: the time limits were looked at"),
        Text("到时：TB_late", "time came: TB_late"),
    ]


def test_a_case_that_ends_first_leaves_no_verdict(house: Furnish) -> None:
    home = house(limited())
    case = home.start("p", gist="渗漏")
    engine.cancel_instance(home.session, case.id, home.actor("cs_lead"), "误报", now=home.clock.now)
    assert clock(case).verdict == "void"
    assert said(case, "clock_void")[0].zh == "时限“confirm”随案件结束而终止，不作评价"


def test_the_lists_show_when_a_case_is_due_and_when_its_clock_warns(house: Furnish) -> None:
    home = house(limited())
    case = home.start("p", gist="渗漏")
    began = home.clock.now
    (row,) = engine.list_instances(home.session, home.actor("cs"), now=began).items
    (todo,) = engine.list_tasks(home.session, home.actor("cs"), "group", now=began).items
    due, warns = began + timedelta(hours=48), began + timedelta(hours=36)
    assert (row.due_at, row.warn_at, row.breaches) == (due, warns, 0)
    assert (todo.due_at, todo.warn_at) == (due, warns)
    case.complete("UT_do", "cs")
    (row,) = engine.list_instances(home.session, home.actor("cs"), now=began).items
    assert (row.due_at, row.warn_at) == (None, None)


def test_the_order_by_due_time_follows_an_extension(house: Furnish) -> None:
    home = house(limited() | EXTENSION)
    first = home.start("p", gist="a")
    home.clock.advance(hours=1)
    second = home.start("p", gist="b")

    def order() -> list[str]:
        return [row.business_key for row in engine.list_tasks(home.session, home.actor("cs"), "group").items]

    assert order() == [first.business_key, second.business_key]
    apply_for(first, 72).complete("UT_ok", "vp", fine=True)
    assert order() == [second.business_key, first.business_key]


def test_the_list_of_cases_can_show_only_those_that_were_or_are_late(house: Furnish) -> None:
    """Stopped late or still running late; a breach stays with the case."""
    home = house(limited())
    cases = [home.start("p", gist=gist) for gist in "abc"]
    cases[0].complete("UT_do", "cs")
    home.clock.advance(hours=49)
    cases[1].complete("UT_do", "cs")
    fresh = home.start("p", gist="d")
    page = engine.list_instances(home.session, home.actor("cs"), late=True, now=home.clock.now)
    assert {row.id: row.breaches for row in page.items} == {cases[1].id: 1, cases[2].id: 1}
    assert page.total == 2
    assert fresh.business_key not in {row.business_key for row in page.items}


def test_a_case_is_late_while_an_open_task_is_past_its_due_time_though_no_clock_runs(house: Furnish) -> None:
    """The task is due after 48 hours, which no clock counts; once it is done the case is late no more."""
    home = house(REWORK)
    case = home.start("p", gist="a")

    def late() -> dict[str, tuple[int, int]]:
        page = engine.list_instances(home.session, home.actor("cs"), late=True, now=home.clock.now)
        return {row.id: (row.breaches, row.late_tasks) for row in page.items}

    assert late() == {}
    home.clock.advance(hours=49)
    home.start("p", gist="b")
    assert late() == {case.id: (0, 1)}
    case.complete("UT_do", "cs", note="x")
    assert late() == {}


def test_late_tasks_are_found_by_an_index(house: Furnish) -> None:
    home = house(REWORK)
    session, cs = home.session, home.actor("cs")
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("reads the plans of SQLite")
    home.start("p", gist="a")
    found = plans(
        session.get_bind(), lambda: engine.list_instances(session, cs, late=True, now=home.clock.now)
    )
    assert [step for step in found if "user_task USING" in step and "ix_user_task_due (due_at<?)" in step]
    assert not [step for step in found if step.startswith(("SCAN user_task", "SCAN clock"))]
