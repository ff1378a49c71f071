"""Every named end event of every diagram is reached by some case."""

from collections.abc import Callable

import pytest

from tests.bpmn.case import Case
from tests.bpmn.test_scenarios import MAJOR, NOT_OURS

OpenCase = Callable[..., Case]
WRONG = {"result": "无效", "recurrence": True, "verify_note": "复检仍有泄漏。"}
LOGISTICS = {"prelim_cause": "物流", "is_logistics": True}


STORIES: dict[str, tuple[dict[str, dict[str, object]], set[tuple[str, str]]]] = {
    "closed": (
        {},
        {
            ("qf_intake", "EE_reported"),
            ("qf_investigate", "EE_ours"),
            ("qf_decide", "EE_decided"),
            ("qf_rectify", "EE_rectified"),
            ("qf_action", "EE_done"),
            ("qf_progress", "EE_followed"),
            ("qf_verify", "EE_effective"),
            ("qf_close", "EE_closed"),
            ("qf_main", "TE_closed"),
        },
    ),
    "not ours": (NOT_OURS, {("qf_investigate", "EE_not_ours"), ("qf_main", "TE_closed")}),
    "merged": (
        {"UT_triage": {"duplicate_of": "QF-2026-000001"}},
        {("qf_intake", "EE_merged"), ("qf_main", "TE_merged")},
    ),
    "handed over": (
        {"UT_register": {"nature": "建议"}},
        {("qf_intake", "EE_handover"), ("qf_main", "TE_handover")},
    ),
    "refused": (
        {"UT_triage": LOGISTICS, "UT_logistics": {"logistics_choice": "拒收"}},
        {("qf_intake", "EE_refused"), ("qf_main", "TE_refused")},
    ),
    "logistics reported": (
        {"UT_triage": LOGISTICS},
        {("qf_intake", "EE_reported"), ("qf_main", "TE_closed")},
    ),
    "site visit": (MAJOR, {("qf_onsite", "EE_done"), ("qf_main", "TE_closed")}),
    "site visit refused": (
        {**MAJOR, "UT_gm": {"onsite_decision": "不批准", "onsite_opinion": "道路封闭。"}},
        {("qf_onsite", "EE_denied"), ("qf_main", "TE_closed")},
    ),
    "unsolvable": (
        {"UT_verify": WRONG},
        {("qf_verify", "EE_ineffective"), ("qf_verify", "EE_unsolvable"), ("qf_main", "TE_unsolvable")},
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_every_story_reaches_its_end_events(case: Callable[..., Case], name: str) -> None:
    answers, ends = STORIES[name]
    assert case().finish(**answers).reached >= ends


def test_an_unsatisfied_customer_with_a_just_demand_reopens_the_case(case: OpenCase) -> None:
    complaint = case().go_to("UT_survey").do("UT_survey", sat_overall=1, justified=True, comment="仍在泄漏。")
    assert complaint.open == ["UT_reopen"]

    complaint.do("UT_reopen", reopen_decision="重开", reopen_reason="客户诉求成立。")
    assert ("qf_close", "EE_reopen") in complaint.reached
    assert complaint.open == ["UT_accept"]
    assert complaint.finish().outcome == "已关闭"
