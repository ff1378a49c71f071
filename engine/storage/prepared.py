"""Statements that are part of every step: compiled once a dialect, then handed to the driver as they are.

SQLAlchemy still writes the SQL, converts values and owns the connection; only its way from statement to
cursor, which takes many times as long as SQLite itself, is left out. Of its events only
`before_cursor_execute` (without a context) and `handle_error` are heard; what `guards.guard` does there is
done here.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import Executable, Select
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import Session
from sqlalchemy.types import String, TypeDecorator, TypeEngine

from engine.errors import EngineError, UnkeepableText
from engine.storage.guards import begin, guard, is_keepable, is_read

Convert = Callable[[Any], Any]
Build = Callable[[str], Executable]


@dataclass(frozen=True)
class _Compiled:
    """SQL text, and how its values go in and out.

    names: of the parameters, in order. inputs, outputs: (position, conversion) of the parameters and columns
    that the driver does not take or give as they are. constants: parameters that are always the same.
    texts: where texts stand in what `bound` makes, by position or name."""

    sql: str
    positional: bool
    reads: bool
    names: tuple[str, ...]
    inputs: tuple[tuple[int, Convert], ...]
    constants: dict[str, object]
    outputs: tuple[tuple[int, Convert], ...]
    texts: tuple[int | str, ...]

    def bound(self, row: Mapping[str, object]) -> Any:
        """The values of one row as the driver wants them."""
        values = {**self.constants, **row} if self.constants else row
        bound = list(self.pick(values))
        for index, convert in self.inputs:
            if bound[index] is not None:
                bound[index] = convert(bound[index])
        return bound if self.positional else dict(zip(self.names, bound, strict=True))

    @cached_property
    def pick(self) -> Callable[[Mapping[str, object]], Iterable[object]]:
        """Takes the values of all parameters, in order, out of a row."""
        if len(self.names) > 1:
            return itemgetter(*self.names)
        return lambda values: [values[name] for name in self.names]

    @cached_property
    def pick_texts(self) -> Callable[[Any], Iterable[Any]]:
        """Takes the texts (or nulls) out of what `bound` makes."""
        if len(self.texts) > 1:
            return itemgetter(*self.texts)
        return lambda bound: [bound[place] for place in self.texts]

    def refuse_unkeepable(self, rows: Iterable[Any]) -> None:
        """Raises UnkeepableText if a text in these rows is one that not every database keeps."""
        if not is_keepable("".join(filter(None, chain.from_iterable(map(self.pick_texts, rows))))):
            raise UnkeepableText()


class Prepared:
    """A statement of SQLAlchemy Core for which nothing but values changes.

    `build` makes it for a dialect, by name; `columns` are those that an INSERT writes."""

    def __init__(self, build: Build, columns: Sequence[str] | None = None) -> None:
        self._build, self._columns = build, list(columns) if columns else None
        self._compiled: dict[str, _Compiled] = {}

    def write(self, session: Session, rows: Sequence[Mapping[str, object]]) -> int:
        """Runs it once a row; the number of rows of the table that were touched."""
        if not rows:
            return 0
        way = way_of(session)
        compiled = self._for(way.connection.dialect)
        return int(_run(way, compiled, [compiled.bound(row) for row in rows], fetch=False))

    def read(self, session: Session, **values: object) -> Sequence[Sequence[Any]]:
        """The rows that it finds, in the order of its columns."""
        way = way_of(session)
        compiled = self._for(way.connection.dialect)
        found: list[Any] = _run(way, compiled, [compiled.bound(values)], fetch=True)
        if not compiled.outputs:
            return found
        rows = [list(row) for row in found]
        for row in rows:
            for index, convert in compiled.outputs:
                if row[index] is not None:
                    row[index] = convert(row[index])
        return rows

    def _for(self, dialect: Dialect) -> _Compiled:
        found = self._compiled.get(dialect.driver)
        if found is None:
            found = self._compiled[dialect.driver] = self._compile(dialect)
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
            reads=is_read(str(compiled)),
            names=tuple(names),
            inputs=tuple((i, to) for i, name in enumerate(names) if (to := _into(binds[name].type, dialect))),
            constants={name: bind.effective_value for name, bind in binds.items() if not bind.required},
            outputs=tuple((i, to) for i, column in outputs if (to := _out_of(column.type, dialect))),
            texts=tuple(
                i if compiled.positional else name
                for i, name in enumerate(names)
                if _is_text(binds[name].type, dialect)
            ),
        )


def _is_text(kind: TypeEngine[Any], dialect: Dialect) -> bool:
    """Whether the driver gets a value of this type as text that came from outside; JSON is escaped text."""
    own: Any = kind.dialect_impl(dialect)
    return isinstance(own.impl if isinstance(own, TypeDecorator) else own, String)


def _into(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _out_of(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


@dataclass(slots=True)
class Way:
    """The way from a session to its database, as long as the transaction lasts.

    `listeners`: who else hears of statements than `guard`; as they were when the transaction's first prepared
    statement was sent."""

    connection: Connection
    driver: Any
    listeners: list[Callable[..., object]]


def way_of(session: Session) -> Way:
    """The way of the session's transaction. To ask the session for it each time takes as long as the
    statement: so it is kept until the transaction ends, when the session closes its connection."""
    kept: Way | None = session.info.get(way_of)
    if kept is not None and not kept.connection.closed and not kept.connection.invalidated:
        return kept
    connection = session.connection()
    others = [each for each in connection.dispatch.before_cursor_execute if each is not guard]
    way = Way(connection, connection.connection.dbapi_connection, others)
    if not isinstance(session.bind, Connection):  # a connection of others may outlive the transaction
        session.info[way_of] = way
    return way


def _run(way: Way, compiled: _Compiled, rows: list[Any], fetch: bool) -> Any:
    """What was found, or how many rows were touched.

    An error of the driver becomes what SQLAlchemy makes of it, by SQLAlchemy itself: the same classes, the
    same refusals (`faults.translate`), connections that are gone leave the pool. Its handler is private, but
    all public ways to it cost what this module saves."""
    many = len(rows) > 1
    values, cursor, driver = rows if many else rows[0], None, way.driver
    try:
        compiled.refuse_unkeepable(rows)
        if not compiled.reads and isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
            begin(way.connection, driver)
        cursor = driver.cursor()
        for listener in way.listeners:
            listener(way.connection, cursor, compiled.sql, values, None, many)
        if many:
            cursor.executemany(compiled.sql, values)
        else:
            cursor.execute(compiled.sql, values)
        return cursor.fetchall() if fetch else cursor.rowcount
    except EngineError:
        raise  # refused
    except BaseException as error:
        way.connection._handle_dbapi_exception(error, compiled.sql, values, cursor, None)
