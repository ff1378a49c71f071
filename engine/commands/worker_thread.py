"""A worker beside the pages: a thread of the server, started again if it ever crashes."""

import logging
import threading

from engine.commands.worker import POLL, Worker

log = logging.getLogger(__name__)

RESTART = 5.0  # seconds between a crash and the next start


def keep_working(worker: Worker, stop: threading.Event, poll: float = POLL, restart: float = RESTART) -> None:
    """Runs a worker until `stop` is set; if it ever crashes, it starts again after `restart` seconds."""
    while not stop.is_set():
        try:
            worker.run(stop, poll)
        except Exception:  # whatever it was: time must go on
            log.exception("the worker crashed; it starts again in %s s", restart)
            stop.wait(restart)


class WorkerThread:
    """Runs a worker in a thread from `start` to `stop`.

    The thread is no child of a request and dies with its process; what it had leased is taken over."""

    def __init__(self, worker: Worker, *, poll: float = POLL, restart: float = RESTART) -> None:
        self.worker, self.poll, self._stop = worker, poll, threading.Event()
        given = (worker, self._stop, poll, restart)
        self._thread = threading.Thread(target=keep_working, args=given, name="zhihuan-worker", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether it works and is meant to."""
        return self._thread.is_alive() and not self._stop.is_set()

    def start(self) -> None:
        """Starts it, once."""
        self.worker.starts(self.poll)
        self._thread.start()

    def stop(self, patience: float = 30.0) -> bool:
        """Asks it to stop after the job at hand and waits so many seconds. Returns whether it has stopped."""
        self._stop.set()
        self._thread.join(patience)
        stopped = not self._thread.is_alive()
        log.info("worker stopped" if stopped else "worker is still busy; its lease will end by itself")
        return stopped
