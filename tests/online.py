"""Somebody at a browser, over real HTTP: signs in, opens pages, sends forms; knows when an answer is lost."""

import http.client
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from lxml import html

PATIENCE = 40.0  # seconds; longer than the 30 s that SQLite waits for its lock
Pairs = list[tuple[str, str]]


class Lost(Exception):
    """No answer came: the request may have been done or not."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: str

    @property
    def tree(self) -> html.HtmlElement:
        """The page as a tree."""
        return html.fromstring(self.body)

    def form(self, path: str = "//main//form") -> Pairs | None:
        """The inputs of the first form that an XPath finds, as they stand; None if there is no such form."""
        found = self.tree.xpath(path)
        return [(name, value or "") for name, value in found[0].form_values()] if found else None


@dataclass
class Browser:
    """One person's browser; `urls` are servers of the same site, one is chosen for each connection."""

    urls: Sequence[str]
    dice: random.Random = field(default_factory=random.Random)
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """Opens a page."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: Pairs, files: Sequence[tuple[str, str, bytes]] = ()) -> Answer:
        """Sends a form; `files` are (input, file name, content)."""
        if files:
            return self._ask("POST", path, *_multipart(fields, files))
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields).encode(), kind)

    def sign_in(self, person: str, password: str) -> Answer:
        """Signs in with the form of the sign-in page."""
        form = dict(self.get("/sign-in").form() or [])
        return self.post("/sign-in", list({**form, "username": person, "password": password}.items()))

    def close(self) -> None:
        """Hangs up."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self._connection = self._connection or self._connect()
            self._connection.request(method, path, body, {**headers, "Cookie": cookies})
            response = self._connection.getresponse()
            text = response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Lost(f"{method} {path}: {error!r}") from error
        self._keep_cookies(response)
        if response.will_close:
            self.close()
        return Answer(response.status, _path(response.getheader("Location", "")), text)

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urlsplit(self.dice.choice(self.urls)).netloc, timeout=PATIENCE)

    def _keep_cookies(self, response: http.client.HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value


def _path(location: str) -> str:
    parts = urlsplit(location)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _multipart(fields: Pairs, files: Sequence[tuple[str, str, bytes]]) -> tuple[bytes, dict[str, str]]:
    mark, parts = "zhihuan-test-boundary", []
    for name, value in fields:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        parts.append(head.encode())
    for name, filename, content in files:
        disposition = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"'
        parts.append(f"--{mark}\r\n{disposition}\r\n\r\n".encode() + content + b"\r\n")
    parts.append(f"--{mark}--\r\n".encode())
    return b"".join(parts), {"Content-Type": f"multipart/form-data; boundary={mark}"}
