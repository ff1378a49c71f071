"""Who is told what, once: new tasks, clocks, failed jobs; in the inbox and on the channels people chose."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

import engine
from engine.commands.delivery import Services
from engine.commands.notices import announce_tasks
from engine.storage.models import Incident, Notification, Person, PersonGroup, UserTask
from tests.drive import Clock, House, actor, sign_up
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.counting import counted
from tests.engine.houses import END, ONE, OPEN_LOOP, REWORK, extended, field, task
from tests.engine.listening import Postbox, Robot
from tests.engine.telling import announce, box, drive, house_of, inbox, jobs, open_to, set_channel, told, wall
from tests.engine.test_races import at_once
from tests.engine.timed import limited, wait

__all__ = ["box", "wall"]
Furnish = Callable[..., House]


# -- tasks


def test_candidates_are_told_of_a_new_task_once(house: Furnish) -> None:
    home = house(ONE)
    home.start("p", gist="泄漏")
    assert (announce(home), announce(home)) == (1, 0)
    assert told(home.session) == ["cs", "cs2"]


def test_who_has_the_task_already_is_told_alone(house: Furnish) -> None:
    home = house(house_of(assignee="sales"))
    home.start("p", as_="sales", gist="泄漏")
    announce(home)
    assert told(home.session) == ["sales"]


def test_named_candidates_and_groups_are_told_together(house: Furnish) -> None:
    home = house(house_of("qa,vp", users="cs,nobody"))
    home.start("p", gist="泄漏")
    announce(home)
    assert told(home.session) == ["cs", "qa", "qa2", "vp"]


def test_a_task_of_all_staff_is_told_to_nobody_in_particular(house: Furnish) -> None:
    home = house(house_of("staff"))
    home.start("p", gist="泄漏")
    assert announce(home) == 1
    assert told(home.session) == []


def test_people_who_have_left_are_not_told(house: Furnish) -> None:
    home = house(ONE)
    home.session.execute(update(Person).where(Person.id == "cs2").values(active=False))
    home.start("p", gist="泄漏")
    announce(home)
    assert told(home.session) == ["cs"]


def test_a_task_that_was_done_before_anybody_was_told_is_not_told(house: Furnish) -> None:
    home = house(ONE)
    home.start("p", gist="泄漏").complete("UT_do", "cs")
    assert announce(home) == 0
    assert told(home.session) == []


def test_the_line_names_number_step_process_and_due_time_in_both_languages(house: Furnish) -> None:
    home = house(REWORK)
    case = home.start("p", gist="泄漏")
    announce(home)
    (line,) = inbox(home, "cs")
    assert (line.kind, line.text.zh) == ("task", f"{case.business_key} 待办：做do")
    assert line.more.zh == "流程：返工流程 · 期限：2026-11-24 09:00"
    assert line.text.en == f"{case.business_key} to do: 做do"
    assert line.more.en == "Process: 返工流程 · Due: 2026-11-24 09:00"


def test_old_tasks_are_told_first_and_a_batch_has_its_limit(house: Furnish) -> None:
    home = house(ONE)
    cases = []
    for n in range(5):
        cases.append(home.start("p", gist=f"第{n}件"))
        home.clock.advance(minutes=1)
    with engine.transaction(home.session):
        assert announce_tasks(home.session, home.clock.now, limit=3) == 3
    numbers = {str(n.facts["number"]) for n in home.session.scalars(select(Notification))}
    assert numbers == {case.business_key for case in cases[:3]}


@pytest.mark.parametrize("tasks", [2, 60])
def test_a_batch_costs_the_same_statements_however_long_it_is(house: Furnish, tasks: int) -> None:
    home = house(house_of("cs,qa,vp"))
    for person in ("cs", "qa", "vp"):
        set_channel(home, person, "email", f"{person}@example.com")
    for n in range(tasks):
        home.start("p", gist=f"第{n}件")
    database = home.session.get_bind()
    assert isinstance(database, Engine)
    with counted(database) as work:
        assert announce(home) == tasks
    assert len(jobs(home.session)) == tasks * 3
    assert len(work.statements) <= 11, work.statements


def test_a_task_of_a_crowd_is_told_to_all_of_it(house: Furnish) -> None:
    """More lines than a statement may have parameters."""
    home, at = house(ONE), Clock().now
    known = {"password_hash": "-", "created_at": at, "created_by": "test", "password_changed_at": at}
    crowd = [f"p{n:04}" for n in range(900)]
    home.session.execute(insert(Person), [{"id": p, "name": p, **known} for p in crowd])
    home.session.execute(insert(PersonGroup), [{"person_id": p, "group_id": "cs"} for p in crowd])
    home.session.commit()
    for n in range(6):
        home.start("p", gist=f"第{n}件")
    announce(home)
    assert len(told(home.session)) == 6 * 902


def test_two_announcers_at_once_tell_nothing_twice(
    each_database: Engine, clock: Clock, tmp_path: Path
) -> None:
    with Session(each_database) as session:
        sign_up(session)
        home = House(session, clock, tmp_path).deploy(ONE)
        set_channel(home, "cs", "email", "cs@example.com")
        for n in range(30):
            home.start("p", gist=f"第{n}件")
        session.rollback()

        def work(own: Session) -> int:
            done = 0
            while found := announce_tasks(own, clock.now, limit=4):
                done += found
                own.commit()
            return done

        counts = at_once(each_database, *[work] * 4)
        assert all(isinstance(count, int) for count in counts), counts
        session.rollback()
        while announce(home):  # what was passed over because somebody else held it
            pass
        assert told(session) == ["cs"] * 30 + ["cs2"] * 30
        assert len(jobs(session)) == 30


def test_people_who_act_and_an_announcer_do_not_lock_each_other_out(
    each_database: Engine, clock: Clock, tmp_path: Path
) -> None:
    """Cases move on and on while two announce their tasks: nobody is refused, no turn is told twice."""
    with Session(each_database) as session:
        sign_up(session)
        cases = [House(session, clock, tmp_path).deploy(OPEN_LOOP).start("p", gist="x").id]
        cases.append(House(session, clock, tmp_path).start("p", gist="y").id)
        session.rollback()

        def act(number: int) -> Callable[[Session], object]:
            def work(own: Session) -> None:
                cs = actor(own, "cs")
                case = engine.get_instance(own, cases[number], actor(own, "compliance"))
                task_id = case.tasks[0].id
                for _ in range(40):
                    with engine.transaction(own):
                        done = engine.complete_task(own, task_id, cs, {"again": True}, now=clock.now)
                    (task_id,) = done.opened

            return work

        def tell(own: Session) -> None:
            for _ in range(60):
                announce_tasks(own, clock.now, limit=5)
                own.commit()

        assert at_once(each_database, act(0), act(1), tell, tell) == [None] * 4
        while announce(House(session, clock, tmp_path)):
            pass
        lines = select(Notification.task_id, Notification.person_id)
        rows = session.execute(lines).all()
        assert len(rows) == len(set(rows))
        last = select(UserTask.id).where(UserTask.state == "open")
        assert set(session.scalars(last)) <= {row.task_id for row in rows}


# -- clocks and failed jobs


def test_a_clock_warns_and_runs_out_before_those_who_work_on_the_case(house: Furnish) -> None:
    """To the candidates of its open tasks and whoever started it; what was missed for long is said once."""
    home = house(limited())
    case = home.start("p", as_="sales", gist="泄漏")
    wait(home, hours=40)
    assert told(home.session, "clock_warned") == ["cs", "cs2", "sales"]
    assert told(home.session, "clock_breached") == []
    wait(home, hours=9)
    assert set(told(home.session, "clock_breached")) >= {"cs", "cs2", "sales"}
    wait(home, hours=100)
    assert told(home.session, "clock_warned") == ["cs", "cs2", "sales"]
    (line,) = [line for line in inbox(home, "sales") if line.kind == "clock_breached"]
    assert line.text.zh == f"{case.business_key} 已超期：confirm"


def test_a_breach_that_a_completion_finds_is_told_too(house: Furnish) -> None:
    """Nobody looked between the end of the limit and the late step: it is said once, also in the history."""
    home = house(limited())
    case = home.start("p", as_="sales", gist="泄漏")
    home.clock.advance(hours=50)
    case.complete("UT_do", "cs")
    assert set(told(home.session, "clock_breached")) >= {"sales"}
    wait(home, hours=1)
    kinds = [event.kind for event in case.view().history]
    assert kinds.count("clock_breached") == 1
    assert len([person for person in told(home.session, "clock_breached") if person == "sales"]) == 1


def test_who_is_handed_a_task_is_told_though_told_before(house: Furnish) -> None:
    home = house(house_of("qa"))
    case = home.start("p", gist="泄漏")
    announce(home)
    assert told(home.session) == ["qa", "qa2"]
    with engine.transaction(home.session):
        boss = home.actor("qa2")
        engine.claim_task(home.session, case.task("UT_do").id, boss, now=home.clock.now)
        engine.assign_task(home.session, case.task("UT_do").id, boss, "qa", "代班", now=home.clock.now)
    announce(home)
    assert told(home.session) == ["qa", "qa", "qa2"]


def test_operators_hear_of_a_failed_job_and_nothing_of_the_case(house: Furnish) -> None:
    home = house(ONE)
    set_channel(home, "cs", "wecom", "http://127.0.0.1:1/x", hosts={"http://127.0.0.1:1"})
    set_channel(home, "it", "email", "it@example.com")
    home.start("p", gist="泄漏")
    drive(home, Services(), hours=10)
    assert told(home.session, "incident") == ["admin", "it"]
    (line,) = [line for line in inbox(home, "it") if line.kind == "incident"]
    assert line.text.zh == "系统作业失败：群机器人通知"
    assert line.leads_on


def test_a_dead_mail_server_is_not_reported_by_mail(house: Furnish) -> None:
    """Each failed mail would be another mail to fail; the inbox tells, and there it ends."""
    home = house(ONE)
    for person in ("it", "admin", "cs"):
        set_channel(home, person, "email", f"{person}@example.com")
    home.start("p", gist="泄漏")
    drive(home, Services(), hours=30)
    assert len(list(home.session.scalars(select(Incident)))) == 1
    assert [job.state for job in jobs(home.session)] == ["failed"]
    assert told(home.session, "incident") == ["admin", "it"]


# -- what leaves the house


def test_no_personal_value_leaves_the_house(house: Furnish, box: Postbox, wall: Robot) -> None:
    """A case full of marked personal data is driven to its end, late: none is in the inbox, a job,
    a mail or a post."""
    secrets = {"phone": "13912345678", "name": "欧阳静怡", "address": "北京路一百零八号"}
    fields = [field(name, personal="true") for name in secrets]
    begun = extended(field("gist", required=True), *fields, clock_start="confirm PT2H")
    files = {
        "p.bpmn": diagram(
            node("startEvent", "SE", begun)
            + task("UT_do", field("note"), *fields, due="${due(&quot;confirm&quot;)}")
            + task("UT_check", field("remark"), groups="qa") + END
            + flow("SE", "UT_do") + flow("UT_do", "UT_check") + flow("UT_check", "EE_done"),
            attributes='name="市场信息"',
        )
    }  # fmt: skip
    home = house(files)
    for person in ("cs", "qa", "staff"):
        set_channel(home, person, "email", f"{person}@example.com")
        set_channel(home, person, "wecom", wall.address(f"/{person}"), hosts={wall.origin})
    case = home.start("p", gist="安全阀泄漏", **secrets)
    drive(home, open_to(box, wall), hours=3)
    case.complete("UT_do", "cs", note="已致电用户", **secrets)
    drive(home, open_to(box, wall), hours=1)
    case.complete("UT_check", "qa", remark="无误")
    assert case.ended_at == "已完成"
    lines = home.session.scalars(select(Notification)).all()
    out = [str(line.facts) for line in lines] + [str(job.payload) for job in jobs(home.session)]
    out += [str(mail["Subject"]) + mail.get_content() for mail in box.mails]
    out += [body.decode() for body in box.raw + wall.raw]
    kinds = {line.kind for line in lines}
    assert kinds == {"task", "clock_warned", "clock_breached"}
    assert len(box.mails) >= 5
    assert len(wall.posts) == len(box.mails)
    assert all(case.business_key in mail["Subject"] for mail in box.mails)
    for value in (*secrets.values(), "安全阀泄漏", "已致电用户"):
        assert not [text for text in out if value in text]
