"""The pages for operators: failed jobs and messages; who looks, who acts, what is asked."""

import csv
import io
from datetime import timedelta

import pytest

from engine.commands.worker import run_due
from tests.drive import Case
from tests.engine.test_correlation import WAITING, send
from tests.engine.test_incidents import fail
from tests.engine.test_jobs import BROKEN
from tests.engine.timed import wait
from tests.web.pages import Answer, Site


def renamed(files: dict[str, bytes], name: str) -> dict[str, bytes]:
    """A process under another id."""
    return {f"{name}.bpmn": files["p.bpmn"].replace(b'<process id="p"', f'<process id="{name}"'.encode())}


@pytest.fixture
def stuck(site: Site) -> Case:
    """A case whose timer has failed for good."""
    site.house.clock.advance(days=-1)
    case = site.house.deploy(renamed(BROKEN, "b")).start("b", gist="不是日期")
    wait(site.house, hours=1)
    fail(site.house)
    site.house.session.rollback()
    return case


@pytest.fixture
def dead(site: Site) -> Site:
    """A message that nobody took."""
    site.house.clock.advance(days=-1)
    site.house.deploy(renamed(WAITING, "w"))
    send(site.house, "reply", payload={"answer": "是"})
    fail(site.house)
    site.house.session.rollback()
    return site


def address(page: Answer, act: str) -> str:
    """Where the form of an act leads."""
    return str(page.all(f"//form[contains(@action, '/{act}')]/@action")[0])


@pytest.mark.parametrize("path", ["/operations", "/messages", "/operations.csv", "/messages.csv"])
@pytest.mark.parametrize("who", ["cs", "qa_lead", "vp", "admin", "staff"])
def test_others_neither_get_in_nor_are_led_there(site: Site, who: str, path: str) -> None:
    visitor = site.as_(who)
    assert visitor.get(path).status == 403
    assert not visitor.get("/").all("//nav//a[@href='/operations']")


@pytest.mark.parametrize("who", ["it", "owner", "compliance"])
def test_those_concerned_are_led_there(site: Site, who: str) -> None:
    assert site.as_(who).get("/").all("//nav//a[@href='/operations']")


def test_empty_pages_say_that_nothing_is_wrong(site: Site) -> None:
    it = site.as_("it")
    assert "没有失败的作业" in it.get("/operations").text
    assert "没有死信" in it.get("/messages").text
    assert "没有处于此状态的消息" in it.get("/messages?state=delivered").text
    assert "没有符合条件的结果" in it.get("/operations?kind=mail").text


def test_an_operator_sees_why_a_job_failed_and_has_it_tried_again(site: Site, stuck: Case) -> None:
    it = site.as_("it")
    page = it.get("/operations")
    assert stuck.business_key in page.text
    assert "无法运行" in page.text
    done = it.follow(address(page, "retry"), reason="日期已更正")
    assert "作业将重新执行" in done.text
    assert "没有失败的作业" in done.text
    assert "日期已更正" in it.get("/operations?state=resolved").text


def test_without_a_reason_the_form_comes_back_with_what_is_missing(site: Site, stuck: Case) -> None:
    it = site.as_("it")
    refused = it.post(address(it.get("/operations"), "cancel"), reason=" ")
    assert refused.status == 422
    assert refused.all("//textarea[@aria-invalid='true']")
    assert "请填写理由" in refused.text
    assert stuck.business_key in it.get("/operations").text


def test_who_comes_second_is_told_so(site: Site, stuck: Case) -> None:
    it = site.as_("it")
    there = address(it.get("/operations"), "retry")
    it.follow(there, reason="x")
    assert "该故障已处理" in it.follow(there, reason="y").text


@pytest.mark.parametrize("who", ["owner", "compliance"])
def test_readers_have_no_buttons_and_forged_forms_are_refused(site: Site, stuck: Case, who: str) -> None:
    there = address(site.as_("it").get("/operations"), "retry")
    reader = site.as_(who)
    page = reader.get("/operations")
    assert stuck.business_key in page.text
    assert not page.all("//main//form[contains(@action, '/operations/')]")
    assert reader.post(there, reason="x").status == 403


def test_the_page_speaks_english_too(site: Site, stuck: Case) -> None:
    page = site.as_("it", "en").get("/operations")
    assert "cannot run" in page.text
    assert "timers and limits of a case" in page.text


def test_operators_read_what_a_message_carries_and_nobody_else(dead: Site) -> None:
    assert "是" in dead.as_("it").get("/messages").text.partition("answer")[2]
    for who in ("owner", "compliance"):
        page = dead.as_(who).get("/messages")
        assert "reply" in page.text
        assert "answer" not in page.text


def test_a_dead_letter_is_sent_again_or_dropped_with_a_reason(dead: Site) -> None:
    it = dead.as_("it")
    page = it.get("/messages")
    assert it.post(address(page, "drop"), reason="").status == 422
    assert "消息将再次投递" in it.follow(address(page, "resend"), reason="对方已上线").text
    pending = it.get("/messages?state=pending")
    assert "reply" in pending.text
    assert "消息已放弃" in it.follow(address(pending, "drop"), reason="发错了").text
    assert "reply" in it.get("/messages?state=dropped").text


def test_both_lists_are_exported_without_what_messages_carry(dead: Site) -> None:
    for path, word in (("/operations.csv", "消息投递"), ("/messages.csv", "reply")):
        body = dead.as_("compliance").get(path).response.data.decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(body)))) == 2
        assert word in body
        assert "answer" not in body


@pytest.mark.parametrize(
    "path", ["/operations?state=all", "/operations?kind=x", "/operations?sort=x", "/messages?state=x"]
)
def test_garbage_in_the_address_is_refused(site: Site, path: str) -> None:
    assert site.as_("it").get(path).status == 400


def test_what_is_not_there_is_not_found(site: Site) -> None:
    it = site.as_("it")
    assert it.post("/operations/nothing/retry", reason="x").status == 404
    assert it.post("/messages/nothing/drop", reason="x").status == 404


def test_the_page_tells_when_a_worker_last_looked_and_that_nobody_works(site: Site) -> None:
    it, database = site.as_("it"), site.house.session.get_bind()
    site.case("p", gist="x")
    assert "从未有工作进程处理到期事项" in it.get("/operations").text
    assert "已到期 1 项" in it.get("/operations").text
    site.house.session.rollback()
    run_due(database, now=site.house.clock.now - timedelta(minutes=14))
    silent = it.get("/operations")
    assert "没有工作进程处理到期事项（最近一次：" in silent.text
    assert "14 分钟" in silent.text
    assert silent.all("//*[@role='status']")
    run_due(database)
    fine = it.get("/operations")
    assert "最近一次有工作进程处理到期事项" in fine.text
    assert not fine.all("//*[@role='status']")
    assert "已到期" not in fine.text
