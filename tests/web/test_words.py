"""Times, sizes and conditions as people read them."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, session

from tests.web.pages import Site
from web.csvfile import defused
from web.i18n import due_state, due_text, filesize, stamp, when

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


def said(app: Flask, language: str, tell):  # type: ignore[no-untyped-def]
    with app.test_request_context():
        session["language"] = language
        return tell()


@pytest.mark.parametrize(
    ("hours", "zh", "en", "state"),
    [
        (5, "剩 5 小时", "5 hours left", "soon"),
        (1, "剩 1 小时", "1 hour left", "soon"),
        (2 - 1 / 60, "剩 1 小时 59 分", "1 h 59 min left", "soon"),
        (0.2, "剩 12 分钟", "12 minutes left", "soon"),
        (47.5, "剩 47 小时", "47 hours left", "fine"),
        (72, "剩 3 天", "3 days left", "fine"),
        (-3, "超期 3 小时", "3 hours late", "late"),
        (-50, "超期 2 天", "2 days late", "late"),
    ],
)
def test_a_due_time_is_told_as_what_is_left(site: Site, hours: float, zh: str, en: str, state: str) -> None:
    due = NOW + timedelta(hours=hours)
    assert said(site.app, "zh", lambda: due_text(due, NOW)) == zh
    assert said(site.app, "en", lambda: due_text(due, NOW)) == en
    assert said(site.app, "zh", lambda: due_state(due, NOW)) == state


def test_the_last_day_is_a_warning_whatever_the_clock_says_and_its_warning_is_one_earlier(site: Site) -> None:
    for hours, warns, state in ((1, 1, "soon"), (40, -1, "soon"), (40, 1, "fine")):
        due, warn_at = NOW + timedelta(hours=hours), NOW + timedelta(hours=warns)
        assert said(site.app, "zh", lambda d=due, w=warn_at: due_state(d, NOW, w)) == state


def test_times_are_shown_in_the_zone_of_the_pages(site: Site) -> None:
    moment = datetime(datetime.now(UTC).year, 3, 4, 17, 5, tzinfo=UTC)
    assert said(site.app, "zh", lambda: when(moment)) == "03-05 01:05"
    assert said(site.app, "en", lambda: when(moment)) == "5 Mar 01:05"
    assert said(site.app, "zh", lambda: when(moment.replace(year=2001))) == "2001-03-05 01:05"
    assert said(site.app, "zh", lambda: stamp(moment)).endswith("01:05:00 +0800")


def test_a_time_from_the_database_without_zone_is_utc(site: Site) -> None:
    assert said(site.app, "zh", lambda: when(datetime(2001, 3, 4, 17, 5))) == "2001-03-05 01:05"


@pytest.mark.parametrize(
    ("size", "text"), [(200, "0.2 kB"), (20480, "20 kB"), (3 * 1024 * 1024 + 400000, "3.4 MB")]
)
def test_sizes(site: Site, size: int, text: str) -> None:
    assert said(site.app, "en", lambda: filesize(size)) == text


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(cell: str) -> None:
    assert defused(cell) == "'" + cell
