"""What Camunda Modeler sends, as it sends it: known from its own source."""

import base64
import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.drive import PASSWORD

PATIENCE = 5.0  # seconds until it gives up
BOUNDARY = "--------------------------415073312345678901234567"


@dataclass
class Answer:
    """What came back, and how long it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def json(self) -> Any:
        """The JSON of the answer."""
        return json.loads(self.body)


@dataclass
class Modeler:
    """A modeler on somebody's desk, pointed at the server at `url`."""

    url: str
    user: str = "owner"
    password: str = PASSWORD

    def call(
        self, method: str, path: str, body: bytes | None = None, kind: str = "", signed: bool = True
    ) -> Answer:
        """One request on a connection of its own."""
        headers = {"Accept": "application/json"} | ({"Content-Type": kind} if kind else {})
        if signed:
            secret = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
            headers["Authorization"] = f"Basic {secret}"
        place = urlsplit(self.url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
        begun = time.perf_counter()
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        content = response.read()
        took = time.perf_counter() - begun
        connection.close()
        return Answer(response.status, response.headers, content, took)

    def deploy(self, files: Mapping[str, bytes]) -> Answer:
        """The diagram first, then its attachments, each part named by its file."""
        fields = {
            "deployment-name": "modeled",
            "deployment-source": "Camunda Modeler",
            "enable-duplicate-filtering": "true",
        }
        parts = [_part(f'name="{name}"', value.encode()) for name, value in fields.items()]
        parts += [_part(f'name="{name}"; filename="{name}"', data) for name, data in files.items()]
        whole = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
        path = "/engine-rest/deployment/create"
        return self.call("POST", path, whole, f"multipart/form-data; boundary={BOUNDARY}")


def _part(about: str, data: bytes) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {about}\r\n"
    kind = "Content-Type: application/octet-stream\r\n" if "filename" in about else ""
    return f"{head}{kind}\r\n".encode() + data + b"\r\n"
