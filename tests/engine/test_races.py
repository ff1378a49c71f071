"""Two people at once: one wins, the other is told by whom, and the history holds."""

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import engine
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


def test_two_people_complete_one_task_at_the_same_moment(built: Engine, clock: Clock, tmp_path: Path) -> None:
    """200 times: exactly one wins; the other gets StaleTask naming the winner; the chain verifies."""
    with Session(built) as session:
        case = House(session, clock, tmp_path).start("p", gist="同时")
        actors = [actor(session, "cs"), actor(session, "cs2")]
        wins = {"cs": 0, "cs2": 0}
        for _ in range(ROUNDS):
            page = case.page("UT_do", "cs")
            session.rollback()

            def complete(who: engine.Actor, page: engine.TaskView = page) -> Callable[[Session], object]:
                return lambda own: engine.complete_task(
                    own, page.row.id, who, {"again": True}, revision=page.revision, now=clock.now
                )

            outcomes = at_once(built, *(complete(who) for who in actors))
            won = [
                who for who, got in zip(actors, outcomes, strict=True) if isinstance(got, engine.Completed)
            ]
            lost = [got for got in outcomes if isinstance(got, StaleTask)]
            assert (len(won), len(lost)) == (1, 1), outcomes
            assert lost[0].completed_by == won[0].name
            wins[won[0].person_id] += 1
            assert case.open_tasks() == ["UT_do"]
        assert sum(wins.values()) == ROUNDS
        assert len(case.view().submissions) == ROUNDS + 1
        assert engine.verify_chains(session) == []


def test_two_people_claim_one_task_at_the_same_moment(built: Engine, clock: Clock, tmp_path: Path) -> None:
    with Session(built) as session:
        house = House(session, clock, tmp_path)
        actors = [actor(session, "cs"), actor(session, "cs2")]
        for turn in range(20):
            case = house.start("p", gist=f"第{turn}件")
            task = case.task("UT_do").id
            session.rollback()
            outcomes = at_once(
                built, *(lambda own, who=who: engine.claim_task(own, task, who) for who in actors)
            )
            refused = [got for got in outcomes if isinstance(got, EngineError)]
            assert len(refused) == 1, outcomes
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
