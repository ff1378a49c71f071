"""What is late is supervised, level by level, while the work goes on (S2-1.1(3)b; scenarios A3, A4)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.bpmn.case import Case
from tests.bpmn.test_scenarios import MAJOR, issued

OpenCase = Callable[..., Case]
FRIDAY_1700 = "2026-11-20T17:00:00+08:00"
SATURDAY_1800 = datetime(2026, 11, 21, 10, tzinfo=UTC)


def late(case: Case, clock: str, **answers: dict[str, object]) -> Case:
    """The case when that clock is just over, with the supervision slip open."""
    due = case.clock(clock).due_at
    assert due is not None
    return case.wait(seconds=(due - case.now).total_seconds())


def supervisors(case: Case) -> list[str]:
    """Who is asked to supervise, by the open slips."""
    slips = [task for task in case.player.open_tasks(case.id) if task.element_id == "UT_supervise"]
    return sorted(group for slip in slips for group in slip.candidate_groups)


def test_a3_forty_eight_hours_without_extension_open_a_supervision_slip_that_issues_r34(
    case: OpenCase,
) -> None:
    """At +0 h, not a second earlier; the investigation stays open beside it."""
    complaint = case().go_to("qf_investigate.UT_accept")
    delivered = complaint.now
    assert complaint.clock("confirm").due_at == delivered + timedelta(hours=48)

    complaint.wait(hours=47, minutes=59, seconds=59)
    assert complaint.open == ["UT_accept"]
    complaint.wait(seconds=1)
    assert complaint.open == ["UT_accept", "UT_supervise"]
    assert supervisors(complaint) == ["dept_head"]
    assert complaint.clock("confirm").breached_at == delivered + timedelta(hours=48)

    complaint.do("UT_supervise")
    assert "R34" in issued(complaint)
    complaint.finish()
    assert (complaint.outcome, complaint.clock("confirm").verdict) == ("已关闭", "breached")


def test_work_within_the_limits_is_on_time_and_nobody_is_supervised(case: OpenCase) -> None:
    complaint = case().finish()
    verdicts = {name: complaint.clock(name).verdict for name in ("report", "confirm", "propose", "reply")}
    assert set(verdicts.values()) == {"on_time"}
    assert ("sla_escalate", "SE_escalate") not in complaint.reached


def test_a4_an_employee_who_passes_a_complaint_on_too_late_has_breached_the_24_hours(case: OpenCase) -> None:
    """Heard on Friday at 17:00, entered on Saturday at 18:00: counted from awareness, not from the entry."""
    complaint = case(by="jiang.wei", at=SATURDAY_1800, aware_at=FRIDAY_1700)

    assert complaint.clock("report").due_at == datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert complaint.clock("forward").verdict == "breached"
    complaint.wait(seconds=1)
    assert complaint.open == ["UT_assign", "UT_supervise"]
    assert complaint.clock("report").breached_at == datetime(2026, 11, 21, 9, tzinfo=UTC)

    complaint.go_to("qf_investigate.UT_accept")
    assert complaint.clock("report").verdict == "breached"
    assert complaint.view.started_by == "jiang.wei"


def test_a_complaint_passed_on_at_once_meets_the_internal_target_and_the_24_hours(case: OpenCase) -> None:
    complaint = case()
    assert complaint.clock("forward").verdict == "on_time"
    assert complaint.clock("report").due_at == complaint.now + timedelta(hours=22.5)


def test_a_refused_a_merged_and_a_handed_over_feedback_are_decided_within_the_24_hours(
    case: OpenCase,
) -> None:
    """Whatever ends the intake stops the report limit."""
    refused = case().finish(
        UT_triage={"prelim_cause": "物流", "is_logistics": True}, UT_logistics={"logistics_choice": "拒收"}
    )
    handed_over = case().finish(UT_register={"nature": "建议"})
    merged = case().finish(UT_triage={"duplicate_of": "QF-2026-000001"})
    for one in (refused, handed_over, merged):
        assert one.clock("report").verdict == "on_time"


def test_a_plan_that_is_late_is_supervised_until_it_is_decided(case: OpenCase) -> None:
    complaint = late(case().go_to("UT_plan"), "propose")
    assert complaint.open == ["UT_plan", "UT_supervise"]
    assert complaint.clock("confirm").verdict == "on_time"
    complaint.do("UT_plan")
    assert complaint.clock("propose").verdict == "breached"
    assert complaint.finish().outcome == "已关闭"


def test_nobody_supervising_the_next_level_is_asked_up_to_the_general_manager(case: OpenCase) -> None:
    """Head of department at once, the vice president after 24 hours, the general manager after 72."""
    complaint = late(case().go_to("qf_investigate.UT_accept"), "confirm")
    levels = {}
    for hours in (0, 24, 48, 72, 96, 120):
        levels[hours] = supervisors(complaint)
        complaint.wait(hours=24)
    assert levels == {0: ["dept_head"], 24: ["vp"], 48: ["vp"], 72: ["gm"], 96: ["gm"], 120: ["gm"]}
    complaint.do("UT_supervise")
    assert complaint.open == ["UT_accept"]
    assert ("sla_escalate", "EE_supervised") in complaint.reached


def test_a_major_problem_goes_to_the_vice_president_at_once_and_to_the_general_manager_after_four_hours(
    case: OpenCase,
) -> None:
    complaint = late(case().go_to("qf_investigate.UT_accept", **MAJOR), "confirm")
    assert supervisors(complaint) == ["vp"]
    complaint.wait(hours=4)
    assert supervisors(complaint) == ["gm"]


def test_supervised_but_still_not_done_the_next_level_is_asked_when_its_time_comes(case: OpenCase) -> None:
    complaint = late(case().go_to("qf_investigate.UT_accept"), "confirm").do("UT_supervise")
    complaint.wait(hours=23)
    assert complaint.open == ["UT_accept"]
    complaint.wait(hours=1)
    assert supervisors(complaint) == ["vp"]


def test_supervised_and_done_before_the_next_level_the_supervision_ends(case: OpenCase) -> None:
    complaint = late(case().go_to("qf_investigate.UT_accept"), "confirm").do("UT_supervise")
    complaint.go_to("UT_plan").wait(hours=24)
    assert ("sla_escalate", "EE_settled") in complaint.reached


def test_a_slip_that_nobody_has_filled_in_stays_when_the_work_is_done_late_but_rises_no_further(
    case: OpenCase,
) -> None:
    """Late is late: the head of department still owes the opinion. The plan, late too and not done, has gone
    to the vice president meanwhile."""
    complaint = late(case().go_to("qf_investigate.UT_accept"), "confirm")
    complaint.go_to("UT_plan", "UT_supervise")
    assert supervisors(complaint) == ["dept_head", "dept_head"]
    assert supervisors(complaint.wait(hours=30)) == ["dept_head", "vp"]


def test_departure_is_due_four_hours_after_approval_and_only_after_approval(case: OpenCase) -> None:
    complaint = case().go_to("UT_gm", **MAJOR).do("UT_gm")
    assert complaint.task("UT_depart").due_at == complaint.now + timedelta(hours=4)
    complaint.wait(hours=4)
    assert complaint.open == ["UT_depart", "UT_supervise"]
    assert complaint.finish().outcome == "已关闭"


def test_each_measure_has_its_own_limit_and_its_own_supervision(case: OpenCase) -> None:
    """Two measures, due in seven and in ten days: after eight days one is late."""
    complaint = case().go_to("UT_do", "UT_progress", "UT_follow").go_to("UT_do")
    complaint.wait(days=8)
    assert complaint.open.count("UT_do") == 2
    assert complaint.open.count("UT_supervise") == 1
    complaint.wait(days=3)
    assert complaint.open.count("UT_supervise") == 2
    assert complaint.finish().outcome == "已关闭"


def test_an_answer_to_the_customer_is_due_after_two_working_days(case: OpenCase) -> None:
    """From whatever day: weekends do not count, the last day counts whole."""
    complaint = case().go_to("UT_reply")
    clock = complaint.clock("reply")
    assert (clock.limit, clock.calendar) == ("P2D", "working")
    assert complaint.task("UT_reply").due_at == clock.due_at
