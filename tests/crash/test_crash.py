"""Processes die at random moments, and nothing is lost: the short run; `make crash` is the long one."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, update
from sqlalchemy.orm import Session

import engine
from engine.storage.models import HistoryEvent, ProcessInstance, Submission, UserTask
from tests.crash.people import Remembered
from tests.crash.reconcile import faults
from tests.crash.rig import crash, prepare
from tests.databases import Databases
from tests.drive import Clock, House
from tests.engine.timed import wait

KILLS = 10


@pytest.mark.long
def test_nothing_is_lost_or_doubled_when_processes_are_killed(databases: Databases, tmp_path: Path) -> None:
    """Two servers and two workers under six people; SIGKILL at random moments, on this run's database."""
    seed = random.randrange(10**6)
    with databases.copy("bare") as url:
        outcome = crash(url, tmp_path, KILLS, seed)
    print(outcome.line(type(databases).__name__, seed))
    assert outcome.faults == [], f"seed {seed}"
    assert outcome.memory.completed, f"seed {seed}"


@pytest.fixture
def settled(tmp_path: Path) -> Iterator[tuple[Engine, Remembered]]:
    """A database in which two cases have run to their ends, and what their people remember."""
    url = f"sqlite:///{tmp_path / 'settled.sqlite'}"
    prepare(url, tmp_path)
    database, memory = engine.create_database_engine(url), Remembered()
    with Session(database) as session:
        home = House(session, Clock(), tmp_path / "files")
        for gist in ("甲", "乙"):
            _run(home, gist, memory)
    yield database, memory
    database.dispose()


def _run(home: House, gist: str, memory: Remembered) -> None:
    case = home.start("asking", gist=gist)
    memory.started.add(gist)
    wait(home, seconds=2)
    for element, person in (("UT_do", "cs"), ("UT_remind", "cs"), ("UT_check", "qa")):
        memory.completed[f"/tasks/{case.task(element).id}"] = person
        case.complete(element, person)
    (filed,) = (t for t in _tasks(home) if t.element_id == "UT_file" and t.state == "open")
    memory.completed[f"/tasks/{filed.id}"] = "cs"
    with engine.transaction(home.session):
        engine.complete_task(home.session, filed.id, home.actor("cs"), {}, now=home.clock.now)


def _tasks(home: House) -> list[UserTask]:
    return home.session.query(UserTask).all()


def test_the_check_finds_nothing_where_nothing_is_wrong(settled: tuple[Engine, Remembered]) -> None:
    assert faults(*settled) == []


@pytest.mark.parametrize("harm", ["step", "start", "event", "number", "open", "moved"])
def test_the_check_finds_every_kind_of_loss(settled: tuple[Engine, Remembered], harm: str) -> None:
    """A check that cannot fail would prove nothing."""
    database, memory = settled
    with Session(database) as session, session.begin():
        _harm(session, memory, harm)
    assert faults(database, memory)


def _harm(session: Session, memory: Remembered, harm: str) -> None:
    if harm == "step":
        session.execute(delete(Submission).where(Submission.element_id == "UT_check"))
    elif harm == "start":
        memory.started.add("丙")
    elif harm == "event":
        session.execute(delete(HistoryEvent).where(HistoryEvent.kind == "time"))
    elif harm == "number":
        one = ProcessInstance.business_key.like("%000002")
        session.execute(update(ProcessInstance).where(one).values(business_key="QF-2026-000009"))
    elif harm == "open":
        session.execute(update(UserTask).where(UserTask.element_id == "UT_do").values(state="open"))
    else:
        memory.completed[next(iter(memory.completed))] = "vp"
