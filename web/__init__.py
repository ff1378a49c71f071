"""The pages of Zhihuan: form in, verb, page out."""

from __future__ import annotations

import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from engine import has_password
from web import (
    addresses,
    api,
    attachments,
    auth,
    calendar,
    channels,
    clocks,
    comparisons,
    db,
    definitions,
    draft_editors,
    draft_files,
    draft_forms,
    draft_tables,
    drafts,
    errors,
    evidence,
    health,
    help,
    i18n,
    inbox,
    initial_password,
    instance_migrations,
    instances,
    messages,
    metrics,
    operations,
    people,
    processes,
    property_words,
    publishing,
    records,
    request_log,
    rooms,
    scenarios,
    security,
    states,
    task_talk,
    tasks,
    tokens,
    trying,
    words,
)
from web.demo.people import COLLEAGUES, PASSWORD
from web.settings import Settings, SettingsError

__all__ = ["Settings", "create_app"]


def create_app(settings: Settings | None = None, **overrides: object) -> Flask:
    """The WSGI application; without `settings` they come from the environment.

    `overrides` are Flask's own configuration keys, for tests. Raises SettingsError in production with a
    default secret key or while demo people can sign in, and DatabaseUnusable there if the database does not
    answer. The database must have been migrated before the first request.
    """
    settings = settings or Settings.from_environment(os.environ)
    app = Flask(__name__)
    app.url_rule_class = addresses.LazyRule
    app.config.update(settings.flask())
    app.config.update(overrides)
    app.config["SETTINGS"] = settings
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.proxies] * 3)  # type: ignore[method-assign]
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    for wing in (request_log, metrics, db, i18n, security):
        wing.init_app(app)
    api.stand_in_front(app)
    for wing in (auth, initial_password, errors, states, api, words, property_words):
        wing.init_app(app)
    for wing in (
        rooms,
        clocks,
        operations,
        messages,
        calendar,
        inbox,
        channels,
        tokens,
        instance_migrations,
        drafts,
        publishing,
        scenarios,
    ):
        wing.init_app(app)
    for room in (
        tasks,
        task_talk,
        instances,
        evidence,
        processes,
        definitions,
        comparisons,
        draft_files,
        draft_editors,
        draft_tables,
        draft_forms,
        records,
        attachments,
    ):
        app.register_blueprint(room.bp)
    for room in (people, help, health, trying):
        app.register_blueprint(room.bp)
    if settings.production:
        with app.app_context():
            try:
                refuse_demo_people()
            finally:
                db.db.engine.dispose()  # a connection opened here must not be shared by forked servers
    return app


def refuse_demo_people() -> None:
    """No production while somebody can sign in as the demo people do: everybody knows their password."""
    if not db.is_migrated():
        return
    with db.db.session() as session:
        known = [c.person_id for c in COLLEAGUES if has_password(session, c.person_id, PASSWORD)]
    if known:
        raise SettingsError(
            f"The demo people of this database ({', '.join(known)}) have the password that everybody knows: "
            "production needs a database of its own. To keep this one, give them other passwords "
            "(`python -m engine person password`) or switch them off (`python -m engine person deactivate`)."
        )
