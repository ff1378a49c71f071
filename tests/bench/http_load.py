"""Completions per second over HTTP on PostgreSQL, with 1, 2 and 4 server processes, and their memory.

Each process is `python -m web serve` on a port of its own; clients sign in, keep their connection and walk
cases of the five steps: get the page of the task, send its form, follow to the next. Servers, database and
clients share the machine, so the note says how much of it was still free: a ratio is judged only if one
process left a whole core idle for the second."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

import engine
from engine.storage.models import UserTask
from tests.bench.measure import Measure, Pairs, alone, times_as_fast
from tests.bench.places import postgres_database
from tests.bench.plan import Plan
from tests.bench.regulations import FIVE_STEPS
from tests.bench.servers import servers
from tests.bench.usage import Usage, resident_mebibytes, used
from tests.drive import Clock, actor, sign_up

PROCESSES = (1, 2, 4)
CLIENTS = 4
ROUNDS = 3
CASES_A_SECOND = 60  # more than is ever worked through


@dataclass(frozen=True)
class Run:
    """What one run did: completions per second, and the machine meanwhile."""

    speed: float
    usage: Usage
    memory: float


def measure(plan: Plan) -> Iterator[Measure]:
    """Runs of each number of processes in turn; their ratios to one process; memory of a process."""
    with postgres_database("http") as url:
        if url is None:
            yield Measure("HTTP completions", None, note="no PostgreSQL server")
            return
        rounds: list[dict[int, Run]] = []
        tasks = _furnish(url, int(plan.seconds * CASES_A_SECOND * (ROUNDS + 1)))
        for _ in range(ROUNDS):
            rounds.append({n: _run(url, plan, n, tasks) for n in PROCESSES})
    idle = min(1 - run[1].usage.busy for run in rounds) * len(os.sched_getaffinity(0))
    speeds = [run[1].speed for run in rounds]
    yield alone("HTTP completions a second, 1 process", speeds, note=_note(rounds, 1))
    for number in PROCESSES[1:]:
        pairs = [(1 / run[number].speed, 1 / run[1].speed) for run in rounds]
        yield _judged(number, pairs, rounds, idle)
    memory = [run[1].memory for run in rounds]
    yield alone("memory of a server process after the load (MiB)", memory)


def _judged(number: int, pairs: Pairs, rounds: list[dict[int, Run]], idle: float) -> Measure:
    name, asked = f"HTTP completions (s each), {number} processes against 1", 1.7 if number == 2 else None
    found = times_as_fast(name, pairs, at_least=asked, note=_note(rounds, number))
    if asked is None or found.holds or idle >= 1:
        return found
    why = f"not judged: beside 1 process, clients and database only {idle:.1f} cores idle, not one"
    return replace(found, holds=None, note=f"{why}; {found.note}")


def _note(rounds: list[dict[int, Run]], number: int) -> str:
    usages = [run[number].usage for run in rounds]
    busy, servers, each = (
        sum(values) / len(values)
        for values in zip(*((u.busy, u.servers, u.servers_each) for u in usages), strict=True)
    )
    return (
        f"machine {busy:.0%} busy, servers {servers:.2f} cores of it, {each * 1000:.1f} ms of a server's "
        "processor for each completion (with its page)"
    )


def _furnish(url: str, cases: int) -> Iterator[str]:
    """A company with that many cases of the five steps; hands out their first tasks."""
    database = engine.create_database_engine(url)
    engine.migrate(database)
    with Session(database) as session:
        sign_up(session)
        with engine.transaction(session):
            engine.deploy(session, FIVE_STEPS, "owner", "bench", now=Clock().now)
        who = actor(session, "cs")
        started = []
        for number in range(cases):
            started.append(engine.start_instance(session, "p", who, {"gist": f"第 {number} 件"}))
            if number % 50 == 0:
                session.commit()
        session.commit()
        tasks = [task for case in started for task in _open(session, case.instance_id)]
    database.dispose()
    return iter(tasks)


def _open(session: Session, instance_id: str) -> list[str]:
    return list(session.scalars(select(UserTask.id).where(UserTask.instance_id == instance_id)))


def _run(url: str, plan: Plan, number: int, tasks: Iterator[str]) -> Run:
    share = int(plan.seconds * CASES_A_SECOND / CLIENTS / len(PROCESSES))
    own = [[next(tasks) for _ in range(share)] for _ in range(CLIENTS)]
    with ExitStack() as stack:
        serving = stack.enter_context(servers(number, url, plan.folder / "http"))
        clients = [stack.enter_context(_client(serving[n % number].url, own[n])) for n in range(CLIENTS)]
        with used([server.pid for server in serving]) as usage:
            usage.completions = _work(clients, plan.seconds)
        return Run(usage.completions / plan.seconds, usage, resident_mebibytes(serving[0].pid))


@contextmanager
def _client(url: str, tasks: list[str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.bench.http_client", url, "cs"]
    client = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert client.stdin
        assert client.stdout
        client.stdin.write(" ".join(tasks) + "\n")
        client.stdin.flush()
        assert client.stdout.readline() == "ready\n"
        yield client
    finally:
        client.terminate()
        client.communicate()


def _work(clients: list[subprocess.Popen[str]], seconds: float) -> int:
    """All begin together and stop after so many seconds; completions altogether."""
    until = time.time() + seconds
    for client in clients:
        assert client.stdin
        client.stdin.write(f"{until}\n")
        client.stdin.flush()
    return sum(int(client.stdout.readline()) for client in clients if client.stdout)
