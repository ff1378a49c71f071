"""Which language and time zone a page is in, and how business content is picked in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal
from flask import Flask, current_app, g, session
from flask_babel import Babel, force_locale, gettext, ngettext
from flask_login import current_user

from engine import COUNT_LIMIT

LANGUAGES = {"zh": "中文", "en": "English"}
HTML_LANG = {"zh": "zh-CN", "en": "en"}
MINUTE, HOUR, DAY = 60, 3600, 86400
FEW_HOURS = 6 * HOUR


def language() -> str:
    """The language of this page: the person's choice, else the browser session's, else the setting."""
    if "language" in g:
        return str(g.language)
    chosen = current_user.language if current_user.is_authenticated else session.get("language")
    return chosen if chosen in LANGUAGES else current_app.config["SETTINGS"].language


@contextmanager
def in_language(lang: str) -> Iterator[None]:
    """Everything in the block is said in that language, whoever asks."""
    g.language = lang
    try:
        with force_locale(lang):
            yield
    finally:
        g.pop("language")


def zone() -> ZoneInfo:
    """The zone in which every time is shown and entered."""
    return ZoneInfo(current_app.config["SETTINGS"].timezone)


def now() -> datetime:
    """The time of this request, aware UTC; one request has one time."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    return g.now


def pick(thing: Any, name: str = "name") -> str:
    """`thing.name_en` on an English page where there is one, else `thing.name`."""
    english = getattr(thing, f"{name}_en", "") if language() == "en" else ""
    return english or getattr(thing, name, "") or ""


def local(moment: datetime) -> datetime:
    """An aware time in the zone of the pages; a naive one is taken as UTC, as the database keeps it."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone())


def when(moment: datetime | None, seconds: bool = False) -> str:
    """A time as the list shows it: month, day and minute; the year too unless it is this year."""
    if moment is None:
        return ""
    there = local(moment)
    clock = "HH:mm:ss" if seconds else "HH:mm"
    if language() == "zh":
        pattern = f"MM-dd {clock}" if there.year == local(now()).year else f"yyyy-MM-dd {clock}"
    else:
        pattern = f"d MMM {clock}" if there.year == local(now()).year else f"d MMM yyyy {clock}"
    return format_datetime(there, pattern, tzinfo=zone(), locale=language())


def stamp(moment: datetime | None) -> str:
    """A time in full, with its offset from UTC: what a printed record carries."""
    return local(moment).strftime("%Y-%m-%d %H:%M:%S %z") if moment else ""


def span(delta: timedelta) -> str:
    """A length of time in its largest unit, rounded down: 3 days, 17 hours, 12 minutes; of few hours, where
    minutes count, with those: 1 h 59 min."""
    seconds = max(int(abs(delta.total_seconds())), MINUTE)
    if seconds >= 2 * DAY:
        return ngettext("%(num)d day", "%(num)d days", seconds // DAY)
    if HOUR <= seconds < FEW_HOURS and seconds % HOUR >= MINUTE:
        hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
        return gettext("%(hours)d h %(minutes)d min", hours=hours, minutes=minutes)
    if seconds >= HOUR:
        return ngettext("%(num)d hour", "%(num)d hours", seconds // HOUR)
    return ngettext("%(num)d minute", "%(num)d minutes", seconds // MINUTE)


def lasting(seconds: float) -> str:
    """The same of a number of seconds."""
    return span(timedelta(seconds=seconds))


def passed(seconds: int) -> str:
    """How much time passes, in the largest unit that says it exactly."""
    if seconds % DAY == 0:
        return ngettext("%(num)d day", "%(num)d days", seconds // DAY)
    if seconds % HOUR == 0:
        return ngettext("%(num)d hour", "%(num)d hours", seconds // HOUR)
    return ngettext("%(num)d minute", "%(num)d minutes", seconds // MINUTE)


def due_state(due: datetime | None, at: datetime | None = None, warn_at: datetime | None = None) -> str:
    """How urgent: "late", "soon" (from `warn_at` on, and within a day), "fine", or "none" when nothing is
    due."""
    if due is None:
        return "none"
    moment = local(at or now())
    left = (local(due) - moment).total_seconds()
    soon = left < DAY or (warn_at is not None and moment >= local(warn_at))
    return "late" if left < 0 else "soon" if soon else "fine"


def due_text(due: datetime, at: datetime | None = None) -> str:
    """How long is left, or by how much it is late."""
    delta = local(due) - local(at or now())
    if delta.total_seconds() < 0:
        return gettext("%(span)s late", span=span(delta))
    return gettext("%(span)s left", span=span(delta))


def filesize(size: int) -> str:
    """A number of bytes as people say it."""
    unit, value = ("MB", size / 1024 / 1024) if size >= 1024 * 1024 else ("kB", size / 1024)
    return f"{format_decimal(round(value, 1 if value < 10 else 0), locale=language())} {unit}"


def numeral(number: float) -> str:
    """A number with the language's separators."""
    return format_decimal(number, locale=language())


def counted(number: int) -> str:
    """How many there are, as far as the engine counts: beyond that, "1,000+"."""
    return numeral(number) if number <= COUNT_LIMIT else f"{numeral(COUNT_LIMIT)}+"


def init_app(app: Flask) -> None:
    """Hang the languages, the zone and the filters that templates use on the app."""
    Babel(
        app,
        default_locale="zh",
        locale_selector=language,
        timezone_selector=lambda: app.config["SETTINGS"].timezone,
    )
    app.jinja_env.filters.update(
        when=when,
        stamp=stamp,
        pick=pick,
        due_state=due_state,
        due_text=due_text,
        passed=passed,
        lasting=lasting,
        filesize=filesize,
        numeral=numeral,
        counted=counted,
    )
    words = {"languages": LANGUAGES, "html_lang": HTML_LANG}
    app.jinja_env.globals.update(words, language=language, now=now, local=local)
