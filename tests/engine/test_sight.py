"""Who sees which case, and how much of the personal data in it."""

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import select

import engine
from engine.errors import (
    InstanceNotFound,
    RecordNotFound,
    TaskNotFound,
)
from engine.storage.models import AccessLog
from tests.drive import PEOPLE, Case, House
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, ONE, START, field, task

Open = Callable[[Mapping[str, bytes]], House]


def seen(case: Case, who: str) -> bool:
    """Whether somebody finds the case in the list; the page must say the same."""
    actor = case.house.actor(who)
    listed = case.id in {row.id for row in engine.list_instances(case.house.session, actor).items}
    try:
        case.view(who)
    except InstanceNotFound:
        assert not listed
        return False
    assert listed
    return True


def test_staff_see_their_own_cases_leads_see_all_and_administrators_none(house: Open) -> None:
    case = house(ONE).start("p", "staff", gist="x")
    sight = {"staff": True, "staff2": False, "cs": True, "qa_lead": True, "dept": False, "admin": False}
    assert {who: seen(case, who) for who in sight} == sight


def test_a_candidate_sees_the_case_and_whoever_took_part_goes_on_seeing_it(house: Open) -> None:
    files = {"p.bpmn": ONE["p.bpmn"].replace(b'"cs"', b'"dept"')}
    case = house(files).start("p", "staff", gist="x")
    assert seen(case, "dept")
    case.complete("UT_do", "dept", note="x")
    assert seen(case, "dept")
    assert not seen(case, "sales")


def test_a_case_out_of_sight_gives_away_nothing(house: Open) -> None:
    case = house(ONE).start("p", "staff", gist="阀门渗漏")
    session, stranger = case.house.session, case.house.actor("dept")
    with pytest.raises(TaskNotFound):
        engine.get_task(session, case.task("UT_do").id, stranger)
    with pytest.raises(InstanceNotFound):
        engine.get_diagram(session, case.id, "p", stranger)
    with pytest.raises(InstanceNotFound):
        engine.cancel_instance(session, case.id, stranger, "x")
    with pytest.raises(RecordNotFound):
        engine.get_record(session, case.id, "R02-2026-00001", stranger)
    assert engine.list_instances(session, stranger, search="阀门").items == []
    assert engine.count_tasks(session, case.house.actor("admin"))["group"] == 0


def test_contact_data_are_masked_for_who_does_not_need_them(house: Open) -> None:
    case = house(ONE).start("p", "staff", gist="x", phone="13812341234")

    def phone(who: str) -> object:
        return case.view(who).submissions[0].values["phone"]

    assert {who: phone(who) for who in ("staff", "cs", "qa", "compliance")} == {
        "staff": "13812341234", "cs": "13812341234", "qa": "138****1234", "compliance": "138****1234",
    }  # fmt: skip
    assert [v.value for v in case.view("qa").variables if v.name == "phone"] == ["138****1234"]


def test_every_sight_of_personal_data_in_clear_is_written_down(house: Open) -> None:
    case = house(ONE).start("p", "staff", gist="x", phone="13812341234")
    for who in ("staff", "qa", "cs"):
        case.view(who)
    seen_by = case.house.session.scalars(select(AccessLog).where(AccessLog.action == "personal_data_seen"))
    assert [(log.person_id, log.instance_id, log.detail) for log in seen_by] == [
        ("cs", case.id, {"fields": ["phone"], "where": "case"})
    ]


def test_a_masked_value_sent_back_keeps_the_real_one(house: Open) -> None:
    ask = field("phone", personal="true")
    asking = task("UT_a", ask, groups="qa") + task("UT_b", ask, groups="qa")
    flows = flow("SE", "UT_a") + flow("UT_a", "UT_b") + flow("UT_b", "EE_done")
    files = {"p.bpmn": diagram(START + asking + END + flows)}
    case = house(files).start("p", "cs", gist="x", phone="13812341234")
    assert case.page("UT_a", "qa").values["phone"] == "138****1234"
    case.complete("UT_a", "qa")
    assert case.view("cs").submissions[-1].values["phone"] == "13812341234"
    case.complete("UT_b", "qa", phone="13900000000")
    assert case.view("cs").submissions[-1].values["phone"] == "13900000000"


def test_a_masked_value_sent_back_stays_masked_for_who_never_saw_it(house: Open) -> None:
    asking = task("UT_a", field("phone", personal="true"), groups="qa", record="R02")
    files = {"p.bpmn": diagram(START + asking + END + flow("SE", "UT_a") + flow("UT_a", "EE_done"))}
    case = house(files).start("p", "staff", gist="x", phone="13812341234")
    case.complete("UT_a", "qa")
    view = case.view("qa")
    record = engine.get_record(case.house.session, case.id, view.records[0].number, case.house.actor("qa"))
    shown = [submission.values["phone"] for submission in (*view.submissions, record.submission)]
    assert shown == ["138****1234"] * 3
    assert [v.value for v in view.variables if v.name == "phone"] == ["138****1234"]
    assert case.view("staff").submissions[0].values["phone"] == "13812341234"


def test_a_draft_gives_away_no_file_of_another_case(house: Open) -> None:
    picker = b'{"type": "filepicker", "key": "photos", "label": "P"}'
    form = b'{"type": "default", "id": "f", "components": [' + picker + b"]}"
    drawn = node("userTask", "UT_a", name="a", camunda_candidateGroups="dept", camunda_formRef="f")
    flows = flow("SE", "UT_a") + flow("UT_a", "EE_done")
    at = house({"p.bpmn": diagram(START + drawn + END + flows), "f.form": form})
    other, file = at.start("p", "staff", gist="x"), at.attach("dept", "别案.png")
    other.complete("UT_a", "dept", photos=[file])
    case, new = at.start("p", "staff", gist="y"), at.attach("dept", "本案.png")
    task_id, dept = case.task("UT_a").id, at.actor("dept")
    engine.save_draft(at.session, task_id, dept, {"photos": [file, new]}, now=at.clock.now)
    page = engine.get_task(at.session, task_id, dept, now=at.clock.now)
    assert [view.filename for view in page.attachments] == ["本案.png"]


def test_what_a_draft_holds_of_personal_data_stays_with_who_typed_it(house: Open) -> None:
    asking = task("UT_a", field("signer", personal="true"), field("note"), groups="dept,qa,sales")
    files = {"p.bpmn": diagram(START + asking + END + flow("SE", "UT_a") + flow("UT_a", "EE_done"))}
    case = house(files).start("p", "staff", gist="x")
    at, task_id = case.house, case.task("UT_a").id

    def shown(who: str) -> tuple[object, object]:
        values = case.page("UT_a", who).values
        return values["signer"], values["note"]

    dept, draft = at.actor("dept"), {"signer": "13812341234", "note": "n"}
    engine.save_draft(at.session, task_id, dept, draft, now=at.clock.now)
    assert {who: shown(who) for who in ("dept", "sales", "qa")} == {
        "dept": ("13812341234", "n"), "sales": ("13812341234", "n"), "qa": (None, "n"),
    }  # fmt: skip
    engine.claim_task(at.session, task_id, at.actor("qa"), now=at.clock.now)
    assert (shown("qa"), shown("dept")) == ((None, "n"), (None, "n"))


def test_one_case_is_seen_by_exactly_those_whose_list_has_it(house: Open) -> None:
    """Offered, taken, delegated, completed, started, cancelled: the list and the single case go different
    ways to the answer."""
    offered = ONE["p.bpmn"].replace(b'"cs"', b'"dept,sales"')
    made = house({"p.bpmn": offered})
    session, dept = made.session, made.actor("dept")
    cases = [made.start("p", who, gist="x") for who in ("staff", "staff2", "sales", "qa", "staff", "staff2")]
    engine.claim_task(session, cases[1].task("UT_do").id, dept)
    engine.claim_task(session, cases[2].task("UT_do").id, dept)
    engine.delegate_task(session, cases[2].task("UT_do").id, dept, "staff2", "x")
    cases[3].complete("UT_do", "dept", note="x")
    cases[4].complete("UT_do", "sales", note="x")
    engine.cancel_instance(session, cases[5].id, made.actor("cs_lead"), "x")
    for who in PEOPLE:
        actor = made.actor(who)
        listed = {row.id for row in engine.list_instances(session, actor, limit=100).items}
        assert {case.id for case in cases if engine.sees(session, actor, case.id)} == listed, who
