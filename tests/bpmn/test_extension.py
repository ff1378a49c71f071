"""Extension of a limit: only a special problem, before expiry, by the vice president (S2-2.2(1)b; A3)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

import engine
from engine.errors import FormInvalid, FourEyes, SignatureRequired
from tests.bpmn.case import Case
from tests.bpmn.test_scenarios import complete, issued

OpenCase = Callable[..., Case]
Apply = Callable[..., Case]


@pytest.fixture
def apply(case: OpenCase) -> Apply:
    """Asks for an extension of a complaint's clock by so many hours: `apply(complaint, hours=24, by=…)`."""

    def ask(
        complaint: Case, clock: str = "confirm", hours: float = 24, by: str = "li.ming", **values: object
    ) -> Case:
        due = complaint.clock(clock).due_at or complaint.now
        new = max(due, complaint.now) + timedelta(hours=hours)
        asked = {"case_no": complaint.number, "clock": clock, "new_due": new.isoformat()} | values
        return case(by=by, at=complaint.now, process_id="sla_extension", **asked)

    return ask


def test_a3_an_extension_approved_before_expiry_moves_the_live_timer_and_there_is_no_breach(
    case: OpenCase, apply: Apply
) -> None:
    """The diagram is not touched: clock, due time of the open task and boundary timer move together."""
    complaint = case().go_to("qf_investigate.UT_accept")
    first = complaint.clock("confirm").due_at
    assert first is not None
    request = apply(complaint.wait(hours=40))
    request.do("UT_opinion").do("UT_decide")

    assert request.outcome == "已延期"
    assert {r.number[:8] for r in request.view.records if r.record_id == "R33"} == {"YQ-2026-"}
    moved = first + timedelta(hours=24)
    assert complaint.clock("confirm").due_at == complaint.task("UT_accept").due_at == moved
    complaint.wait(hours=31)
    assert complaint.open == ["UT_accept"]
    complaint.now = moved - timedelta(hours=10)
    complaint.go_to("UT_plan")
    assert complaint.clock("confirm").verdict == "extended"
    assert ("qf_main", "TB_confirm") not in complaint.reached


def test_requests_have_numbers_of_their_own(case: OpenCase, apply: Apply) -> None:
    """The register of complaints stays without gaps, and the whole number finds the request."""
    first = case().go_to("qf_investigate.UT_accept")
    request = apply(first)
    second = case()
    assert (request.number[:8], first.number[-1], second.number[-1]) == ("YS-2026-", "1", "2")
    session, who = request.player.session, request.player.actor("tao.ran")
    found = engine.list_instances(session, who, search=request.number.lower()).items
    assert [row.id for row in found] == [request.id]


def test_confirming_and_proposing_are_extended_one_by_one(case: OpenCase, apply: Apply) -> None:
    """K2: both milestones within 48 hours; an extension says which of them it moves."""
    complaint = case().go_to("qf_investigate.UT_accept")
    before = complaint.clock("propose").due_at
    apply(complaint).do("UT_opinion").do("UT_decide")
    assert complaint.clock("propose").due_at == before


def test_an_extended_limit_that_runs_out_too_is_supervised_then(case: OpenCase, apply: Apply) -> None:
    complaint = case().go_to("qf_investigate.UT_accept")
    apply(complaint).do("UT_opinion").do("UT_decide")
    complaint.wait(hours=71, minutes=59)
    assert complaint.open == ["UT_accept"]
    complaint.wait(minutes=1)
    assert complaint.open == ["UT_accept", "UT_supervise"]


def test_a3_after_expiry_a_request_is_rejected_by_itself(case: OpenCase, apply: Apply) -> None:
    complaint = case().go_to("qf_investigate.UT_accept").wait(hours=48)
    request = apply(complaint)
    assert request.outcome == "已超期驳回"
    assert complaint.clock("confirm").extensions == 0
    assert issued(request) == set()


def test_an_approval_that_comes_after_expiry_has_no_effect(case: OpenCase, apply: Apply) -> None:
    complaint = case().go_to("qf_investigate.UT_accept")
    request = apply(complaint).do("UT_opinion").wait(hours=47).do("UT_decide")
    assert request.outcome == "审批时已不可延期"
    assert complaint.clock("confirm").extensions == 0


def test_what_the_vice_president_refuses_is_not_extended(case: OpenCase, apply: Apply) -> None:
    complaint = case().go_to("qf_investigate.UT_accept")
    request = apply(complaint).do("UT_opinion")
    with pytest.raises(FormInvalid):
        complete(request, "UT_decide", "zhang.jianguo", extension_decision="不批准")
    request.do("UT_decide", extension_decision="不批准", decision_note="并非特殊问题。")
    assert request.outcome == "未获批准"
    assert complaint.clock("confirm").extensions == 0


def test_a_limit_is_extended_once_and_by_48_hours_at_most(case: OpenCase, apply: Apply) -> None:
    complaint = case().go_to("qf_investigate.UT_accept")
    assert apply(complaint, hours=49).outcome == "不可延期"
    apply(complaint, hours=48).do("UT_opinion").do("UT_decide")
    assert apply(complaint, hours=1).outcome == "不可延期"


def test_two_requests_at_once_give_one_extension(case: OpenCase, apply: Apply) -> None:
    complaint = case().go_to("qf_investigate.UT_accept")
    first, second = apply(complaint).do("UT_opinion"), apply(complaint, hours=30).do("UT_opinion")
    first.do("UT_decide")
    assert second.do("UT_decide").outcome == "审批时已不可延期"
    assert complaint.clock("confirm").extensions == 1


def test_only_what_runs_can_be_extended(case: OpenCase, apply: Apply) -> None:
    """Not the limit of work that is done in time, and not one of a case that does not exist."""
    complaint = case().go_to("UT_plan")
    assert apply(complaint, "confirm").outcome == "不可延期"
    with pytest.raises(FormInvalid):
        apply(complaint, "propose", case_no="QF-2026-999999")
    assert apply(complaint, "propose").open == ["UT_opinion"]


def test_the_24_hours_to_report_cannot_even_be_asked_for(case: OpenCase, apply: Apply) -> None:
    """S2-1.1(3)a: without extension."""
    with pytest.raises(FormInvalid):
        apply(case(), "report")


def test_the_new_limit_lies_after_the_present_one(case: OpenCase, apply: Apply) -> None:
    complaint = case().go_to("qf_investigate.UT_accept")
    with pytest.raises(FormInvalid):
        apply(complaint, hours=-1)


def test_a_special_reason_of_twenty_characters_is_required(case: OpenCase, apply: Apply) -> None:
    complaint = case().go_to("qf_investigate.UT_accept")
    with pytest.raises(FormInvalid):
        apply(complaint, special_reason="来不及。")


def test_who_applies_may_neither_give_the_opinion_nor_approve(case: OpenCase, apply: Apply) -> None:
    complaint = case().go_to("qf_investigate.UT_accept")
    head = apply(complaint, by="wu.min")
    with pytest.raises(FourEyes):
        complete(head, "UT_opinion", "wu.min", dept_view="同意", dept_note="可行。")
    vice = apply(complaint, by="zhang.jianguo").do("UT_opinion")
    with pytest.raises(FourEyes):
        complete(vice, "UT_decide", "zhang.jianguo", extension_decision="批准")
    assert complaint.clock("confirm").extensions == 0


def test_the_vice_president_signs_and_the_record_carries_request_and_opinion(
    case: OpenCase, apply: Apply
) -> None:
    request = apply(case().go_to("qf_investigate.UT_accept")).do("UT_opinion")
    with pytest.raises(SignatureRequired):
        complete(request, "UT_decide", "zhang.jianguo", password=None, extension_decision="批准")
    request.do("UT_decide")
    (number,) = (record.number for record in request.view.records)
    record = engine.get_record(request.player.session, request.id, number, request.player.actor("tao.ran"))
    assert [part.element_id for part in record.parts] == ["SE_extension", "UT_opinion"]
    assert record.parts[0].values["special_reason"]
    assert record.intact


def test_a_verification_may_take_30_days_more_with_the_same_approval(case: OpenCase, apply: Apply) -> None:
    complaint = case().go_to("UT_verify")
    before = complaint.clock("verify").due_at
    assert before is not None
    assert apply(complaint, "verify", hours=720).do("UT_opinion").do("UT_decide").outcome == "已延期"
    assert complaint.task("UT_verify").due_at == before + timedelta(days=30)
