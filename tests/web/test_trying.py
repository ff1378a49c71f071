"""Trying a process on its pages: start, complete, let time pass, undo; scenarios that say what differs."""

import io

import pytest

import engine
from engine.commands.trying.scenarios import FOUND
from tests.drive import contents
from tests.engine.houses import REWORK
from tests.web.pages import Answer, Site, Visitor
from tests.web.twice import AFTER, PROCESS
from web.security import limiter
from web.walk_time import A_MINUTE

TRY = "/try/version:p:1"
STARTED = {"gist": "漏水", "phone": "138"}


def step(visitor: Visitor, path: str, at: str = TRY, **fields: object) -> Answer:
    """Presses a button of the page as it stands."""
    page = visitor.get(at)
    revision = page.all("//input[@name='_revision']/@value")[0]
    return visitor.post(at + path, _revision=revision, **fields)


@pytest.fixture
def owner(site: Site) -> Visitor:
    """Somebody who owns processes."""
    return site.as_("owner")


def test_a_process_is_walked_to_its_end_and_nothing_reaches_the_record(site: Site, owner: Visitor) -> None:
    before = contents(site.house.session)
    assert step(owner, "/start", **STARTED).status == 302
    assert step(owner, "/tasks/p/UT_do/0", note="修好").status == 302
    page = owner.get(TRY)
    assert page.all("//input[@name='good']")
    assert step(owner, "/tasks/p/UT_check/0", good="true").status == 302
    done = owner.get(TRY)
    assert "已完成" in done.text
    assert done.all("//*[@data-completed]")[0].get("data-completed").count("UT_do") == 1
    site.house.session.rollback()
    after = contents(site.house.session)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"definition_walk"}


def test_a_refused_form_comes_back_with_what_was_typed(owner: Visitor) -> None:
    refused = step(owner, "/start", gist="", phone="138")
    assert refused.status == 422
    assert refused.problem("gist")
    assert refused.all("//input[@name='phone']/@value") == ["138"]
    assert owner.get(TRY).all("//*[@id='begin']")


def test_time_passes_by_so_much_and_is_taken_back(owner: Visitor) -> None:
    step(owner, "/start", **STARTED)
    assert step(owner, "/time", amount="3", unit="days").status == 302
    page = owner.get(TRY)
    assert "时间流逝" in page.text
    assert page.all("//*[@id='next']//*[contains(@class, 'badge bad')]")  # late by the driven clock
    assert step(owner, "/undo").status == 302
    assert not owner.get(TRY).all("//*[@id='next']//*[contains(@class, 'badge bad')]")
    for amount, unit in (("0", "days"), ("x", "days"), ("999999", "days"), ("1", "years")):
        assert step(owner, "/time", amount=amount, unit=unit).status == 422
    assert step(owner, "/time", _action="next").status == 422


def test_the_start_form_stays_while_time_passes_before_the_start(owner: Visitor) -> None:
    assert step(owner, "/time", amount="1", unit="hours").status == 302
    assert owner.get(TRY).all("//form[contains(@action, '/start')]//input[@name='phone']")
    assert step(owner, "/start", **STARTED).status == 302
    assert owner.get(TRY).all("//*[@id='next']")


def test_begin_again_forgets_the_steps(owner: Visitor) -> None:
    step(owner, "/start", **STARTED)
    assert step(owner, "/reset").status == 302
    assert owner.get(TRY).all("//*[@id='begin']")


def test_what_cannot_be_read_or_taken_is_said_on_the_page(owner: Visitor) -> None:
    step(owner, "/start", **STARTED)
    unread = step(owner, "/message", name="M", values="no sign")
    assert (unread.status, "第 1 行" in unread.text) == (422, True)
    nobody = step(owner, "/message", name="M", values='a = 1\nb = ["x"]')
    assert (nobody.status, "M" in nobody.text) == (422, True)
    assert step(owner, "/services/p/UT_do/0", values="").status == 422
    closed = step(owner, "/tasks/p/UT_check/0")
    assert (closed.status, "UT_do" in closed.text) == (422, True)


def test_two_windows_do_not_take_the_same_step_twice(owner: Visitor) -> None:
    step(owner, "/start", **STARTED)
    assert owner.post(f"{TRY}/undo", _revision="0").status == 409
    assert owner.post(f"{TRY}/tasks/p/UT_do/0", _revision="0", note="x").status == 409


@pytest.mark.parametrize("who", ["staff", "cs", "compliance", "admin", "it"])
def test_only_owners_try(site: Site, who: str) -> None:
    visitor = site.as_(who)
    assert visitor.get(TRY).status == 403
    for path in ("/start", "/undo", "/reset", "/time", "/message", "/scenario", "/conditions"):
        assert visitor.post(TRY + path, _revision="0").status == 403
    assert visitor.get(f"{TRY}/diagrams/p.bpmn").status == 403


def test_what_is_not_there_is_not_tried(owner: Visitor) -> None:
    for subject in ("version:p:9", "version:nowhere:1", "draft:" + "0" * 36, "x"):
        assert owner.get(f"/try/{subject}").status == 404
    assert owner.get(f"{TRY}/diagrams/p.bpmn").status == 200
    assert owner.get(f"{TRY}/diagrams/q.bpmn").status == 404


def test_a_draft_with_errors_names_them(site: Site, owner: Visitor) -> None:
    who = site.house.actor("owner")
    with engine.transaction(site.house.session):
        draft = engine.create_definition_draft(site.house.session, who, "p", "改一改")
        broken = REWORK["p.bpmn"].replace(b"${good == true}", b"${unheard == true}")
        engine.save_definition_file(site.house.session, who, draft, "p.bpmn", broken, 1)
    page = owner.get(f"/try/draft:{draft}")
    assert (page.status, "unheard" in page.text) == (422, True)


def test_a_walk_is_kept_as_a_scenario_which_is_run_renamed_walked_and_deleted(
    site: Site, owner: Visitor
) -> None:
    step(owner, "/start", **STARTED)
    step(owner, "/tasks/p/UT_do/0", note="修好")
    assert step(owner, "/scenario", name="", variable="note").status == 422
    kept = step(owner, "/scenario", name="等审核", variable="note")
    assert kept.location == "/processes/p/scenarios"
    page = owner.get("/processes/p/scenarios?against=version:p:1")
    assert page.all("//*[contains(@class, 'badge good')]")
    (scenario,) = page.all("//form[contains(@action, '/walk')]/@action")
    key = scenario.removesuffix("/walk")
    site.house.deploy({"p.bpmn": REWORK["p.bpmn"].replace(b"UT_check", b"UT_judge")})
    red = owner.get("/processes/p/scenarios?against=version:p:2")
    assert red.all("//*[contains(@class, 'badge bad')]")
    assert "UT_check" in red.text
    assert owner.post(f"{key}/rename", name="", revision="1").status == 422
    assert owner.post(f"{key}/rename", name="待审核", revision="1").status == 302
    assert owner.post(f"{key}/rename", name="又改", revision="1").status == 422
    step(owner, "/reset")
    assert owner.post(f"{key}/walk", subject="version:p:1").location == TRY
    assert owner.get(TRY).all("//input[@name='good']")
    assert owner.post(f"{key}/delete", reason="", revision="2").status == 422
    assert owner.post(f"{key}/delete", reason="过时", revision="2").status == 302
    assert "待审核" not in owner.get("/processes/p/scenarios").text


def test_readers_see_scenarios_and_change_none(site: Site, owner: Visitor) -> None:
    step(owner, "/start", **STARTED)
    step(owner, "/scenario", name="等办理")
    key = owner.get("/processes/p/scenarios").all("//form[contains(@action, '/walk')]/@action")[0]
    reader = site.as_("compliance")
    page = reader.get("/processes/p/scenarios")
    assert "等办理" in page.text
    assert not page.all("//main//form[@method='post']")
    assert reader.post(key.replace("/walk", "/delete"), reason="x", revision="1").status == 403
    assert reader.post(key, subject="version:p:1").status == 403
    assert site.as_("cs").get("/processes/p/scenarios").status == 403


def test_a_file_is_only_named(site: Site, owner: Visitor) -> None:
    every = "/try/version:every:1"
    page = owner.get(every)
    (field, *_) = page.all("//input[@type='file']/@name")
    back = step(owner, "/start", every, _action="upload", **{field: (io.BytesIO(b"x"), "现场.png")})
    assert "现场.png" in back.text
    assert back.all(f"//input[@type='hidden' and @name='{field}']/@value") == ["sample:现场.png"]
    assert not list(site.house.folder.glob("*"))


def test_a_called_process_is_started_with_values_typed_line_by_line(site: Site, owner: Visitor) -> None:
    site.house.deploy(AFTER)
    called = f"/try/version:{PROCESS}:1"
    (typed,) = owner.get(called).all("//textarea[@name='values']")
    assert typed.text_content().strip() == ""
    assert step(owner, "/start", called, values='gist = "要点"').status == 302
    assert "登记信息" in owner.get(called).text


def test_who_has_used_up_the_time_of_a_minute_waits_and_is_told_which_scenarios_were_not_run(
    site: Site, owner: Visitor
) -> None:
    step(owner, "/start", **STARTED)
    step(owner, "/scenario", name="等办理")
    (key,) = owner.get("/processes/p/scenarios").all("//form[contains(@action, '/walk')]/@action")
    draft = owner.post("/drafts/new", process="p", title="改").location.rpartition("/")[2]
    with site.app.app_context():
        limiter.limiter.hit(A_MINUTE, "walks", "owner", cost=1000)
    FOUND._held.clear()
    page = owner.get("/processes/p/scenarios?against=version:p:1")
    assert (page.status, "未运行" in page.text, "绿" in page.text) == (200, True, False)
    (alone,) = page.all("//a[contains(@href, 'only=')]/@href")
    publishing = owner.get(f"/publishing/{draft}")
    assert publishing.all("//a[contains(@href, 'only=')]")
    assert [owner.get(TRY).status, owner.post(f"{key}", subject="version:p:1").status] == [429, 429]
    with site.app.app_context():
        limiter.limiter.storage.reset()
    assert owner.get(str(alone)).all("//*[contains(@class, 'badge good')]")
    assert owner.get(TRY).status == 200
