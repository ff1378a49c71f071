"""Engines, sessions and transactions: what is different between SQLite and PostgreSQL is settled here."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Engine, create_engine, event, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from engine import measures
from engine.errors import EngineError
from engine.storage.base import Base
from engine.storage.faults import translate
from engine.storage.guards import begin, guard
from engine.storage.prepared import Prepared, way_of

BUSY_MS = 30_000
PRAGMAS = (
    "page_size=2048",  # of a new file: a step writes a little on many pages
    "journal_mode=WAL",
    f"busy_timeout={BUSY_MS}",
    "foreign_keys=ON",
    "synchronous=FULL",
)


def create_database_engine(url: str) -> Engine:
    """An engine for `sqlite://` (memory), `sqlite:///file` or `postgresql://…`, ready for the verbs."""
    options: dict[str, Any] = {}
    if url in ("sqlite://", "sqlite:///:memory:"):
        options = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    for spelling in ("postgresql://", "postgres://"):
        url = url.replace(spelling, "postgresql+psycopg://", 1) if url.startswith(spelling) else url
    return configure_database(create_engine(url, hide_parameters=True, **options))


def configure_database(engine: Engine) -> Engine:
    """Makes an engine, wherever it was made, behave as the verbs expect. Safe to call twice.

    SQLite: see PRAGMAS; the driver's own BEGIN is switched off, reads take no lock, and the first write of a
    transaction (or `begin_write`) begins IMMEDIATE, so that two writers queue up instead of failing half-way.
    Texts that PostgreSQL cannot keep are refused on both (UnkeepableText). A database
    that is full, read-only, busy or gone raises DatabaseUnavailable, whatever the statement was.
    """
    if not event.contains(engine, "handle_error", translate):
        event.listen(engine, "handle_error", translate)
    if not event.contains(engine, "before_cursor_execute", guard):
        # retval: else SQLAlchemy wraps it, and prepared statements, which guard themselves, could not tell it
        event.listen(engine, "before_cursor_execute", guard, retval=True)
    if engine.dialect.name == "sqlite" and not event.contains(engine, "connect", _prepare_sqlite):
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def begin_write(session: Session) -> None:
    """Says that this transaction will write, before it reads what it decides on.

    On SQLite this takes the one write lock; on PostgreSQL rows are locked one by one instead.
    Raises DatabaseUnavailable."""
    way = way_of(session)
    if isinstance(way.driver, sqlite3.Connection) and not way.driver.in_transaction:
        begin(way.connection, way.driver)


@contextmanager
def transaction(session: Session) -> Iterator[Session]:
    """One verb, one commit: commits at the end of the block, rolls back when it raises.

    A refusal with `keeps_writes` (a wrong password is counted) commits what it wrote and still raises."""
    try:
        try:
            yield session
        except EngineError as refusal:
            if refusal.keeps_writes:
                session.commit()
            raise
        session.commit()
    except BaseException as error:
        session.rollback()  # also after a commit that failed: until then the session could do nothing else
        measures.ended(session.info, committed=False)
        if isinstance(error, EngineError):
            measures.refused(error)
        raise
    measures.ended(session.info, committed=True)


def insert_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Writes rows, all of the same columns, in one statement and straight to the table: none becomes an
    object."""
    if not rows:
        return
    statement, defaults = _plain_insert(model, tuple(rows[0]))
    statement.write(session, [{**defaults, **row} for row in rows] if defaults else rows)


@cache
def _plain_insert(model: type[Base], names: tuple[str, ...]) -> tuple[Prepared, dict[str, object]]:
    """The INSERT of these columns, and what the others start with."""
    table: Any = model.__table__
    preset = [column for column in table.columns if column.name not in names and column.default is not None]
    assert all(column.default.is_scalar for column in preset)
    defaults = {column.name: column.default.arg for column in preset}
    return Prepared(lambda _: insert(table), (*names, *defaults)), defaults


def insert_for(session: Session) -> Callable[..., Any]:
    """The database's own INSERT, which knows ON CONFLICT; SQLite and PostgreSQL spell it alike."""
    return insert_of(session.get_bind().dialect.name)


def insert_of(dialect: str) -> Callable[..., Any]:
    """The INSERT of a dialect by its name: for statements that are built once and used again and again."""
    return postgresql.insert if dialect == "postgresql" else sqlite.insert
