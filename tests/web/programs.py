"""A program that talks to `/engine-rest` of a site: with a password, with a token, with neither."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import TestResponse

import engine
from tests.drive import PASSWORD
from tests.web.pages import Site


@dataclass
class Program:
    """Somebody's program; `headers` go with every request."""

    site: Site
    auth: tuple[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, **facts: Any) -> TestResponse:
        """One request; `json`, `data`, `headers` as the test client takes them."""
        headers = {**self.headers, **facts.pop("headers", {})}
        client = self.site.app.test_client()
        address = f"/engine-rest{path}"
        return client.open(address, method=method, auth=self.auth, headers=headers, buffered=True, **facts)

    def get(self, path: str) -> Any:
        """The JSON of an address that must answer 200."""
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json

    def refused(self, method: str, path: str, **facts: Any) -> tuple[int, str]:
        """Status and code of an answer that must be a refusal in the right shape."""
        answer = self.call(method, path, **facts)
        said = answer.json
        assert {"type", "message", "code"} <= said.keys(), said
        assert all(isinstance(said[name], str) and said[name] for name in ("type", "message", "code"))
        return answer.status_code, said["code"]


def program(site: Site, person: str) -> Program:
    """A program with somebody's password."""
    return Program(site, (person, PASSWORD))


def with_token(site: Site, person: str, *scopes: str) -> Program:
    """A program with a token of somebody's."""
    session = site.house.session
    with engine.transaction(session):
        made = engine.create_token(session, site.house.actor(person), "test", scopes)
    return Program(site, headers={"Authorization": f"Bearer {made.secret}"})
