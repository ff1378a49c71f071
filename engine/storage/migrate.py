"""Brings a database to the schema of this version of the code."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> None:
    """Runs every migration that the database has not seen; running it again changes nothing."""
    with engine.connect() as connection:
        command.upgrade(config(connection), "head")
        connection.commit()


def is_migrated(engine: Engine) -> bool:
    """Whether the database has the schema that this version of the code expects."""
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        return found == ScriptDirectory.from_config(config(connection)).get_current_head()


def config(connection: object) -> Config:
    """Alembic's settings; the connection is handed over, so no URL is read from a file."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["connection"] = connection
    return settings
