"""What is wrong with a database is said so that people know what to do; every case is made for real."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import engine
from engine.errors import (
    DatabaseBusy,
    DatabaseReadOnly,
    DatabaseUnavailable,
    DatabaseUnreachable,
    DiskFull,
)
from engine.storage.models import OrgGroup, PersonGroup
from engine.storage.session import begin_write

BIG = "x" * 200_000


def _fill(session: Session) -> None:
    """Writes more than there is room for."""
    with engine.transaction(session):
        for number in range(40):
            session.execute(insert(OrgGroup).values(id=f"g{number}", name=BIG))


def _groups(session: Session) -> int:
    return session.execute(text("SELECT count(*) FROM org_group")).scalar_one()


def test_a_full_disk_is_said_and_leaves_nothing_half_done(sqlite_file: Engine) -> None:
    with Session(sqlite_file) as session:
        session.execute(text("PRAGMA max_page_count = 600"))
        with pytest.raises(DiskFull):
            _fill(session)
        assert _groups(session) == 0
        session.execute(text("PRAGMA max_page_count = 100000"))
        _fill(session)
        assert _groups(session) == 40


def _dangling(session: Session) -> None:
    """Writes what only the commit finds fault with."""
    with engine.transaction(session):
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        session.execute(insert(PersonGroup).values(person_id="nobody", group_id="nowhere"))


def test_a_session_works_on_after_a_commit_that_failed(sqlite_file: Engine) -> None:
    with Session(sqlite_file) as session:
        with pytest.raises(IntegrityError):
            _dangling(session)
        assert _groups(session) == 0
        _fill(session)
        assert _groups(session) == 40


def test_a_read_only_file_is_said_at_the_first_write(sqlite_file: Engine) -> None:
    """Reading goes on; a connection opened once the file can be written again writes."""
    path = sqlite_file.url.database
    readers = engine.configure_database(
        engine.create_database_engine(f"sqlite:///file:{path}?mode=ro&uri=true")
    )
    with Session(readers) as session:
        assert _groups(session) == 0
        begin_write(session)  # which SQLite grants as a transaction that only reads
        with pytest.raises(DatabaseReadOnly):
            _fill(session)
        assert _groups(session) == 0
    readers.dispose()


def test_a_lock_that_is_not_let_go_is_said(sqlite_file: Engine) -> None:
    holder = sqlite3.connect(str(sqlite_file.url.database), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with Session(sqlite_file) as session:
        session.execute(text("PRAGMA busy_timeout = 1"))
        with pytest.raises(DatabaseBusy):
            _fill(session)
        holder.execute("ROLLBACK")
        session.rollback()
        _fill(session)
    holder.close()


def test_a_file_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    gone = engine.create_database_engine(f"sqlite:///{tmp_path}/nowhere/zhihuan.sqlite")
    with Session(gone) as session, pytest.raises(DatabaseUnreachable):
        _groups(session)


def test_a_server_that_does_not_answer_is_said() -> None:
    gone = engine.create_database_engine("postgresql://postgres@127.0.0.1:9/zhihuan")
    with Session(gone) as session, pytest.raises(DatabaseUnreachable):
        _groups(session)


@pytest.mark.postgres
def test_a_connection_that_the_server_closes_is_said_and_replaced(postgres: Engine) -> None:
    """One refusal, then work goes on."""
    with Session(postgres) as session, Session(postgres) as other:
        pid = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(DatabaseUnreachable):
            _fill(session)
        session.rollback()
        _fill(session)
        assert _groups(session) == 40


@pytest.mark.postgres
def test_a_read_only_server_is_said_until_it_is_none(postgres: Engine) -> None:
    """The connection that was read-only is not used again."""
    name = postgres.url.database
    with Session(postgres) as session:
        _set(session, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    postgres.dispose()
    with Session(postgres) as session:
        assert _groups(session) == 0
        with pytest.raises(DatabaseReadOnly):
            _fill(session)
        session.rollback()
        _set(session, "SET default_transaction_read_only = off")
        _set(session, f"ALTER DATABASE {name} RESET default_transaction_read_only")
    with Session(postgres) as session:
        for _ in range(2):
            try:
                _fill(session)
                break
            except DatabaseReadOnly:
                session.rollback()
        assert _groups(session) == 40


def _set(session: Session, statement: str) -> None:
    session.execute(text(statement))
    session.commit()


def test_a_fault_of_a_statement_stays_what_it_is(session: Session) -> None:
    """Only the state of the database is a refusal; a wrong statement is a fault of ours."""
    with pytest.raises(Exception, match=r"no such table|does not exist") as fault:
        session.execute(text("SELECT * FROM nowhere"))
    assert not isinstance(fault.value, DatabaseUnavailable)
