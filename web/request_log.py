"""One log line a request, and on every line of a request which one it is, who asks and for what.

Neither the address nor the form is logged: search words and personal data travel in both.
"""

from __future__ import annotations

import logging
import re
import time
from uuid import uuid4

from flask import Flask, Response, g, request

from engine import logs
from web.initial_password import MACHINES

log = logging.getLogger("zhihuan.web")

GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")  # a request id that a reverse proxy may hand over
NAMED = {"instance_id": "instance", "task_id": "task"}


def begin() -> None:
    """Gives the request its id: the proxy's X-Request-ID, or one of our own."""
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if GIVEN.fullmatch(given) else uuid4().hex
    g.started = time.perf_counter()
    logs.forget()
    logs.about(request=g.request_id, verb=request.endpoint)


def end(response: Response) -> Response:
    """Writes the line and tells the browser the id, so that a reader's report can be found again."""
    if "request_id" not in g:
        return response
    response.headers["X-Request-ID"] = g.request_id
    took = round((time.perf_counter() - g.started) * 1000, 1)
    facts = {"method": request.method, "status": response.status_code, "ms": took, **_places(response)}
    level = logging.DEBUG if request.endpoint in MACHINES else logging.INFO
    log.log(level, "request", extra=facts)
    return response


def _places(response: Response) -> dict[str, object]:
    """The case and task in the address, once the answer says that they exist."""
    if response.status_code >= 400:
        return {}
    return {NAMED[name]: value for name, value in (request.view_args or {}).items() if name in NAMED}


def init_app(app: Flask) -> None:
    """Stand before every other hook; the line is written after all of them."""
    app.before_request(begin)
    app.after_request(end)
