"""Running cases are moved to another version: planned, ordered, done one by one, told in their history."""

import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import engine
from engine.commands.worker import run_due
from engine.errors import (
    InstanceMigrationNotFound,
    NotAllowed,
    NothingToMove,
    ProcessNotFound,
    ReasonRequired,
    SameVersion,
    TaskMoved,
    VersionNotFound,
)
from engine.schedule import jobs
from engine.schedule.jobs import Leased
from engine.storage.models import InstanceMigrationCase, Job, ProcessInstance, UserTask
from tests.drive import Case, Clock, House, actor, contents, sign_up
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, START, field, task
from tests.engine.test_external import PLAIN
from tests.engine.test_races import at_once
from tests.engine.timed import boundary, limited, timer, wait
from tests.processes import eventually, started

Furnish = Callable[..., House]


def regulation(first: str, last: str = "", hours: int = 5) -> dict[str, bytes]:
    """Do, check, and `last` if there is such a task; a reminder some hours after the beginning."""
    ending = flow("UT_check", "UT_file") + flow("UT_file", "EE_done") if last else flow("UT_check", "EE_done")
    return {
        "p.bpmn": diagram(
            START + first + task("UT_check", groups="qa") + last + task("UT_late", groups="vp") + END
            + boundary("TB_late", "UT_do", timer(f"<timeDuration>PT{hours}H</timeDuration>"))
            + node("endEvent", "EE_late") + flow("SE", "UT_do") + flow("UT_do", "UT_check") + ending
            + flow("TB_late", "UT_late") + flow("UT_late", "EE_late")
        )
    }  # fmt: skip


DUE = "${now() + hours(48)}"
OLD = regulation(task("UT_do", field("note"), field("remark"), due=DUE))
NEW = regulation(
    task("UT_do", field("note"), field("cause"), due="${now() + hours(4)}").replace("做do", "做好do"),
    task("UT_file"), hours=9,
)  # fmt: skip


def order(house: House, before: int = 1, after: int = 2, as_: str = "owner", reason: str = "新规定") -> str:
    """Orders that all cases be moved."""
    with engine.transaction(house.session):
        return engine.start_instance_migration(
            house.session, "p", house.actor(as_), before, after, reason, now=house.clock.now
        )


def plan(house: House, as_: str = "owner", **more: object) -> engine.MigrationPlan:
    """What would become of them."""
    return engine.plan_instance_migration(
        house.session, "p", house.actor(as_), now=house.clock.now, **more
    )


def work(house: House) -> None:
    """A worker does what is due."""
    house.session.rollback()
    run_due(house.session.get_bind(), now=house.clock.now)
    house.session.rollback()


def result(house: House, migration: str, **more: str) -> engine.MigrationView:
    """How far an order has come."""
    return engine.get_instance_migration(house.session, migration, house.actor("owner"), **more)


def version(case: Case) -> int:
    return case.view().version


@pytest.fixture
def three(house: Furnish) -> tuple[House, list[Case]]:
    """Three cases on version 1: at its first task, there with a draft that version 2 would lose, and at the
    second task."""
    home = house(OLD)
    fresh, drafted, further = (home.start("p", gist=f"案件{number}") for number in (1, 2, 3))
    with engine.transaction(home.session):
        engine.save_draft(
            home.session, drafted.task("UT_do").id, home.actor("cs"), {"note": "半", "remark": "写了一半"},
            now=home.clock.now,
        )  # fmt: skip
        engine.save_draft(
            home.session, fresh.task("UT_do").id, home.actor("cs"), {"note": "草稿"}, now=home.clock.now
        )
        engine.claim_task(home.session, fresh.task("UT_do").id, home.actor("cs"), now=home.clock.now)
    further.complete("UT_do", "cs", note="做完", remark="旧字段")
    home.clock.advance(hours=1)
    home.deploy(NEW)
    return home, [fresh, drafted, further]


def test_a_plan_tells_of_every_case_whether_it_can_be_moved_and_changes_nothing(
    three: tuple[House, list[Case]],
) -> None:
    home, cases = three
    before = contents(home.session)
    view = plan(home)
    assert (view.before.version, view.after.version, view.can, view.cannot, view.more) == (1, 2, 2, 1, False)
    assert [case.business_key for case in view.page.items] == [case.business_key for case in cases]
    assert [bool(case.reasons) for case in view.page.items] == [False, True, False]
    (reason,) = view.page.items[1].reasons
    assert "做do" in reason.zh
    assert "remark" in reason.zh
    assert "remark" in reason.en
    assert contents(home.session) == before


def test_of_three_cases_two_are_moved_and_one_is_refused_with_its_reason(
    three: tuple[House, list[Case]],
) -> None:
    home, (fresh, drafted, further) = three
    migration = order(home)
    assert (result(home, migration).row.left, version(fresh)) == (3, 1)
    work(home)
    view = result(home, migration)
    assert (view.row.left, view.row.moved, view.row.refused) == (0, 2, 1)
    assert [version(case) for case in (fresh, drafted, further)] == [2, 1, 2]
    (refused,) = result(home, migration, state="refused").page.items
    assert refused.business_key == drafted.business_key
    assert "remark" in refused.reasons[0].zh
    assert engine.verify_chains(home.session) == []


def test_moved_cases_go_on_under_the_new_version_and_the_refused_one_under_the_old(
    three: tuple[House, list[Case]],
) -> None:
    home, (fresh, drafted, further) = three
    order(home)
    work(home)
    fresh.complete("UT_do", "cs", note="好", cause="新字段")
    for case in (fresh, further):
        case.complete("UT_check", "qa")
        assert case.open_tasks() == ["UT_file"]
        case.complete("UT_file", "cs")
    drafted.complete("UT_do", "cs", note="好", remark="旧字段")
    drafted.complete("UT_check", "qa")
    assert {case.ended_at for case in (fresh, drafted, further)} == {"已完成"}
    assert engine.verify_chains(home.session) == []


def test_due_times_timers_drafts_and_assignees_are_carried_over(three: tuple[House, list[Case]]) -> None:
    home, (fresh, _, _) = three
    before = home.session.get_one(UserTask, fresh.task("UT_do").id)
    work(home)
    kept = before.due_at, before.assignee_id, before.draft, before.announced, before.created_at
    order(home)
    work(home)
    after = home.session.get_one(UserTask, fresh.task("UT_do").id, populate_existing=True)
    assert kept == (after.due_at, "cs", {"note": "草稿"}, after.announced, after.created_at)
    assert after.name == "做好do"
    page = fresh.page("UT_do", "cs")
    assert page.form is not None
    assert "cause" in page.form.field_names
    assert page.values["note"] == "草稿"
    wait(home, hours=3)
    assert fresh.open_tasks() == ["UT_do"]
    wait(home, hours=1)
    assert fresh.open_tasks() == ["UT_do", "UT_late"]


def test_every_move_is_told_in_the_history_with_from_to_by_and_reason(
    three: tuple[House, list[Case]],
) -> None:
    home, (fresh, drafted, _) = three
    order(home, reason="新规定生效")
    work(home)
    (told,) = [event for event in fresh.view().history if event.kind == "instance_migrated"]
    assert (told.actor, told.role, told.reason) == ("owner", "owner", "新规定生效")
    assert told.text.zh == "将案件从第 1 版迁移到第 2 版"
    assert told.text.en == "moved the case from version 1 to version 2"
    assert not [event for event in drafted.view().history if event.kind == "instance_migrated"]


def test_what_was_done_before_is_shown_in_the_words_of_its_version(three: tuple[House, list[Case]]) -> None:
    home, (_, _, further) = three
    done = home.session.scalars(select(UserTask).where(UserTask.completed_by == "cs")).one()
    order(home)
    work(home)
    submission = further.view().submissions[-1]
    assert submission.form is not None
    assert "remark" in submission.form.field_names
    page = engine.get_task(home.session, done.id, home.actor("cs"), now=home.clock.now)
    assert page.form is not None
    assert "remark" in page.form.field_names


def test_the_page_of_a_task_that_the_new_version_does_not_have_still_opens(house: Furnish) -> None:
    two = diagram(START + task("UT_a") + task("UT_b") + END + flow("SE", "UT_a") + flow("UT_a", "UT_b")
                  + flow("UT_b", "EE_done"))  # fmt: skip
    one = diagram(START + task("UT_b") + END + flow("SE", "UT_b") + flow("UT_b", "EE_done"))
    home = house({"p.bpmn": two})
    case = home.start("p", gist="x")
    done = case.task("UT_a").id
    case.complete("UT_a", "cs")
    home.clock.advance(hours=1)
    home.deploy({"p.bpmn": one})
    migration = order(home)
    work(home)
    assert result(home, migration).row.moved == 1
    page = engine.get_task(home.session, done, home.actor("cs"), now=home.clock.now)
    assert page.row.name == "做a"
    assert "做a" in next(event.text.zh for event in case.view().history if event.element_id == "UT_a")
    case.complete("UT_b", "cs")
    assert case.ended_at == "已完成"


@pytest.mark.parametrize("who", ["admin", "compliance", "qa_lead", "it", "staff"])
def test_only_the_process_owner_moves_cases(three: tuple[House, list[Case]], who: str) -> None:
    home, _ = three
    before = contents(home.session)
    with pytest.raises(NotAllowed):
        order(home, as_=who)
    assert contents(home.session) == before


def test_compliance_looks_on_and_administrators_do_not(three: tuple[House, list[Case]]) -> None:
    home, _ = three
    migration = order(home)
    assert plan(home, as_="compliance").can == 2
    assert not plan(home, as_="compliance").may_move
    for verb in (
        lambda who: plan(home, as_=who),
        lambda who: engine.list_instance_migrations(home.session, "p", home.actor(who)),
        lambda who: engine.get_instance_migration(home.session, migration, home.actor(who)),
    ):
        verb("compliance")
        with pytest.raises(NotAllowed):
            verb("admin")


def test_an_order_that_makes_no_sense_is_refused(three: tuple[House, list[Case]]) -> None:
    home, _ = three
    before = contents(home.session)
    with pytest.raises(ReasonRequired):
        order(home, reason=" ")
    with pytest.raises(SameVersion):
        order(home, 1, 1)
    with pytest.raises(VersionNotFound):
        order(home, 1, 9)
    with pytest.raises(NothingToMove):
        order(home, 2, 1)
    with pytest.raises(InstanceMigrationNotFound):
        result(home, "nothing")
    with pytest.raises(ProcessNotFound):
        engine.plan_instance_migration(home.session, "q", home.actor("owner"))
    assert contents(home.session) == before


def test_a_case_that_has_ended_or_moved_meanwhile_is_left_alone(three: tuple[House, list[Case]]) -> None:
    home, (fresh, _, further) = three
    first, second = order(home), order(home)
    further.complete("UT_check", "qa")
    work(home)
    ended = next(c for c in result(home, first).page.items if c.id == further.id)
    assert "已经结束" in ended.reasons[0].zh
    twice = [c for each in (first, second) for c in result(home, each).page.items if c.id == fresh.id]
    moved, refused = sorted(twice, key=lambda case: case.state)
    assert (moved.state, refused.state) == ("moved", "refused")
    assert "原版本" in refused.reasons[0].zh
    assert len([e for e in fresh.view().history if e.kind == "instance_migrated"]) == 1


def test_orders_are_listed_by_process_the_latest_first_and_paged(three: tuple[House, list[Case]]) -> None:
    home, _ = three
    ids = []
    for number in range(3):
        home.clock.advance(minutes=1)
        ids.append(order(home, reason=f"第{number}次"))
    _name, page = engine.list_instance_migrations(home.session, "p", home.actor("owner"), limit=2)
    assert [row.id for row in page.items] == ids[:0:-1]
    assert page.items[0].reason == "第2次"
    assert (page.total, page.items[0].total) == (3, 3)
    _, rest = engine.list_instance_migrations(
        home.session, "p", home.actor("owner"), limit=2, cursor=page.next_cursor
    )
    assert [row.id for row in rest.items] == ids[:1]


def test_a_plan_and_a_result_are_paged_by_number(three: tuple[House, list[Case]]) -> None:
    home, cases = three
    first = plan(home, limit=2)
    second = plan(home, limit=2, cursor=first.page.next_cursor)
    numbers = [case.business_key for page in (first, second) for case in page.page.items]
    assert numbers == [case.business_key for case in cases]
    migration = order(home)
    one = engine.get_instance_migration(home.session, migration, home.actor("owner"), limit=2)
    two = engine.get_instance_migration(
        home.session, migration, home.actor("owner"), limit=2, cursor=one.page.next_cursor
    )
    assert [c.business_key for page in (one, two) for c in page.page.items] == numbers


def test_new_candidates_get_the_task_and_hear_of_it(house: Furnish) -> None:
    home = house(regulation(task("UT_do", groups="cs")))
    case = home.start("p", gist="x")
    work(home)
    home.deploy(regulation(task("UT_do", groups="sales")))
    order(home)
    work(home)
    for who, number in (("cs", 0), ("sales", 1)):
        assert len(engine.list_tasks(home.session, home.actor(who), "group").items) == number, who
    assert [n.kind for n in engine.list_notifications(home.session, home.actor("sales")).items] == ["task"]
    case.complete("UT_do", "sales")


def test_a_task_that_a_program_works_on_is_moved_when_the_program_has_let_go(house: Furnish) -> None:
    home = house(PLAIN)
    home.start("p", gist="x")
    with engine.transaction(home.session):
        engine.fetch_and_lock(
            home.session, "w", home.actor("it"), [engine.Subscription("lims", timedelta(minutes=1))],
            now=home.clock.now,
        )  # fmt: skip
    home.deploy({"p.bpmn": PLAIN["p.bpmn"].replace("不合格".encode(), "未通过".encode())})
    assert "程序" in plan(home).page.items[0].reasons[0].zh
    home.clock.advance(minutes=2)
    assert plan(home).can == 1


def test_a_running_limit_is_carried_over_and_its_end_stays(house: Furnish) -> None:
    home = house(limited("PT48H"))
    case = home.start("p", gist="x")
    due = case.view().clocks[0].due_at
    home.clock.advance(hours=1)
    home.deploy(limited("PT72H"))
    migration = order(home)
    work(home)
    assert result(home, migration).row.moved == 1
    assert case.view().clocks[0].due_at == due
    wait(home, hours=48)
    assert "UT_late" in case.open_tasks()


def test_a_timer_that_is_tied_to_a_limit_only_now_is_an_obstacle(house: Furnish) -> None:
    """It would not move with the limit."""
    tied = limited()["p.bpmn"]
    free = tied.replace(b"<timeDate>${due('confirm')}<", b"<timeDate>2027-01-01T00:00:00+08:00<")
    assert free != tied
    home = house({"p.bpmn": free})
    home.start("p", gist="x")
    home.deploy({"p.bpmn": tied})
    assert [len(case.reasons) for case in plan(home).page.items] == [1]
    home.deploy({"p.bpmn": tied.replace("已督办".encode(), "已经督办".encode())})
    home.start("p", gist="y")
    assert plan(home, before=3, after=3).can == 1


@pytest.mark.parametrize(("old", "new"), [("confirm", "other"), ("other", "confirm")])
def test_a_limit_that_would_be_missing_or_never_stop_is_an_obstacle(
    house: Furnish, old: str, new: str
) -> None:
    files = [{"p.bpmn": limited()["p.bpmn"].replace(b"confirm", name.encode())} for name in (old, new)]
    home = house(files[0])
    home.start("p", gist="x")
    home.deploy(files[1])
    reasons = " ".join(reason.zh for reason in plan(home).page.items[0].reasons)
    assert "时限" in reasons
    assert old in reasons
    assert new in reasons


def test_a_page_drawn_before_the_move_is_refused_and_one_whose_task_is_the_same_is_not(
    three: tuple[House, list[Case]],
) -> None:
    home, (fresh, _, further) = three
    pages = {case.id: case.page(element, who) for case, element, who in (
        (fresh, "UT_do", "cs"), (further, "UT_check", "qa"))}  # fmt: skip
    order(home)
    work(home)
    before = contents(home.session)
    seen = pages[fresh.id].revision
    for verb, facts in ((engine.complete_task, ({"note": "x"},)), (engine.save_draft, ({"note": "x"},))):
        with pytest.raises(TaskMoved, match="version 2"), engine.transaction(home.session):
            verb(home.session, pages[fresh.id].row.id, home.actor("cs"), *facts, revision=seen)
    assert contents(home.session) == before
    fresh.complete("UT_do", "cs", note="x", cause="新字段")
    with engine.transaction(home.session):
        task_id, seen = pages[further.id].row.id, pages[further.id].revision
        engine.complete_task(home.session, task_id, home.actor("qa"), {}, revision=seen, now=home.clock.now)


# -- several at once, and workers that die


def waiting_cases(database: Engine, folder: Path, count: int, clock: Clock | None = None) -> str:
    """Cases of two versions, and the order to move them."""
    with Session(database) as session:
        sign_up(session)
        home = House(session, clock or Clock(), folder).deploy(OLD)
        for number in range(count):
            home.start("p", gist=f"案件{number}")
        home.deploy(NEW)
        return order(home)


def states(database: Engine) -> dict[str, int]:
    """How many cases of all orders are in each state."""
    table = InstanceMigrationCase
    with Session(database) as session:
        rows = session.execute(select(table.state, func.count()).group_by(table.state))
        return {str(state): int(number) for state, number in rows}


def test_a_case_is_moved_while_somebody_completes_its_task(each_database: Engine, tmp_path: Path) -> None:
    """Whoever is first, both are done, one after the other, and the history holds: whose page the move has
    overtaken is told, and completes the task as it now is."""
    clock = Clock()
    waiting_cases(each_database, tmp_path, 12, clock)
    with Session(each_database) as session, engine.transaction(session):
        due = jobs.lease(session, "w", clock.now, 50, kinds=["instance_migration"])
        who = actor(session, "cs")
    for job in due:
        with Session(each_database) as session:
            open_task = select(UserTask.id).where(UserTask.instance_id == job.instance_id)
            task_id = session.scalars(open_task).one()
        moved, completed = at_once(
            each_database,
            lambda own, job=job: engine.run_job(each_database, job, engine.Services(), clock.now),
            lambda own, task_id=task_id: engine.complete_task(
                own, task_id, who, {"note": "x"}, revision=1, now=clock.now
            ),
        )
        assert moved is True
        if isinstance(completed, TaskMoved):
            with Session(each_database) as session, engine.transaction(session):
                completed = engine.complete_task(
                    session, task_id, who, {"note": "x"}, revision=2, now=clock.now
                )
        assert isinstance(completed, engine.Completed)
    assert states(each_database) == {"moved": 12}
    with Session(each_database) as session:
        assert engine.verify_chains(session) == []
        home = House(session, clock, tmp_path)
        for job in due:
            case = Case(home, job.instance_id or "", "")
            case.complete("UT_check", "qa")
            case.complete("UT_file", "cs")
            assert case.ended_at == "已完成"


def test_a_job_that_was_taken_over_moves_nothing_twice(each_database: Engine, tmp_path: Path) -> None:
    clock = Clock()
    waiting_cases(each_database, tmp_path, 1, clock)
    with Session(each_database) as session, engine.transaction(session):
        (late,) = jobs.lease(session, "late", clock.now, 1, kinds=["instance_migration"])
    clock.advance(minutes=5)
    with Session(each_database) as session, engine.transaction(session):
        (heir,) = jobs.lease(session, "heir", clock.now, 1, kinds=["instance_migration"])

    def running(job: Leased) -> Callable[[Session], object]:
        return lambda own: engine.run_job(each_database, job, engine.Services(), clock.now)

    assert at_once(each_database, running(late), running(heir)) == [False, True]
    with Session(each_database) as session:
        case = session.scalars(select(ProcessInstance)).one()
        assert case.revision == 2
        assert engine.verify_chains(session) == []


@pytest.mark.long
def test_a_killed_worker_leaves_the_rest_to_another(each_database: Engine, tmp_path: Path) -> None:
    """Every case is moved once, whenever the worker died."""
    past = Clock()
    past.now = datetime.now(UTC) - timedelta(hours=2)
    waiting_cases(each_database, tmp_path, 40, past)
    words = ("engine", "worker", "--poll", "0.1", "--batch", "40", "--lease", "2")
    settings = {"database_url": each_database.url.render_as_string(hide_password=False)}
    with started(tmp_path / "1.log", *words, **settings) as killed:
        assert eventually(lambda: states(each_database).get("moved")), killed.said
        killed.stop(signal.SIGKILL)
    with started(tmp_path / "2.log", *words, **settings) as heir:
        assert eventually(lambda: states(each_database) == {"moved": 40}), heir.said
        assert heir.stop() == 0
    with Session(each_database) as session:
        left = select(Job.id).where(Job.kind == "instance_migration", Job.state != "done")
        assert session.scalars(left).all() == []
        assert set(session.scalars(select(ProcessInstance.revision))) == {2}
        assert engine.verify_chains(session) == []

