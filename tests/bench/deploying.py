"""Deploying the whole of bpmn/, and what a process holds in memory that has done so."""

import subprocess
import sys
from collections.abc import Iterator

from tests.bench.measure import Measure, alone
from tests.bench.plan import Plan

ROUNDS = 5
DEPLOY = """
import sys, time, resource
from sqlalchemy.orm import Session
import engine
from tests.company import BPMN
database = engine.create_database_engine(sys.argv[1])
engine.migrate(database)
files = {str(f.relative_to(BPMN)): f.read_bytes() for f in BPMN.rglob("*")
         if f.suffix in (".bpmn", ".dmn", ".form", ".csv")}
begun = time.perf_counter()
with Session(database) as session, engine.transaction(session):
    engine.deploy(session, files, "owner", "bench")
print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def measure(plan: Plan) -> Iterator[Measure]:
    """Each time a new process and a new database, so that nothing is at hand from before."""
    found = [_deploy(plan, number) for number in range(ROUNDS)]
    seconds, memory = zip(*found, strict=True)
    yield alone("deploying the whole of bpmn/: reading, checking, compiling, keeping (s)", seconds)
    yield alone("memory of a process with every bundle compiled, at most (MiB)", memory)


def _deploy(plan: Plan, number: int) -> tuple[float, float]:
    place = plan.at(f"deploy/{number}.sqlite")
    command = [sys.executable, "-c", DEPLOY, f"sqlite:///{place}"]
    seconds, memory = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), float(memory)
