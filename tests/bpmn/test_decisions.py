"""What the five decision tables decide, in the words of the people who use them."""

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
