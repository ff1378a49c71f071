"""Cases that are held and let go: nobody and nothing moves them meanwhile; and processes that start none."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import engine
from engine.errors import (
    AlreadyEnded,
    CaseSuspended,
    DefinitionSuspended,
    EngineError,
    InstanceNotFound,
    NotAllowed,
    NotSuspended,
    ReasonRequired,
    SuspendedAlready,
)
from engine.storage.models import DefinitionChange, Incident, Message
from tests.drive import Case, Clock, House, sign_up
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, ONE, START, field, task
from tests.engine.test_correlation import CHAINED, WAITING, send
from tests.engine.test_external import PLAIN
from tests.engine.test_external import Program as Worker
from tests.engine.test_signals import CATCHING, ring
from tests.engine.timed import boundary, clocks, limited, timer, wait

Furnish = Callable[..., House]
TIMED = {
    "p.bpmn": diagram(
        START + task("UT_do", field("note"))
        + boundary("TB", "UT_do", timer("<timeDuration>PT1H</timeDuration>"), interrupts=True)
        + task("UT_late") + END + node("endEvent", "EE_late", name="已督办")
        + flow("SE", "UT_do") + flow("UT_do", "EE_done") + flow("TB", "UT_late") + flow("UT_late", "EE_late")
    )
}  # fmt: skip
"""A task that a timer takes away after an hour."""


def hold(case: Case, as_: str = "qa_lead", reason: str = "等待样品") -> None:
    """Suspends a case."""
    home = case.house
    with engine.transaction(home.session):
        engine.suspend_instance(home.session, case.id, home.actor(as_), reason, now=home.clock.now)


def free(case: Case, as_: str = "qa_lead", reason: str = "样品已到") -> None:
    """Activates a case."""
    home = case.house
    with engine.transaction(home.session):
        engine.activate_instance(home.session, case.id, home.actor(as_), reason, now=home.clock.now)


def hold_process(home: House, as_: str = "owner", *, suspended: bool = True, reason: str = "有误") -> None:
    """Suspends or activates the present version of the process p."""
    verb = engine.suspend_definition if suspended else engine.activate_definition
    with engine.transaction(home.session):
        verb(home.session, home.actor(as_), reason, process_id="p", now=home.clock.now)


def test_it_stands_in_the_history_with_who_and_why(house: Furnish) -> None:
    case = house(ONE).start("p", gist="x")
    hold(case, "owner")
    assert case.view().suspended
    free(case)
    told = [(e.kind, e.actor, e.role, e.reason) for e in case.view().history[1:]]
    assert told == [
        ("suspended", "owner", "owner", "等待样品"), ("activated", "qa_lead", "qa_lead", "样品已到"),
    ]  # fmt: skip
    assert not case.view().suspended
    assert engine.verify_chains(case.house.session) == []


@pytest.mark.parametrize("who", ["staff", "cs", "qa", "vp", "gm", "compliance"])
def test_others_neither_hold_nor_free_a_case(house: Furnish, who: str) -> None:
    case = house(ONE).start("p", gist="x")
    with pytest.raises(NotAllowed):
        hold(case, who)
    hold(case)
    with pytest.raises(NotAllowed):
        free(case, who)
    assert case.view().suspended


@pytest.mark.parametrize("who", ["it", "admin"])
def test_for_who_sees_no_case_there_is_none(house: Furnish, who: str) -> None:
    case = house(ONE).start("p", gist="x")
    with pytest.raises(InstanceNotFound):
        hold(case, who)


def test_what_makes_no_sense_is_refused(house: Furnish) -> None:
    case = house(ONE).start("p", gist="x")
    with pytest.raises(NotSuspended):
        free(case)
    with pytest.raises(ReasonRequired):
        hold(case, reason=" ")
    hold(case)
    with pytest.raises(SuspendedAlready):
        hold(case)
    free(case)
    case.complete("UT_do", "cs")
    with pytest.raises(AlreadyEnded):
        hold(case)


def test_its_tasks_are_not_completed_nor_taken_nor_handed_on_but_drafted(house: Furnish) -> None:
    home = house(ONE)
    case = home.start("p", gist="x")
    task_id, cs = case.task("UT_do").id, home.actor("cs")
    hold(case)
    acts: list[Callable[[Session], object]] = [
        lambda s: engine.complete_task(s, task_id, cs, {}, now=home.clock.now),
        lambda s: engine.claim_task(s, task_id, cs, now=home.clock.now),
        lambda s: engine.assign_task(s, task_id, cs, "cs2", "请办理", now=home.clock.now),
    ]
    for act in acts:
        with pytest.raises(CaseSuspended), engine.transaction(home.session):
            act(home.session)
    with engine.transaction(home.session):
        engine.save_draft(home.session, task_id, cs, {"note": "草稿"}, now=home.clock.now)
    page = engine.get_task(home.session, task_id, cs, now=home.clock.now)
    assert isinstance(page.can_complete.refusal, CaseSuspended)
    assert page.can_draft
    assert not any((page.can_claim, page.can_release, page.can_assign))
    free(case)
    assert case.page("UT_do", "cs").values["note"] == "草稿"
    case.complete("UT_do", "cs")
    assert case.ended_at == "已完成"


def test_its_timers_wait_and_fire_after_activation(house: Furnish) -> None:
    case = house(TIMED).start("p", gist="x")
    hold(case)
    wait(case.house, hours=5)
    assert case.open_tasks() == ["UT_do"]
    free(case)
    wait(case.house, seconds=0)
    assert case.open_tasks() == ["UT_late"]
    assert case.house.session.scalars(select(Incident)).all() == []


def test_a_timer_that_is_not_due_yet_keeps_its_time(house: Furnish) -> None:
    case = house(TIMED).start("p", gist="x")
    hold(case)
    wait(case.house, minutes=30)
    free(case)
    wait(case.house, minutes=29)
    assert case.open_tasks() == ["UT_do"]
    wait(case.house, minutes=2)
    assert case.open_tasks() == ["UT_late"]


def test_its_limits_run_on_and_are_told_while_the_way_on_from_them_waits(house: Furnish) -> None:
    """Holding a case moves no limit of a regulation."""
    home = house(limited())
    case = home.start("p", gist="x")
    hold(case)
    wait(home, hours=49)
    assert clocks(home.session, case.id)["confirm"].breached_at is not None
    assert "clock_breached" in [e.kind for e in case.view().history]
    assert case.open_tasks() == ["UT_do"]
    free(case)
    wait(home, seconds=0)
    assert case.open_tasks() == ["UT_do", "UT_late"]
    assert engine.verify_chains(home.session) == []


def test_a_message_for_it_waits_however_long_and_reaches_it_after_activation(house: Furnish) -> None:
    home = house(WAITING)
    case = home.start("p", gist="x")
    hold(case)
    sent = send(home, "reply", payload={"answer": "是"}, at_once=True)
    assert (sent.state, sent.instance_id) == ("pending", None)
    for _ in range(30):
        wait(home, hours=3)
    assert case.open_tasks() == []
    assert home.session.scalars(select(Incident)).all() == []
    free(case)
    wait(home, seconds=0)
    assert case.open_tasks() == ["UT_do"]


def test_a_message_passes_a_suspended_case_by_if_another_one_waits(house: Furnish) -> None:
    home = house(WAITING)
    first, second = home.start("p", gist="x"), home.start("p", gist="y")
    hold(first)
    assert send(home, "reply").instance_id == second.id


def test_a_signal_reaches_it_after_activation(house: Furnish) -> None:
    home = house(CATCHING)
    case, other = home.start("p", gist="x"), home.start("p", gist="y")
    hold(case)
    assert ring(home, payload={"loud": "是"}).cases == 2
    for _ in range(10):
        wait(home, hours=3)
    assert (case.open_tasks(), other.open_tasks()) == ([], ["UT_do"])
    free(case)
    wait(home, seconds=0)
    assert case.open_tasks() == ["UT_do"]


def test_programs_get_no_work_of_it_and_finish_none(house: Furnish) -> None:
    home = house(PLAIN)
    case, worker = home.start("p", gist="x"), Worker(home)
    (work,) = worker.fetch()
    hold(case)
    verbs: list[tuple[Callable[..., None], tuple[object, ...]]] = [
        (engine.complete_external, ({"result": "good"},)), (engine.report_bpmn_error, ("E",)),
        (engine.fail_external, ()), (engine.extend_lock, (timedelta(minutes=1),)),
    ]  # fmt: skip
    for verb, more in verbs:
        with pytest.raises(CaseSuspended):
            worker.do(verb, work, *more)
    home.clock.advance(minutes=2)
    assert worker.fetch() == []
    free(case)
    (again,) = worker.fetch()
    worker.do(engine.complete_external, again, {"result": "good"})
    assert case.ended_at == "已完成"


def test_it_may_be_cancelled(house: Furnish) -> None:
    case = house(TIMED).start("p", gist="x")
    hold(case)
    home = case.house
    with engine.transaction(home.session):
        engine.cancel_instance(home.session, case.id, home.actor("cs_lead"), "误报", now=home.clock.now)
    assert (case.view().state, case.view().suspended) == ("cancelled", False)


def test_of_a_suspended_process_no_case_starts_and_those_that_run_go_on(house: Furnish) -> None:
    home = house(ONE)
    case = home.start("p", gist="x")
    hold_process(home)
    with pytest.raises(DefinitionSuspended):
        home.start("p", gist="y")
    with pytest.raises(DefinitionSuspended):
        engine.get_start_form(home.session, "p", home.actor("staff"))
    assert [one.suspended for one in engine.startable(home.session, home.actor("staff"))] == [True]
    case.complete("UT_do", "cs")
    home.clock.advance(minutes=1)
    hold_process(home, suspended=False, reason="已更正")
    home.start("p", gist="y")
    view = engine.get_definition(home.session, "p", home.actor("compliance"))
    assert [(c.kind, c.by_name, c.reason) for c in view.changes] == [
        ("activated", "owner 先生", "已更正"), ("suspended", "owner 先生", "有误"),
    ]  # fmt: skip
    assert not view.suspended


def test_a_message_that_starts_a_suspended_process_waits(house: Furnish) -> None:
    """Sent by hand it is kept; a program is told at once."""
    home = house({"p.bpmn": CHAINED["r.bpmn"].replace(b'id="r"', b'id="p"')})
    hold_process(home)
    sent = send(home, "go", payload={"answer": "是"})
    with pytest.raises(DefinitionSuspended):
        send(home, "go", at_once=True)
    home.session.rollback()
    for _ in range(10):
        wait(home, hours=3)
    assert home.session.get_one(Message, sent.message_id).state == "pending"
    hold_process(home, suspended=False)
    wait(home, seconds=0)
    home.session.expire_all()
    assert home.session.get_one(Message, sent.message_id).state == "delivered"


def test_only_process_owners_hold_processes_with_a_reason(house: Furnish) -> None:
    home = house(ONE)
    for who in ("staff", "qa_lead", "admin", "compliance", "it"):
        with pytest.raises(NotAllowed):
            hold_process(home, who)
    with pytest.raises(ReasonRequired):
        hold_process(home, reason="")
    with pytest.raises(NotSuspended):
        hold_process(home, suspended=False)
    hold_process(home)
    with pytest.raises(SuspendedAlready):
        hold_process(home)
    assert len(home.session.scalars(select(DefinitionChange)).all()) == 1


def test_a_version_published_later_is_not_suspended(house: Furnish) -> None:
    home = house(ONE)
    hold_process(home)
    home.deploy({"p.bpmn": ONE["p.bpmn"].replace("做do".encode(), "办".encode())})
    home.start("p", gist="x")


def _hold(case_id: str, actor: engine.Actor, now: datetime, session: Session) -> None:
    engine.suspend_instance(session, case_id, actor, "x", now=now)


def _complete(task_id: str, actor: engine.Actor, now: datetime, session: Session) -> None:
    engine.complete_task(session, task_id, actor, {}, now=now)


def test_of_a_completion_and_a_suspension_at_once_either_comes_first(
    each_database: Engine, tmp_path: Path
) -> None:
    """Never is a suspended case moved on: a completion that came second is refused."""
    with Session(each_database) as session:
        sign_up(session)
        home = House(session, Clock(), tmp_path).deploy(ONE)
        cases = [home.start("p", gist="x") for _ in range(6)]
        tasks = [case.task("UT_do").id for case in cases]
        session.rollback()

        def attempt(act: Callable[[Session], object]) -> str:
            with Session(each_database) as mine:
                try:
                    with engine.transaction(mine):
                        act(mine)
                except EngineError as refusal:
                    return refusal.code
            return "done"

        now, lead, cs = home.clock.now, home.actor("qa_lead"), home.actor("cs")
        session.rollback()
        with ThreadPoolExecutor(2) as pool:
            for case, task_id in zip(cases, tasks, strict=True):
                held = pool.submit(attempt, partial(_hold, case.id, lead, now))
                done = pool.submit(attempt, partial(_complete, task_id, cs, now))
                both = held.result(), done.result()
                assert both in {("done", "case_suspended"), ("already_ended", "done")}
        session.rollback()
        assert engine.verify_chains(session) == []
