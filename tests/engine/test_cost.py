"""What a completion costs, counted and not timed: it does not depend on the history behind it."""

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

import engine
from tests.drive import PASSWORD, Case, Clock, House, actor, sign_up
from tests.engine.counting import Work, counted
from tests.engine.houses import OPEN_LOOP, REWORK

STATEMENTS = 12  # design: a plain completion
SIGNED = 16  # with four eyes, a signature and a numbered record on top


def complete(database: Engine, case: Case, element: str, as_: str, **values: object) -> Work:
    """Completes an open task in a fresh session, and counts the verb and its commit."""
    task = case.task(element)
    case.house.session.rollback()
    with Session(database) as own:
        who = actor(own, as_)
        with counted(database) as work, engine.transaction(own):
            engine.complete_task(own, task.id, who, values, password=PASSWORD, now=case.house.clock.now)
    return work


def test_a_plain_completion_takes_at_most_twelve_statements_and_one_commit(
    each_database: Engine, clock: Clock, tmp_path: Path
) -> None:
    with Session(each_database) as session:
        sign_up(session)
        case = House(session, clock, tmp_path).deploy(REWORK).start("p", gist="阀门渗漏")
        work = complete(each_database, case, "UT_do", "cs", note="清洗了阀座")
    assert len(work.statements) <= STATEMENTS, "\n".join(work.statements)
    assert work.commits == 1


def test_a_signed_and_recorded_completion_takes_at_most_sixteen(
    each_database: Engine, clock: Clock, tmp_path: Path
) -> None:
    with Session(each_database) as session:
        sign_up(session)
        case = House(session, clock, tmp_path).deploy(REWORK).start("p", gist="阀门渗漏")
        case.complete("UT_do", "cs", note="x")
        work = complete(each_database, case, "UT_check", "qa", good=False)
    assert len(work.statements) <= SIGNED, "\n".join(work.statements)
    assert work.commits == 1


def test_turn_one_thousand_costs_what_turn_ten_costs(
    database: Engine, clock: Clock, tmp_path: Path
) -> None:
    """Statements, commits, rows and bytes written are equal at turn 10 and at turn 1,000 of a rework loop."""
    with Session(database) as session:
        sign_up(session)
        case = House(session, clock, tmp_path).deploy(OPEN_LOOP).start("p", gist="返工")
        costs = {}
        task = case.task("UT_do").id
        who = actor(session, "cs")
        for turn in range(1, 1001):
            with counted(database) as work, engine.transaction(session):
                done = engine.complete_task(session, task, who, {"again": True}, now=clock.now)
            (task,) = done.opened
            costs[turn] = (len(work.statements), work.commits, work.rows, work.bytes)
        assert engine.verify_chains(session) == []
    assert costs[1000] == costs[10]
