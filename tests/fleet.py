"""The processes of a site: web servers and workers, each started, killed and started again for real."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 60.0  # seconds until a process must have begun
LEASE = 5  # seconds; short, so that what a killed worker held is soon taken over


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Member:
    """One process, by its command; `port` if it is a web server. Its output lies in `log`."""

    command: list[str]
    environ: dict[str, str]
    log: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    _said_before: int = 0

    @property
    def url(self) -> str:
        """Where a web server answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The number of the running process."""
        assert self.process
        return self.process.pid

    def start(self) -> None:
        """Starts the process; it is not ready yet."""
        self._said_before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(self.command, env=self.environ, stdout=out, stderr=out)

    def wait(self) -> None:
        """Until a web server answers, or a worker has begun to work."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            assert self.process
            assert self.process.poll() is None, self.log.read_text()[-4000:]
            if self.is_ready():
                return
            time.sleep(0.05)
        raise AssertionError(f"does not start: {self.log.read_text()[-4000:]}")

    def is_ready(self) -> bool:
        """Whether the process does what it is there for."""
        if not self.port:
            return b"worker starts" in self.log.read_bytes()[self._said_before :]
        try:
            urllib.request.urlopen(f"{self.url}/healthz", timeout=5).close()
        except (urllib.error.URLError, OSError):
            return False
        return True

    def end(self, number: int = signal.SIGTERM) -> None:
        """Sends a signal, by default the polite one, and waits for the end."""
        assert self.process
        self.process.send_signal(number)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
            raise


@dataclass
class Fleet:
    """Web servers and workers over one database."""

    database: str
    folder: Path
    webs: int = 2
    workers: int = 2
    python: Sequence[str] = (sys.executable,)
    lease: int = LEASE
    members: list[Member] = field(default_factory=list)

    def __enter__(self) -> "Fleet":
        for number in range(self.webs):
            port = free_port()
            self._add([*self.python, "-m", "web", "serve"], f"web{number}", port)
        for number in range(self.workers):
            words = ["-m", "engine", "worker", "--lease", str(self.lease), "--poll", "0.2"]
            self._add([*self.python, *words], f"worker{number}", 0)
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self) -> None:
        """Starts every process and waits until all are ready."""
        for member in self.members:
            member.start()
        for member in self.members:
            member.wait()

    def __exit__(self, *_: object) -> None:
        for member in self.members:
            if member.process and member.process.poll() is None:
                member.process.kill()
                member.process.wait(10)

    @property
    def urls(self) -> list[str]:
        """Where the pages are."""
        return [member.url for member in self.members if member.port]

    @property
    def dead(self) -> list[str]:
        """The logs of processes that have ended though nobody ended them."""
        return [str(m.log) for m in self.members if m.process and m.process.poll() is not None]

    def _add(self, command: list[str], name: str, port: int) -> None:
        given = {
            "DATABASE_URL": self.database, "FILES": str(self.folder / "files"), "PORT": str(port or 1),
            "SIGN_IN_LIMIT": "100000 per minute", "WORKER": "none",
        }  # fmt: skip
        environ = os.environ | {f"ZHIHUAN_{key}": value for key, value in given.items()}
        self.members.append(Member(command, environ, self.folder / f"{name}.log", port))
