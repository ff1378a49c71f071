"""`python -m engine worker`: a process that does what is due, stops when it is told to, and says so."""

import json
import signal
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.engine.waiting_case import due_jobs, overdue_cases, reminders
from tests.processes import eventually, started


def address(database: Engine) -> str:
    """The URL of a database, as a setting."""
    return database.url.render_as_string(hide_password=False)


def lines(text: str) -> list[dict[str, object]]:
    """The log lines of a process."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_once_does_what_is_due_says_how_much_and_ends(each_database: Engine, tmp_path: Path) -> None:
    overdue_cases(each_database, tmp_path, 3)
    words = ("engine", "worker", "--once", "--batch", "2")
    with started(tmp_path / "log", *words, database_url=address(each_database), log="json") as worker:
        assert worker.popen.wait(60) == 0, worker.said
    assert reminders(each_database) == 3
    assert due_jobs(each_database) == 0
    done = [line for line in lines(worker.said) if line["event"] == "job done"]
    assert len({line["job"] for line in done}) == 3
    assert {line["verb"] for line in done} == {"wake"}
    assert all(line["instance"] for line in done)


def test_at_its_start_it_names_its_database_without_the_password_and_its_pace(
    each_database: Engine, tmp_path: Path
) -> None:
    named = each_database.url
    if named.get_backend_name() == "postgresql":
        named = named.set(password="hush")  # this server asks for none
    words = ("engine", "worker", "--once", "--poll", "3", "--lease", "90")
    settings = {"database_url": named.render_as_string(hide_password=False), "log": "json"}
    with started(tmp_path / "log", *words, **settings) as worker:
        assert worker.popen.wait(60) == 0, worker.said
    (first,) = (line for line in lines(worker.said) if line["event"] == "worker starts")
    assert (first["database"], first["poll"], first["lease"]) == (named.render_as_string(), 3, 90)
    assert "hush" not in worker.said


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_works_until_a_signal_and_leaves_with_0(
    database: Engine, tmp_path: Path, how: signal.Signals
) -> None:
    overdue_cases(database, tmp_path)
    words = ("engine", "worker", "--poll", "0.1")
    with started(tmp_path / "log", *words, database_url=address(database)) as worker:
        assert eventually(lambda: reminders(database)), worker.said
        assert worker.stop(how) == 0
        worker.says("worker stopped")


def test_several_workers_share_the_work_and_double_none(each_database: Engine, tmp_path: Path) -> None:
    overdue_cases(each_database, tmp_path, 12)
    words = ("engine", "worker", "--poll", "0.1", "--batch", "1")
    settings = {"database_url": address(each_database), "log": "json"}
    with (
        started(tmp_path / "1.log", *words, **settings) as one,
        started(tmp_path / "2.log", *words, **settings) as other,
    ):
        for worker in (one, other):
            worker.says("worker starts")  # before that a signal just ends it
        assert eventually(lambda: reminders(each_database) >= 12 and not due_jobs(each_database))
        assert one.stop() == other.stop() == 0
    done = [line["job"] for w in (one, other) for line in lines(w.said) if line["event"] == "job done"]
    assert len(done) == len(set(done)) == reminders(each_database) == 12


def test_a_killed_worker_loses_nothing(database: Engine, tmp_path: Path) -> None:
    """Another one does its jobs, at the latest when the lease has ended."""
    overdue_cases(database, tmp_path, 30)
    words = ("engine", "worker", "--poll", "0.1", "--batch", "30", "--lease", "2")
    settings = {"database_url": address(database)}
    with started(tmp_path / "1.log", *words, **settings) as killed:
        assert eventually(lambda: reminders(database))
        killed.stop(signal.SIGKILL)
    with started(tmp_path / "2.log", *words, **settings) as heir:
        assert eventually(lambda: reminders(database) == 30 and not due_jobs(database)), heir.said
        assert heir.stop() == 0
    assert reminders(database) == 30


def test_a_database_that_was_not_migrated_is_refused(tmp_path: Path) -> None:
    words, url = ("engine", "worker", "--once"), f"sqlite:///{tmp_path / 'new.sqlite'}"
    with started(tmp_path / "log", *words, database_url=url) as worker:
        assert worker.popen.wait(60) == 1
    assert "engine migrate" in worker.said


@pytest.mark.parametrize("wrong", [("--poll", "0"), ("--lease", "-1"), ("--batch", "0"), ("--batch", "many")])
def test_options_that_make_no_sense_are_called_wrong(tmp_path: Path, wrong: tuple[str, str]) -> None:
    with started(tmp_path / "log", "engine", "worker", *wrong) as worker:
        assert worker.popen.wait(60) == 2
    assert wrong[0] in worker.said
