"""Statements that are part of every step: compiled once a dialect, then handed to the driver as they are.

SQLAlchemy still writes the SQL, converts values and owns the connection; only its way from statement to
cursor, which takes many times as long as SQLite itself, is left out. Whoever listens to the engine hears
these statements as all others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, Select
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from engine.storage.faults import is_stale_after, meaning_of

Convert = Callable[[Any], Any]
Build = Callable[[str], Executable]


@dataclass(frozen=True)
class _Compiled:
    """SQL text, and how its values go in and out: (name, conversion or None), constants by name."""

    sql: str
    positional: bool
    names: tuple[str, ...]
    inputs: tuple[tuple[int, Convert], ...]
    constants: dict[str, object]
    outputs: tuple[tuple[int, Convert], ...]

    def bound(self, row: Mapping[str, object]) -> Any:
        """The values of one row as the driver wants them."""
        values = {**self.constants, **row} if self.constants else row
        bound = [values[name] for name in self.names]
        for index, convert in self.inputs:
            if bound[index] is not None:
                bound[index] = convert(bound[index])
        return bound if self.positional else dict(zip(self.names, bound, strict=True))


class Prepared:
    """A statement of SQLAlchemy Core for which nothing but values changes.

    `build` makes it for a dialect, by name; `columns` are those that an INSERT writes."""

    def __init__(self, build: Build, columns: Sequence[str] | None = None) -> None:
        self._build, self._columns = build, list(columns) if columns else None
        self._compiled: dict[str, _Compiled] = {}

    def write(self, session: Session, rows: Sequence[Mapping[str, object]]) -> int:
        """Runs it once a row; the number of rows of the table that were touched."""
        connection = session.connection()
        compiled = self._for(connection.dialect)
        many = len(rows) > 1
        cursor = _run(connection, compiled.sql, [compiled.bound(row) for row in rows], many)
        return int(cursor.rowcount)

    def read(self, session: Session, **values: object) -> Sequence[Sequence[Any]]:
        """The rows that it finds, in the order of its columns."""
        connection = session.connection()
        compiled = self._for(connection.dialect)
        found: list[Any] = _run(connection, compiled.sql, [compiled.bound(values)], False).fetchall()
        if not compiled.outputs:
            return found
        rows = [list(row) for row in found]
        for row in rows:
            for index, convert in compiled.outputs:
                if row[index] is not None:
                    row[index] = convert(row[index])
        return rows

    def _for(self, dialect: Dialect) -> _Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = self._compile(dialect)
        return found

    def _compile(self, dialect: Dialect) -> _Compiled:
        statement: Any = self._build(dialect.name)
        compiled = statement.compile(dialect=dialect, column_keys=self._columns)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        names = compiled.positiontup if compiled.positional else list(binds)
        outputs = enumerate(statement.selected_columns if isinstance(statement, Select) else ())
        return _Compiled(
            sql=str(compiled),
            positional=bool(compiled.positional),
            names=tuple(names),
            inputs=tuple((i, to) for i, name in enumerate(names) if (to := _into(binds[name].type, dialect))),
            constants={name: bind.effective_value for name, bind in binds.items() if not bind.required},
            outputs=tuple((i, to) for i, column in outputs if (to := _out_of(column.type, dialect))),
        )


def _into(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _out_of(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _run(connection: Connection, sql: str, rows: list[Any], many: bool) -> Any:
    values = rows if many else rows[0]
    cursor = connection.connection.cursor()
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, cursor, sql, values, None, many)
    try:
        (cursor.executemany if many else cursor.execute)(sql, values)
    except _errors(connection) as error:
        raise _meant(connection, cursor, sql, error) from error
    return cursor


def _errors(connection: Connection) -> type[Exception]:
    kind: type[Exception] = connection.dialect.loaded_dbapi.Error
    return kind


def _meant(connection: Connection, cursor: Any, sql: str, error: Exception) -> BaseException:
    """What SQLAlchemy would have raised: the same refusals, the same errors."""
    driver = connection.connection.dbapi_connection
    meaning = meaning_of(error, connection.dialect.is_disconnect(error, driver, cursor))  # type: ignore[arg-type]
    if meaning is None:
        return DBAPIError.instance(
            sql, None, error, _errors(connection), hide_parameters=True, dialect=connection.dialect
        )
    if is_stale_after(meaning):
        connection.invalidate(error)
    return meaning()
