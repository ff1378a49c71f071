"""Real servers on this machine that take what leaves the house: a mail server and a group robot."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, Session


@dataclass
class Postbox:
    """A mail server: what it was sent, and what it answers instead of taking mail."""

    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    answer: str = "250 OK"
    port: int = 0

    @property
    def url(self) -> str:
        """How a client finds it."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:
        """Takes a mail, or says what it was told to say."""
        if self.answer.startswith("250"):
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self.raw.append(content)
            mail = message_from_bytes(content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        return self.answer


class _OnAnyPort(Controller):  # type: ignore[misc]
    """A controller that finds out which free port it was given before it first calls there."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def postbox(**options: Any) -> Iterator[Postbox]:
    """A mail server until the block ends; `options` are the controller's own."""
    box = Postbox()
    controller = _OnAnyPort(box, hostname="127.0.0.1", port=0, **options)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


def letting_in(user: str, password: str) -> dict[str, Any]:
    """Options of a mail server that asks for a name and a password."""

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        right = (given.login, given.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    return {"authenticator": check, "auth_required": True, "auth_require_tls": False}


@dataclass
class Robot:
    """A web server: what was posted to it (path, headers, body), and what it answers."""

    posts: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    status: int = 200
    answer: bytes = b'{"errcode":0,"errmsg":"ok","code":0,"msg":"success"}'
    headers: dict[str, str] = field(default_factory=dict)
    port: int = 0

    @property
    def origin(self) -> str:
        """Its scheme, host and port."""
        return f"http://127.0.0.1:{self.port}"

    def address(self, path: str = "/robot/send?access_token=x") -> str:
        """The address of a robot on it."""
        return self.origin + path


@contextmanager
def robot() -> Iterator[Robot]:
    """A web server until the block ends."""
    it = Robot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            it.raw.append(body)
            it.posts.append((self.path, dict(self.headers), json.loads(body)))
            self._say()

        def do_GET(self) -> None:
            it.posts.append((self.path, dict(self.headers), {}))
            self._say()

        def _say(self) -> None:
            self.send_response(it.status)
            for name, value in it.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(it.answer)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    it.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield it
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
