"""The channels of a person beside the inbox: set, switched off, tried out, removed on the account page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_login import login_required

from engine import ChannelView, list_channels, remove_channel, send_test, set_channel, transaction
from engine.errors import BadChannel
from web.auth import actor
from web.db import db
from web.i18n import language, now
from web.security import limiter

bp = Blueprint("channels", __name__, url_prefix="/account/channels")

NAMES = {
    "email": lazy_gettext("E-mail"),
    "wecom": lazy_gettext("WeCom group robot"),
    "dingtalk": lazy_gettext("DingTalk group robot"),
    "feishu": lazy_gettext("Feishu group robot"),
}
SIGNED = ("dingtalk", "feishu")
TESTS_MOST = "6 per minute"


@dataclass(frozen=True)
class ChannelForm:
    """A channel as the account page shows it; `typed` was refused for `problems`, by field."""

    id: str
    known: ChannelView | None
    typed: str | None
    problems: dict[str, str]

    @property
    def address(self) -> str:
        """What stands in the field."""
        known = self.known.address if self.known else ""
        return known if self.typed is None else self.typed


def channel_forms(
    refused: str = "", typed: str | None = None, problems: dict[str, str] | None = None
) -> list[ChannelForm]:
    """Every channel there is, set or not."""
    known = {channel.channel: channel for channel in list_channels(db.session(), actor())}
    return [
        ChannelForm(name, known.get(name), typed if name == refused else None,
                    (problems or {}) if name == refused else {})
        for name in NAMES
    ]  # fmt: skip


@bp.post("/<channel>")
@login_required
def save(channel: str) -> ResponseReturnValue:
    """Sets a channel or changes it; what is wrong stands at its field."""
    address, form = request.form.get("address", ""), request.form
    hosts = current_app.config["SETTINGS"].services.webhook_hosts
    try:
        with transaction(db.session()):
            set_channel(
                db.session(), actor(), channel, address, enabled="enabled" in form,
                secret=form.get("secret") or None, hosts=hosts, now=now(),
            )  # fmt: skip
    except BadChannel as refused:
        forms = channel_forms(channel, address, {refused.field: refused.message(language())})
        return render_template("account.html", problems={}, channels=forms), 422
    return _done(gettext("The channel is saved."))


@bp.post("/<channel>/remove")
@login_required
def remove(channel: str) -> ResponseReturnValue:
    """Forgets a channel and its address."""
    with transaction(db.session()):
        remove_channel(db.session(), actor(), channel)
    return _done(gettext("The channel is removed."))


@bp.post("/<channel>/test")
@login_required
@limiter.limit(TESTS_MOST)
def test(channel: str) -> ResponseReturnValue:
    """Sends a test the way every notification goes."""
    with transaction(db.session()):
        send_test(db.session(), actor(), channel, now=now())
    return _done(gettext("The test is on its way. Load this page again to see what became of it."))


def _done(said: str) -> ResponseReturnValue:
    flash(said, "done")
    return redirect(url_for("auth.account") + "#channels")


def init_app(app: Flask) -> None:
    """Hang the channels on the app and their forms on the account page."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(channel_forms=channel_forms, CHANNELS=NAMES, SIGNED_CHANNELS=SIGNED)
