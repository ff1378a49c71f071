"""Camunda 7's external task client for JavaScript, from its registry as it is, and a worker built on it."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.drive import PASSWORD
from tests.web.clients import REST
from tests.web.serving import Office

SOURCE = Path(__file__).parent / "external_js"
HOME = Path(__file__).parents[2] / "build" / "external_js"
PINNED = ("package.json", "package-lock.json")
INSTALL = ("npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund")
OLDEST = 20  # of Node: what the client's own requirements ask for
PATIENCE = 30  # seconds


def installed() -> Path:
    """The folder with the client, installed once for all who run tests here, and the worker beside it.

    Where Node or npm is missing, or nothing can be fetched, the test is skipped; never in continuous
    integration."""
    _check_node()
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted, done = (SOURCE / "package-lock.json").read_text(), HOME / "installed"
        if not done.exists() or done.read_text() != wanted:
            _install()
            done.write_text(wanted)
        shutil.copy(SOURCE / "worker.js", HOME / "worker.new.js")
        os.replace(HOME / "worker.new.js", HOME / "worker.js")
    return HOME


def _check_node() -> None:
    if not (shutil.which("node") and shutil.which("npm")):
        _unavailable("needs Node and npm on the PATH")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.lstrip("v").split(".")[0]) < OLDEST:
        _unavailable(f"needs Node {OLDEST} or newer, here is {version}")


def _install() -> None:
    for name in PINNED:
        shutil.copy(SOURCE / name, HOME / name)
    done = subprocess.run(INSTALL, cwd=HOME, capture_output=True, text=True, timeout=300)
    if done.returncode:
        _unavailable(f"npm cannot install the client: {done.stderr or done.stdout}")


def _unavailable(why: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"continuous integration runs the JavaScript client: it {why}")
    pytest.skip(f"the JavaScript client {why}")


@dataclass
class Worker:
    """A worker that runs; what its client tells is kept, in order."""

    process: subprocess.Popen[str]
    told: list[dict[str, Any]] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)

    def listen(self) -> None:
        """Keeps what it tells until it ends."""
        assert self.process.stdout
        for line in self.process.stdout:
            with self._news:
                self.told.append(json.loads(line) if line.startswith("{") else {"event": line.strip()})
                self._news.notify_all()

    def heard(self, event: str, times: int = 1) -> dict[str, Any]:
        """What it tells of an event when that comes for the so-manieth time; it is waited for."""
        give_up = time.monotonic() + PATIENCE
        with self._news:
            while len(self.all(event)) < times:
                left = give_up - time.monotonic()
                assert left > 0, f"no {event!r} came, but {self.told}"
                self._news.wait(left)
        return self.all(event)[times - 1]

    def asked_after(self, moment: datetime) -> None:
        """Waits until it has asked in vain once more after a moment."""
        while datetime.fromisoformat(self.heard("nothing", len(self.all("nothing")) + 1)["at"]) < moment:
            pass

    def go_on(self) -> None:
        """Tells it what it waits for."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def all(self, event: str) -> list[dict[str, Any]]:
        """Everything of that kind that it has told so far."""
        return [one for one in self.told if one["event"] == event]

    def kill(self) -> None:
        """It is gone at once, without a word to the server (SIGKILL)."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@contextmanager
def working(office: Office, name: str, does: str, **options: object) -> Iterator[Worker]:
    """A worker on the topic `lims` that does its work in the way `does` of `external_js/worker.js`."""
    given = {"url": office.url + REST, "workerId": name, "topic": "lims", "does": does, "interval": 50}
    signed = {} if "token" in options else {"person": "it", "password": PASSWORD}
    command = ["node", "worker.js", json.dumps(given | signed | options)]
    process = subprocess.Popen(
        command, cwd=installed(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, encoding="utf-8", start_new_session=True,
    )  # fmt: skip
    worker = Worker(process)
    listener = threading.Thread(target=worker.listen)
    listener.start()
    try:
        yield worker
    finally:
        worker.kill()
        listener.join(10)
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
