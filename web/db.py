"""The database behind a request: one session a request, one commit a verb."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy.engine import make_url

import engine
from engine.errors import DatabaseUnavailable, DatabaseUnreachable, DatabaseUnusable, NotMigrated
from engine.storage.models import Base


class RequestSession(Session):
    """The session of a request. A database that is gone has undone by itself what was not committed: so the
    end of a request does not fail for it, and a page that was read, or a refusal that was given, stands."""

    def rollback(self) -> None:
        """Undoes what was not committed."""
        with suppress(DatabaseUnreachable):
            super().rollback()

    def close(self) -> None:
        """Undoes what was not committed and gives the connection back."""
        with suppress(DatabaseUnreachable):
            super().close()


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": RequestSession})


def is_migrated() -> bool:
    """Whether the database of the current app has this version's schema. Raises DatabaseUnusable."""
    try:
        return engine.is_migrated(db.engine)
    except DatabaseUnavailable as unavailable:
        cause = str(unavailable.__cause__ or unavailable)
        raise DatabaseUnusable(db.engine.url.render_as_string(), cause) from unavailable


def check() -> None:
    """Before the first request. Raises DatabaseUnusable, NotMigrated."""
    if not is_migrated():
        raise NotMigrated(db.engine.url.render_as_string())


def init_app(app: Flask) -> None:
    """Connect the app; a SQLite file's folder is made, and the engine's own pragmas are set."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        path = Path(url.database).resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        url = url.set(database=str(path))
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context():
        engine.configure_database(db.engine)
