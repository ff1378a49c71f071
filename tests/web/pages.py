"""The pages without a browser: a site on a database of its own, visitors who sign in, pages read as trees."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from lxml import html
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import engine
from engine.storage.models import Base
from tests.databases import ON_POSTGRES, TEMPLATES, Databases
from tests.drive import PASSWORD, Case, Clock, House, sign_up
from tests.engine.houses import REWORK
from tests.web.drawn import FILES
from web import create_app
from web.db import db
from web.settings import Settings


class Live(Clock):
    """The wall clock: the pages take the time of the request."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)


@dataclass
class Answer:
    """What a page answered."""

    response: TestResponse

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    @property
    def tree(self) -> html.HtmlElement:
        """The page as a tree."""
        return html.fromstring(self.response.get_data(as_text=True))

    @property
    def text(self) -> str:
        """What a reader reads, with single spaces."""
        main = self.tree.find(".//main")
        return re.sub(r"\s+", " ", (self.tree if main is None else main).text_content()).strip()

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.response.headers.get("Location", "")

    def all(self, path: str) -> list[html.HtmlElement]:
        """The elements that an XPath finds."""
        return self.tree.xpath(path)

    def problem(self, path: str) -> str:
        """The problem shown at a field, by its dotted path; empty if there is none."""
        found = self.all(f"//*[@id='f-{path.replace('.', '-')}-problem']")
        return found[0].text_content() if found else ""


@dataclass
class Visitor:
    """Somebody signed in."""

    client: FlaskClient

    def get(self, path: str) -> Answer:
        """Opens a page."""
        return Answer(self.client.get(path, buffered=True))

    def post(self, path: str, **fields: object) -> Answer:
        """Sends a form; lists are repeated inputs, `(stream, name)` pairs are files."""
        return self.send(path, fields)

    def send(self, path: str, fields: Mapping[str, object]) -> Answer:
        """The same, for inputs whose names are no words."""
        response = self.client.post(path, data=dict(fields), buffered=True)
        response.request.environ["wsgi.input"].close()  # large uploads lie in a temporary file
        return Answer(response)

    def follow(self, path: str, **fields: object) -> Answer:
        """Sends a form and opens the page that it leads to."""
        return Answer(self.client.post(path, data=fields, follow_redirects=True))


class Compiled(BytecodeCache):
    """Templates as compiled by the first app that showed them: every test has an app of its own."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Takes what is known."""
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps what was compiled."""
        self.known[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@dataclass
class Site:
    """The application with a house behind it."""

    app: Flask
    house: House

    def as_(self, person: str, language: str = "zh") -> Visitor:
        """Somebody who signs in with the right password."""
        visitor = Visitor(self.app.test_client())
        assert visitor.post("/sign-in", username=person, password=PASSWORD).status == 302
        if language != "zh":
            visitor.post("/language", language=language)
        return visitor

    def case(self, process: str = "every", **values: object) -> Case:
        """A running case."""
        return self.house.start(process, "staff", **values)

    def task(self, case: Case, element: str = "UT_fill") -> str:
        """The address of an open task of a case."""
        address = f"/tasks/{case.task(element).id}"
        self.house.session.rollback()
        return address


@pytest.fixture
def site(databases: Databases, tmp_path: Path) -> Iterator[Site]:
    """The pages over a database with people and two small processes; no CSRF."""
    if not ON_POSTGRES:
        yield from _site("sqlite://", tmp_path / "files")
        return
    with databases.copy("settled") as url:
        yield from _site(url, tmp_path / "files")


def _site(url: str, files: Path) -> Iterator[Site]:
    settings = Settings(database_url=url, files=files, sign_in_limit="1000 per minute")
    app = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False)
    app.jinja_env.bytecode_cache = COMPILED
    with app.app_context():
        database = db.engine
    if not ON_POSTGRES:
        with database.connect() as connection:
            connection.connection.dbapi_connection.deserialize(_in_memory())
    with Session(database) as session:
        yield Site(app, House(session, Live(), settings.files))
    database.dispose()


@cache
def _in_memory() -> bytes:
    """The database of a site as SQLite serializes it: to read it takes a tenth of making it."""
    database = engine.create_database_engine("sqlite://")
    settle(database)
    with database.connect() as connection:
        return connection.connection.dbapi_connection.serialize()


def _settle(url: str) -> None:
    database = engine.create_database_engine(url)
    settle(database)
    database.dispose()


TEMPLATES["settled"] = _settle


def settle(database: Engine) -> None:
    """Makes a bare database one with people and two small processes."""
    Base.metadata.create_all(database)
    with Session(database) as session:
        sign_up(session)
        House(session, Live(), Path()).deploy({**REWORK, **FILES})


@pytest.fixture
def as_(site: Site) -> Callable[..., Visitor]:
    """`as_("cs")`: somebody of that group, signed in."""
    return site.as_
