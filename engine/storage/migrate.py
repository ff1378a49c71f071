"""Brings a database to the schema of this version of the code."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> tuple[str | None, str | None]:
    """Runs every migration that the database has not seen; running it again changes nothing.

    Returns the revision that it found (None: an empty database) and the one that there is now."""
    with engine.connect() as connection:
        before = _revision(connection)
        command.upgrade(config(connection), "head")
        connection.commit()
        return before, _revision(connection)


def is_migrated(engine: Engine) -> bool:
    """Whether the database has the schema that this version of the code expects."""
    with engine.connect() as connection:
        return _revision(connection) == ScriptDirectory.from_config(config(connection)).get_current_head()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def config(connection: object) -> Config:
    """Alembic's settings; the connection is handed over, so no URL is read from a file."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["connection"] = connection
    return settings
