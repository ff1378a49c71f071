"""`python -m tests.crash [KILLS] [SEED]`: the crash test in full size, on a SQLite file and on PostgreSQL."""

import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.crash.rig import crash
from tests.databases import PostgresDatabases, SqliteDatabases, postgres_url

KILLS = 100


def main(kills: int, seed: int) -> int:
    """Prints one line a database; 1 if anything was lost or doubled."""
    server = postgres_url()
    if server is None:
        print("no PostgreSQL server: name one in ZHIHUAN_TEST_POSTGRES", file=sys.stderr)
        return 2
    failed = 0
    for name, kind in (("SQLite", None), ("PostgreSQL", server)):
        home = Path(tempfile.mkdtemp(prefix="zhihuan-crash-"))
        databases = PostgresDatabases(kind) if kind else SqliteDatabases(lambda home=home: home)
        with databases.copy("bare") as url:
            outcome = crash(url, home, kills, seed, lambda text: print(" ", text, flush=True))
        databases.close()
        print(outcome.line(f"crash test on {name}", seed), *outcome.faults[:40], sep="\n  ", flush=True)
        if outcome.faults:
            failed = 1
            print(f"  logs are left in {home}")
        else:
            shutil.rmtree(home)
    return failed


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    raise SystemExit(main(*(words + [KILLS, random.randrange(10**6)][len(words):])))
