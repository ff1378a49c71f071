"""Cases: the list, one case with its diagram, history and submissions, cancelling it."""

import csv
import io
import json

import pytest

from tests.drive import PASSWORD
from tests.web.pages import Site

GARBAGE = ["state=dead", "sort=due", "order=1", "limit=7", "cursor=%00", "search=" + "x" * 101, "process=%01"]


def reworked(site: Site):  # type: ignore[no-untyped-def]
    """A case that was done, checked, sent back and done again."""
    case = site.case("p", gist="给水泵漏水")
    case.complete("UT_do", "cs", note="第一次")
    case.complete("UT_check", "qa", good=False)
    case.complete("UT_do", "cs", note="第二次")
    site.house.session.rollback()
    return case


def test_the_list_searches_filters_and_sorts(site: Site) -> None:
    first, second = site.case("p", gist="甲"), site.case("every", name="乙")
    compliance = site.as_("compliance")

    def found(query: str) -> list[str]:
        return [a.text_content() for a in compliance.get("/instances?" + query).all("//tbody//a")]

    assert found("sort=number&order=asc") == [first.business_key, second.business_key]
    assert found("process=every") == [second.business_key]
    assert found("state=completed") == []
    assert found(f"search={first.business_key}") == [first.business_key]


def test_the_address_of_the_list_may_be_garbage(site: Site) -> None:
    compliance = site.as_("compliance")
    assert [compliance.get("/instances?" + query).status for query in GARBAGE] == [400] * len(GARBAGE)


def test_the_list_is_exported(site: Site) -> None:
    case = site.case("p", gist="甲")
    data = site.as_("compliance").get("/instances.csv").response.data
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[1][0] == case.business_key
    assert rows[1][3] == "进行中"


@pytest.mark.parametrize(("language", "said"), [("zh", "1 项任务超期"), ("en", "1 task late")])
def test_a_case_with_a_late_task_is_late_in_the_list_its_filter_and_its_export(
    site: Site, language: str, said: str
) -> None:
    """The task is due after 48 hours, which no time limit counts."""
    site.house.clock.advance(hours=-49)
    late = site.case("p", gist="甲")
    site.house.clock.advance(hours=49)
    site.case("p", gist="乙")
    reader = site.as_("compliance", language)
    page = reader.get("/instances?breached=1")
    assert page.all("//td[1]/a/text()") == [late.business_key]
    (row,) = page.all("//tbody/tr")
    assert row.get("class") == "late"
    assert said in row.text_content()
    data = reader.get("/instances.csv?breached=1").response.data.decode("utf-8-sig")
    assert [line[-2:] for line in csv.reader(io.StringIO(data))][1:] == [["0", "1"]]


def test_a_case_shows_who_acts_next_and_how_it_got_there(site: Site) -> None:
    case = reworked(site)
    page = site.as_("compliance").get(f"/instances/{case.id}")
    assert [a.text_content() for a in page.all("//section[@id='next']//a")] == ["做check"]
    assert "记录链完整" in page.text
    assert "第二次" in page.text
    events = [" ".join(li.text_content().split()) for li in page.all("//ol[@class='timeline']/li")]
    assert "cs 先生" in events[0]


def test_the_diagram_is_marked_with_what_was_done_and_where_the_case_is(site: Site) -> None:
    case = reworked(site)
    page = site.as_("compliance").get(f"/instances/{case.id}")
    box = page.all("//div[contains(@class, 'diagram')]")[0]
    assert json.loads(box.get("data-completed"))["UT_do"] == 2
    assert json.loads(box.get("data-current")) == ["UT_check"]
    assert "UT_check_XG_good" in json.loads(box.get("data-flows"))
    xml = site.as_("compliance").get(box.get("data-url")).response
    assert xml.mimetype == "application/xml"
    assert b"UT_check" in xml.data


def test_the_diagram_is_told_in_words_too(site: Site) -> None:
    case = reworked(site)
    words = site.as_("compliance").get(f"/instances/{case.id}").all("//details//ul")[0].text_content()
    assert "当前：做check" in " ".join(words.split())
    assert "做do · 2 次" in " ".join(words.split())


def test_a_case_is_only_for_those_who_may_see_it(site: Site) -> None:
    case = site.case("p", gist="甲")
    for path in ("", "/diagrams/p.bpmn", "/records/R02-1"):
        assert site.as_("dept").get(f"/instances/{case.id}{path}").status == 404
    assert site.as_("compliance").get(f"/instances/{case.id}/diagrams/other.bpmn").status == 404
    assert site.as_("compliance").get(f"/instances/{case.id}/records/nothing").status == 404
    assert site.as_("dept").post(f"/instances/{case.id}/cancel", reason="x").status in (403, 404)


def test_cancelling_says_what_happens_and_asks_for_a_reason(site: Site) -> None:
    case = site.case("p", gist="甲")
    address = f"/instances/{case.id}"
    staff = site.as_("staff")
    assert "1 项待办任务被撤回" in staff.get(address).text
    refused = staff.post(address + "/cancel", reason=" ")
    assert refused.status == 422
    assert refused.all("//p[@id='cancel-problem']")
    done = staff.follow(address + "/cancel", reason="重复登记")
    assert "案件已撤销" in done.text
    assert "重复登记" in done.text
    assert staff.post(address + "/cancel", reason="再来").status == 409


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_record_is_a_page_to_print(site: Site, language: str) -> None:
    case = site.case("p", gist="给水泵漏水")
    case.complete("UT_do", "cs", note="拧紧")
    site.as_("qa").send(site.task(case, "UT_check"), {"good": "true", "_password": PASSWORD})
    number = case.view().records[0].number
    reader = site.as_("compliance", language)
    address = reader.get(f"/instances/{case.id}").all("//section[@id='records']//tbody//a/@href")[0]
    page = reader.get(address)
    assert number in page.text
    assert "qa 先生" in page.text
    assert {"zh": "审核", "en": "reviewed"}[language] in page.text
    assert case.view().records[0].content_hash in page.text
