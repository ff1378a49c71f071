"""What is counted while the engine works, for Prometheus.

Numbers are those of this process; where `PROMETHEUS_MULTIPROC_DIR` names a folder before the start, those of
all processes that use the folder.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from prometheus_client import Counter, Histogram

from engine.errors import EngineError

COMPLETIONS = Counter("zhihuan_completions", "Tasks that people completed, counted after the commit")
REFUSALS = Counter("zhihuan_refusals", "Refusals by the code of the reason", ["code"])
JOB_RUNS = Counter(
    "zhihuan_job_runs",
    "Runs of jobs; outcome: done, failed, postponed, lost (taken over)",
    ["kind", "outcome"],
)
JOB_SECONDS = Histogram(
    "zhihuan_job_seconds", "Duration of a run", ["kind"], buckets=(0.005, 0.02, 0.05, 0.1, 0.5, 1, 5, 20, 60)
)
_trying = ContextVar("trying", default=False)
WAITING = "zhihuan_completions"  # key of a session's completions that are not committed yet


@dataclass
class Run:
    """A run of a job; whoever does it says how it went."""

    outcome: str = "failed"


@contextmanager
def unseen() -> Iterator[None]:
    """What happens in the block is a trial and counts nowhere."""
    token = _trying.set(True)
    try:
        yield
    finally:
        _trying.reset(token)


@contextmanager
def job_run(kind: str) -> Iterator[Run]:
    """Measures the block as one run of a job."""
    run, start = Run(), time.perf_counter()
    try:
        yield run
    finally:
        if not _trying.get():
            JOB_RUNS.labels(kind, run.outcome).inc()
            JOB_SECONDS.labels(kind).observe(time.perf_counter() - start)


def completes(info: dict[Any, Any]) -> None:
    """A task is completed in a session, whose `info` this is; it counts once that is committed."""
    info[WAITING] = info.get(WAITING, 0) + 1


def ended(info: dict[Any, Any], committed: bool) -> None:
    """The session's transaction is over."""
    completed = info.pop(WAITING, 0)
    if committed and completed and not _trying.get():
        COMPLETIONS.inc(completed)


def refused(refusal: EngineError) -> None:
    """The engine said no. Told again on its way out, the same refusal counts once."""
    if not getattr(refusal, "counted", False) and not _trying.get():
        refusal.counted = True  # type: ignore[attr-defined]
        REFUSALS.labels(refusal.code).inc()
