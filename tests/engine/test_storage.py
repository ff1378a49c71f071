"""The schema on both databases, what the columns keep, and how transactions begin and end."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

import engine
from engine.errors import ReasonRequired, UnkeepableText, WrongPassword
from engine.storage.migrate import config
from engine.storage.models import AccessLog, Base, NumberSequence, OrgGroup
from engine.storage.session import insert_of
from engine.storage.types import canonical
from tests.databases import Databases


@pytest.fixture
def migrated(each_database: Engine) -> Engine:
    """Each database, which migrations alone brought to the schema."""
    return each_database


def test_migrations_make_exactly_the_models(migrated: Engine) -> None:
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_make_every_index_of_the_models(migrated: Engine) -> None:
    seen = inspect(migrated)
    for table in Base.metadata.sorted_tables:
        made = {index["name"]: index["column_names"] for index in seen.get_indexes(table.name)}
        for index in table.indexes:
            assert made[str(index.name)] == [column.name for column in index.columns]


def test_migrating_again_changes_nothing(migrated: Engine) -> None:
    engine.migrate(migrated)
    assert engine.is_migrated(migrated)


def test_going_back_from_the_first_migration_leaves_nothing(migrated: Engine) -> None:
    with migrated.begin() as connection:
        command.downgrade(config(connection), "base")
    assert inspect(migrated).get_table_names() == ["alembic_version"]


def test_a_database_without_the_schema_is_recognised(databases: Databases) -> None:
    with databases.copy("bare") as url:
        database = engine.create_database_engine(url)
        assert not engine.is_migrated(database)
        engine.migrate(database)
        assert engine.is_migrated(database)
        database.dispose()


def test_times_come_back_aware_and_in_utc(each_database: Engine) -> None:
    written = datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    with Session(each_database) as session:
        session.add(AccessLog(at=written, person_id="x", action="x"))
        session.commit()
        read = session.query(AccessLog).one().at
    assert (read, read.tzinfo) == (written, UTC)


def test_a_naive_time_is_never_guessed_at(each_database: Engine) -> None:
    with Session(each_database) as session:
        session.add(AccessLog(at=datetime(2026, 11, 22), person_id="x", action="x"))
        with pytest.raises(StatementError, match="naive"):
            session.flush()


def test_canonical_json_has_one_spelling() -> None:
    assert canonical({"b": 1, "a": ["中", 1.5, None]}) == '{"a":["中",1.5,null],"b":1}'
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("nan")})


def test_a_refusal_rolls_back_and_a_counted_failure_is_kept(session: Session) -> None:
    def write(refusal: Exception) -> None:
        with engine.transaction(session):
            session.add(OrgGroup(id=type(refusal).__name__, name="x"))
            session.flush()
            raise refusal

    for refusal in (ReasonRequired(), WrongPassword(), RuntimeError()):
        with pytest.raises(type(refusal)):
            write(refusal)
    assert [group.id for group in session.query(OrgGroup)] == ["WrongPassword"]


def test_sqlite_files_are_wal_patient_and_keep_foreign_keys(sqlite_file: Engine) -> None:
    with sqlite_file.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode",
                 "busy_timeout", "foreign_keys")}  # fmt: skip
    assert found == {"journal_mode": "wal", "busy_timeout": 30_000, "foreign_keys": 1}


def test_a_row_without_its_parent_is_refused(each_database: Engine) -> None:
    with each_database.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text("INSERT INTO bundle_source VALUES ('no', 'p.bpmn', 'no')"))


def test_an_engine_made_elsewhere_behaves_once_it_is_configured() -> None:
    database = engine.configure_database(engine.configure_database(create_engine("sqlite://")))
    Base.metadata.create_all(database)
    with Session(database) as session:
        session.add(NumberSequence(name="x", period="", last=1))
        session.flush()
        driver = session.connection().connection.dbapi_connection
        assert driver is not None
        assert driver.in_transaction
        session.rollback()
        assert session.query(NumberSequence).all() == []
        assert not driver.in_transaction
    database.dispose()


def test_text_that_cannot_be_kept_is_found_among_many_rows_too(each_database: Engine) -> None:
    """Also where the database is asked what it inserted, and some cells are empty."""
    rows = [{"id": name, "name": name, "name_en": "", "duty": "", "duty_en": ""} for name in "ab"]
    statement = insert_of(each_database.dialect.name)(OrgGroup.__table__).returning(OrgGroup.id)
    with Session(each_database) as session:
        assert len(session.connection().execute(statement, rows).all()) == 2
        with pytest.raises(UnkeepableText):
            session.connection().execute(statement, [{**row, "id": row["id"] + "\x00"} for row in rows])
