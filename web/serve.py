"""The server of one process: the pages on waitress, and beside them a worker in a thread."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import waitress
from flask import Flask
from waitress import wasyncore

from engine import Worker, WorkerThread, create_database_engine
from engine.errors import DatabaseUnavailable
from web import create_app
from web.db import db, is_ready
from web.settings import Settings, SettingsError

log = logging.getLogger("zhihuan.web")

CONNECTIONS = 800  # open at once: browsers keep theirs between pages; waitress's own 100 shut people out
LOOK = 0.5  # seconds until a signal is seen when nobody asks for anything


def serve(settings: Settings) -> None:
    """Serves until SIGTERM or Ctrl-C; then the job at hand is ended and nothing more is begun.

    Raises SettingsError if the database cannot be reached or lacks tables."""
    app = create_app(settings)
    with app.app_context():
        _check_database()
        url = db.engine.url.render_as_string(hide_password=False)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):  # both, even where a shell has Ctrl-C ignored
        signal.signal(number, lambda *_: stop.set())
    with _worker(app, settings, url):
        if settings.log_form == "text":  # else every line is JSON, and the one below says the same
            print(f"http://{settings.host}:{settings.port}", flush=True)
        sockets: dict[int, object] = {}
        server = waitress.create_server(
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
        server.print_listen("Serving on http://{}:{}")
        while not stop.is_set():  # an exception raised by a signal could be lost in a finalizer
            wasyncore.loop(timeout=LOOK, use_poll=True, map=sockets, count=1)
        server.task_dispatcher.shutdown()
        server.close()
    log.info("server stopped")


def _check_database() -> None:
    try:
        ready = is_ready()
    except DatabaseUnavailable as unavailable:
        where = db.engine.url.render_as_string()
        raise SettingsError(f"The database {where} cannot be used: {unavailable.__cause__}") from unavailable
    if not ready:
        raise SettingsError("The database lacks tables: run `python -m engine migrate` first.")


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

