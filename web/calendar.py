"""The working calendar: everybody may look, the process owner sets days and declares years."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from babel.dates import format_date, get_day_names, get_month_names
from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from flask_login import login_required

from engine import (
    clear_calendar_day,
    declare_calendar_year,
    get_calendar,
    set_calendar_day,
    transaction,
)
from engine.errors import BadDay, NothingToChange, ReasonRequired
from web.auth import actor
from web.db import db
from web.errors import Unreadable
from web.i18n import language, local, now

bp = Blueprint("calendar", __name__, url_prefix="/calendar")

STATES = {
    "published": lazy_gettext("officially published"),
    "declared": lazy_gettext("declared complete"),
    "unknown": lazy_gettext("not yet published"),
}
CHANGES = {
    "calendar_day_set": lazy_gettext("set a day"),
    "calendar_day_cleared": lazy_gettext("took a set day back"),
    "calendar_year_declared": lazy_gettext("declared the year complete"),
}


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    """A year, by default this one."""
    given = request.args.get("year", "") or str(local(now()).year)
    if not (given.isascii() and given.isdecimal() and len(given) == len("2026")):
        raise Unreadable(gettext("“%(value)s” is not a year.", value=given[:40]))
    return _show(int(given), "", {})


def _show(year: int, act: str, problems: dict[str, str]) -> ResponseReturnValue:
    """The page of a year; after a refusal with the form of `act` open, what was typed and what is wrong."""
    view = get_calendar(db.session(), year, actor())
    page = render_template(
        "calendar.html", view=view, act=act, problems=problems, given=request.form, today=local(now()).date()
    )
    return page, 422 if problems else 200


@bp.post("/days")
@login_required
def set_day() -> ResponseReturnValue:
    """Make a day worked or free."""
    day, working = _day(), request.form.get("working", "")
    if day is None or working not in ("true", "false"):
        problems = {} if day else {"day": gettext("Choose a day.")}
        problems |= {} if working in ("true", "false") else {"working": gettext("Choose one.")}
        return _show(day.year if day else local(now()).year, "day", problems)
    return _change(
        "day", day.year, lambda reason, facts: set_calendar_day(
            db.session(), day, working == "true", actor(), reason, **facts
        ),
    )  # fmt: skip


@bp.post("/days/clear")
@login_required
def clear_day() -> ResponseReturnValue:
    """Take a set day back."""
    day = _day()
    if day is None:
        raise Unreadable(gettext("Choose a day."))
    return _change(
        f"clear-{day}", day.year,
        lambda reason, facts: clear_calendar_day(db.session(), day, actor(), reason, **facts),
    )  # fmt: skip


@bp.post("/<int:year>/declare")
@login_required
def declare(year: int) -> ResponseReturnValue:
    """Declare a year complete that nobody has published."""
    return _change(
        "declare", year,
        lambda reason, facts: declare_calendar_year(db.session(), year, actor(), reason, **facts),
    )  # fmt: skip


def _day() -> date | None:
    try:
        return date.fromisoformat(request.form.get("day", "").strip())
    except ValueError:
        return None


def _change(act: str, year: int, verb: Callable[[str, dict[str, Any]], int]) -> ResponseReturnValue:
    """Do it, and say what it brought; a refusal that can be mended goes back to its form."""
    reason = request.form.get("reason", "").strip()
    try:
        with transaction(db.session()):
            woken = verb(reason, {"now": now()})
    except ReasonRequired as refused:
        return _show(year, act, {"reason": refused.message(language())})
    except BadDay as refused:
        return _show(local(now()).year, act, {"day": refused.message(language())})
    except NothingToChange as refused:
        flash(refused.message(language()), "bad")
    else:
        flash(gettext("The calendar is changed."), "done")
        if woken:
            flash(_again(woken), "note")
    return redirect(url_for("calendar.show", year=year))


def _again(woken: int) -> str:
    return str(
        ngettext(
            "%(num)d case that waited for a calendar looks again.",
            "%(num)d cases that waited for a calendar look again.",
            woken,
        )
    )


def month_name(number: int) -> str:
    """The name of a month by itself."""
    return str(get_month_names("wide", "stand-alone", language())[number])


def weekdays() -> list[tuple[str, str]]:
    """Short and full names, Monday first."""
    short, full = (get_day_names(width, "stand-alone", language()) for width in ("narrow", "wide"))
    return [(str(short[n]), str(full[n])) for n in range(7)]


def day_name(day: date) -> str:
    """A day with its weekday, written out."""
    pattern = "y年M月d日 EEEE" if language() == "zh" else "EEEE, d MMMM y"
    return str(format_date(day, pattern, locale=language()))


def init_app(app: Flask) -> None:
    """Hang the room on the app."""
    app.register_blueprint(bp)
    words = {"month_name": month_name, "weekdays": weekdays, "CALENDAR_CHANGES": CHANGES}
    app.jinja_env.globals.update(words, CALENDAR_STATES=STATES)
    app.jinja_env.filters["day_name"] = day_name
