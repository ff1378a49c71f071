"""Databases for tests, copied from templates: SQLite files, or PostgreSQL when ZHIHUAN_TEST_DATABASE says so.

Templates are made once a worker, by the migrations; a copy takes a fraction of the time."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

import engine
from tests.company import furnish

LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"
ON_POSTGRES = os.environ.get("ZHIHUAN_TEST_DATABASE", "sqlite") == "postgres"
_POSTGRES_TOO = pytest.param("postgres", marks=pytest.mark.postgres)
EACH_DATABASE = [_POSTGRES_TOO] if ON_POSTGRES else ["database", _POSTGRES_TOO]  # of a test that runs on both
UNHURRIED = {"options": "-c synchronous_commit=off"}  # a test needs no answer from the disk


def postgres_url() -> str | None:
    """The server named by ZHIHUAN_TEST_POSTGRES, or one that answers on this machine."""
    if named := os.environ.get("ZHIHUAN_TEST_POSTGRES"):
        return named
    try:
        socket.create_connection(("127.0.0.1", 5432), timeout=0.3).close()
    except OSError:
        return None
    return LOCAL


def _migrate(url: str) -> None:
    database = engine.create_database_engine(url)
    engine.migrate(database)
    database.dispose()


TEMPLATES: dict[str, Callable[[str], None]] = {
    "bare": lambda url: None,  # not even tables
    "empty": _migrate,  # the current schema and no row
    "furnished": furnish,  # our processes and the demo people
}


class SqliteDatabases:
    """Each copy is a SQLite file in a folder of its own."""

    def __init__(self, new_folder: Callable[[], Path]) -> None:
        self._new_folder = new_folder
        self._templates: dict[str, Path] = {}

    @contextmanager
    def copy(self, template: str) -> Iterator[str]:
        """The URL of a new database like `template`, until the block ends."""
        if template not in self._templates:
            path = self._new_folder() / f"{template}.sqlite"
            TEMPLATES[template](f"sqlite:///{path}")
            self._templates[template] = path
        copy = self._new_folder() / "zhihuan.sqlite"
        if self._templates[template].exists():  # a bare one does not
            shutil.copy(self._templates[template], copy)
        yield f"sqlite:///{copy}"

    def close(self) -> None:
        """Files go with the folders of the run."""


class PostgresDatabases:
    """Each copy is a database of its own on one server."""

    def __init__(self, server: str) -> None:
        self._url = make_url(server).set(drivername="postgresql+psycopg")
        self._admin = create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._templates: dict[str, str] = {}

    @contextmanager
    def copy(self, template: str) -> Iterator[str]:
        """The URL of a new database like `template`, until the block ends."""
        if template not in self._templates:
            name = self._create("template1")
            self._templates[template] = name
            TEMPLATES[template](self._url_of(name))
        name = self._create(self._templates[template])
        try:
            yield self._url_of(name)
        finally:
            self._drop(name)

    def close(self) -> None:
        """Drops the templates."""
        for name in self._templates.values():
            self._drop(name)

    def _create(self, template: str) -> str:
        name = f"zhihuan_test_{uuid4().hex[:12]}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def _drop(self, name: str) -> None:
        self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def _do(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def _url_of(self, name: str) -> str:
        return self._url.set(database=name, query=UNHURRIED).render_as_string(hide_password=False)


Databases = SqliteDatabases | PostgresDatabases


def only_on_sqlite(reason: str) -> None:
    """Skips, on PostgreSQL, what is about SQLite itself."""
    if ON_POSTGRES:
        pytest.skip(f"about SQLite itself: {reason}")


def only_on_postgres(reason: str) -> None:
    """Skips, on SQLite, what is about PostgreSQL itself: the run on PostgreSQL does it."""
    if not ON_POSTGRES:
        pytest.skip(f"about PostgreSQL itself: {reason}")
