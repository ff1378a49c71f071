"""What a run takes of the machine: processor time and memory, as Linux counts them."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Usage:
    """`busy`: the share of all cores that worked; `servers`: cores that the servers kept busy."""

    busy: float = 0.0
    servers: float = 0.0
    seconds: float = 0.0
    completions: int = 1

    @property
    def servers_each(self) -> float:
        """Seconds of a server's processor for one completion."""
        return self.servers * self.seconds / max(1, self.completions)


@contextmanager
def used(pids: Sequence[int]) -> Iterator[Usage]:
    """Measures what is used inside the block."""
    usage, begun = Usage(), time.monotonic()
    busy, total, own = *_machine(), sum(map(_process, pids))
    yield usage
    usage.seconds = time.monotonic() - begun
    busy_after, total_after = _machine()
    usage.busy = (busy_after - busy) / (total_after - total)
    usage.servers = (sum(map(_process, pids)) - own) / TICKS / usage.seconds


def resident_mebibytes(pid: int) -> float:
    """What a process holds in memory now."""
    line = next(x for x in Path(f"/proc/{pid}/status").read_text().splitlines() if x.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _machine() -> tuple[int, int]:
    """Ticks of all cores since the start: working, and altogether."""
    ticks = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


def _process(pid: int) -> int:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(words[11]) + int(words[12])
