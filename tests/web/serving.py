"""Serves a company as `python -m web serve` does: a process of its own, a port of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Office:
    """A company that is served: `url` of its pages, its database, the folder of attachments."""

    url: str
    database: str
    files: Path


@contextmanager
def served(database: str, files: Path) -> Iterator[Office]:
    """The pages of the company in `database`, until the block ends; the log lies beside `files`."""
    office = Office(f"http://127.0.0.1:{_free_port()}", database, files)
    settings = {
        "DATABASE_URL": database,
        "FILES": str(files),
        "PORT": office.url.rpartition(":")[2],
        "SIGN_IN_LIMIT": "1000 per minute",
    }
    environ = os.environ | {f"ZHIHUAN_{name}": value for name, value in settings.items()}
    log = files.with_suffix(".log")
    with log.open("wb") as out:
        server = subprocess.Popen([sys.executable, "-m", "web", "serve"], env=environ, stdout=out, stderr=out)
    try:
        _wait_for(office.url + "/sign-in", server, log)
        yield office
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server does not answer:\n{log.read_text()}")
