"""The acceptance scenarios of the main job, told from complaint to archive (processes, section 10)."""

from collections.abc import Callable

import pytest

import engine
from engine.errors import EngineError, FormInvalid, FourEyes, NotACandidate, SignatureRequired
from tests.bpmn.case import Case

OpenCase = Callable[..., Case]
MAJOR = {
    "UT_register": {"injury": True},
    "qf_investigate.UT_accept": {"onsite_needed": True, "containment": "通知客户停炉，隔离同批库存。"},
}
NOT_OURS = {
    "UT_analyse": {
        "facts": "树脂铭牌与发货记录不符。",
        "cause_direct": "树脂强度不足。",
        "cause_root": "客户自行更换了其他厂家的树脂。",
        "ours": "否",
        "not_ours_reason": "批号不在我公司发货记录内。",
    }
}


def issued(case: Case) -> set[str]:
    """The kinds of records that the case has issued."""
    return {record.record_id for record in case.view.records}


def test_a1_a_complaint_of_ours_goes_from_hotline_to_archive_and_leaves_every_record(case: OpenCase) -> None:
    complaint = case().finish()

    assert complaint.outcome == "已关闭"
    assert issued(complaint) >= {"R01", "R02", "R04", "R39", "R21", "R35"}
    view = complaint.view
    assert all(
        engine.get_record(complaint.player.session, complaint.id, record.number, reviewer(complaint)).intact
        for record in view.records
    )
    assert view.chain_ok
    assert view.business_key == next(r.number for r in view.records if r.record_id == "R01")


def test_a1_two_actions_run_side_by_side_each_with_its_owner(case: OpenCase) -> None:
    complaint = case().go_to("qf_action.UT_accept", "UT_progress")

    owners = [
        task.assignee for task in complaint.player.open_tasks(complaint.id) if task.element_id == "UT_accept"
    ]
    assert sorted(owners) == ["jiang.wei", "shen.hao"]


def test_the_handling_form_carries_the_plan_and_countersignatures_of_its_own_round(case: OpenCase) -> None:
    sent_back = {"plan_decision": "退回", "plan_opinion": "请补充费用依据。"}
    complaint = case().go_to("UT_approve_plan").do("UT_approve_plan", **sent_back).go_to("UT_approve_plan")
    complaint.do("UT_approve_plan")

    last = [record.number for record in complaint.view.records if record.record_id == "R04"][-1]
    record = engine.get_record(complaint.player.session, complaint.id, last, reviewer(complaint))
    assert [part.element_id for part in record.parts] == ["UT_plan", "UT_countersign"]
    assert record.parts[0].values["method"]
    assert record.intact


def test_the_final_reply_is_asked_anew_whatever_the_customer_was_told_before(case: OpenCase) -> None:
    complaint = case().go_to("UT_reply")
    session, reply = complaint.player.session, complaint.task("UT_reply")

    page = engine.get_task(session, reply.id, complaint.player.actor(str(reply.assignee)))
    assert [page.values.get(field.key) for field in page.form.inputs if not field.read_only] == [None] * 3


def test_a2_no_case_is_sent_back_as_not_ours_before_the_report_is_approved(case: OpenCase) -> None:
    complaint = case().go_to("UT_analyse").do("UT_analyse", **NOT_OURS["UT_analyse"])

    assert complaint.open == ["UT_approve"]
    complaint.do("UT_approve", report_decision="退回", report_opinion="证据不足，请补充供方确认。")
    assert complaint.open == ["UT_analyse"]


def test_a2_once_approved_customer_service_has_its_task_in_the_same_transaction(case: OpenCase) -> None:
    complaint = case().go_to("UT_approve", **NOT_OURS)
    complaint.do("UT_approve")

    assert complaint.open == ["UT_not_ours"]
    approved = next(s for s in complaint.view.submissions if s.element_id == "UT_approve")
    assert approved.signature is not None
    assert approved.signature.meaning == "批准"
    assert approved.at == complaint.task("UT_not_ours").created_at
    assert complaint.finish().outcome == "已关闭"


def test_a5_a_refused_delivery_ends_on_record_and_is_never_investigated(case: OpenCase) -> None:
    complaint = case().finish(
        UT_triage={"prelim_cause": "物流", "is_logistics": True},
        UT_logistics={"logistics_choice": "拒收", "carrier": "顺达物流", "waybill": "SD20261108"},
    )

    assert complaint.outcome == "已拒收"
    assert "R01" in issued(complaint)
    assert all(submission.process_id != "qf_investigate" for submission in complaint.view.submissions)


def test_a6_a_major_problem_forces_the_site_visit_which_only_the_general_manager_approves(
    case: OpenCase,
) -> None:
    accept = {**MAJOR["qf_investigate.UT_accept"], "onsite_needed": False}
    complaint = case().go_to("UT_apply", **MAJOR | {"qf_investigate.UT_accept": accept})
    complaint.do("UT_apply")

    assert complaint.open == ["UT_gm"]
    with pytest.raises(NotACandidate):
        complete(complaint, "UT_gm", "zhang.jianguo", onsite_decision="批准")
    with pytest.raises(SignatureRequired):
        complete(complaint, "UT_gm", "kong.deming", password=None, onsite_decision="批准")
    complaint.do("UT_gm")
    assert complaint.open == ["UT_depart"]


def test_a6_the_general_managers_refusal_needs_an_alternative_and_is_flagged_to_compliance(
    case: OpenCase,
) -> None:
    complaint = case().go_to("UT_gm", **MAJOR)
    complaint.do("UT_gm", onsite_decision="不批准", onsite_opinion="现场道路封闭。")

    assert complaint.open == ["UT_alternative"]
    with pytest.raises(FormInvalid):
        complaint.do("UT_alternative", alternative_reason="")
    complaint.do("UT_alternative")
    assert complaint.open == ["UT_assist"]
    flagged = [event for event in complaint.view.history if event.kind == "flagged"]
    assert [event.element_id for event in flagged] == ["EE_denied"]


def test_a7_a_second_failed_verification_goes_back_to_the_investigation_and_a_third_asks_for_emergency(
    case: OpenCase,
) -> None:
    failed = {"result": "无效", "recurrence": True, "verify_note": "复检仍有泄漏。"}
    complaint = case().go_to("UT_verify").do("UT_verify", **failed)
    assert complaint.open == ["UT_breakdown"]

    complaint.go_to("UT_verify").do("UT_verify", **failed)
    assert complaint.open == ["UT_accept"]
    assert complaint.task("UT_accept").process_id == "qf_investigate"

    complaint.go_to("UT_verify").do("UT_verify", **failed)
    assert complaint.open == ["UT_unsolvable"]
    assert complaint.finish().outcome == "已提请应急"


def test_nobody_approves_his_own_report(case: OpenCase) -> None:
    complaint = case().go_to("UT_analyse")
    session = complaint.player.session
    engine.set_groups(session, "li.ming", {"staff", "qa", "qa_lead"}, by="xie.ning", reason="代理负责人")
    session.commit()
    complaint.do("UT_analyse")

    with pytest.raises(FourEyes):
        complete(complaint, "UT_approve", "li.ming", report_decision="批准")


def complete(
    case: Case, element: str, person: str, password: str | None = "zhihuan-demo", **values: object
) -> None:
    """Completes the task as `person`, refused or not; leaves nothing behind when refused."""
    session = case.player.session
    try:
        engine.complete_task(
            session, case.task(element).id, case.player.actor(person), values, password=password
        )
    except EngineError:
        session.rollback()
        raise


def reviewer(case: Case) -> engine.Actor:
    """Compliance."""
    return case.player.actor("tao.ran")
