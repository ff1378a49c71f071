"""Claim, release, assign, draft and complete: who may, who may not, and what each is told."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import engine
from engine.errors import (
    AlreadyEnded,
    FormInvalid,
    FourEyes,
    NotACandidate,
    NotAllowed,
    PersonNotFound,
    ReasonRequired,
    SignatureRequired,
    StaleTask,
    TaskNotFound,
    TaskNotOpen,
    WrongPassword,
)
from tests.drive import PASSWORD, Clock, House, contents, sign_up
from tests.engine.bpmn_text import diagram, flow
from tests.engine.counting import counted
from tests.engine.houses import END, ONE, REWORK, START, field, task

Open = Callable[[Mapping[str, bytes]], House]


def test_a_case_goes_from_start_to_end_through_the_verbs(house: Open) -> None:
    case = house(REWORK).start("p", gist="阀门渗漏")
    assert case.open_tasks() == ["UT_do"]
    case.complete("UT_do", "cs", note="第一次")
    case.complete("UT_check", "qa", good=False)
    case.complete("UT_do", "cs", note="第二次")
    done = case.complete("UT_check", "qa", good=True)
    assert (case.open_tasks(), case.ended_at, done.ended) == ([], "已完成", True)
    view = case.view()
    assert [s.element_id for s in view.submissions] == ["SE", "UT_do", "UT_check", "UT_do", "UT_check"]
    assert view.diagrams[0].completed["UT_do"] == 2
    assert view.chain_ok
    assert view.state == "completed"


def test_the_page_says_what_the_diagram_says(house: Open) -> None:
    case = house(REWORK).start("p", gist="阀门渗漏")
    page = case.page("UT_do", "cs")
    assert [clause.id for clause in page.clauses] == ["S1-3.1a"]
    assert page.row.due_at is not None
    assert (page.row.due_at - case.house.clock.now).total_seconds() == 48 * 3600
    assert page.form is not None
    assert page.can_complete
    assert page.can_claim
    assert not page.can_release
    assert [person.id for person in page.assignable] == ["cs2"]  # who may claim it need not be handed it


def test_a_task_is_handed_to_nobody_who_has_it_or_may_claim_it(house: Open) -> None:
    alone = ONE["p.bpmn"].replace(b'Groups="cs"', b'Groups="vp"')
    case = house({"p.bpmn": alone}).start("p", gist="x")
    page = case.page("UT_do", "vp")
    assert page.can_assign
    assert page.assignable == ()
    with engine.transaction(case.house.session):
        engine.claim_task(case.house.session, page.row.id, case.house.actor("vp"))
    assert case.page("UT_do", "vp").assignable == ()


def test_somebody_of_another_group_is_refused_and_nothing_is_stored(house: Open) -> None:
    case = house(ONE).start("p", gist="x")
    before = contents(case.house.session)
    with pytest.raises(NotACandidate, match="cs"):
        case.complete("UT_do", "qa", note="x")
    assert contents(case.house.session) == before


def test_a_finished_task_says_by_whom_and_when_it_was_finished(house: Open) -> None:
    case = house(ONE).start("p", gist="x")
    task = case.task("UT_do")
    case.complete("UT_do", "cs", note="x")
    with pytest.raises(TaskNotOpen) as refused:
        engine.complete_task(case.house.session, task.id, case.house.actor("cs2"), {})
    assert refused.value.completed_by == "cs 先生"
    assert "已完成" in refused.value.message("zh")
    assert "cs 先生" in refused.value.message("en")


@pytest.mark.parametrize("who", ["dept", "admin"])
def test_who_may_not_see_the_case_is_not_told_who_was_faster(house: Open, who: str) -> None:
    case = house(ONE).start("p", gist="x")
    task_id, stranger, session = case.task("UT_do").id, case.house.actor(who), case.house.session
    with engine.transaction(session):
        engine.claim_task(session, task_id, case.house.actor("cs"), now=case.house.clock.now)
    with pytest.raises(TaskNotFound):
        engine.save_draft(session, task_id, stranger, {}, revision=1)
    case.complete("UT_do", "cs", note="x")
    verbs: list[Callable[[], object]] = [
        lambda: engine.claim_task(session, task_id, stranger),
        lambda: engine.release_task(session, task_id, stranger),
        lambda: engine.assign_task(session, task_id, stranger, "cs", "x"),
        lambda: engine.delegate_task(session, task_id, stranger, "cs", "x"),
        lambda: engine.resolve_task(session, task_id, stranger),
        lambda: engine.save_draft(session, task_id, stranger, {}),
        lambda: engine.complete_task(session, task_id, stranger, {}),
    ]
    for verb in verbs:
        with pytest.raises(TaskNotFound):
            verb()


def test_a_page_that_is_out_of_date_is_refused_naming_who_was_faster(house: Open) -> None:
    case = house(ONE).start("p", gist="x")
    page = case.page("UT_do", "cs2")
    case.complete("UT_do", "cs", note="x")
    with pytest.raises(StaleTask) as refused:
        engine.complete_task(
            case.house.session, page.row.id, case.house.actor("cs2"), {}, revision=page.revision
        )
    assert refused.value.completed_by == "cs 先生"


def test_an_unknown_task_is_not_found(house: Open) -> None:
    at = house(ONE)
    with pytest.raises(TaskNotFound):
        engine.complete_task(at.session, "no such task", at.actor("cs"), {})


def test_a_claimed_task_leaves_the_group_list_and_a_released_one_returns(house: Open) -> None:
    case = house(ONE).start("p", gist="x")
    session, cs, cs2 = case.house.session, case.house.actor("cs"), case.house.actor("cs2")
    task = case.task("UT_do").id
    assert [row.id for row in engine.list_tasks(session, cs2, "group").items] == [task]
    with engine.transaction(session):
        engine.claim_task(session, task, cs)
    assert engine.list_tasks(session, cs2, "group").items == []
    assert [row.id for row in engine.list_tasks(session, cs, "mine").items] == [task]
    with pytest.raises(NotACandidate):
        engine.complete_task(session, task, cs2, {})
    with engine.transaction(session):
        engine.release_task(session, task, cs)
    assert [row.id for row in engine.list_tasks(session, cs2, "group").items] == [task]


def test_only_the_assignee_releases_and_nobody_claims_twice(house: Open) -> None:
    case = house(ONE).start("p", gist="x")
    session, cs, cs2 = case.house.session, case.house.actor("cs"), case.house.actor("cs2")
    task = case.task("UT_do").id
    engine.claim_task(session, task, cs)
    with pytest.raises(NotAllowed):
        engine.claim_task(session, task, cs)
    with pytest.raises(NotACandidate):
        engine.release_task(session, task, cs2)


def test_a_task_is_handed_over_with_a_reason_to_a_candidate(house: Open) -> None:
    case = house(ONE).start("p", gist="x")
    session, task = case.house.session, case.task("UT_do").id
    lead = case.house.actor("cs_lead")
    with pytest.raises(ReasonRequired):
        engine.assign_task(session, task, lead, "cs2", " ")
    with pytest.raises(PersonNotFound):
        engine.assign_task(session, task, lead, "nobody", "休假")
    with pytest.raises(NotACandidate):
        engine.assign_task(session, task, lead, "qa", "休假")
    with pytest.raises(NotACandidate):
        engine.assign_task(session, task, case.house.actor("qa"), "cs2", "休假")
    with engine.transaction(session):
        engine.assign_task(session, task, lead, "cs2", "休假")
    assert case.task("UT_do").assignee == "cs2"
    last = case.view().history[-1]
    assert (last.kind, last.reason, last.text.zh) == ("assigned", "休假", "将“做do”交给cs2 先生")


def test_a_task_of_one_person_only_is_handed_on_by_the_leads_of_the_register(house: Open) -> None:
    """A task assigned by name and offered to nobody must not wait for ever for somebody who left."""
    asking = task("UT_a", field("note"), groups="", assignee="dept")
    files = {"p.bpmn": diagram(START + asking + END + flow("SE", "UT_a") + flow("UT_a", "EE_done"))}
    case = house(files).start("p", gist="x")
    session, task_id = case.house.session, case.task("UT_a").id
    with pytest.raises(NotACandidate):
        engine.assign_task(session, task_id, case.house.actor("qa"), "qa", "离职")
    engine.assign_task(session, task_id, case.house.actor("qa_lead"), "qa", "离职")
    assert case.task("UT_a").assignee == "qa"


def test_a_draft_is_kept_as_typed_and_shown_again(house: Open) -> None:
    case = house(REWORK).start("p", gist="x")
    session, cs = case.house.session, case.house.actor("cs")
    page = case.page("UT_do", "cs")
    with engine.transaction(session):
        revision = engine.save_draft(session, page.row.id, cs, {"note": "写了一半"}, revision=page.revision)
    after = case.page("UT_do", "cs")
    assert (after.values["note"], after.revision) == ("写了一半", revision)
    assert after.draft_saved_at is not None
    with pytest.raises(FormInvalid):
        engine.save_draft(session, page.row.id, cs, {"typename": "x"})
    with pytest.raises(StaleTask):
        engine.save_draft(session, page.row.id, cs, {"note": "旧页面"}, revision=page.revision)


def test_the_lists_mark_a_draft_for_whoever_goes_on_from_it_and_for_nobody_else(house: Open) -> None:
    case = house(REWORK).start("p", gist="x")
    session, task_id, now = case.house.session, case.task("UT_do").id, case.house.clock.now
    cs, cs2 = case.house.actor("cs"), case.house.actor("cs2")

    def marks(who: engine.Actor, view: str) -> list[bool]:
        return [row.draft_saved_at == now for row in engine.list_tasks(session, who, view).items]

    assert marks(cs, "group") == [False]
    engine.save_draft(session, task_id, cs, {"note": "写了一半"}, now=now)
    assert (marks(cs, "group"), marks(cs2, "group")) == ([True], [False])
    engine.claim_task(session, task_id, cs)
    assert marks(cs, "mine") == [True]
    engine.assign_task(session, task_id, cs, "cs2", "休假")
    assert (marks(cs, "mine"), marks(cs2, "mine")) == ([], [True])  # the draft goes along
    assert all(row.draft_saved_at is None for row in case.view().tasks)
    case.complete("UT_do", "cs2", note="写完了")
    assert marks(cs2, "done") == [False]


def test_a_draft_in_which_nothing_is_kept_is_none(house: Open) -> None:
    case = house(REWORK).start("p", gist="x")
    session, cs = case.house.session, case.house.actor("cs")
    engine.save_draft(session, case.task("UT_do").id, cs, {})
    assert engine.list_tasks(session, cs, "group").items[0].draft_saved_at is None


def test_a_list_of_drafts_takes_no_statement_more(database: Engine, clock: Clock, tmp_path: Path) -> None:
    with Session(database) as session:
        sign_up(session)
        home = House(session, clock, tmp_path).deploy(ONE)
        cases, cs = [home.start("p", gist="x") for _ in range(5)], home.actor("cs")
        taken = []
        for case in (None, *cases):
            if case:
                engine.save_draft(session, case.task("UT_do").id, cs, {"note": "半"})
            with counted(database) as work:
                engine.list_tasks(session, cs, "group")
            taken.append(len(work.statements))
    assert len(set(taken)) == 1, taken


def test_every_fault_of_a_form_is_told_at_once_and_nothing_is_stored(house: Open) -> None:
    case = house(REWORK).start("p", gist="x")
    before = contents(case.house.session)
    page = case.page("UT_do", "cs")
    for raw in ({}, {"note": "x", "more": "y"}, {"note": "x", "typename": "y"}, {"note": ["x"]}):
        with pytest.raises(FormInvalid) as refused, engine.transaction(case.house.session):
            engine.complete_task(case.house.session, page.row.id, case.house.actor("cs"), raw)
        assert refused.value.problems
    assert contents(case.house.session) == before


def test_values_given_for_a_task_are_checked_without_completing_anything(house: Open) -> None:
    """Only those given: what else the form asks for is not missed yet."""
    form = task("UT_do", field("note", required=True), field("pieces", "long"))
    files = {"p.bpmn": diagram(START + form + END + flow("SE", "UT_do") + flow("UT_do", "EE_done"))}
    case = house(files).start("p", gist="x")
    session, cs, open_task = case.house.session, case.house.actor("cs"), case.task("UT_do")
    before = contents(session)

    def wrong(**values: object) -> list[str]:
        with engine.transaction(session):
            found = engine.task_problems(session, open_task.id, cs, values, now=case.house.clock.now)
        return [problem.field for problem in found]

    assert wrong(note="", pieces="many", typename="y") == ["typename", "note", "pieces"]
    assert (wrong(pieces="many"), wrong(pieces="3")) == (["pieces"], [])
    assert contents(session) == before


def test_who_may_not_complete_a_task_has_nothing_checked(house: Open) -> None:
    case = house(REWORK).start("p", gist="x")
    session, page = case.house.session, case.page("UT_do", "cs")
    with pytest.raises(NotACandidate):
        engine.task_problems(session, page.row.id, case.house.actor("qa"), {"note": ""})
    with pytest.raises(StaleTask):
        engine.task_problems(session, page.row.id, case.house.actor("cs"), {}, revision=page.revision + 1)
    case.complete("UT_do", "cs", note="x")
    with pytest.raises(TaskNotOpen):
        engine.task_problems(session, page.row.id, case.house.actor("cs"), {"note": ""})


def test_whoever_did_it_may_not_check_it(house: Open) -> None:
    files = {"p.bpmn": REWORK["p.bpmn"].replace(b'"qa"', b'"cs,qa"')}
    case = house(files).start("p", gist="x")
    case.complete("UT_do", "cs", note="x")
    assert not case.page("UT_check", "cs").can_complete
    with pytest.raises(FourEyes) as refused:
        case.complete("UT_check", "cs", good=True)
    assert "做do" in refused.value.message("zh")
    with pytest.raises(FourEyes):
        engine.claim_task(case.house.session, case.task("UT_check").id, case.house.actor("cs"))
    lead = case.house.actor("qa_lead")
    with pytest.raises(FourEyes):
        engine.assign_task(case.house.session, case.task("UT_check").id, lead, "cs", "分担")
    case.complete("UT_check", "cs2", good=True)


def test_whoever_did_it_may_not_prepare_its_check_either(house: Open) -> None:
    files = {"p.bpmn": REWORK["p.bpmn"].replace(b'"qa"', b'"cs,qa"')}
    case = house(files).start("p", gist="x")
    case.complete("UT_do", "cs", note="x")
    session, task_id = case.house.session, case.task("UT_check").id
    before = contents(session)
    assert not case.page("UT_check", "cs").can_draft
    with pytest.raises(FourEyes) as refused, engine.transaction(session):
        engine.save_draft(session, task_id, case.house.actor("cs"), {"good": True})
    assert "做do" in refused.value.message("zh")
    assert contents(session) == before
    with engine.transaction(session):
        engine.save_draft(session, task_id, case.house.actor("cs2"), {"good": True})


def test_signing_asks_for_the_password_again(house: Open) -> None:
    case = house(REWORK).start("p", gist="x")
    case.complete("UT_do", "cs", note="x")
    session, qa, task = case.house.session, case.house.actor("qa"), case.task("UT_check").id
    with pytest.raises(SignatureRequired, match="审核"):
        engine.complete_task(session, task, qa, {"good": True})
    with pytest.raises(WrongPassword), engine.transaction(session):
        engine.complete_task(session, task, qa, {"good": True}, password="wrong")
    assert case.open_tasks() == ["UT_check"]
    with engine.transaction(session):
        engine.complete_task(session, task, qa, {"good": True}, password=PASSWORD, now=case.house.clock.now)
    signed = case.view().submissions[-1]
    assert signed.signature is not None
    assert (signed.signature.meaning, signed.signature.printed_name) == ("审核", "qa 先生")
    assert signed.signature.at == case.house.clock.now


def test_a_cancelled_case_keeps_its_history_and_loses_its_tasks(house: Open) -> None:
    case = house(ONE).start("p", gist="x")
    session = case.house.session
    task = case.task("UT_do").id
    with pytest.raises(ReasonRequired):
        engine.cancel_instance(session, case.id, case.house.actor("cs_lead"), "")
    with pytest.raises(NotAllowed):
        engine.cancel_instance(session, case.id, case.house.actor("qa"), "不想做")
    with engine.transaction(session):
        engine.cancel_instance(session, case.id, case.house.actor("cs_lead"), "重复登记")
    view = case.view()
    assert (view.state, view.tasks, view.history[-1].reason) == ("cancelled", [], "重复登记")
    assert view.chain_ok
    assert engine.list_tasks(session, case.house.actor("cs"), "group").items == []
    with pytest.raises(TaskNotOpen):
        engine.complete_task(session, task, case.house.actor("cs"), {})
    with pytest.raises(AlreadyEnded):
        engine.cancel_instance(session, case.id, case.house.actor("cs_lead"), "再来")


def test_a_draft_hides_no_value_that_cannot_be_changed(house: Open) -> None:
    """A page sends nothing for such a field, and the draft must not make that its value."""
    fixed = field("gist").replace(
        "</camunda:formField>",
        '<camunda:validation><camunda:constraint name="readonly"/></camunda:validation></camunda:formField>',
    )
    way = flow("SE", "UT_do") + flow("UT_do", "EE_done")
    home = house({"p.bpmn": diagram(START + task("UT_do", fixed, field("note")) + END + way)})
    case = home.start("p", gist="泄漏")
    with engine.transaction(home.session) as session:
        draft = {"gist": "", "note": "半"}
        engine.save_draft(session, case.task("UT_do").id, home.actor("cs"), draft, now=home.clock.now)
    assert case.page("UT_do", "cs").values == {"gist": "泄漏", "note": "半"}
