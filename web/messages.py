"""Messages between cases and from outside: dead letters, those on their way, what became of the others."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_login import login_required

from engine import (
    MessageRow,
    Page,
    count_operations,
    drop_message,
    list_messages,
    may_operate,
    resend_message,
)
from web.auth import actor
from web.csvfile import csv_response
from web.db import db
from web.i18n import local, now
from web.operations import carry_out
from web.paging import Listing, listing, one_of, text

bp = Blueprint("messages", __name__)

SORTS = ("sent",)
EXPORT_MAX = 10_000
STATES = {
    "dead": lazy_gettext("Dead letters"),
    "pending": lazy_gettext("On their way"),
    "delivered": lazy_gettext("Delivered"),
    "dropped": lazy_gettext("Dropped"),
}
BADGES = {
    "dead": lazy_gettext("dead letter"),
    "pending": lazy_gettext("on its way"),
    "delivered": lazy_gettext("delivered"),
    "dropped": lazy_gettext("dropped"),
}
ACTS: dict[str, Callable[..., None]] = {"resend": resend_message, "drop": drop_message}


def _state(endpoint: str) -> Listing:
    filters = {"state": one_of("state", STATES, "dead"), "name": text("name")}
    return listing(endpoint, filters, SORTS, "sent", "desc")


def _page(state: Listing) -> Page[MessageRow]:
    return list_messages(
        db.session(), actor(), state=state.filters["state"] or "dead", name=state.filters["name"],
        descending=state.descending, cursor=state.cursor, limit=state.limit,
    )  # fmt: skip


@bp.get("/messages")
@login_required
def index() -> ResponseReturnValue:
    """The messages in a state, dead letters first."""
    return _show({})


def _show(refused: dict[str, str]) -> ResponseReturnValue:
    """The list; after a refusal with the form that was sent, and what is wrong with it."""
    state = _state("messages.index")
    page = render_template(
        "messages.html", page=_page(state), state=state, may_act=may_operate(actor()), refused=refused,
        counts=count_operations(db.session(), actor()),
    )  # fmt: skip
    return page, 422 if refused else 200


@bp.get("/messages.csv")
@login_required
def export() -> ResponseReturnValue:
    """The list as chosen, all of its pages, as CSV; what the messages carry stays here."""
    state = _state("messages.export").whole()
    header = [gettext("Message"), gettext("State"), gettext("For case"), gettext("Sent"), gettext("Sent by"),
              gettext("Sent in"), gettext("Delivered"), gettext("Delivered to"),
              gettext("Attempts")]  # fmt: skip
    rows: list[MessageRow] = []
    while len(rows) < EXPORT_MAX:
        page = _page(state)
        rows += page.items
        if page.next_cursor is None:
            break
        state = state.at(page.next_cursor)
    name = gettext("messages")
    return csv_response(f"{name}-{local(now()):%Y%m%d-%H%M}.csv", header, map(_csv_row, rows))


def _csv_row(row: MessageRow) -> list[object]:
    sent, got = (f"{local(at):%Y-%m-%d %H:%M}" if at else "" for at in (row.sent_at, row.delivered_at))
    return [row.name, STATES[row.state], row.business_key or "", sent, row.sent_by_name or "",
            row.sent_number or "", got, row.delivered_number or "", row.attempts]  # fmt: skip


@bp.post("/messages/<message_id>/<any(resend, drop):act>")
@login_required
def handle(message_id: str, act: str) -> ResponseReturnValue:
    """Have it delivered again, or drop it."""
    done = gettext("The message is sent again.") if act == "resend" else gettext("The message is dropped.")
    return carry_out(ACTS[act], message_id, act, done, _show, "messages.index")


def init_app(app: Flask) -> None:
    """Hang the room on the app."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(MESSAGE_STATES=STATES, MESSAGE_BADGES=BADGES)
