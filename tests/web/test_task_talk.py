"""On the task page: delegating, giving back, taking back, commenting."""

from typing import Any

import pytest

from tests.drive import Case
from tests.web.pages import Answer, Site


@pytest.fixture
def case(site: Site) -> Case:
    """A case whose task cs has claimed."""
    case = site.case("p", gist="漏油")
    assert site.as_("cs").post(f"{site.task(case, 'UT_do')}/claim").status == 302
    return case


def buttons(page: Answer) -> list[Any]:
    """What the buttons of the page say."""
    return [text for button in page.all("//main//button") if (text := button.text_content().strip())]


def test_staff_delegate_fill_in_give_back_and_complete(site: Site, case: Case) -> None:
    address, cs, dept = site.task(case, "UT_do"), site.as_("cs"), site.as_("dept")
    offered = cs.get(address).all("//select[@id='delegate-person']/option/@value")
    assert "dept" in offered
    assert not {"cs", "admin"} & set(offered)
    assert cs.post(f"{address}/delegate", person="dept", reason="请查证").location == address
    page = dept.get(address)
    assert "由 cs 先生 委派给您" in page.text
    assert {"交回 cs 先生", "保存草稿"} <= set(buttons(page))
    assert "完成本步骤" not in buttons(page)
    revision = page.all("//input[@name='_revision']/@value")[0]
    sent = {"note": "已查证", "_action": "resolve", "_revision": revision}
    assert dept.send(address, sent).location == "/"
    assert dept.get(address).status == 404
    page = cs.get(address)
    assert page.all("//*[@name='note']/@value") == ["已查证"]
    revision = page.all("//input[@name='_revision']/@value")[0]
    assert cs.send(address, {"note": "已查证", "_action": "complete", "_revision": revision}).status == 302
    told = site.as_("gm").get(f"/instances/{case.id}").text
    for words in ("将“做do”委派给dept 先生", "理由：请查证", "将委派的“做do”交回cs 先生"):
        assert words in told


def test_whoever_delegated_it_takes_it_back(site: Site, case: Case) -> None:
    address, cs = site.task(case, "UT_do"), site.as_("cs")
    cs.post(f"{address}/delegate", person="dept", reason="请查证")
    page = cs.get(address)
    assert "收回委派" in buttons(page)
    assert "保存草稿" not in buttons(page)
    assert cs.post(f"{address}/recall").location == address
    assert "保存草稿" in buttons(cs.get(address))
    assert "收回委派" not in buttons(site.as_("gm").get(address))


def test_a_refused_delegation_says_why_in_both_languages(site: Site, case: Case) -> None:
    address = site.task(case, "UT_do")
    page = site.as_("cs").post(f"{address}/delegate", person="dept", reason=" ")
    assert (page.status, "请填写理由" in page.text) == (422, True)

    page = site.as_("cs2", "en").post(f"{address}/delegate", person="dept", reason="x")
    assert page.status == 403
    assert "This task belongs to cs" in page.text
    site.as_("cs").post(f"{address}/delegate", person="dept", reason="请查证")
    page = site.as_("dept").send(address, {"note": "x", "_action": "complete"})
    assert (page.status, "须先交回 cs" in page.text) == (403, True)
    page = site.as_("cs2").post(f"{address}/recall")
    assert page.status == 403


def test_comments_are_shown_with_who_and_when_and_escaped(site: Site, case: Case) -> None:
    address, gm = site.task(case, "UT_do"), site.as_("gm")
    assert "尚无留言" in gm.get(address).text
    assert gm.post(f"{address}/comments", text="<b>请</b>今天答复").location == f"{address}#comments"
    page = site.as_("cs").get(address)
    (said,) = page.all("//article[@class='said']")
    assert "gm 先生" in said.text_content()
    assert "<b>请</b>今天答复" in said.text_content()
    assert said.xpath(".//time/@datetime")
    assert "就“做do”留言" in gm.get(f"/instances/{case.id}").text


def test_an_empty_comment_is_refused(site: Site, case: Case) -> None:
    page = site.as_("cs").post(f"{site.task(case, 'UT_do')}/comments", text="  ")
    assert (page.status, "1 至 4000" in page.text) == (422, True)


def test_comments_are_paged(site: Site, case: Case) -> None:
    address, cs = site.task(case, "UT_do"), site.as_("cs")
    for number in range(12):
        cs.post(f"{address}/comments", text=f"第{number}条")
    page = cs.get(address)
    assert len(page.all("//article[@class='said']")) == 10
    (following,) = page.all("//a[@rel='next']/@href")
    older = cs.get(following).all("//article//p[@class='lines']")
    assert [said.text_content() for said in older] == ["第1条", "第0条"]
    for nonsense in ("x", "W3RydWUsICJhIiwgZmFsc2Vd", "WzFlOTk5LCAiYSIsIGZhbHNlXQ==",
                     "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTksICJhIiwgZmFsc2Vd"):  # fmt: skip
        assert len(cs.get(f"{address}?comments={nonsense}").all("//article[@class='said']")) == 10
