"""A PostgreSQL server of the test's own, that it may stop, start and starve."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fleet import free_port

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
OWNER = "postgres"  # the server refuses to run as root


@dataclass(frozen=True)
class Cluster:
    """A running server in `folder`."""

    bin: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Its maintenance database."""
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/postgres"

    def restart(self) -> None:
        """As after a crash of the server: every connection is cut, what was committed is recovered."""
        self._control("restart", "-m", "immediate")

    def start(self) -> None:
        """Starts it; returns when it answers."""
        self._control("start")

    def stop(self) -> None:
        """Stops it at once."""
        self._control("stop", "-m", "immediate")

    def _control(self, *words: str) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=60"
        log = self.folder / "server.log"
        data = ["-D", str(self.folder / "data"), "-l", str(log), "-w", "-t", "60", "-o", options]
        run([str(self.bin / "pg_ctl"), *data, *words])


def run(command: list[str]) -> None:
    """Runs a command of the server as its owner."""
    if os.geteuid() == 0:
        command = ["runuser", "-u", OWNER, "--", *command]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/", check=False)
    assert done.returncode == 0, done.stderr.decode()


def owned(folder: Path) -> Path:
    """Gives a folder to the server's owner."""
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER, OWNER)
    return folder


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A server until the block ends. Skipped where none is installed, but never in continuous integration."""
    binaries = _binaries()
    if binaries is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no initdb of PostgreSQL on this machine")
    with tempfile.TemporaryDirectory(prefix="zhihuan-postgres-", ignore_cleanup_errors=True) as made:
        os.chmod(made, 0o755)
        folder = owned(Path(made))
        server = Cluster(binaries, folder, free_port())
        data = str(folder / "data")
        run([str(binaries / "initdb"), "-D", data, "-A", "trust", "-U", OWNER, "-E", "UTF8", "--no-sync"])
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _binaries() -> Path | None:
    if os.geteuid() == 0 and OWNER not in {entry.pw_name for entry in pwd.getpwall()}:
        return None
    found = [path for place in PLACES for path in sorted(Path("/").glob(place[1:]), reverse=True)]
    on_path = shutil.which("initdb")
    found += [Path(on_path).parent] if on_path else []
    return next((path for path in found if (path / "initdb").exists()), None)
