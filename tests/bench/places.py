"""Databases on the PostgreSQL server, for as long as they are measured."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"


@contextmanager
def postgres_database(name: str) -> Iterator[str | None]:
    """The URL of a new database on ZHIHUAN_TEST_POSTGRES or this machine's server; None without a server.

    Every commit waits for the disk, as in production."""
    url = make_url(os.environ.get("ZHIHUAN_TEST_POSTGRES", LOCAL)).set(drivername="postgresql+psycopg")
    admin = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    place = f"zhihuan_bench_{name}_{uuid4().hex[:8]}"
    with suppress(OperationalError), admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {place}"))
        made = url.set(database=place).render_as_string(hide_password=False)
    if "made" not in locals():
        yield None
        return
    try:
        yield made
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {place} WITH (FORCE)"))
