"""Statements that go to the driver as they are: they fail, and convert values, as all others do."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, func, literal, select, text
from sqlalchemy.exc import OperationalError, PendingRollbackError, ProgrammingError
from sqlalchemy.orm import Session

from engine.errors import DatabaseUnreachable, UnkeepableText
from engine.records.variables import index_texts
from engine.storage.models import HistoryEvent, NumberSequence
from engine.storage.prepared import Prepared
from engine.storage.session import insert_rows

NOW = datetime(2026, 11, 26, 9, 30, 0, 120, tzinfo=timezone(timedelta(hours=8)))
PERSONS = Prepared(lambda _: select(func.count()).select_from(text("person")))
EVENT = {"instance_id": "i", "seq": 1, "at": NOW, "kind": "x", "prev_hash": "", "hash": ""}
NOWHERE = Prepared(lambda _: select(literal(1)).select_from(text("nowhere")))


@pytest.fixture
def at(each_database: Engine) -> Iterator[Session]:
    """A session on each database."""
    with Session(each_database) as session:
        yield session


def test_values_come_back_as_they_went_in(at: Session) -> None:
    """Times in UTC, JSON letter for letter, null as null."""
    at.execute(text(FREE[at.get_bind().dialect.name]))  # the event belongs to no instance
    insert_rows(at, HistoryEvent, [{**EVENT, "data": {"名": [1, None]}}, {**EVENT, "seq": 2, "data": None}])
    first, second = at.scalars(select(HistoryEvent).order_by(HistoryEvent.seq))
    assert (first.at, first.data, second.data, second.reason) == (NOW, {"名": [1, None]}, None, None)
    at.rollback()


FREE = {"sqlite": "PRAGMA foreign_keys = OFF", "postgresql": "SET session_replication_role = replica"}


def test_no_rows_are_no_statement(at: Session) -> None:
    insert_rows(at, NumberSequence, [])
    assert at.scalar(select(func.count()).select_from(NumberSequence)) == 0


def test_a_time_without_a_zone_is_refused(at: Session) -> None:
    with pytest.raises(ValueError, match="naive"):
        insert_rows(at, HistoryEvent, [{**EVENT, "at": NOW.replace(tzinfo=None)}])


@pytest.mark.parametrize("words", ["a\x00b", "a\ud83d"])
def test_a_text_that_no_database_keeps_is_refused(at: Session, words: str) -> None:
    with pytest.raises(UnkeepableText):
        insert_rows(at, NumberSequence, [{"name": words, "period": "", "last": 1}])
    at.rollback()
    with pytest.raises(UnkeepableText):
        index_texts(at, "i", {"gist": words})


def test_a_fault_of_the_program_is_the_error_that_sqlalchemy_would_raise(at: Session) -> None:
    with pytest.raises((OperationalError, ProgrammingError), match="nowhere"):
        NOWHERE.read(at)
    at.rollback()
    assert PERSONS.read(at) == [(0,)]


def test_an_error_in_the_middle_of_a_result_is_translated_too(sqlite_file: Engine) -> None:
    many = Prepared(lambda _: select(text("value")).select_from(text("counting")))
    counted = "counted(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM counted LIMIT 90000)"
    steps = f"{counted} SELECT value FROM counted"
    with Session(sqlite_file) as session:
        session.execute(text(f"CREATE TEMP VIEW counting AS WITH RECURSIVE {steps}"))
        driver = session.connection().connection.dbapi_connection
        calls = iter(range(9))
        driver.set_progress_handler(lambda: next(calls, None) is None, 10_000)  # type: ignore[union-attr]
        with pytest.raises(OperationalError, match="interrupted"):
            many.read(session)
        driver.set_progress_handler(None, 0)  # type: ignore[union-attr]


def test_a_connection_that_was_given_up_is_not_used_again(at: Session) -> None:
    assert PERSONS.read(at) == [(0,)]
    at.connection().invalidate()
    with pytest.raises(PendingRollbackError):
        PERSONS.read(at)
    at.rollback()
    assert PERSONS.read(at) == [(0,)]


@pytest.mark.postgres
def test_a_connection_that_is_gone_is_said_and_left(postgres: Engine) -> None:
    with Session(postgres) as session:
        session.connection().connection.dbapi_connection.close()  # type: ignore[union-attr]
        with pytest.raises(DatabaseUnreachable):
            PERSONS.read(session)
        session.rollback()
        assert PERSONS.read(session) == [(0,)]


@pytest.mark.postgres
def test_a_restart_of_the_server_is_noticed_once_for_all_connections(postgres: Engine) -> None:
    sessions = [Session(postgres) for _ in range(3)]
    numbers = [session.scalar(text("SELECT pg_backend_pid()")) for session in sessions]
    for session in sessions:
        session.rollback()
        session.close()
    with Session(postgres) as other:
        mine = other.scalar(text("SELECT pg_backend_pid()"))
        for number in (n for n in numbers if n != mine):
            other.execute(text(f"SELECT pg_terminate_backend({number})"))
        other.connection().invalidate()
    told = 0
    for session in sessions:
        with closing(session):
            try:
                PERSONS.read(session)
            except DatabaseUnreachable:
                told += 1
    assert told == 1
