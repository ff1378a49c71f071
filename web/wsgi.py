"""For servers of many processes: `gunicorn web.wsgi`. Due jobs are done by workers of their own."""

from __future__ import annotations

import logging
import os

from engine import logs
from web import create_app
from web.settings import Settings

_settings = Settings.from_environment(os.environ)
logs.configure(_settings.log_form, quote=not _settings.production)
for _name in ("gunicorn.error", "gunicorn.access"):  # lines of the same shape
    logging.getLogger(_name).handlers.clear()
    logging.getLogger(_name).propagate = True

application = create_app(_settings)
