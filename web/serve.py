"""The server of one process: the pages on waitress, and beside them a worker in a thread."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import waitress
from flask import Flask
from waitress import wasyncore

from engine import Worker, WorkerThread, create_database_engine
from engine.errors import AddressUnusable
from web import create_app
from web.db import check, db
from web.settings import Settings

log = logging.getLogger("zhihuan.web")

CONNECTIONS = 800  # open at once: browsers keep theirs between pages; waitress's own 100 shut people out
LOOK = 0.5  # seconds until a signal is seen when nobody asks for anything


def serve(settings: Settings) -> None:
    """Serves until SIGTERM or Ctrl-C; then the job at hand is ended and nothing more is begun.

    Raises DatabaseUnusable, NotMigrated, and AddressUnusable if another server has the port."""
    app = create_app(settings)
    with app.app_context():
        check()
        url = db.engine.url.render_as_string(hide_password=False)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):  # both, even where a shell has Ctrl-C ignored
        signal.signal(number, lambda *_: stop.set())
    sockets: dict[int, object] = {}
    server = _server(app, settings, sockets)
    with _worker(app, settings, url):
        if settings.log_form == "text":  # else every line is JSON, and the one below says the same
            print(f"http://{settings.host}:{settings.port}", flush=True)
        server.print_listen("Serving on http://{}:{}")
        while not stop.is_set():  # an exception raised by a signal could be lost in a finalizer
            wasyncore.loop(timeout=LOOK, use_poll=True, map=sockets, count=1)
        server.task_dispatcher.shutdown()
        server.close()
    log.info("server stopped")


def _server(app: Flask, settings: Settings, sockets: dict[int, object]) -> Any:
    try:
        return waitress.create_server(
            app,
            map=sockets,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            connection_limit=CONNECTIONS,
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + 1024 * 1024,
            clear_untrusted_proxy_headers=False,  # the app decides by ZHIHUAN_PROXIES whom it believes
            ident="zhihuan",
        )
    except (OSError, ValueError) as error:  # a ValueError of a host that has no address
        address = f"{settings.host}:{settings.port}"
        raise AddressUnusable(address, str(error), "ZHIHUAN_PORT") from error


@contextmanager
def _worker(app: Flask, settings: Settings, url: str) -> Iterator[None]:
    """Due jobs are done in this process while the block runs, unless ZHIHUAN_WORKER is none."""
    if settings.worker == "none":
        yield
        return
    database = create_database_engine(url)  # connections of its own: no request waits for a job
    thread = WorkerThread(Worker(database, settings.services))
    app.extensions["zhihuan_worker"] = thread
    thread.start()
    try:
        yield
    finally:
        thread.stop()
        database.dispose()
