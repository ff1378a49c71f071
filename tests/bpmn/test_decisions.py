"""What the decision tables decide, in the words of the people who use them."""

from pathlib import Path

import pytest

from engine.diagram.decisions import read_decision

FOLDER = Path(__file__).resolve().parents[2] / "bpmn"


def decide(table: str, **facts: object) -> dict[str, object]:
    """Decides with these facts; everything else is not set."""
    decision = read_decision((FOLDER / f"{table}.dmn").read_bytes(), f"{table}.dmn")
    return decision.decide(dict.fromkeys(decision.names) | facts)


@pytest.mark.parametrize(
    ("facts", "feedback_class", "group"),
    [
        ({"source": "客户", "nature": "投诉", "subject": "产品"}, "customer_complaint", "cs"),
        (
            {"source": "客户", "nature": "投诉", "subject": "产品", "expectation": "退货"},
            "customer_complaint",
            "cs",
        ),
        ({"source": "客户", "nature": "建议", "subject": "产品", "expectation": "退货"}, "return", "mkt"),
        ({"source": "客户", "nature": "投诉", "subject": "服务"}, "contact_opinion", "sales"),
        ({"source": "供应商", "nature": "投诉", "subject": "产品"}, "supplier", "purch"),
        ({"source": "内部", "nature": "意见", "subject": "产品", "in_production": True}, "incident", "tqo"),
        (
            {"source": "内部", "nature": "意见", "subject": "产品", "in_production": False},
            "internal_info",
            "dept",
        ),
    ],
)
def test_only_a_customers_complaint_about_a_product_stays_here(
    facts: dict[str, object], feedback_class: str, group: str
) -> None:
    assert decide("feedback_route", **facts) == {"feedback_class": feedback_class, "owner_group": group}


@pytest.mark.parametrize(
    ("facts", "severity", "major_special", "emergency"),
    [
        ({}, "一般", False, False),
        ({"injury": True, "proposed_severity": "轻微"}, "重大", True, True),
        ({"media_exposure": True}, "重大", True, False),
        ({"special": True}, "严重", True, False),
        ({"safety_critical": True}, "严重", False, False),
        ({"affects_production": True}, "严重", False, False),
        ({"batch_qty": 9, "repeat_count_90d": 2}, "一般", False, False),
        ({"batch_qty": 10}, "严重", False, False),
        ({"repeat_count_90d": 3}, "严重", False, False),
        ({"proposed_severity": "重大"}, "重大", True, False),
        ({"proposed_severity": "轻微"}, "轻微", False, False),
        ({"proposed_severity": "轻微", "batch_qty": 10}, "严重", False, False),
    ],
)
def test_aggravating_facts_come_before_the_handlers_proposal(
    facts: dict[str, object], severity: str, major_special: bool, emergency: bool
) -> None:
    expected = {"severity": severity, "major_special": major_special, "emergency": emergency}
    assert decide("severity", **facts) == expected


@pytest.mark.parametrize(
    ("facts", "onsite", "approver"),
    [
        ({"severity": "重大", "major_special": True, "onsite_needed": False}, "必须", "gm"),
        ({"severity": "严重", "major_special": True, "onsite_needed": False}, "必须", "gm"),
        ({"severity": "一般", "major_special": False, "onsite_needed": True}, "可以", "vp"),
        ({"severity": "一般", "major_special": False, "onsite_needed": False}, "不需", "-"),
        ({"severity": "一般"}, "不需", "-"),
    ],
)
def test_major_and_special_problems_demand_a_visit_by_leave_of_the_general_manager(
    facts: dict[str, object], onsite: str, approver: str
) -> None:
    assert decide("onsite", **facts) == {"onsite": onsite, "onsite_approver": approver}


@pytest.mark.parametrize(
    ("result", "recurrence", "attempt", "verify_next"),
    [
        ("有效", False, 1, "固化"),
        ("有效", False, 5, "固化"),
        ("有效", True, 1, "再整改"),
        ("部分有效", False, 1, "再整改"),
        ("无效", False, 2, "重新调查"),
        ("无效", True, 3, "升级"),
        ("部分有效", False, 4, "升级"),
    ],
)
def test_the_second_failure_leads_back_to_the_investigation_and_the_third_to_a_referral(
    result: str, recurrence: bool, attempt: int, verify_next: str
) -> None:
    outcome = decide("verify_outcome", result=result, recurrence=recurrence, attempt=attempt)
    assert outcome == {"verify_next": verify_next}


@pytest.mark.parametrize(
    ("severity", "cost", "group", "need_8d"),
    [
        ("重大", 0, "gm", True),
        ("严重", 500_000, "vp", True),
        ("一般", 100_000, "vp", False),
        ("一般", 99_999, "qa_lead", False),
        ("轻微", None, "qa_lead", False),
    ],
)
def test_the_approval_rises_with_severity_and_cost(
    severity: str, cost: int | None, group: str, need_8d: bool
) -> None:
    assert decide("approval_level", severity=severity, cost_est=cost) == {
        "approval_group": group,
        "need_8d": need_8d,
    }


@pytest.mark.parametrize(
    ("facts", "report", "act"),
    [
        ({"feedback_class": "customer_complaint", "severity": "一般"}, 24, 48),
        ({"feedback_class": "customer_complaint", "severity": "重大", "emergency": False}, 24, 48),
        ({"feedback_class": "customer_complaint", "severity": "重大", "emergency": True}, 24, 24),
        ({"feedback_class": "internal_info", "severity": "一般", "difficulty": "一般"}, 24, 48),
        ({"feedback_class": "internal_info", "severity": "一般", "difficulty": "较难"}, 24, 168),
        ({"feedback_class": "internal_info", "difficulty": "较难", "affects_production": True}, 24, 2),
        ({"feedback_class": "supplier"}, 24, 48),
    ],
)
def test_reporting_has_24_hours_and_acting_48_unless_it_is_urgent_or_internal(
    facts: dict[str, object], report: int, act: int
) -> None:
    """S2-1.1(3)a, S2-2.2(1)a, S7-2.4: production affected goes before difficult (K3)."""
    assert decide("sla_profile", **facts) == {"report_hours": report, "act_hours": act}


@pytest.mark.parametrize(
    ("severity", "hours", "level", "group", "following"),
    [
        ("一般", 0, None, "dept_head", 24),
        (None, 0, None, "dept_head", 24),
        ("一般", 23.9, 1, "vp", 48),
        ("一般", 24, None, "vp", 48),
        ("一般", 72, None, "gm", None),
        ("一般", 50, 2, "gm", None),
        ("重大", 0, None, "vp", 4),
        ("重大", 4, None, "gm", None),
        ("重大", 1, 2, "gm", None),
    ],
)
def test_supervision_rises_with_severity_and_hours_and_asks_no_level_twice(
    severity: str | None, hours: float, level: int | None, group: str, following: int | None
) -> None:
    decided = decide("escalation_matrix", severity=severity, hours_late=hours, level=level)
    ranks = {"dept_head": 1, "vp": 2, "gm": 3}
    assert decided == {"supervise_group": group, "level": ranks[group], "next_hours": following}


@pytest.mark.parametrize(
    ("clock", "times", "hours"),
    [("confirm", 1, 48), ("propose", 1, 48), ("verify", 1, 720), ("report", 0, 0), ("reply", 0, 0)],
)
def test_the_48_hours_and_the_verification_may_be_extended_once_and_reporting_never(
    clock: str, times: int, hours: int
) -> None:
    assert decide("extension_policy", clock=clock) == {"max_extensions": times, "max_hours": hours}
