"""An office full of browsers, each of which keeps its connection open between two pages."""

import http.client
from contextlib import ExitStack, closing
from pathlib import Path

from tests.databases import Databases
from tests.web.serving import served

BROWSERS = 250


def test_idle_connections_do_not_shut_others_out(databases: Databases, tmp_path: Path) -> None:
    with databases.copy("empty") as url, served(url, tmp_path / "files") as office, ExitStack() as open_ones:
        for _ in range(BROWSERS):
            visitor = http.client.HTTPConnection(office.url.removeprefix("http://"), timeout=10)
            open_ones.enter_context(closing(visitor))
            visitor.request("GET", "/healthz")
            with visitor.getresponse() as answer:
                assert answer.status == 200
                answer.read()
                assert not answer.will_close
