"""Running complaints are moved to a second version of the main job: another limit, another field."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

import engine
from tests.bpmn.case import Case
from tests.company import BPMN

OWNER = "jiang.bo"
BEFORE, AFTER = "${now() + hours(2)}", "${now() + hours(1)}"  # to name a handler


def second_version() -> dict[str, bytes]:
    """The files with half the time to name a handler, and the field `model_seen` in place of `model`."""
    files = {
        str(file.relative_to(BPMN)): file.read_bytes()
        for file in BPMN.rglob("*")
        if file.suffix in (".bpmn", ".dmn", ".form", ".csv")
    }
    intake, form = "qf_intake.bpmn", "forms/registration.form"
    assert BEFORE.encode() in files[intake]
    assert b'"key": "model"' in files[form]
    files[intake] = files[intake].replace(BEFORE.encode(), AFTER.encode())
    files[form] = files[form].replace(b'"key": "model"', b'"key": "model_seen"')
    return files


def move(company: Session, at: Case) -> engine.MigrationView:
    """Publishes the second version and has every complaint moved."""
    owner = at.player.actor(OWNER)
    with engine.transaction(company):
        engine.deploy(company, second_version(), OWNER, "缩短指定专人的时限", now=at.now)
    with engine.transaction(company):
        order = engine.start_instance_migration(company, "qf_main", owner, 1, 2, "新规定", now=at.now)
    company.rollback()
    engine.run_due(at.database, now=at.now)
    return engine.get_instance_migration(company, order, owner)


def test_of_three_complaints_two_are_moved_and_the_one_with_a_draft_is_refused(
    company: Session, case: Callable[..., Case]
) -> None:
    waiting, drafted, further = case(), case(), case()
    for each in (drafted, further):
        each.do("UT_assign")
    further.do("UT_register")
    task = drafted.task("UT_register")
    with engine.transaction(company):
        writer = drafted.player.actor(drafted.player.somebody_for(task))
        engine.save_draft(company, task.id, writer, {"model": "A48Y"}, now=drafted.now)
    dues = {each.number: {c.name: c.due_at for c in each.view.clocks} for each in (waiting, further)}
    due = waiting.task("UT_assign").due_at
    view = move(company, further)
    by_number = {row.business_key: row for row in view.page.items}
    assert [by_number[c.number].state for c in (waiting, drafted, further)] == ["moved", "refused", "moved"]
    (reason,) = by_number[drafted.number].reasons
    assert "登记信息" in reason.zh
    assert "型号" in reason.zh
    assert dues == {e.number: {c.name: c.due_at for c in e.view.clocks} for e in (waiting, further)}
    assert waiting.task("UT_assign").due_at == due
    assert [each.view.version for each in (waiting, drafted, further)] == [2, 1, 2]
    assert engine.verify_chains(company) == []


def test_moved_complaints_show_the_new_field_and_reach_their_end(
    company: Session, case: Callable[..., Case]
) -> None:
    waiting, further = case(), case()
    further.go_to("UT_analyse")
    assert move(company, further).row.moved == 2
    waiting.now = further.now
    waiting.do("UT_assign")
    task = waiting.task("UT_register")
    reader = waiting.player.actor(waiting.player.somebody_for(task))
    page = engine.get_task(company, task.id, reader, now=waiting.now)
    assert page.form is not None
    assert "model_seen" in page.form.field_names
    assert ("qf_main", "TE_closed") in further.finish().reached
    assert engine.verify_chains(company) == []


def test_wherever_a_complaint_stands_it_can_be_moved_to_a_version_that_changes_nothing_of_its_way(
    company: Session, case: Callable[..., Case]
) -> None:
    """Step by step through the whole main job: at each of its tasks the dry run finds nothing against it."""
    story = case()
    owner = story.player.actor(OWNER)
    with engine.transaction(company):
        engine.deploy(company, second_version(), OWNER, "缩短指定专人的时限", now=story.now)
    seen = set[str]()
    while tasks := story.player.open_tasks(story.id):
        plan = engine.plan_instance_migration(
            company, "qf_main", owner, before=1, after=2, now=story.now + timedelta(minutes=1)
        )
        assert plan.page.items[0].reasons == (), story.open
        seen |= set(story.open)
        story.do(f"{tasks[0].process_id}.{tasks[0].element_id}")
    assert len(seen) > 20
