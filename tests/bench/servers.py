"""Server processes as `python -m web serve` starts them, each on a port of its own, without the thread that
does due jobs: where several serve, workers do that."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Server:
    """Where a server answers, and its process."""

    url: str
    pid: int


@contextmanager
def servers(number: int, database: str, folder: Path) -> Iterator[list[Server]]:
    """So many servers of one database, until the block ends; their logs lie in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        yield [stack.enter_context(_server(database, folder)) for _ in range(number)]


@contextmanager
def _server(database: str, folder: Path) -> Iterator[Server]:
    port = _free_port()
    settings = {
        "DATABASE_URL": database, "FILES": str(folder / "files"), "PORT": str(port),
        "SIGN_IN_LIMIT": "1000 per minute",
        "WORKER": "none",
    }  # fmt: skip
    environ = os.environ | {f"ZHIHUAN_{name}": value for name, value in settings.items()}
    url = f"http://127.0.0.1:{port}"
    with (folder / f"{port}.log").open("wb") as log:
        command = [sys.executable, "-m", "web", "serve"]
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
    try:
        _wait_for(f"{url}/sign-in", process)
        yield Server(url, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server does not answer at {url}")
