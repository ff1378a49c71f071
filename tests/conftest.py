"""What every test may ask for: databases, a clock, people, a house with processes in it."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import engine
from engine.records import passwords
from engine.storage.models import Base
from tests.databases import (
    EACH_DATABASE,
    ON_POSTGRES,
    Databases,
    PostgresDatabases,
    SqliteDatabases,
    only_on_sqlite,
    postgres_url,
)
from tests.drive import Clock, House, sign_up
from tests.statements import share_compiled

# People sign in thousands of times here; servers that tests start as processes hash as they should.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
share_compiled()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks for a database runs: for the rest nothing differs from the other run."""
    if not ON_POSTGRES:
        return
    idle = [item for item in items if "databases" not in getattr(item, "fixturenames", ())]
    items[:] = [item for item in items if "databases" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=idle)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until a test moves it."""
    return Clock()


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresDatabases]:
    """Databases on the PostgreSQL server; skipped without a server, unless the run is about PostgreSQL."""
    url = postgres_url()
    if url is None and ON_POSTGRES:
        pytest.fail("ZHIHUAN_TEST_DATABASE=postgres needs a PostgreSQL server")
    if url is None:
        pytest.skip("no PostgreSQL server")
    made = PostgresDatabases(url)
    yield made
    made.close()


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Where databases come from: `with databases.copy("furnished") as url`.

    Every fixture that gives a database names this one; by that the PostgreSQL run knows its tests."""
    if ON_POSTGRES:
        return request.getfixturevalue("server")
    return SqliteDatabases(lambda: tmp_path_factory.mktemp("database"))


@pytest.fixture
def memory(databases: Databases) -> Iterator[Engine]:
    """An empty database with the current schema; in memory, unless the run is on PostgreSQL."""
    if ON_POSTGRES:
        yield from _opened(databases)
        return
    database = engine.create_database_engine("sqlite://")
    with database.connect() as connection:
        connection.connection.dbapi_connection.deserialize(_empty())
    yield database
    database.dispose()


@cache
def _empty() -> bytes:
    """The schema as SQLite serializes it: to read it takes a tenth of making it."""
    database = engine.create_database_engine("sqlite://")
    Base.metadata.create_all(database)
    with database.connect() as connection:
        return connection.connection.dbapi_connection.serialize()


@pytest.fixture
def database(databases: Databases) -> Iterator[Engine]:
    """An empty database with the current schema that several connections may use."""
    yield from _opened(databases)


def _opened(databases: Databases) -> Iterator[Engine]:
    with databases.copy("empty") as url:
        opened = engine.create_database_engine(url)
        yield opened
        opened.dispose()


@pytest.fixture
def sqlite_file(databases: Databases, tmp_path: Path) -> Iterator[Engine]:
    """An empty SQLite file with the current schema."""
    only_on_sqlite("it asks for a SQLite file")
    yield from _opened(SqliteDatabases(lambda: tmp_path))


@pytest.fixture
def postgres(server: PostgresDatabases) -> Iterator[Engine]:
    """An empty PostgreSQL database of this test's own with the current schema."""
    yield from _opened(server)


@pytest.fixture(params=EACH_DATABASE)
def each_database(request: pytest.FixtureRequest, databases: Databases) -> Engine:
    """The test runs once on a SQLite file and once on PostgreSQL; in the PostgreSQL run, there only."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def session(memory: Engine) -> Iterator[Session]:
    """A session on an empty database."""
    with Session(memory) as opened:
        yield opened


@pytest.fixture
def people(session: Session) -> Session:
    """The session, with the groups and people of `tests.drive.PEOPLE` signed up."""
    sign_up(session)
    return session


@pytest.fixture
def house(people: Session, clock: Clock, tmp_path: Path) -> Callable[[Mapping[str, bytes]], House]:
    """Deploys files and returns a house in which to drive cases: `house({"p.bpmn": …}).start("p")`."""
    return lambda files: House(people, clock, tmp_path / "files").deploy(files)
