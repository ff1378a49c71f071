"""SQL statements are compiled once a worker, though every test has an engine of its own.

SQLAlchemy keeps what it compiled by engine and dialect object. Engines of one kind of database are made alike
here (`engine.create_database_engine`), so what one has compiled serves them all; nothing else changes."""

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

COMPILED: LRUCache[object, object] = LRUCache(2000)


def share_compiled() -> None:
    """From now on every engine of this process takes statements that another of its kind has compiled."""
    DefaultDialect.__eq__ = _alike  # type: ignore[method-assign,assignment]
    DefaultDialect.__hash__ = lambda dialect: hash(_kind(dialect))  # type: ignore[method-assign]
    event.listen(Engine, "engine_connect", _use)


def _use(connection: Connection) -> None:
    connection.execution_options(compiled_cache=COMPILED)


def _alike(one: DefaultDialect, other: object) -> bool:
    return isinstance(other, DefaultDialect) and _kind(one) == _kind(other)


def _kind(dialect: DefaultDialect) -> tuple[object, ...]:
    return type(dialect), dialect.paramstyle
