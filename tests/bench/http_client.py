"""One client: `python -m tests.bench.http_client URL PERSON`.

Reads a line of task ids, signs in, says `ready`, reads the time at which to stop, walks the cases that the
tasks open, and says how many completions were acknowledged. Any answer but the expected one is an error."""

import re
import sys
import time
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode, urlsplit

from tests.bench.regulations import NOTE
from tests.drive import PASSWORD

TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
REVISION = re.compile(rb'name="_revision" value="(\d+)"')


class Client:
    """A person at a browser that keeps its connection."""

    def __init__(self, url: str, person: str) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._cookie = ""
        token = self._found(TOKEN, self.get("/sign-in"))
        self.post("/sign-in", csrf_token=token, username=person, password=PASSWORD)

    def get(self, path: str) -> bytes:
        """The body of a page."""
        return self._send("GET", path, 200)[1]

    def post(self, path: str, **values: str) -> str:
        """Sends a form; the path to which the answer leads."""
        answer, _ = self._send("POST", path, 302, urlencode(values))
        return answer.headers["Location"]

    def complete(self, path: str) -> str:
        """Opens the page of a task and sends its form; the path to which the answer leads."""
        page = self.get(path)
        given = {"note": str(NOTE["note"]), "good": "true", "_action": "complete"}
        token, revision = self._found(TOKEN, page), self._found(REVISION, page)
        return self.post(path, csrf_token=token, _revision=revision, **given)

    def _send(self, method: str, path: str, expected: int, body: str = "") -> tuple[HTTPResponse, bytes]:
        headers = {"Cookie": self._cookie} if self._cookie else {}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body or None, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != expected:
            raise SystemExit(f"{method} {path}: {answer.status}\n{content.decode()}")
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self._cookie = cookie.partition(";")[0]
        return answer, content

    @staticmethod
    def _found(pattern: re.Pattern[bytes], page: bytes) -> str:
        match = pattern.search(page)
        if match is None:
            raise SystemExit(f"no {pattern.pattern!r} in\n{page.decode()}")
        return match[1].decode()


def main(url: str, person: str) -> None:
    """See above."""
    tasks = [f"/tasks/{task}" for task in sys.stdin.readline().split()]
    client = Client(url, person)
    print("ready", flush=True)
    until = float(sys.stdin.readline())
    done = 0
    path = tasks.pop()
    while time.time() < until:
        path = client.complete(path)
        done += 1
        if not path.startswith("/tasks/"):  # the case has ended
            path = tasks.pop()
    print(done, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
