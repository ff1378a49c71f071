"""Processes of the product, as an operator starts them: real ones, stopped with real signals."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0  # seconds


@dataclass(frozen=True)
class Process:
    """A running process and the file with all that it says."""

    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def said(self) -> str:
        """Everything it has written so far."""
        return self.log.read_text()

    def says(self, words: str, seconds: float = PATIENCE) -> None:
        """Waits until the process has written `words`."""
        eventually(lambda: words in self.said or self.popen.poll() is not None, seconds)
        assert words in self.said, self.said

    def stop(self, with_: signal.Signals = signal.SIGTERM) -> int:
        """Sends a signal and waits for the end; returns the exit code."""
        self.popen.send_signal(with_)
        return self.popen.wait(PATIENCE)


@contextmanager
def started(log: Path, /, *words: str, **settings: str) -> Iterator[Process]:
    """`python -m …words` with ZHIHUAN_ settings (by lower-case name) until the block ends."""
    environ = os.environ | {f"ZHIHUAN_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", *words]
    with log.open("wb") as out:
        popen = subprocess.Popen(
            command, env=environ, cwd=ROOT, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield Process(popen, log)
    finally:
        if popen.poll() is None:
            popen.terminate()
            try:
                popen.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(popen.pid, signal.SIGKILL)
                popen.wait()


def eventually(holds: Callable[[], object], seconds: float = PATIENCE) -> bool:
    """Whether something holds within so many seconds."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if holds():
            return True
        time.sleep(0.05)
    return bool(holds())
