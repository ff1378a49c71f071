"""What an error of the database means: here the driver's codes become refusals that people can act on.

One place for every statement, connection and commit: SQLAlchemy asks it before it raises. Errors that are
faults of the program (a broken rule, a wrong statement) stay what they are.
"""

import sqlite3

from sqlalchemy.engine import ExceptionContext

from engine.errors import DatabaseBusy, DatabaseReadOnly, DatabaseUnavailable, DatabaseUnreachable, DiskFull

Kind = type[DatabaseUnavailable]

# https://www.sqlite.org/rescode.html: the low byte of an extended code is its kind
SQLITE: dict[int, Kind] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
    sqlite3.SQLITE_PERM: DatabaseReadOnly,
    sqlite3.SQLITE_BUSY: DatabaseBusy,
    sqlite3.SQLITE_LOCKED: DatabaseBusy,
    sqlite3.SQLITE_CANTOPEN: DatabaseUnreachable,
    sqlite3.SQLITE_IOERR: DatabaseUnreachable,
}

# https://www.postgresql.org/docs/current/errcodes-appendix.html: whole codes first, then classes
POSTGRES: dict[str, Kind] = {
    "53100": DiskFull,
    "25006": DatabaseReadOnly,
    "40001": DatabaseBusy,  # serialization_failure
    "40P01": DatabaseBusy,  # deadlock_detected
    "55P03": DatabaseBusy,  # lock_not_available
    "57014": DatabaseBusy,  # query_canceled: a time limit of the server
    "53": DatabaseBusy,  # insufficient_resources: memory, connections
    "57P": DatabaseUnreachable,  # shutting down, starting up
    "08": DatabaseUnreachable,  # connection_exception
    "58": DatabaseUnreachable,  # system_error
}


def translate(context: ExceptionContext) -> DatabaseUnavailable | None:
    """Listens to `handle_error` of an engine: what it returns is raised instead of the driver's error."""
    if context.is_pre_ping:
        return None
    meaning = meaning_of(context.original_exception, context.is_disconnect)
    if meaning is None:
        return None
    if context.connection is not None and is_stale_after(meaning):
        context.is_disconnect = True
    return meaning()


def is_stale_after(meaning: Kind) -> bool:
    """Whether a connection is of no use any more: it stays read-only even when the database no longer is."""
    return issubclass(meaning, DatabaseReadOnly | DatabaseUnreachable)


def meaning_of(error: BaseException, disconnected: bool = False) -> Kind | None:
    """The refusal that a driver's error amounts to, or None if it is no matter of the database's state."""
    if isinstance(error, sqlite3.Error):
        code: int = getattr(error, "sqlite_errorcode", 0)
        return SQLITE.get(code & 0xFF)
    state: str = getattr(error, "sqlstate", None) or ""
    for length in (5, 3, 2):
        if found := POSTGRES.get(state[:length]):
            return found
    lost = not state and type(error).__name__ == "OperationalError"  # the server hung up or does not answer
    return DatabaseUnreachable if disconnected or lost else None
