"""What happens before every statement, whoever sends it: texts are checked, SQLite's transaction begins."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Connection

from engine.errors import UnkeepableText
from engine.storage.faults import is_stale_after, meaning_of

READS = ("SELECT", "PRAGMA", "BEGIN", "EXPLAIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "WITH")


def guard(
    connection: Connection, cursor: Any, statement: str, values: Any, _context: Any, many: bool
) -> tuple[str, Any]:
    """Listens to `before_cursor_execute` of an engine (`retval=True`: it changes neither of what it returns).

    Raises UnkeepableText, and on SQLite what `begin` raises."""
    for row in values if many and isinstance(values, list) else (values,):  # INSERT … RETURNING: flat, too
        cells = row.values() if isinstance(row, Mapping) else row
        if not is_keepable("".join([cell for cell in cells if isinstance(cell, str)])):
            raise UnkeepableText()
    driver = getattr(cursor, "connection", None)
    if isinstance(driver, sqlite3.Connection) and not driver.in_transaction and not is_read(statement):
        begin(connection, driver)
    return statement, values


def is_read(statement: str) -> bool:
    """Whether a statement can do without SQLite's write lock."""
    return statement.lstrip().upper().startswith(READS)


def begin(connection: Connection, driver: sqlite3.Connection) -> None:
    """Takes SQLite's one write lock. Raises DatabaseUnavailable."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        meaning = meaning_of(error)
        if meaning is None:
            raise
        if is_stale_after(meaning):
            connection.invalidate(error)
        raise meaning() from error


def is_keepable(text: str) -> bool:
    """Whether every database keeps this text: it holds no NUL and no lone surrogate."""
    if "\x00" in text:
        return False
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


def check_keepable(value: object) -> None:
    """Raises UnkeepableText for a text anywhere in a JSON value, names included: as parts of JSON texts are
    not seen by the check of all statements."""
    if isinstance(value, str) and not is_keepable(value):
        raise UnkeepableText()
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple):
        for part in value:
            check_keepable(part)
