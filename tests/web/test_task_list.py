"""The task list: mine, my groups', done; its state in the address; its export."""

import base64
import csv
import io

import pytest

from tests.engine.measures import ACTIONS
from tests.web.pages import Answer, Site

GARBAGE = [
    "view=all", "sort=password", "order=up", "limit=1000000", "limit=x", "overdue=2", "cursor=%00",
    "search=" + "x" * 101, "search=%00", "process=%01", "cursor=" + "A" * 3000,
]  # fmt: skip


def numbers(answer: Answer) -> list[str]:
    return [a.text_content() for a in answer.all("//table//a[contains(@href, '/instances/')]")]


def test_a_new_task_is_offered_to_its_group_and_becomes_mine_when_claimed(site: Site) -> None:
    case = site.case(name="甲")
    cs = site.as_("cs")
    assert numbers(cs.get("/")) == []
    assert numbers(cs.get("/?view=group")) == [case.business_key]
    claimed = cs.follow(site.task(case) + "/claim")
    assert "任务已由您认领" in claimed.text
    assert numbers(cs.get("/")) == [case.business_key]
    assert numbers(cs.get("/?view=group")) == []


@pytest.mark.parametrize(("language", "words"), [("zh", "已存草稿"), ("en", "draft saved")])
def test_a_saved_draft_is_marked_for_whoever_saved_it(site: Site, language: str, words: str) -> None:
    address = site.task(site.case(name="甲"))
    cs, cs2 = site.as_("cs", language), site.as_("cs2", language)
    marked = f"//table//span[contains(@class, 'badge')][text()='{words}']"
    assert not cs.get("/?view=group").all(marked)
    cs.post(address, name="我写的字", _action="draft")
    assert len(cs.get("/?view=group").all(marked)) == 1
    others = cs2.get("/?view=group")
    assert not others.all(marked)
    assert "我写的字" not in others.text
    cs.post(address + "/claim")
    assert len(cs.get("/").all(marked)) == 1
    cs.post(address, name="我写的字")
    assert not cs.get("/?view=done").all(marked)


def test_another_group_does_not_see_it(site: Site) -> None:
    site.case(name="甲")
    assert numbers(site.as_("qa").get("/?view=group")) == []


def test_empty_lists_say_what_to_do(site: Site) -> None:
    cs = site.as_("cs")
    assert "没有等待您办理的任务" in cs.get("/").text
    assert "本组没有待认领的任务" in cs.get("/?view=group").text
    assert "您还没有办理过任务" in cs.get("/?view=done").text
    assert "没有符合条件的结果" in cs.get("/?search=nothing").text


def test_the_tabs_count(site: Site) -> None:
    for name in "甲乙丙":
        site.case(name=name)
    counts = site.as_("cs").get("/").all("//nav[contains(@class, 'tabs')]//span[@class='count']/text()")
    assert counts == ["0", "3"]


def test_pages_follow_each_other_without_gap_or_repetition(site: Site) -> None:
    made = [site.case(name=f"第{n}件").business_key for n in range(27)]
    cs = site.as_("cs")
    first = cs.get("/?view=group&sort=number&order=asc")
    second = cs.get(first.all("//a[@rel='next']/@href")[0])
    assert numbers(first) + numbers(second) == made
    assert not second.all("//a[@rel='next']")
    assert numbers(cs.get(second.all("//a[@rel='prev']/@href")[0])) == made[:25]


def test_the_address_keeps_search_filter_and_order(site: Site) -> None:
    site.case(name="甲")
    page = site.as_("cs").get("/?view=group&search=1&process=every&element=UT_fill&sort=number&order=desc")
    assert page.all("//input[@name='search']/@value") == ["1"]
    assert page.all("//select[@name='process']/option[@selected]/@value") == ["every"]
    assert page.all("//th[@aria-sort='descending']")
    assert "search=1" in page.all("//th/a/@href")[0]


def test_the_address_may_be_garbage(site: Site) -> None:
    cs = site.as_("cs")
    for query in GARBAGE:
        answer = cs.get("/?" + query)
        assert answer.status == 400, query
        assert answer.text


@pytest.mark.parametrize(
    "place", ["abc", "[]", '[5, "x", false]', '["9999", 3, true]', '[{"at": "x"}, "", 0]']
)
def test_a_place_in_the_list_that_nobody_issued_is_no_fault_of_ours(site: Site, place: str) -> None:
    site.case(name="甲")
    cursor = base64.urlsafe_b64encode(place.encode()).decode()
    for sort in ("due", "created", "priority", "number"):
        assert site.as_("cs").get(f"/?view=group&sort={sort}&cursor={cursor}").status == 200


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_export_opens_in_a_spreadsheet(site: Site, language: str) -> None:
    site.case(name='=HYPERLINK("x")')
    response = site.as_("cs", language).get("/tasks.csv?view=group").response
    assert response.data.startswith(b"\xef\xbb\xbf")
    assert "filename*=UTF-8''" in response.headers["Content-Disposition"]
    head, row = csv.reader(io.StringIO(response.data.decode("utf-8-sig")))
    assert head[0] == {"zh": "编号", "en": "Number"}[language]
    assert row[0].startswith("QF-")
    assert not any(cell.startswith("=") for cell in row)


def test_the_export_holds_every_page(site: Site) -> None:
    for n in range(27):
        site.case(name=f"第{n}件")
    response = site.as_("cs").get("/tasks.csv?view=group&limit=25").response
    assert len(list(csv.reader(io.StringIO(response.data.decode())))) == 28


def test_lateness_is_said_in_words_not_only_in_colour(site: Site) -> None:
    site.house.clock.advance(hours=-72)
    site.house.start("p", "staff", gist="漏水")
    page = site.as_("cs").get("/?view=group&overdue=1")
    assert page.all("//tr[@class='late']")
    assert "超期" in page.all("//span[contains(@class, 'badge bad')]")[0].text_content()


@pytest.mark.parametrize(("language", "words"), [("zh", "第 1 项：<b>换阀瓣"), ("en", "item 1: <b>换阀瓣")])
def test_tasks_of_several_measures_are_told_apart_wherever_they_are_listed(
    site: Site, language: str, words: str
) -> None:
    site.house.deploy(ACTIONS)
    case = site.case("p", actions=[{"who": "张三", "what": "<b>换阀瓣"}, {"who": "李四", "what": "复检"}])
    cs = site.as_("cs", language)
    for page in ("/?view=group", f"/instances/{case.id}"):
        lines = [line.text_content() for line in cs.get(page).all("//td[a[@class='step']]")]
        assert sum(words in line for line in lines) == 1
    heads = [cs.get(f"/tasks/{row.id}").all("//h1/..")[0].text_content() for row in case.view().tasks]
    assert sum(words in head for head in heads) == 1
    steps = [row[3] for row in csv.reader(io.StringIO(cs.get("/tasks.csv?view=group").response.text))]
    assert sum(words in step for step in steps) == 1
