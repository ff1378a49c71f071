"""For servers of many processes: `gunicorn web.wsgi`. Due jobs are done by workers of their own."""

from __future__ import annotations

import logging
import os
import sys

from flask import Flask

from engine import logs, terminal
from engine.errors import EngineError
from web import create_app, db
from web.settings import Settings, SettingsError

GIVE_UP = 3  # the exit status at which gunicorn does not try again


def _application() -> Flask:
    settings = Settings.from_environment(os.environ)
    logs.configure(settings.log_form, quote=not settings.production)
    for name in ("gunicorn.error", "gunicorn.access"):  # lines of the same shape
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    app = create_app(settings)
    with app.app_context():
        try:
            db.check()
        finally:
            db.db.engine.dispose()  # a connection opened here must not be shared by forked servers
    return app


try:
    application = _application()
except SettingsError as refused:
    print(refused, file=sys.stderr)
    raise SystemExit(GIVE_UP) from refused
except EngineError as refused:
    print(refused.message(terminal.language(os.environ)), file=sys.stderr)
    raise SystemExit(GIVE_UP) from refused
