"""What every test may ask for: databases, a clock, people, a house with processes in it."""

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

import engine
from engine.storage.models import Base
from tests.company import furnish
from tests.drive import Clock, House, sign_up

POSTGRES = os.environ.get("ZHIHUAN_TEST_POSTGRES", "")
LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"


def postgres_url() -> str | None:
    """The server named by ZHIHUAN_TEST_POSTGRES, or one that answers on this machine."""
    if POSTGRES:
        return POSTGRES
    try:
        socket.create_connection(("127.0.0.1", 5432), timeout=0.3).close()
    except OSError:
        return None
    return LOCAL


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until a test moves it."""
    return Clock()


@pytest.fixture
def memory() -> Iterator[Engine]:
    """An empty in-memory database with the current schema."""
    database = engine.create_database_engine("sqlite://")
    Base.metadata.create_all(database)
    yield database
    database.dispose()


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Iterator[Engine]:
    """An empty SQLite file with the current schema."""
    database = engine.create_database_engine(f"sqlite:///{tmp_path / 'zhihuan.sqlite'}")
    Base.metadata.create_all(database)
    yield database
    database.dispose()


@pytest.fixture
def postgres(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty PostgreSQL database of this test's own with the current schema; skipped without a server."""
    server = postgres_url()
    if server is None:
        pytest.skip("no PostgreSQL server")
    url = make_url(server).set(drivername="postgresql+psycopg")
    name = f"zhihuan_test_{uuid4().hex[:12]}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    database = engine.create_database_engine(url.set(database=name).render_as_string(hide_password=False))
    Base.metadata.create_all(database)
    yield database
    database.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite_file", pytest.param("postgres", marks=pytest.mark.postgres)])
def each_database(request: pytest.FixtureRequest) -> Engine:
    """The test runs once on a SQLite file and once on PostgreSQL."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def session(memory: Engine) -> Iterator[Session]:
    """A session on an empty in-memory database."""
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


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with our processes and the demo people, made once a worker; tests work on copies."""
    return furnish(tmp_path_factory.mktemp("company") / "furnished.sqlite")
