"""SQLite files as safe as ours, for the baselines; and the floor that no SQLite program gets under."""

import os
import sqlite3
from pathlib import Path

from tests.bench.measure import milliseconds

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000")


AS_IT_COMES = "PRAGMA journal_mode=DELETE"  # SQLite's own choice where nobody makes one: as safe, but slower


def open_file(file: Path) -> sqlite3.Connection:
    """A connection with our own settings, and no transaction but the one that is asked for."""
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


class Floor:
    """Baseline (c): one commit of as many bytes as our completion writes, and nothing else."""

    def __init__(self, file: Path, size: int) -> None:
        self._file = open_file(file)
        self._file.execute("CREATE TABLE written (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")
        self._bytes = os.urandom(size)

    def step(self) -> float:
        """Milliseconds of one commit."""
        return milliseconds(self._commit)

    def _commit(self) -> None:
        self._file.execute("BEGIN IMMEDIATE")
        self._file.execute("INSERT INTO written (bytes) VALUES (?)", (self._bytes,))
        self._file.execute("COMMIT")

    def close(self) -> None:
        """Lets the file go."""
        self._file.close()
