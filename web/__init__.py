"""The pages of Zhihuan: form in, verb, page out."""

from __future__ import annotations

import logging
import os

from flask import Flask

from web import (
    attachments,
    auth,
    db,
    errors,
    help,
    i18n,
    instances,
    processes,
    records,
    security,
    states,
    tasks,
)
from web.settings import Settings

__all__ = ["Settings", "create_app"]

log = logging.getLogger("zhihuan.web")


def create_app(settings: Settings | None = None, **overrides: object) -> Flask:
    """The WSGI application; without `settings` they come from the environment.

    `overrides` are Flask's own configuration keys, for tests. Raises SettingsError in production with a
    default secret key. The database must have been migrated before the first request.
    """
    settings = settings or Settings.from_environment(os.environ)
    app = Flask(__name__)
    app.config.update(settings.flask())
    app.config.update(overrides)
    app.config["SETTINGS"] = settings
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    for wing in (db, i18n, security, auth, errors, states):
        wing.init_app(app)
    for room in (tasks, instances, processes, records, attachments, help):
        app.register_blueprint(room.bp)
    return app
