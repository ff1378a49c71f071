"""`python -m web serve` does due jobs too, in a thread of its own that a signal stops cleanly."""

import json
import signal
import socket
import threading
import time
import urllib.request
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

import engine
from engine.commands.delivery import Services
from engine.commands.worker import Worker
from tests.engine.waiting_case import due_jobs, overdue_cases, reminders
from tests.processes import eventually, started
from web.settings import Settings, SettingsError


def settings_of(database: Engine, **more: str) -> dict[str, str]:
    """What a server is started with: a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    return {"database_url": database.url.render_as_string(hide_password=False), "port": port, **more}


def answer(port: str, path: str) -> int:
    """The status of a page."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
        return int(response.status)




@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_server_does_due_jobs_and_stops_cleanly(
    each_database: Engine, tmp_path: Path, how: signal.Signals
) -> None:
    overdue_cases(each_database, tmp_path)
    settings = settings_of(each_database)
    with started(tmp_path / "log", "web", "serve", **settings) as server:
        server.says(f"http://127.0.0.1:{settings['port']}")
        assert eventually(lambda: reminders(each_database) and not due_jobs(each_database)), server.said
        assert answer(settings["port"], "/readyz") == 200
        assert server.stop(how) == 0
        server.says("worker stopped")


def test_a_server_may_leave_due_jobs_to_others(database: Engine, tmp_path: Path) -> None:
    overdue_cases(database, tmp_path)
    settings = settings_of(database, worker="none")
    with started(tmp_path / "log", "web", "serve", **settings) as server:
        server.says(f"http://127.0.0.1:{settings['port']}")
        server.says("Serving on")
        assert answer(settings["port"], "/readyz") == 200
        time.sleep(2)
        assert server.stop() == 0
        server.says("server stopped")
    assert reminders(database) == 0
    assert due_jobs(database) == 1
    assert "worker" not in server.said


def test_every_line_of_a_log_in_json_is_json(database: Engine, tmp_path: Path) -> None:
    settings = settings_of(database, log="json")
    with started(tmp_path / "log", "web", "serve", **settings) as server:
        server.says("Serving on")
        assert answer(settings["port"], "/readyz") == 200
        assert server.stop() == 0
    events = [json.loads(line)["event"] for line in server.said.splitlines()]
    assert f"Serving on http://127.0.0.1:{settings['port']}" in events
    assert events[-1] == "server stopped"


def test_a_worker_that_is_no_choice_is_refused() -> None:
    with pytest.raises(SettingsError, match="ZHIHUAN_WORKER"):
        Settings.from_environment({"ZHIHUAN_WORKER": "both"})


class Stumbling(Worker):
    """A worker that crashes when it looks for the first time."""

    looks = 0

    def run_once(self, now: datetime | None = None, stop: threading.Event | None = None) -> int:
        self.looks += 1
        if self.looks == 1:
            raise ZeroDivisionError
        return super().run_once(now, stop)


def test_a_thread_that_crashes_says_so_and_starts_again(
    database: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    overdue_cases(database, tmp_path)
    thread = engine.WorkerThread(Stumbling(database, Services()), poll=0.05, restart=0.05)
    thread.start()
    assert eventually(lambda: reminders(database))
    assert thread.alive
    assert thread.stop()
    assert not thread.alive
    assert "the worker crashed; it starts again" in caplog.text


def test_a_stop_ends_after_the_job_at_hand_and_gives_the_others_back(
    database: Engine, tmp_path: Path
) -> None:
    overdue_cases(database, tmp_path, 3)
    stop = threading.Event()
    stop.set()
    worker = Worker(database, Services())
    worker.run_once(stop=stop)
    assert reminders(database) == 0
    assert len(worker.take()[1]) == 3  # nobody has to wait for a lease to end
