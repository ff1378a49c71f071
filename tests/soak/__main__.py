"""`python -m tests.soak [SECONDS] [PEOPLE]`: two hundred people work the main chain over HTTP, on PostgreSQL,
with two servers and two workers. One table, `build/soak.json`; exit 1 if a requirement fails."""

import json
import random
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

import engine
from tests.company import furnish
from tests.databases import PostgresDatabases, postgres_url
from tests.fleet import Fleet
from tests.soak.people import Colleague, Heard, multiply
from tests.soak.reconcile import counts, faults
from tests.soak.watch import Watch, quantile
from web.demo.organisation import play
from web.demo.stories import STORIES

SECONDS, PEOPLE = 300, 200
THINK = 12.0  # seconds, on average, between two requests of a person
RAMP = 90.0  # seconds in which they arrive: each password costs a tenth of a second of a core
FLAT = 1.0  # MB a minute that a process may grow, in the last three fifths of the time
OUT = Path("build/soak.json")


def soak(seconds: float, people: int, seed: int) -> dict[str, object]:
    """One run: what was measured, and `failed`, the requirements that do not hold."""
    server = postgres_url()
    assert server, "no PostgreSQL server: name one in ZHIHUAN_TEST_POSTGRES"
    databases = PostgresDatabases(server)
    with tempfile.TemporaryDirectory(prefix="zhihuan-soak-") as made, databases.copy("bare") as unhurried:
        url = unhurried.partition("?")[0]  # an acknowledged commit is on the disk
        furnish(url)
        database = engine.create_database_engine(url)
        _begin_cases(database, Path(made))
        ids = multiply(database, people)
        with Fleet(url, Path(made), lease=60) as fleet:
            names = {member.log.stem: member.pid for member in fleet.members}
            watch, heard = Watch(database, names), Heard()
            took = _work(fleet.urls, ids, heard, watch, seconds, seed)
            dead = fleet.dead
        lost = faults(database, heard)
        found = _measured(heard, watch, took, people, seconds) | counts(database)
        database.dispose()
    databases.close()
    failed = [*(f"process died: {log}" for log in dead), *(f"error: {f}" for f in heard.faults[:20])]
    failed += [f"lost: {f}" for f in lost[:20]]
    growth = watch.growth(seconds * 0.6)
    failed += [f"{name} grows {mb:.2f} MB a minute" for name, mb in growth.items() if mb > FLAT]
    return found | {"seed": seed, "errors": len(heard.faults), "lost": len(lost), "failed": failed}


def _begin_cases(database: Engine, folder: Path) -> None:
    """The demo's complaints, at every stage: so that everybody has something to do from the beginning."""
    with Session(database) as session:
        for story in STORIES:
            play(session, story, folder / "files", datetime.now(UTC))


def _work(
    urls: list[str], ids: list[str], heard: Heard, watch: Watch, seconds: float, seed: int
) -> float:
    """Lets everybody arrive, then work so long. Returns the seconds from the last arrival to the end."""
    stop, arrived = threading.Event(), threading.Semaphore(0)
    colleagues = [Colleague(person, urls, heard, seed, THINK) for person in ids]
    threads = [threading.Thread(target=c.run, args=(arrived, stop, RAMP), daemon=True) for c in colleagues]
    for thread in threads:
        thread.start()
    for _ in ids:
        assert arrived.acquire(timeout=RAMP + 60), heard.faults
    began, watcher = time.monotonic(), threading.Thread(target=watch.run, args=(stop,))
    watcher.start()
    while time.monotonic() - began < seconds:
        time.sleep(1)
    stop.set()
    took = time.monotonic() - began
    for thread in (*threads, watcher):
        thread.join(60)
    return took


def _measured(heard: Heard, watch: Watch, took: float, people: int, seconds: float) -> dict[str, object]:
    latencies = {
        kind: {"count": len(s), **{f"p{q}": round(1000 * quantile(s, q / 100)) for q in (50, 95, 99)}}
        for kind, s in sorted(heard.seconds.items())
    }
    growth = watch.growth(seconds * 0.6)
    memory = {
        name: {"first": round(rest[0][1]), "last": round(rest[-1][1]), "slope": round(growth[name], 2)}
        for name in watch.sizes
        if (rest := watch.resting(name))
    }
    return {
        "people": people, "seconds": round(took), "requests": sum(heard.answers.values()),
        "completed": len(heard.completed), "started": len(heard.started), "refused": heard.refused,
        "latency_ms": latencies, "memory_mb": memory,
        "job_lag_s": {f"p{q}": round(quantile(watch.lags, q / 100), 2) for q in (50, 95, 100)},
    }  # fmt: skip


def show(found: dict[str, object]) -> None:
    """Prints the table."""
    title = "soak: {people} people, {seconds} s, seed {seed}, PostgreSQL, 2 servers, 2 workers"
    print(title.format(**found))
    for name in ("requests", "completed", "started", "refused", "cases", "closed", "jobs", "errors", "lost"):
        print(f"  {name:<10} {found[name]:>8}")
    print(f"  {'latency':<12} {'count':>7} {'p50':>6} {'p95':>6} {'p99':>6} ms")
    for kind, one in found["latency_ms"].items():  # type: ignore[attr-defined]
        print(f"  {kind:<12} {one['count']:>7} {one['p50']:>6} {one['p95']:>6} {one['p99']:>6}")
    print(f"  {'memory':<12} {'first':>7} {'last':>6} MB, and its slope in MB a minute")
    for name, one in found["memory_mb"].items():  # type: ignore[attr-defined]
        print(f"  {name:<12} {one['first']:>7} {one['last']:>6} {one['slope']:>6}")
    lag: dict[str, float] = found["job_lag_s"]  # type: ignore[assignment]
    print(f"  lag of jobs  p95 {lag['p95']} s, at most {lag['p100']} s")
    for line in found["failed"]:  # type: ignore[attr-defined]
        print("  FAILED", line)
    print("holds" if not found["failed"] else "DOES NOT HOLD")


def main(seconds: float, people: int) -> int:
    """Runs, prints and keeps the result; 1 if a requirement fails."""
    found = soak(seconds, people, random.randrange(10**6))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    show(found)
    return 1 if found["failed"] else 0


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    raise SystemExit(main(*(words + [SECONDS, PEOPLE][len(words) :])))
