"""`python -m engine migrate`: creates the database or brings it to this version."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from engine import terminal
from engine.errors import NotMigrated
from engine.storage.migrate import is_migrated, migrate
from engine.storage.session import create_database_engine

DEFAULT_URL = "sqlite:///var/zhihuan.sqlite"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of every command that works on the database."""
    default = os.environ.get("ZHIHUAN_DATABASE_URL", DEFAULT_URL)
    parser.add_argument("--database-url", default=default, help="(ZHIHUAN_DATABASE_URL) %(default)s")
    terminal.add_language(parser)


def database(options: argparse.Namespace) -> Engine:
    """The database that the options name; a SQLite file's folder is made."""
    url = make_url(options.database_url)
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    return create_database_engine(options.database_url)


@contextmanager
def opened(options: argparse.Namespace, *, migrated: bool = False) -> Iterator[Engine]:
    """The same, whose connections are closed after the block.

    Raises NotMigrated if it must be `migrated` and has not the schema of this version."""
    found = database(options)
    try:
        if migrated and not is_migrated(found):
            raise NotMigrated()
        yield found
    finally:
        found.dispose()


def run(options: argparse.Namespace) -> int:
    """Runs all migrations that are missing."""
    with opened(options) as found:
        migrate(found)
    print("数据库已是最新" if options.lang == "zh" else "the database is up to date")
    return 0
