"""The crash test: people and workers at work while their processes are killed again and again."""

import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

import engine
from tests.crash.diagrams import FILES
from tests.crash.people import Remembered, Worker
from tests.crash.reconcile import busy, counts, faults, stuck_jobs
from tests.drive import Clock, House, sign_up
from tests.fleet import LEASE, Fleet

WHO = ("cs", "cs2", "qa", "qa2", "cs", "staff")
ALIVE = 3  # of two servers and two workers: with fewer, nobody gets anything done that could be lost
DRAIN = 60.0  # seconds in which at least one more case must end, once nobody dies any more
GRACE = timedelta(seconds=LEASE + 15)  # a job may wait so long: its lease, and a killed worker's successor


@dataclass
class Outcome:
    """What a run found: `faults` are sentences that do not hold; none is a pass."""

    times: int
    seconds: float
    memory: Remembered
    counts: dict[str, int]
    faults: list[str] = field(default_factory=list)

    def line(self, name: str, seed: int, what: str = "kills") -> str:
        """The run in one line."""
        m, c = self.memory, self.counts
        return (
            f"{name} (seed {seed}): {self.times} {what}, "
            f"{len(m.started)} starts and {len(m.completed)} completions acknowledged, "
            f"{len(m.found)} found done after a lost answer, {m.lost} answers lost, {c['cases']} cases, "
            f"{c['timers']} timers, {c['messages']} messages, {self.seconds:.0f} s: "
            f"{'nothing lost, nothing doubled' if not self.faults else f'{len(self.faults)} FAULTS'}"
        )


def prepare(url: str, folder: Path) -> None:
    """Makes the bare database at `url` one with people and the processes of the test."""
    database = engine.create_database_engine(url)
    engine.migrate(database)
    with Session(database) as session:
        sign_up(session)
        House(session, Clock(), folder / "files").deploy(FILES)
    database.dispose()


@contextmanager
def at_work(
    urls: list[str], seed: int, patient_about: frozenset[int] = frozenset()
) -> Iterator[tuple[Remembered, threading.Event]]:
    """Six people at work until the block ends; they start cases until the event is cleared."""
    memory, starting, stop = Remembered(), threading.Event(), threading.Event()
    starting.set()
    people = [
        Worker(person, urls, memory, f"{seed}.{n}", starting, stop, patient_about)
        for n, person in enumerate(WHO)
    ]
    threads = [threading.Thread(target=person.run, name=person.seed, daemon=True) for person in people]
    for thread in threads:
        thread.start()
    try:
        yield memory, starting
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def drain(database: Engine, starting: threading.Event) -> None:
    """Nobody starts anything more; waits until every case has ended, or for long none has."""
    starting.clear()
    time.sleep(2)  # who is just starting a case
    left, since = busy(database), time.monotonic()
    while left and time.monotonic() - since < DRAIN:
        time.sleep(0.5)
        now = busy(database)
        left, since = now, since if now >= left else time.monotonic()
    time.sleep(2)  # answers on their way


def crash(url: str, folder: Path, kills: int, seed: int, say: Callable[[str], None] = print) -> Outcome:
    """Kills `kills` processes at random moments, starts each again, and checks what is left."""
    dice, counted = random.Random(seed), count(1)

    def kill(fleet: Fleet, memory: Remembered) -> None:
        while len(ready := [member for member in fleet.members if member.is_ready()]) < ALIVE:
            time.sleep(0.2)
        time.sleep(dice.uniform(0.0, 1.5))
        fallen = dice.choice(ready)
        fallen.end(signal.SIGKILL)
        fallen.start()
        if (number := next(counted)) % 10 == 0:
            say(f"{number} kills, {len(memory.completed)} completions acknowledged")

    return disturbed(url, folder, kills, seed, kill)


def disturbed(
    url: str,
    folder: Path,
    times: int,
    seed: int,
    disturb: Callable[[Fleet, Remembered], None],
    patient_about: frozenset[int] = frozenset(),
    python: Sequence[str] = (sys.executable,),
) -> Outcome:
    """People at work, disturbed `times` times; then everything comes to its end, and is checked.

    `patient_about`: the answers that tell people to try again, which are no faults here; `python`: how the
    processes run Python."""
    prepare(url, folder)
    database, began = engine.create_database_engine(url), time.monotonic()
    stuck: list[str] = []
    with (
        Fleet(url, folder, python=python) as fleet,
        at_work(fleet.urls, seed, patient_about) as (memory, starting),
    ):
        for _ in range(times):
            disturb(fleet, memory)
            database.dispose()  # our own connection may have been cut, too
            stuck += stuck_jobs(database, GRACE)
        for member in fleet.members:
            member.wait()
        drain(database, starting)
        stuck += stuck_jobs(database, GRACE)
    wrong = [f"job stuck: {job}" for job in stuck] + faults(database, memory)
    outcome = Outcome(times, time.monotonic() - began, memory, counts(database), wrong)
    database.dispose()
    return outcome
