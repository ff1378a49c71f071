"""`python -m tests.bench [--only NAME] [--quick]`: how fast, against what; a table and build/bench.json.

Exit status 1 if a target that can be measured here does not hold."""

import argparse
import json
import shutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from tests.bench.measure import Measure
from tests.bench.plan import Plan
from tests.bench.table import heading, line, machine, notes

BUILD = Path("build")
WORKLOADS = (
    "five_steps", "main_chain", "rework", "many_at_once", "lists", "http_load", "deploying", "modeler",
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Measures, tells line by line, keeps the result."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=WORKLOADS, action="append", help="only this workload")
    parser.add_argument("--quick", action="store_true", help="small; for development, not for quoting")
    chosen = parser.parse_args(arguments)
    BUILD.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=BUILD)).resolve()
    plan = Plan.quick(folder) if chosen.quick else Plan(folder)
    try:
        measures = run(chosen.only or WORKLOADS, plan)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found = json.dumps([measure.as_json() for measure in measures], ensure_ascii=False, indent=1)
    (BUILD / "bench.json").write_text(found + "\n")
    print(notes(measures), flush=True)
    return 1 if any(measure.holds is False for measure in measures) else 0


def run(workloads: tuple[str, ...] | list[str], plan: Plan) -> list[Measure]:
    """Every measure of the workloads, told as soon as it is known."""
    print(machine(), heading(), sep="\n", flush=True)
    measures = []
    for name in workloads:
        for measure in import_module(f"tests.bench.{name}").measure(plan):
            print(line(measure), flush=True)
            measures.append(measure)
    return measures


if __name__ == "__main__":
    sys.exit(main())
