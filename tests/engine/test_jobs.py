"""Jobs: leased by one worker, fenced against the others, done once, tried again, given to an operator."""

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import engine
from engine.commands.delivery import Services
from engine.commands.worker import Worker, run_due, run_job
from engine.schedule import jobs
from engine.storage.models import Incident, Job
from tests.drive import Case, Clock, House, sign_up
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.counting import counted
from tests.engine.houses import END, ONE, START, task
from tests.engine.timed import boundary, limited, timer, wait

Furnish = Callable[..., House]
NOTHING = Services()
DELAYS = dict(enumerate((10, 40, 160, 640, 2560)))  # seconds after each failed attempt but the last

REMINDED = {
    "p.bpmn": diagram(
        START
        + task("UT_do")
        + boundary("TB_remind", "UT_do", timer("<timeCycle>R/PT1H</timeCycle>"))
        + task("UT_remind", groups="vp") + END + node("endEvent", "EE_r", name="已提醒")
        + flow("SE", "UT_do") + flow("UT_do", "EE_done") + flow("TB_remind", "UT_remind")
        + flow("UT_remind", "EE_r")
    )
}  # fmt: skip
BROKEN = {
    "p.bpmn": diagram(
        START
        + task("UT_do")
        + boundary("TB_late", "UT_do", timer("<timeDuration>PT1H</timeDuration>"))
        + task("UT_late", groups="vp", due="${date(gist)}") + END + node("endEvent", "EE_r", name="已提醒")
        + flow("SE", "UT_do") + flow("UT_do", "EE_done") + flow("TB_late", "UT_late")
        + flow("UT_late", "EE_r")
    )
}  # fmt: skip


def wake_job(session: Session) -> Job:
    """The one wake job there is, as stored."""
    session.rollback()
    session.expire_all()
    return session.scalars(select(Job).where(Job.kind == "wake")).one()


def test_a_case_without_timers_and_clocks_has_no_job(house: Furnish) -> None:
    home = house(ONE)
    home.start("p", gist="x")
    assert home.session.scalar(select(func.count()).select_from(Job)) == 0


def test_a_step_that_moves_no_timer_leaves_the_job_alone(house: Furnish) -> None:
    home = house(REMINDED)
    case = home.start("p", gist="x")
    before = wake_job(home.session).fence
    with engine.transaction(home.session):
        engine.claim_task(home.session, case.task("UT_do").id, home.actor("cs"), now=home.clock.now)
    assert wake_job(home.session).fence == before


def test_after_a_downtime_there_is_one_reminder_not_ten(house: Furnish) -> None:
    """Missed cycles are coalesced, and the next one is in step again."""
    home = house(REMINDED)
    case = home.start("p", gist="x")
    began = home.clock.now
    wait(home, hours=10, minutes=30)
    assert case.open_tasks() == ["UT_do", "UT_remind"]
    assert wake_job(home.session).due_at == began + timedelta(hours=11)
    wait(home, minutes=30)
    assert case.open_tasks() == ["UT_do", "UT_remind", "UT_remind"]


def test_a_lease_is_for_one_worker_and_ends(house: Furnish) -> None:
    home = house(REMINDED)
    home.start("p", gist="x")
    session, now = home.session, home.clock.advance(hours=1)
    assert len(jobs.lease(session, "a", now, 10)) == 1
    assert jobs.lease(session, "b", now + timedelta(seconds=59), 10) == []
    assert len(jobs.lease(session, "b", now + timedelta(seconds=60), 10)) == 1


def test_who_lost_the_lease_cannot_complete_the_job(house: Furnish) -> None:
    """A worker that slept too long: the job was done by another one, and its own work leaves nothing."""
    home = house(REMINDED)
    case = home.start("p", gist="x")
    session, now = home.session, home.clock.advance(hours=1)
    (slow,) = jobs.lease(session, "slow", now, 10)
    session.commit()
    later = home.clock.advance(minutes=2)
    run_due(session.get_bind(), now=later)
    assert case.open_tasks() == ["UT_do", "UT_remind"]
    assert not run_job(session.get_bind(), slow, NOTHING, later)
    assert case.open_tasks() == ["UT_do", "UT_remind"]
    assert engine.verify_chains(session) == []


def test_a_persons_step_fences_off_a_worker_that_holds_the_lease(house: Furnish) -> None:
    """What was due happened in the person's own transaction, so the worker has nothing left to do."""
    home = house(limited("PT1H"))
    case = home.start("p", gist="x")
    now = home.clock.advance(hours=1)
    (held,) = jobs.lease(home.session, "w", now, 10)
    home.session.commit()
    case.complete("UT_do", "cs")
    assert not run_job(home.session.get_bind(), held, NOTHING, now)
    assert engine.verify_chains(home.session) == []


def test_a_job_that_fails_is_tried_again_and_then_becomes_an_incident(house: Furnish) -> None:
    """With growing delays; the incident names the cause in both languages, and the case is as it was."""
    home = house(BROKEN)
    case = home.start("p", gist="不是日期")
    home.clock.advance(hours=1)
    delays = []
    for _ in range(6):
        run_due(home.session.get_bind(), now=home.clock.now)
        job = wake_job(home.session)
        delays.append((job.due_at - home.clock.now).total_seconds())
        home.clock.now = job.due_at
    assert delays[:5] == list(DELAYS.values())
    assert (job.state, job.attempts) == ("failed", 6)
    (incident,) = home.session.scalars(select(Incident))
    assert (incident.instance_id, incident.attempts, incident.resolved_at) == (case.id, 6, None)
    assert "UT_late" in incident.cause
    assert "无法运行" in incident.cause_zh
    assert case.open_tasks() == ["UT_do"]
    assert run_due(home.session.get_bind(), now=home.clock.advance(days=9)) == 0


def test_the_log_warns_of_a_failed_job_with_its_code_and_when_it_is_tried_again(
    house: Furnish, caplog: pytest.LogCaptureFixture
) -> None:
    """And with nothing of what somebody entered."""
    home = house(BROKEN)
    home.start("p", gist="不是日期")
    now, told = home.clock.advance(hours=1), []
    for failed in range(6):
        run_due(home.session.get_bind(), now=now)
        told.append((now + timedelta(seconds=DELAYS[failed])).isoformat() if failed < 5 else "never")
        now = wake_job(home.session).due_at
    lines = [line for line in caplog.records if line.getMessage() == "job failed"]
    assert [(line.levelname, line.attempt, line.error, line.again_at) for line in lines] == [
        ("WARNING", number, "element_failed", again) for number, again in enumerate(told, 1)
    ]
    assert "不是日期" not in caplog.text


def test_a_timer_that_cannot_run_does_not_stop_people(house: Furnish) -> None:
    """Whoever completes the task goes on; the timer is left to the worker and its incident."""
    home = house(BROKEN)
    case = home.start("p", gist="不是日期")
    wait(home, hours=1)
    case.complete("UT_do", "cs")
    assert case.ended_at == "已完成"


def test_a_failing_case_does_not_hold_up_the_others(house: Furnish) -> None:
    home = house(BROKEN)
    bad, good = home.start("p", gist="不是日期"), home.start("p", gist="2026-12-01")
    wait(home, hours=1)
    assert (bad.open_tasks(), good.open_tasks()) == (["UT_do"], ["UT_do", "UT_late"])


@pytest.mark.parametrize("rounds", range(3))
def test_many_workers_do_each_job_once(
    each_database: Engine, clock: Clock, tmp_path: Path, rounds: int
) -> None:
    """Four workers at once over thirty cases: every timer fires exactly once, no chain breaks."""
    with Session(each_database) as session:
        sign_up(session)
        home = House(session, clock, tmp_path).deploy(limited("PT1H"))
        cases = [home.start("p", gist=str(n)) for n in range(30)]
        session.rollback()
        now = clock.advance(hours=1)
        workers = [Worker(each_database, NOTHING, owner=str(n), batch=3) for n in range(4)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda worker: [worker.run_once(now) for _ in range(15)], workers))
        run_due(each_database, now=now)
        assert [late(case) for case in cases] == [1] * 30
        assert engine.verify_chains(session) == []


def late(case: Case) -> int:
    """How many supervision tasks a case has open."""
    return case.open_tasks().count("UT_late")


def test_a_completion_that_starts_and_stops_clocks_takes_at_most_sixteen_statements(
    each_database: Engine, clock: Clock, tmp_path: Path
) -> None:
    """Design: 12 in a plain completion, 16 where clocks or jobs change."""
    two = {
        "p.bpmn": diagram(
            START
            + task("UT_do", clock_start="confirm PT1H")
            + task("UT_next", clock_start="reply PT2H", clock_stop="confirm")
            + task("UT_last", clock_stop="reply") + END
            + flow("SE", "UT_do") + flow("UT_do", "UT_next") + flow("UT_next", "UT_last")
            + flow("UT_last", "EE_done")
        )
    }  # fmt: skip
    with Session(each_database) as session:
        sign_up(session)
        case = House(session, clock, tmp_path).deploy(two).start("p", gist="x")
        case.complete("UT_do", "cs")
        open_task, who = case.task("UT_next").id, case.house.actor("cs")
        session.rollback()
        with counted(each_database) as work, engine.transaction(session):
            engine.complete_task(session, open_task, who, {}, now=clock.now)
    assert len(work.statements) <= 16, "\n".join(work.statements)
    assert work.commits == 1


def test_a_timer_that_cannot_run_does_not_hide_that_a_limit_is_over(house: Furnish) -> None:
    """The breach is kept and told once, although the step with it fails and is tried again."""
    files = {
        "p.bpmn": BROKEN["p.bpmn"].replace(
            b"</camunda:properties></extensionElements></startEvent>",
            b'<camunda:property name="clock.start" value="confirm PT1H"/>'
            b"</camunda:properties></extensionElements></startEvent>",
        )
    }
    home = house(files)
    case = home.start("p", gist="不是日期")
    for _ in range(3):
        wait(home, hours=1)
    kinds = [event.kind for event in case.view().history]
    assert kinds.count("clock_breached") == 1
    assert wake_job(home.session).state == "due"
    assert engine.verify_chains(home.session) == []


def put_mails(home: House, count: int) -> None:
    """Mails that are due now."""
    now = home.clock.now
    facts = {"to": "li.na@example.com", "kind": "incident", "facts": {"job": "x", "job_en": "x", "since": ""}}
    jobs.put_jobs(home.session, [{"kind": "mail", "payload": {**facts, "language": "zh"}}] * count, now)
    home.session.commit()


def test_timers_go_before_mail_however_long_the_mail_has_waited(house: Furnish) -> None:
    home = house(REMINDED)
    home.start("p", gist="x")
    put_mails(home, 3)
    worker, now = Worker(home.session.get_bind(), NOTHING), home.clock.advance(hours=1)
    kinds = [[job.kind for job in worker.take(now)[1]] for _ in range(2)]
    assert kinds == [["wake"], ["mail", "mail", "mail"]]


def test_a_mail_server_that_does_not_answer_holds_up_one_mail_at_a_time(house: Furnish) -> None:
    """The rest of the batch is given back at once, so that a timer that comes due meanwhile is not late."""
    home = house(REMINDED)
    put_mails(home, 3)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        slow = Services(f"smtp://127.0.0.1:{deaf.getsockname()[1]}", patience=1.2)
        Worker(home.session.get_bind(), slow).run_once(home.clock.now)
    home.session.rollback()
    tried = home.session.execute(select(Job.attempts, Job.lease_owner).order_by(Job.attempts)).all()
    assert [tuple(row) for row in tried] == [(0, None), (0, None), (1, None)]
