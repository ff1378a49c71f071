"""`python -m engine migrate`: creates the database or brings it to this version."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from engine import terminal
from engine.errors import DatabaseUnavailable, DatabaseUnusable, NotMigrated
from engine.storage.migrate import is_migrated, migrate
from engine.storage.session import create_database_engine

DEFAULT_URL = "sqlite:///var/zhihuan.sqlite"
WORDS = {
    "created": ("已创建数据库（第 {after} 版）：{where}", "created (schema {after}): {where}"),
    "upgraded": (
        "数据库已由第 {before} 版升级到第 {after} 版：{where}",
        "upgraded from schema {before} to {after}: {where}",
    ),
    "same": ("数据库已是最新（第 {after} 版）：{where}", "already newest (schema {after}): {where}"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of every command that works on the database."""
    default = os.environ.get("ZHIHUAN_DATABASE_URL", DEFAULT_URL)
    told = f"(ZHIHUAN_DATABASE_URL) {_told(default)}".replace("%", "%%")
    parser.add_argument("--database-url", default=default, help=told)
    terminal.add_language(parser)


def place(options: argparse.Namespace) -> str:
    """The database that the options name, without its password."""
    return _told(options.database_url)


def database(options: argparse.Namespace) -> Engine:
    """The database that the options name; a SQLite file's folder is made. Raises DatabaseUnusable."""
    try:
        if file := _file(make_url(options.database_url)):
            file.parent.mkdir(parents=True, exist_ok=True)
        return create_database_engine(options.database_url)
    except (ArgumentError, ModuleNotFoundError, OSError) as error:
        raise DatabaseUnusable(place(options), _cause(error)) from error


@contextmanager
def opened(options: argparse.Namespace, *, migrated: bool = False) -> Iterator[Engine]:
    """The same, whose connections are closed after the block.

    Raises NotMigrated if it must be `migrated` and has not the schema of this version, and makes no file
    then; DatabaseUnusable if it is not there, does not answer or fails."""
    if migrated:
        _check_file(options)
    found = database(options)
    try:
        if migrated and not is_migrated(found):
            raise NotMigrated(place(options))
        yield found
    except DatabaseUnavailable as error:
        raise DatabaseUnusable(place(options), _cause(error.__cause__ or error)) from error
    finally:
        found.dispose()


def run(options: argparse.Namespace) -> int:
    """Runs all migrations that are missing, and says which state they found."""
    with opened(options) as found:
        before, after = migrate(found)
    state = "same" if before == after else "upgraded" if before else "created"
    words = WORDS[state][0 if options.lang == "zh" else 1]
    print(words.format(before=before, after=after, where=place(options)))
    return 0


def _told(url: str) -> str:
    try:
        return make_url(url).render_as_string()
    except ArgumentError:  # whatever it is, a password may be in it
        return "ZHIHUAN_DATABASE_URL"


def _file(url: URL) -> Path | None:
    """The file of a SQLite database."""
    kept = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(str(url.database)) if kept else None


def _check_file(options: argparse.Namespace) -> None:
    try:
        file = _file(make_url(options.database_url))
    except ArgumentError:
        return
    if file is not None and not file.exists():
        raise NotMigrated(place(options))


def _cause(error: BaseException) -> str:
    """In one line. A driver's error tells where it was refused and why, and no password."""
    if isinstance(error, ArgumentError):
        return "not an address of a database"
    return " ".join(str(error).split())
