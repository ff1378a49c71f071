"""Load balancers and supervisors ask whether a process lives and can work, without signing in."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

import engine
from engine.commands.delivery import Services
from engine.commands.worker import Worker
from engine.schedule import heartbeat, jobs
from tests.databases import Databases
from web import create_app
from web.db import db
from web.settings import Settings

AppOf = Callable[..., Flask]


@pytest.fixture
def app_of() -> Iterator[AppOf]:
    """`app_of(url, …)`: the pages over a database, signed in as nobody, and connected as long as the test."""
    made = []

    def make(url: str, **settings: object) -> Flask:
        made.append(create_app(Settings(database_url=url, **settings), TESTING=True))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    """A database with the schema of this version."""
    with databases.copy("empty") as made:
        yield made


@pytest.fixture
def thread(url: str) -> Iterator[engine.WorkerThread]:
    """A worker's thread that was not started."""
    database = engine.create_database_engine(url)
    made = engine.WorkerThread(Worker(database, Services()), poll=0.05)
    yield made
    if made.alive:
        made.stop()
    database.dispose()


def put_job(url: str, late: timedelta) -> None:
    """A job that has been due so long, and will be done by nobody."""
    database = engine.create_database_engine(url)
    with Session(database) as session, engine.transaction(session):
        due = datetime.now(UTC) - late
        job = {"kind": "mail", "payload": {}, "due_at": due}
        jobs.put_jobs(session, [job], due)
    database.dispose()


def test_a_living_process_answers_without_a_database(app_of: AppOf) -> None:
    answer = app_of("postgresql://nobody@127.0.0.1:1/none").test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"alive": True})


def test_it_is_ready_when_the_database_answers_with_this_schema(url: str, app_of: AppOf) -> None:
    answer = app_of(url).test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ready": True})


def test_without_a_database_it_is_not_ready_and_tells_no_secret(app_of: AppOf) -> None:
    client = app_of("postgresql://nobody:hush@127.0.0.1:1/none").test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"ready": False, "failed": "database"})


def test_a_database_of_another_version_is_not_ready(tmp_path: Path, app_of: AppOf) -> None:
    answer = app_of(f"sqlite:///{tmp_path / 'empty.sqlite'}").test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"ready": False, "failed": "schema"})


def test_a_server_whose_worker_does_not_run_is_not_ready(
    url: str, thread: engine.WorkerThread, app_of: AppOf
) -> None:
    app = app_of(url)
    app.extensions["zhihuan_worker"] = thread
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"ready": False, "failed": "worker"})
    thread.start()
    assert app.test_client().get("/readyz").status_code == 200


def test_a_server_whose_worker_lags_behind_is_not_ready(
    url: str, thread: engine.WorkerThread, app_of: AppOf
) -> None:
    app = app_of(url, ready_lag=100)
    thread.worker.batch = 0  # it runs and gets nothing done
    app.extensions["zhihuan_worker"] = thread
    thread.start()
    put_job(url, timedelta(seconds=90))
    assert app.test_client().get("/readyz").status_code == 200
    put_job(url, timedelta(seconds=110))
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"ready": False, "failed": "lag"})


def put_beat(url: str, ago: timedelta) -> None:
    """A worker looked for work so long ago."""
    database = engine.create_database_engine(url)
    with Session(database) as session, engine.transaction(session):
        heartbeat.beat(session, "elsewhere", datetime.now(UTC) - ago)
    database.dispose()


@pytest.mark.parametrize("seen", [None, timedelta(seconds=150)], ids=["never", "once"])
def test_a_server_stays_in_rotation_and_tells_that_due_jobs_wait_for_a_worker_elsewhere(
    url: str, app_of: AppOf, seen: timedelta | None
) -> None:
    if seen:
        put_beat(url, seen)
    client = app_of(url).test_client()
    assert client.get("/readyz").json == {"ready": True}  # nothing is due, so nothing is missed
    put_job(url, timedelta(seconds=5))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ready": True, "degraded": "worker"})


def test_while_a_worker_elsewhere_was_seen_lately_there_is_nothing_to_tell(url: str, app_of: AppOf) -> None:
    put_beat(url, timedelta(seconds=90))
    put_job(url, timedelta(days=1))
    answer = app_of(url).test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ready": True})


def test_a_page_application_starts_no_worker_by_itself(url: str, app_of: AppOf) -> None:
    assert "zhihuan_worker" not in app_of(url).extensions
