"""The forms of the main job: complete, in both languages, and asking what the regulations ask."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.diagram.forms import Field, Form, check_form, read_form
from tests.engine.form_world import cleaned, faulty

FOLDER = Path(__file__).parents[2] / "bpmn" / "forms"
FILES = sorted(FOLDER.glob("*.form"))
EVERY_FORM = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
AT = "2026-11-22T18:00"

REGISTRATION: dict[str, object] = {
    "contact_name": "林海",
    "contact_phone": "13812345678",
    "channel": "电话热线",
    "nature": "投诉",
    "subject": "产品",
    "source": "客户",
    "aware_at": AT,
    "product_name": "安全阀",
    "model": "A48Y-16C",
    "symptom": "安全阀回座后持续泄漏。",
    "current_status": "停用",
    "injury": "false",
}
PLAN: dict[str, object] = {
    "method": "更换阀门",
    "disposition": "换货",
    "cost_est": "8600",
    "actions": [
        {"desc": "换工装", "type": "纠正", "owner": "li.ming", "due": "2026-11-30", "criterion": "三批合格"}
    ],
    "report_dates": [{"date": "2026-11-25"}],
    "countersign_depts": ["qa"],
}
# One plain answer to each form, as a page sends it; the names are those the diagrams read.
ANSWERS: dict[str, Mapping[str, object]] = {
    "feedback_report": {"aware_at": AT, "channel": "电话热线", "gist": "阀门泄漏"},
    "assign_handler": {"handler": "wang.fang"},
    "registration": REGISTRATION,
    "triage": {"prelim_cause": "制造", "prelim_note": "已核实", "is_logistics": "false"},
    "logistics": {"logistics_choice": "拒收"},
    "investigation_report": {"report_summary": "客户反映阀门泄漏，请调查。"},
    "investigation_order": {"investigator": "li.ming", "assist_depts": ["qa"], "onsite_needed": "true"},
    "assist_opinion": {"facts": "记录齐全", "opinion": "属本部门", "reason": "工装磨损"},
    "analysis": {"facts": "有划痕", "cause_direct": "研磨不良", "cause_root": "未检定", "ours": "是"},
    "report_approval": {"report_decision": "批准"},
    "onsite_application": {
        "destination": "东川",
        "necessity": "重大",
        "persons": "李明",
        "onsite_plan": "取样",
    },
    "onsite_approval": {"onsite_decision": "批准"},
    "onsite_alternative": {"alternative": "寄回检验", "alternative_reason": "道路封闭"},
    "onsite_departure": {"depart_at": AT},
    "onsite_findings": {"onsite_findings": "已复现"},
    "plan": PLAN,
    "countersign": {"agree": "同意"},
    "meeting": {"attendees": ["li.ming"], "minutes": "一致"},
    "plan_approval": {"plan_decision": "批准"},
    "inform_customer": {"inform_text": "将为您更换。", "inform_channel": "电话", "informed_at": AT},
    "breakdown": {key: PLAN[key] for key in ("actions", "report_dates")},
    "action_accept": {"accept": "接受"},
    "action_reassign": {"action_owner": "li.ming", "reassign_reason": "出差"},
    "action_done": {"progress": "100", "done_note": "完成", "evidence": ["a1"], "actual_done": "2026-11-22"},
    "action_check": {"check_result": "通过"},
    "progress_report": {"progress_note": "正常"},
    "progress_follow": {"follow_note": "已告知"},
    "rectify_confirm": {"confirm_note": "全部完成"},
    "verify_plan": {"criterion": "三批合格", "window_days": "0"},
    "verification": {"recurrence": "false", "result": "有效", "verify_note": "三批合格"},
    "standardise": {"no_doc_reason": "无", "lesson": "工装须检定"},
    "unsolvable": {"unsolvable_reason": "结构问题", "measures_proposed": ["停产"]},
    "extension_request": {
        "case_no": "QF-2026-000001",
        "clock": "confirm",
        "special_reason": "样品须送国家中心检验，结果要三天以后才能给出。",
        "new_due": "2026-11-25T18:00",
    },
    "extension_opinion": {"dept_view": "同意", "dept_note": "情况属实"},
    "extension_decision": {"extension_decision": "批准"},
    "supervision": {"supervise_opinion": "请立即报出。", "committed_at": "2026-11-24T18:00"},
    "not_ours": {"not_ours_note": "已告知"},
    "reply": {"reply_text": "处理完毕。", "reply_channel": "电话", "replied_at": AT},
    "survey": {"sat_overall": "5"},
    "reopen": {"reopen_decision": "不重开", "reopen_reason": "另案"},
    "closure": {
        **dict.fromkeys(("check_report", "check_actions", "check_verified", "check_replied"), "on"),
        "closure_note": "同意",
    },
}


def form(key: str) -> Form:
    return read_form((FOLDER / f"{key}.form").read_bytes(), f"bpmn/forms/{key}.form")


def every_field(fields: tuple[Field, ...]) -> list[Field]:
    return [one for field in fields for one in (field, *every_field(field.columns))]


@EVERY_FORM
def test_a_form_file_has_neither_errors_nor_warnings(file: Path) -> None:
    assert [problem.text("en") for problem in check_form(file.read_bytes(), str(file))] == []


@EVERY_FORM
def test_a_form_takes_a_plain_answer_and_asks_for_no_more(file: Path) -> None:
    answer = ANSWERS[file.stem]
    assert cleaned(form(file.stem), answer).keys() >= answer.keys()


@EVERY_FORM
def test_each_part_of_the_plain_answer_is_required(file: Path) -> None:
    for key in ANSWERS[file.stem]:
        raw = {name: value for name, value in ANSWERS[file.stem].items() if name != key}
        assert faulty(form(file.stem), raw) == [key]


@EVERY_FORM
def test_chinese_and_english_differ_and_english_has_no_chinese(file: Path) -> None:
    drawn = form(file.stem)
    texts = [drawn.label("en")]
    for field in every_field(drawn.fields):
        texts += [field.text("en") if field.label else "", field.help_text("en"), field.unit_text("en")]
        texts += [option.text("en") for option in field.options]
    assert not [text for text in texts if any("\u4e00" <= char <= "\u9fff" for char in text)]


def test_there_are_no_other_forms_than_those_of_the_main_job() -> None:
    assert {file.stem for file in FILES} == ANSWERS.keys()


@pytest.mark.parametrize("other", ["contact_email", "contact_qq", "address"])
def test_any_one_way_to_reach_the_customer_will_do(other: str) -> None:
    """F01: phone, e-mail, QQ or address, at least one."""
    ways = {"contact_email": "lin.hai@example.com", "contact_qq": "12345678", "address": "东川市一号"}
    without = {key: value for key, value in REGISTRATION.items() if key != "contact_phone"}
    assert faulty(form("registration"), without) == ["contact_phone"]
    assert faulty(form("registration"), without | {other: ways[other]}) == []


def test_an_anonymous_customer_need_not_be_reachable_and_is_not_named() -> None:
    without = {key: value for key, value in REGISTRATION.items() if key != "contact_phone"}
    assert cleaned(form("registration"), without | {"anonymous": "on"})["contact_name"] is None


def test_what_identifies_a_customer_is_marked_personal() -> None:
    assert form("registration").personal_names == {
        *("contact_name", "contact_gender", "contact_phone", "contact_email"),
        *("contact_qq", "contact_other", "address"),
    }
    assert form("feedback_report").personal_names == {"contact_name", "contact_phone"}


@pytest.mark.parametrize(
    "phone", ["13812345678", "010-88886666", "0755-8888666-12", "400-810-1234", "+49 30 123456"]
)
def test_mobile_landline_and_foreign_numbers_are_phones(phone: str) -> None:
    assert faulty(form("registration"), REGISTRATION | {"contact_phone": phone}) == []


@pytest.mark.parametrize("phone", ["12345", "1381234567", "138123456789", "88886666", "call me"])
def test_other_numbers_are_no_phones(phone: str) -> None:
    assert faulty(form("registration"), REGISTRATION | {"contact_phone": phone}) == ["contact_phone"]


def test_nothing_is_known_before_it_happened_nor_in_the_future() -> None:
    late = REGISTRATION | {"aware_at": "2026-11-24T00:00"}
    assert faulty(form("registration"), late) == ["aware_at"]
    before = REGISTRATION | {"occurred_at": "2026-11-22T18:01"}
    assert faulty(form("registration"), before) == ["occurred_at"]


@pytest.mark.parametrize(
    ("key", "answer", "names", "asked"),
    [
        ("triage", {"special": "on"}, {}, ["special_reason"]),
        ("triage", {"proposed_severity": "轻微"}, {}, ["severity_reason"]),
        ("investigation_order", {}, {"severity": "重大"}, ["containment"]),
        ("investigation_order", {}, {"severity": "严重"}, ["containment"]),
        ("investigation_order", {}, {"severity": "一般"}, []),
        ("analysis", {"ours": "否"}, {}, ["not_ours_reason", "evidence"]),
        ("analysis", {"ours": "部分"}, {}, []),
        ("report_approval", {"report_decision": "退回"}, {}, ["report_opinion"]),
        ("onsite_approval", {"onsite_decision": "不批准"}, {}, ["onsite_opinion"]),
        ("countersign", {"agree": "不同意"}, {}, ["agree_reason"]),
        ("plan_approval", {"plan_decision": "退回"}, {}, ["plan_opinion"]),
        ("action_accept", {"accept": "拒绝"}, {}, ["accept_reason"]),
        ("action_check", {"check_result": "退回"}, {}, ["check_note"]),
        ("survey", {"sat_overall": ""}, {}, ["sat_overall"]),
        ("survey", {"sat_overall": "", "not_reachable": "2"}, {}, ["sat_overall"]),
        ("survey", {"sat_overall": "", "not_reachable": "3"}, {}, []),
        ("survey", {"sat_overall": "2"}, {}, ["justified"]),
        ("closure", {"check_actions": "", "check_verified": ""}, {"ours": "否"}, []),
        (
            "closure",
            {"check_actions": "", "check_verified": ""},
            {"ours": "是"},
            ["check_actions", "check_verified"],
        ),
    ],
)
def test_an_answer_can_ask_for_another(
    key: str, answer: dict[str, object], names: dict[str, object], asked: list[str]
) -> None:
    assert faulty(form(key), {**ANSWERS[key], **answer}, **names) == asked


def test_actions_and_reports_are_planned_from_today_on_and_done_by_today() -> None:
    action = PLAN["actions"][0] | {"due": "2026-11-22"}  # type: ignore[index]
    raw = PLAN | {"actions": [action], "report_dates": [{"date": "2026-11-22"}]}
    assert faulty(form("plan"), raw) == ["actions.0.due", "report_dates.0.date"]
    assert faulty(form("action_done"), ANSWERS["action_done"] | {"actual_done": "2026-11-24"}) == [
        "actual_done"
    ]


@pytest.mark.parametrize(
    ("form", "key"),
    [
        ("investigation_order", "assist_depts"),
        ("investigation_report", "to_depts"),
        ("plan", "countersign_depts"),
    ],
)
def test_where_departments_are_chosen_only_departments_are_offered(form: str, key: str) -> None:
    """Of groups.csv, without roles that are no department: who leads, decides, reviews or stands outside."""
    with (FOLDER.parent / "groups.csv").open(encoding="utf-8") as file:
        groups = {row["id"] for row in csv.DictReader(file)}
    others = {"staff", "cs_lead", "qa_lead", "dept_head", "qmc", "vp", "gm", "exec", "mgmt"}
    others |= {"compliance", "owner", "admin", "customer", "supplier"}
    field = read_form((FOLDER / f"{form}.form").read_bytes(), f"{form}.form").field(key)
    assert set(field.offered) == groups - others
