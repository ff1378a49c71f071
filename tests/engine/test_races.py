"""Two people at once: one wins, the other is told by whom, and the history holds."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import engine
from engine import Completed
from engine.errors import EngineError, StaleTask
from tests.drive import Clock, House, actor, sign_up
from tests.engine.houses import OPEN_LOOP

ROUNDS = 200


def at_once(database: Engine, *verbs: Callable[[Session], object]) -> list[object]:
    """Runs each verb in a thread and session of its own, all let go at the same moment.

    Returns what each returned, or the error it raised."""
    gate, results = Barrier(len(verbs)), list[object](verbs)

    def run(number: int) -> None:
        with Session(database) as session:
            gate.wait()
            try:
                with engine.transaction(session):
                    results[number] = verbs[number](session)
            except Exception as error:
                results[number] = error

    threads = [Thread(target=run, args=(number,)) for number in range(len(verbs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def built(each_database: Engine, clock: Clock, tmp_path: Path) -> Engine:
    """Each database, with people and a process in it."""
    with Session(each_database) as session:
        sign_up(session)
        House(session, clock, tmp_path).deploy(OPEN_LOOP)
    return each_database


def completing(task_id: str, who: engine.Actor, now: datetime) -> Callable[[Session], object]:
    """Completes a task that was read when it was new."""
    return lambda own: engine.complete_task(own, task_id, who, {"again": True}, revision=1, now=now)


def claiming(task_id: str, who: engine.Actor) -> Callable[[Session], object]:
    """Claims a task."""
    return lambda own: engine.claim_task(own, task_id, who)


def test_two_people_complete_one_task_at_the_same_moment(built: Engine, clock: Clock, tmp_path: Path) -> None:
    """200 times: exactly one wins; the other gets StaleTask naming the winner; the chain verifies."""
    with Session(built) as session:
        case = House(session, clock, tmp_path).start("p", gist="同时")
        actors = {"cs": actor(session, "cs"), "cs2": actor(session, "cs2")}
        task_id = case.task("UT_do").id
        session.rollback()
        for _ in range(ROUNDS):
            outcomes = at_once(built, *(completing(task_id, who, clock.now) for who in actors.values()))
            (won,) = [who for who, got in zip(actors, outcomes, strict=True) if isinstance(got, Completed)]
            (lost,) = [got for got in outcomes if isinstance(got, StaleTask)]
            assert lost.completed_by == actors[won].name
            (task_id,) = next(got.opened for got in outcomes if isinstance(got, Completed))
        assert case.task("UT_do").id == task_id
        assert len(case.view().submissions) == ROUNDS + 1
        assert engine.verify_chains(session) == []


def test_two_people_claim_one_task_at_the_same_moment(built: Engine, clock: Clock, tmp_path: Path) -> None:
    with Session(built) as session:
        house = House(session, clock, tmp_path)
        actors = [actor(session, "cs"), actor(session, "cs2")]
        for turn in range(20):
            case = house.start("p", gist=f"第{turn}件")
            task_id = case.task("UT_do").id
            session.rollback()
            outcomes = at_once(built, *(claiming(task_id, who) for who in actors))
            assert len([got for got in outcomes if isinstance(got, EngineError)]) == 1, outcomes
            assert case.task("UT_do").assignee in {"cs", "cs2"}
        assert engine.verify_chains(session) == []


def test_cases_beside_each_other_do_not_disturb_each_other(
    built: Engine, clock: Clock, tmp_path: Path
) -> None:
    """Four threads work on a case each, fifteen turns long; nobody is refused and every chain verifies."""

    def work(own: Session) -> int:
        house = House(own, clock, tmp_path)
        case = house.start("p", gist="并行")
        for turn in range(15):
            case.complete("UT_do", "cs", again=turn < 14)
        return len(case.view().history)

    assert at_once(built, *[work] * 4) == [17] * 4
    with Session(built) as session:
        assert engine.verify_chains(session) == []


def test_a_reader_is_not_held_up_by_a_writer(built: Engine, clock: Clock, tmp_path: Path) -> None:
    with Session(built) as writer, Session(built) as reader:
        case = House(writer, clock, tmp_path).start("p", gist="读写")
        cs = actor(reader, "cs")
        engine.claim_task(writer, case.task("UT_do").id, cs)
        assert engine.list_tasks(reader, cs, "group").items[0].assignee is None
        writer.commit()
        reader.rollback()
        assert engine.list_tasks(reader, cs, "group").items == []
