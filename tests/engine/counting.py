"""Counts what a piece of work asks of the database: statements, commits, rows and bytes written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event


@dataclass
class Work:
    """What was asked: statements in order, commits, parameter rows of writing statements and their bytes.

    A number counts eight bytes, whatever its digits."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0
    rows: int = 0
    bytes: int = 0


def plans(database: Engine, work: Callable[[], object]) -> list[str]:
    """How SQLite looks for what a piece of work reads: the steps of its plans."""
    found: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, values: Any, _c: Any, _many: bool) -> None:
        if statement.startswith("SELECT"):
            asked = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", values)
            found.extend(row[3] for row in asked)

    event.listen(database, "before_cursor_execute", explain)
    try:
        work()
    finally:
        event.remove(database, "before_cursor_execute", explain)
    return found


@contextmanager
def counted(database: Engine) -> Iterator[Work]:
    """Counts everything that goes to the database inside the block, on any session of this engine whose
    transaction begins inside."""
    work = Work()

    def execute(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        work.statements.append(statement)
        if not statement.startswith(("SELECT", "BEGIN")):
            sets = values if many else [values]
            work.rows += len(sets)
            cells = (cell for one in sets for cell in (one.values() if isinstance(one, dict) else one))
            work.bytes += sum(8 if isinstance(cell, int) else len(str(cell).encode()) for cell in cells)

    def commit(_connection: Any) -> None:
        work.commits += 1

    event.listen(database, "before_cursor_execute", execute)
    event.listen(database, "commit", commit)
    try:
        yield work
    finally:
        event.remove(database, "before_cursor_execute", execute)
        event.remove(database, "commit", commit)
