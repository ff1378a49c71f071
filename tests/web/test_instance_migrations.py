"""The pages on which an owner moves running cases to another version: plan, order, progress."""

import pytest

import engine
from tests.web.moved import GISTS, NO_PLAN, PLAN, PROCESS, REASON, SAME, move_some, publish, work
from tests.web.pages import Answer, Site

READERS = ["owner", "compliance"]
OTHERS = ["staff", "cs", "qa_lead", "vp", "it", "admin"]
ORDERS = f"/processes/{PROCESS}/migrations"


@pytest.fixture
def moved(site: Site) -> str:
    """The address of an order by which two of three cases were moved."""
    home = site.house
    return move_some(home.session, home.actor("owner"), home.actor("cs"))


def rows(page: Answer) -> list[str]:
    """The lines of the list, with single spaces."""
    return [" ".join(" ".join(row.itertext()).split()) for row in page.all("//table/tbody/tr")]


@pytest.mark.parametrize("who", READERS)
def test_readers_see_plan_orders_and_result(site: Site, moved: str, who: str) -> None:
    reader = site.as_(who)
    assert [reader.get(path).status for path in (PLAN, ORDERS, moved)] == [200, 200, 200]
    assert reader.get(f"/processes/{PROCESS}").all("//a[contains(@href, '/migrate')]")


@pytest.mark.parametrize("who", OTHERS)
def test_others_are_refused(site: Site, moved: str, who: str) -> None:
    visitor = site.as_(who)
    assert [visitor.get(path).status for path in (PLAN, ORDERS, moved)] == [403, 403, 403]


def test_strangers_are_sent_to_sign_in(site: Site, moved: str) -> None:
    client = site.app.test_client()
    assert [client.get(path).status_code for path in (PLAN, ORDERS, moved)] == [302, 302, 302]


def test_the_plan_says_of_every_case_whether_it_can_be_moved_and_why_not(site: Site, moved: str) -> None:
    page = site.as_("owner").get(PLAN)
    no, yes = rows(page)
    assert "✕ 不能迁移" in no
    assert "原因" in no
    assert "✓ 可以迁移" in yes
    assert "可以迁移✓ 1 不能迁移✕ 1" in page.text
    english = site.as_("owner", "en").get(PLAN).text
    assert "The draft of “Do it” holds" in english


def test_the_owner_orders_with_a_reason_and_sees_how_far_it_has_come(site: Site, moved: str) -> None:
    owner = site.as_("owner")
    shown = owner.follow(PLAN, reason="第三版生效")
    assert "已处理 0 / 2 件" in shown.text
    assert shown.all("//*[@data-reload]")
    work(site.house.session)
    (address,) = owner.get(ORDERS).all("(//table/tbody//a/@href)[1]")
    done = owner.get(str(address))
    assert "全部案件已处理" in done.text
    assert not done.all("//*[@data-reload]")
    assert any("未迁移" in row and "原因" in row for row in rows(done))
    assert len(rows(owner.get(f"{address}?state=moved"))) == 1
    assert "没有符合条件的结果" in owner.get(f"{address}?state=left").text


@pytest.mark.parametrize("action", ["complete", "draft", "add:rows"])
def test_a_form_that_lay_open_while_its_case_was_moved_is_refused_and_what_was_typed_kept(
    site: Site, moved: str, action: str
) -> None:
    """Also what stands in a field that the new version does not have."""
    home, cs = site.house, site.as_("cs")
    tasks = engine.list_tasks(home.session, home.actor("cs"), "group").items
    (task,) = [row for row in tasks if row.title == GISTS[1]]
    home.session.rollback()
    address = f"/tasks/{task.id}"
    revision = cs.get(address).all("//input[@name='_revision']/@value")[0]
    cause = {"note": "看过了", "cause": "写了很久的原因", "_action": action, "_revision": revision}
    site.as_("owner").post(PLAN, reason="第三版生效")
    work(home.session)
    late = cs.send(address, cause)
    assert late.status == 409
    assert "迁移到第 3 版" in late.text
    assert "看过了" in late.text
    assert "写了很久的原因" in late.text
    assert "写了很久的原因" not in cs.get(address).text
    now = cs.get(address).all("//input[@name='_revision']/@value")[0]
    assert cs.send(address, {"note": "看过了", "_revision": now}).status == 302


def test_without_a_reason_the_plan_comes_back_with_the_form(site: Site, moved: str) -> None:
    refused = site.as_("owner").post(PLAN, reason=" ")
    assert refused.status == 422
    assert refused.all("//textarea[@aria-invalid='true']")
    assert len(rows(refused)) == 2


@pytest.mark.parametrize("who", ["compliance", "admin", "cs"])
def test_forged_orders_are_refused(site: Site, moved: str, who: str) -> None:
    assert site.as_(who).post(PLAN, reason="x").status == 403
    assert not site.as_("compliance").get(PLAN).all("//main//form[@method='post']")
    assert len(rows(site.as_("owner").get(ORDERS))) == 1


def test_where_nothing_runs_or_nothing_differs_the_page_says_so(site: Site, moved: str) -> None:
    owner = site.as_("owner")
    assert "没有案件运行在第 3 版上" in owner.get(NO_PLAN).text
    assert "选择了同一个版本" in owner.get(SAME).text
    assert "没有案件运行在第 3 版上" in owner.follow(NO_PLAN, reason="x").text
    assert owner.post(SAME, reason="x").status == 422


def test_a_process_whose_cases_were_never_moved_says_so(site: Site) -> None:
    assert "还没有迁移过案件" in site.as_("owner").get("/processes/p/migrations").text


def test_lists_page(site: Site, moved: str) -> None:
    home = site.house
    with engine.transaction(home.session):
        for number in range(30):
            engine.start_instance(home.session, PROCESS, home.actor("cs"), {"gist": f"第{number}件"})
    publish(home.session, 2, home.actor("owner"))
    owner = site.as_("owner")
    address = f"/processes/{PROCESS}/migrate?from=3&to=2"
    assert len(rows(owner.get(address))) == 25
    (following,) = owner.get(address).all("//a[@rel='next']/@href")
    assert len(rows(owner.get(str(following)))) == 5


def test_the_history_of_a_moved_case_tells_of_it(site: Site, moved: str) -> None:
    owner = site.as_("owner")
    (case,) = owner.get(f"{moved}?state=moved").all("(//table/tbody//a/@href)[1]")
    page = owner.get(str(case)).text
    assert "将案件从第 1 版迁移到第 2 版" in page
    assert REASON in page


@pytest.mark.parametrize(
    "path", ["/processes/p/migrate?to=x", "/processes/p/migrate?from=0", "/migrations/x?state=y"]
)
def test_garbage_in_the_address_is_refused(site: Site, path: str) -> None:
    assert site.as_("owner").get(path).status == 400


def test_what_is_not_there_is_not_found(site: Site, moved: str) -> None:
    owner = site.as_("owner")
    missing = ("/migrations/nothing", "/processes/nothing/migrate", "/processes/nothing/migrations",
               f"/processes/{PROCESS}/migrate?from=9&to=1")  # fmt: skip
    assert [owner.get(path).status for path in missing] == [404] * 4
