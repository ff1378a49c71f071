"""The server of the database hangs up while a page is made."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.databases import PostgresDatabases
from web import create_app
from web.db import db
from web.settings import Settings

Cut = Callable[[], None]
pytestmark = pytest.mark.postgres


@pytest.fixture
def app(server: PostgresDatabases) -> Iterator[Flask]:
    """The pages over an empty database of the server."""
    with server.copy("empty") as url:
        made = create_app(Settings(database_url=url), TESTING=True)
        yield made
        with made.app_context():
            db.engine.dispose()


@pytest.fixture
def cut(app: Flask) -> Cut:
    """Makes the server hang up on the connection that reads for the page."""

    def now() -> None:
        number = db.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        other = create_engine(db.engine.url, poolclass=NullPool)
        with other.connect() as connection:
            connection.execute(text(f"SELECT pg_terminate_backend({number})"))

    return now


def test_a_page_that_was_read_is_still_shown(app: Flask, cut: Cut) -> None:
    @app.get("/read")
    def read() -> str:
        cut()
        return "read"

    for _ in range(2):  # the second on a new connection
        answer = app.test_client().get("/read")
        assert (answer.status_code, answer.text) == (200, "read")


def test_a_refusal_that_was_given_is_still_shown(app: Flask, cut: Cut) -> None:
    @app.get("/refused")
    def refused() -> str:
        cut()
        db.session.rollback()
        return f"refused {db.session.execute(text('SELECT 1')).scalar_one()}"

    assert app.test_client().get("/refused").text == "refused 1"


def test_a_page_that_has_not_read_all_asks_to_wait(app: Flask, cut: Cut) -> None:
    @app.get("/more")
    def more() -> str:
        cut()
        return str(db.session.execute(text("SELECT 1")).scalar_one())

    assert app.test_client().get("/more").status_code == 503
