"""What the tests of the pages may ask for: Chromium, and somebody who clicks, watched."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy.orm import Session

import engine
from tests.databases import Databases
from tests.web.browser import Clicker
from tests.web.lived_in import Addresses, live_in, typed_texts
from tests.web.pages import as_, site
from tests.web.serving import Office, served
from tests.web.watch import Watch

__all__ = ["as_", "chromium", "site", "visit"]

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
)
PATIENCE = 60_000  # milliseconds: the machine may be busy with other tests
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium; without one these tests are skipped, but never in continuous integration."""
    path = shutil.which("chromium")
    if path is None and os.environ.get("CI"):
        pytest.fail("continuous integration needs chromium on the PATH")
    if path is None:
        pytest.skip("no chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Clicker]]:
    """`visit(office, "en", …)`: somebody with a browser of his own, watched to the end."""
    opened = []

    def start(office: Office, language: str = "zh", **options: object) -> Clicker:
        sizes = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN"}
        context = chromium.new_context(base_url=office.url, **(sizes | options))
        context.set_default_timeout(PATIENCE)
        opened.append((context, Watch(context, office.url)))
        return Clicker(context.new_page(), language)

    yield start
    faults = [fault for _, watch in opened for fault in watch.faults]
    for context, _ in opened:
        context.close()
    assert not faults, "\n".join(faults)


@dataclass(frozen=True)
class LivedIn:
    """A served company in which complaints stand at different stages, and what its people wrote."""

    office: Office
    addresses: Addresses
    typed: set[str]


@pytest.fixture(scope="session")
def lived_in(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivedIn]:
    """For tests that only look: one company for all of them."""
    files = tmp_path_factory.mktemp("lived_in") / "files"
    with databases.copy("furnished") as url:
        database = engine.create_database_engine(url)
        with Session(database) as session:
            addresses = live_in(session, files)
            typed = typed_texts(session, ("wang.fang", "li.ming", "tao.ran"))
        database.dispose()
        with served(url, files) as office:
            yield LivedIn(office, addresses, typed)
