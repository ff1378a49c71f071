"""The working calendar on its page: everybody looks, the owner changes it."""

import pytest

from tests.web.pages import Answer, Site


def day(page: Answer, month: int, number: int) -> tuple[str, str]:
    """Class and title of a day of a month."""
    cells = page.all(f"(//table[@class='month'])[{month}]//td[contains(concat(' ', @class), ' day')]")
    return cells[number - 1].get("class"), cells[number - 1].get("title")


def test_a_year_is_twelve_months_with_holidays_and_worked_weekends(site: Site) -> None:
    page = site.as_("staff").get("/calendar?year=2026")
    assert len(page.all("//table[@class='month']")) == 12
    assert "special" in day(page, 10, 1)[0]
    assert "国庆节" in day(page, 10, 1)[1]
    assert "上班" in day(page, 10, 10)[1]
    assert "已公布" in page.text


def test_this_year_is_shown_by_itself_and_english_is_complete(site: Site) -> None:
    page = site.as_("staff", "en").get("/calendar")
    assert page.status == 200
    assert page.all("//table[@class='month']/caption/text()")[0] == "January"


def test_an_unknown_year_says_that_nothing_can_be_worked_out(site: Site) -> None:
    page = site.as_("staff").get("/calendar?year=2031")
    assert "尚未公布" in page.text
    assert "无法算出" in page.text
    assert "不可知" in day(page, 1, 1)[1]


def test_the_owner_sets_a_day_and_takes_it_back(site: Site) -> None:
    owner = site.as_("owner")
    done = owner.follow("/calendar/days", day="2026-10-01", working="true", reason="赶工")
    assert "日历已更改" in done.text
    assert "赶工" in day(owner.get("/calendar?year=2026"), 10, 1)[1]
    back = owner.follow("/calendar/days/clear", day="2026-10-01", reason="取消")
    assert "set" not in day(back, 10, 1)[0]
    assert "撤回了设定" in back.text


def test_the_owner_declares_a_year(site: Site) -> None:
    owner = site.as_("owner")
    assert owner.get("/calendar?year=2031").all("//form[@action='/calendar/2031/declare']")
    done = owner.follow("/calendar/2031/declare", reason="按惯例")
    assert "已宣布完整" in done.text
    assert not done.all("//form[@action='/calendar/2031/declare']")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"day": "2026-10-01", "working": "true", "reason": ""}, "day-reason-problem"),
        ({"day": "soon", "working": "true", "reason": "x"}, "day-problem"),
        ({"day": "2026-10-01", "reason": "x"}, "working-problem"),
        ({"day": "1999-10-01", "working": "true", "reason": "x"}, "day-problem"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(
    site: Site, fields: dict[str, str], wrong: str
) -> None:
    page = site.as_("owner").post("/calendar/days", **fields)
    assert page.status == 422
    assert page.all(f"//*[@id='{wrong}']")
    assert page.all("//input[@name='day']/@value") == [fields["day"]]


def test_a_change_that_changes_nothing_says_so(site: Site) -> None:
    assert "现状已是如此" in site.as_("owner").follow("/calendar/2026/declare", reason="x").text


@pytest.mark.parametrize("who", ["staff", "cs", "it", "compliance", "vp"])
def test_others_look_and_change_nothing(site: Site, who: str) -> None:
    visitor = site.as_(who)
    page = visitor.get("/calendar?year=2031")
    assert not page.all("//main//form")
    assert not visitor.get("/").all("//nav//a[@href='/calendar']")
    for path in ("/calendar/days", "/calendar/days/clear", "/calendar/2031/declare"):
        assert visitor.post(path, day="2026-10-01", working="true", reason="x").status == 403


def test_the_owner_is_led_there(site: Site) -> None:
    assert site.as_("owner").get("/").all("//nav//a[@href='/calendar']")


@pytest.mark.parametrize("year", ["1999", "2101", "x", "%00", "10000", "-1", "２０２６"])
def test_years_that_make_no_sense_are_refused(site: Site, year: str) -> None:
    assert site.as_("staff").get(f"/calendar?year={year}").status == 400
