"""PostgreSQL is restarted under people at work, as after a crash."""

import random
import time
from pathlib import Path

import pytest

from tests.crash.cluster import cluster
from tests.crash.people import Remembered
from tests.crash.rig import disturbed
from tests.databases import PostgresDatabases, only_on_postgres
from tests.fleet import Fleet

RESTARTS = 3


@pytest.mark.postgres
def test_people_see_errors_and_go_on_when_the_server_restarts(databases: object, tmp_path: Path) -> None:
    """Every connection is cut three times. Nothing acknowledged is lost, no process dies of it, and whoever
    asks meanwhile is told what to do (503)."""
    only_on_postgres("its server is restarted")
    seed = random.randrange(10**6)
    with cluster() as server:
        dice = random.Random(seed)

        def restart(fleet: Fleet, _: Remembered) -> None:
            time.sleep(dice.uniform(2, 4))
            server.restart()
            assert fleet.dead == []

        made = PostgresDatabases(server.url)
        with made.copy("bare") as url:
            hurried = url.partition("?")[0]  # an acknowledged commit is on the disk
            outcome = disturbed(hurried, tmp_path, RESTARTS, seed, restart, frozenset({503}))
        made.close()
    print(outcome.line("PostgreSQL", seed, "restarts"), outcome.memory.answers)
    assert outcome.faults == [], f"seed {seed}"
    assert outcome.memory.answers[503] > 0
    assert outcome.memory.completed
