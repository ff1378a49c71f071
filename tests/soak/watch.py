"""Watching processes and jobs while people work: memory of each process, lag of the jobs."""

import os
import threading
import time
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlalchemy.orm import Session

import engine

EVERY = 0.5  # seconds
WINDOW = 15.0  # seconds; in each the smallest size counts: checking a password takes 64 MB for a moment
PAGE = os.sysconf("SC_PAGE_SIZE")
MEGABYTE = 1024 * 1024


def rss(pid: int) -> float:
    """Resident memory of a process in MB."""
    with open(f"/proc/{pid}/statm") as statm:
        return int(statm.read().split()[1]) * PAGE / MEGABYTE


def slope(points: list[tuple[float, float]]) -> float:
    """MB a minute: the least-squares line through (seconds, MB)."""
    if len(points) < 2:
        return 0.0
    middle = sum(at for at, _ in points) / len(points)
    mean = sum(size for _, size in points) / len(points)
    spread = sum((at - middle) ** 2 for at, _ in points)
    return 60 * sum((at - middle) * (size - mean) for at, size in points) / spread


def quantile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies; 0 of none."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


@dataclass
class Watch:
    """Samples until `stop`; `sizes` are (seconds, MB) by process name."""

    database: Engine
    pids: dict[str, int]
    sizes: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    lags: list[float] = field(default_factory=list)

    def run(self, stop: threading.Event) -> None:
        """In a thread of its own."""
        began = time.monotonic()
        while not stop.wait(EVERY):
            for name, pid in self.pids.items():
                self.sizes.setdefault(name, []).append((time.monotonic() - began, rss(pid)))
            with Session(self.database) as session:
                self.lags.append(engine.job_lag(session))

    def resting(self, name: str) -> list[tuple[float, float]]:
        """The smallest size of a process in each window, at the window's beginning."""
        windows: dict[int, float] = {}
        for at, size in self.sizes.get(name, ()):
            number = int(at // WINDOW)
            windows[number] = min(size, windows.get(number, size))
        return [(number * WINDOW, size) for number, size in sorted(windows.items())]

    def growth(self, seconds: float) -> dict[str, float]:
        """MB a minute of each process in the last `seconds`."""
        resting = {name: self.resting(name) for name in self.sizes}
        return {
            name: slope([point for point in points if point[0] >= points[-1][0] - seconds])
            for name, points in resting.items()
        }
