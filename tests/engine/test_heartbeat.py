"""Whether a worker is alive, and what waits for one, is known from the database alone."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import engine
from engine.commands.delivery import Services
from engine.commands.worker import Worker
from engine.schedule.heartbeat import beat, last_beat
from engine.storage.models import WorkerHeartbeat
from tests.drive import Clock, House, sign_up
from tests.engine.houses import ONE
from tests.engine.test_races import at_once
from tests.engine.timed import limited


@pytest.fixture
def home(each_database: Engine, tmp_path: Path) -> Iterator[House]:
    """A house on each database, with one process and nobody at work."""
    with Session(each_database) as session:
        sign_up(session)
        yield House(session, Clock(), tmp_path).deploy(ONE)


def queue(home: House) -> engine.JobQueue:
    """The numbers at the time of the house."""
    home.session.rollback()
    return engine.job_queue(home.session, home.clock.now)


def worker(home: House) -> Worker:
    """One of the house's."""
    return Worker(home.session.get_bind(), Services())


def test_a_task_of_which_nobody_was_told_is_due_and_waits_longer_and_longer(home: House) -> None:
    home.start("p", gist="x")
    home.clock.advance(minutes=10)
    assert (queue(home).due, queue(home).lag_seconds) == (1, 600)
    worker(home).run_once(home.clock.now)
    assert (queue(home).due, queue(home).lag_seconds) == (0, 0)


def test_an_old_task_that_is_handed_on_has_waited_only_since_a_worker_looked(home: House) -> None:
    case = home.start("p", gist="x")
    worker(home).run_once(home.clock.now)
    home.clock.advance(days=3)
    worker(home).run_once(home.clock.now)
    with engine.transaction(home.session):
        engine.assign_task(
            home.session, case.task("UT_do").id, home.actor("cs"), "cs2", reason="外出", now=home.clock.now
        )
    home.clock.advance(minutes=1)
    assert (queue(home).due, queue(home).lag_seconds) == (1, 60)


def test_a_timer_that_was_over_before_its_case_began_has_waited_only_since_then(home: House) -> None:
    """Whoever registers late puts no server out of rotation: no worker is behind."""
    home.deploy(limited(more={"clock.confirm.from": "${since}"}))
    case = home.start("p", gist="x", since="2026-10-01T00:00:00+00:00")
    home.clock.advance(seconds=5)
    assert queue(home).lag_seconds == 5
    worker(home).run_once(home.clock.now)
    assert "UT_late" in case.open_tasks()


def test_it_is_known_how_long_ago_a_worker_looked_though_nothing_was_due(home: House) -> None:
    assert (queue(home).seen_at, queue(home).seen_seconds) == (None, float("inf"))
    looked = home.clock.now
    worker(home).run_once(looked)
    home.clock.advance(minutes=7)
    assert (queue(home).seen_at, queue(home).seen_seconds) == (looked, 420)


def test_a_worker_says_three_times_a_minute_that_it_lives_not_at_every_look(home: House) -> None:
    one, start = worker(home), home.clock.now
    one.run_once(start)
    one.run_once(start + timedelta(seconds=19))
    assert queue(home).seen_at == start
    one.run_once(start + timedelta(seconds=20))
    assert queue(home).seen_at == start + timedelta(seconds=20)


def test_many_workers_keep_one_row_and_of_their_looks_the_last(each_database: Engine) -> None:
    start = Clock().now

    def look(session: Session, seconds: int) -> None:
        beat(session, f"worker {seconds}", start + timedelta(seconds=seconds))

    assert at_once(each_database, *(partial(look, seconds=number) for number in (3, 9, 1, 7))) == [None] * 4
    with Session(each_database) as session:
        assert last_beat(session) == start + timedelta(seconds=9)
        assert session.scalar(select(func.count()).select_from(WorkerHeartbeat)) == 1
