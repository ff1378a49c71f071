"""People: administrators open accounts and change them, compliance reads what they did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from engine import (
    AccountRow,
    Page,
    create_person,
    get_account,
    list_accounts,
    list_groups,
    may_administer,
    set_active,
    set_groups,
    set_password,
    transaction,
)
from engine.errors import AdminAlone, EngineError, NothingToChange, ReasonRequired, StaleAccount, WeakPassword
from web import account_form
from web.account_form import Problems
from web.auth import actor
from web.csvfile import csv_response
from web.db import db
from web.i18n import language, local, now
from web.paging import Listing, listing, one_of, text

bp = Blueprint("people", __name__)

SORTS = ("name", "id", "created")
ACTIVE = {"active": True, "inactive": False}
EXPORT_MAX = 10_000
EVERYBODY = "staff"
# Refusals that somebody at a form can mend, and at which of its fields.
FIELDS: dict[type[EngineError], str] = {
    ReasonRequired: "reason",
    WeakPassword: "password",
    AdminAlone: "groups",
}


def _state(endpoint: str) -> Listing:
    filters = {
        "search": text("search"),
        "group": text("group"),
        "state": one_of("state", ("", *ACTIVE), "") or None,
    }
    return listing(endpoint, filters, SORTS, "name", "asc")


def _page(state: Listing) -> Page[AccountRow]:
    return list_accounts(
        db.session(), actor(), search=state.filters["search"], group=state.filters["group"],
        active=ACTIVE.get(state.filters["state"] or ""), sort=state.sort, descending=state.descending,
        cursor=state.cursor, limit=state.limit,
    )  # fmt: skip


@bp.get("/people")
@login_required
def index() -> ResponseReturnValue:
    """The list of accounts."""
    state = _state("people.index")
    may_add = may_administer(actor())
    return render_template(
        "people.html", page=_page(state), state=state, may_add=may_add, groups=list_groups(db.session())
    )


@bp.get("/people.csv")
@login_required
def export() -> ResponseReturnValue:
    """The list as chosen, all of its pages, as CSV."""
    state = _state("people.export").whole()
    header = [gettext("User name"), gettext("Name"), gettext("Groups"), gettext("State"),
              gettext("Account opened"), gettext("Last sign-in")]  # fmt: skip
    names = {group.id: group.name.get(language()) for group in list_groups(db.session())}
    rows: list[AccountRow] = []
    while len(rows) < EXPORT_MAX:
        page = _page(state)
        rows += page.items
        if page.next_cursor is None:
            break
        state = state.at(page.next_cursor)
    name = gettext("people")
    lines = (_csv_row(row, names) for row in rows)
    return csv_response(f"{name}-{local(now()):%Y%m%d-%H%M}.csv", header, lines)


def _csv_row(row: AccountRow, names: Mapping[str, str]) -> list[object]:
    groups = gettext(", ").join(names.get(group, group) for group in row.groups)
    state = gettext("Active") if row.active else gettext("Switched off")
    moments = (row.created_at, row.last_sign_in_at)
    return [row.id, row.name, groups, state, *(f"{local(at):%Y-%m-%d %H:%M}" if at else "" for at in moments)]


@bp.route("/people/_new", methods=["GET", "POST"])  # no user name begins with an underscore
@login_required
def add() -> ResponseReturnValue:
    """Open an account."""
    refusal = may_administer(actor()).refusal
    if refusal:
        raise refusal
    problems: Problems = {}
    if request.method == "POST":
        problems = account_form.problems_of_new()
        if not problems:
            return _add()
    offered = [group for group in list_groups(db.session()) if group.id != EVERYBODY]
    page = render_template("person_new.html", groups=offered, problems=problems, given=request.form)
    return page, 422 if problems else 200


def _add() -> ResponseReturnValue:
    spoken = account_form.spoken()
    with transaction(db.session()):
        made = create_person(
            db.session(), **account_form.new_account(), language=spoken, by=actor().person_id, now=now()
        )
    flash(gettext("The account %(id)s is open. Hand its password over in person.", id=made.id), "done")
    return redirect(url_for("people.show", person_id=made.id))


@bp.get("/people/<person_id>")
@login_required
def show(person_id: str) -> ResponseReturnValue:
    """One account: its groups, its state, everything that was done to it."""
    return _show(person_id)


def _show(person_id: str, act: str = "", problems: Problems | None = None) -> ResponseReturnValue:
    """The page of a person; after a refusal with the form of `act` open, what was typed and what is wrong."""
    account = get_account(db.session(), person_id, actor())
    offered = [group for group in list_groups(db.session()) if group.id != EVERYBODY]
    given = {"reason": request.form.get("reason", ""), "groups": request.form.getlist("groups")}
    page = render_template(
        "person.html", account=account, groups=offered, act=act, problems=problems or {}, given=given
    )
    return page, 422 if problems else 200


@bp.post("/people/<person_id>/groups")
@login_required
def change_groups(person_id: str) -> ResponseReturnValue:
    """Replace somebody's groups."""
    chosen, seen = (request.form.getlist(name) for name in ("groups", "seen"))
    return _change(
        person_id, "groups", gettext("The groups are changed."),
        lambda facts: set_groups(db.session(), person_id, chosen, expected=seen, **facts),
    )  # fmt: skip


@bp.post("/people/<person_id>/password")
@login_required
def reset_password(person_id: str) -> ResponseReturnValue:
    """Give somebody a new password."""
    if problems := account_form.differing_passwords():
        return _show(person_id, "password", problems)
    new = request.form.get("password", "")
    return _change(
        person_id, "password", gettext("The password is reset. Hand the new one over in person."),
        lambda facts: set_password(db.session(), person_id, new, **facts),
    )  # fmt: skip


@bp.post("/people/<person_id>/<any(activate, deactivate):act>")
@login_required
def switch(person_id: str, act: str) -> ResponseReturnValue:
    """Switch somebody's account on or off."""
    on = act == "activate"
    done = gettext("The account is switched on again.") if on else gettext("The account is switched off.")
    return _change(person_id, act, done, lambda facts: set_active(db.session(), person_id, on, **facts))


def _change(
    person_id: str, act: str, done: str, verb: Callable[[dict[str, Any]], None]
) -> ResponseReturnValue:
    """Do it, and say so; a refusal that can be mended goes back to the form, one of lateness to the page."""
    facts = {"by": actor().person_id, "reason": request.form.get("reason", "").strip(), "now": now()}
    there = redirect(url_for("people.show", person_id=person_id))
    try:
        with transaction(db.session()):
            verb(facts)
    except tuple(FIELDS) as refused:
        return _show(person_id, act, {FIELDS[type(refused)]: refused.message(language())})
    except (StaleAccount, NothingToChange) as refused:
        flash(refused.message(language()), "bad")
        return there
    flash(done, "done")
    return there
