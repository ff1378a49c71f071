"""Log lines: which request or job, which case, who and what, and never what somebody entered."""

import io
import json
import logging
import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine import logs
from engine.errors import TaskNotFound
from engine.storage.models import OrgGroup
from tests.engine.timed import wait
from tests.engine.waiting_case import REMINDED
from tests.web.pages import Site
from web.settings import Settings, SettingsError

SECRET = "13800138000"


class Lines:
    """What was logged since the test began."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        """All of it."""
        return self.stream.getvalue()

    def __iter__(self) -> Iterator[dict[str, object]]:
        return (json.loads(line) for line in self.text.splitlines())

    def last(self, event: str = "request") -> dict[str, object]:
        """The last line of an event."""
        return [line for line in self if line["event"] == event][-1]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """JSON lines, as in production; afterwards logging is as it was."""
    root, made = logging.getLogger(), Lines()
    handlers, level = root.handlers[:], root.level
    logs.configure("json", stream=made.stream)
    yield made
    logging.captureWarnings(False)
    logs.forget()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_request_names_itself_the_actor_the_case_and_the_verb(site: Site, lines: Lines) -> None:
    case = site.case("p", gist=SECRET, phone=SECRET)
    address, cs = site.task(case, "UT_do"), site.as_("cs")
    answer = cs.post(address, note=SECRET, _revision="1")
    assert answer.status == 302
    line = lines.last()
    assert line["request"] == answer.response.headers["X-Request-ID"]
    assert (line["actor"], line["instance"], line["verb"]) == ("cs", case.id, "tasks.submit")
    assert (line["method"], line["status"], line["level"]) == ("POST", 302, "info")
    assert line["task"] == address.rpartition("/")[2]


def test_nothing_that_was_entered_is_logged(site: Site, lines: Lines) -> None:
    """Neither forms, nor search words, nor addresses that lead nowhere, nor passwords."""
    case = site.case("p", gist=SECRET, phone=SECRET)
    cs = site.as_("cs")
    cs.post(site.task(case, "UT_do"), note=SECRET, _revision="1")
    cs.get(f"/?q={SECRET}")
    cs.get(f"/instances?q={SECRET}")
    cs.get(f"/{SECRET}")
    cs.post("/sign-in", username=SECRET, password=SECRET)
    assert len(list(lines)) >= 5
    assert SECRET not in lines.text


def test_the_next_request_carries_nothing_over(site: Site, lines: Lines) -> None:
    case = site.case("p", gist="x")
    site.as_("cs").post(site.task(case, "UT_do"), note="x", _revision="1")
    site.app.test_client().get("/sign-in")
    assert not {"actor", "instance"} & lines.last().keys()


def test_a_proxy_may_name_the_request_but_not_write_what_it_likes(site: Site, lines: Lines) -> None:
    client = site.app.test_client()
    client.get("/sign-in", headers={"X-Request-ID": "abc-12345678"})
    assert lines.last()["request"] == "abc-12345678"
    client.get("/sign-in", headers={"X-Request-ID": 'forged" "level": "x'})
    assert "forged" not in lines.text


def test_monitors_that_ask_every_second_do_not_fill_the_log(site: Site, lines: Lines) -> None:
    site.app.test_client().get("/healthz")
    assert lines.text == ""


def test_a_job_names_itself_and_its_case(site: Site, lines: Lines) -> None:
    home = site.house.deploy(REMINDED)
    case = home.start("p", gist="x")
    wait(home, hours=2)
    line = lines.last("job done")
    assert (line["verb"], line["instance"]) == ("wake", case.id)
    assert line["job"]
    logging.getLogger("later").info("after the job")
    assert "job" not in lines.last("after the job")


def test_a_fault_is_told_by_type_code_and_place_without_its_text(lines: Lines) -> None:
    log = logging.getLogger("test")
    for error in (ValueError(SECRET), TaskNotFound(SECRET), sqlite3.IntegrityError(SECRET)):
        try:
            raise error
        except Exception:
            log.exception("a fault")
        assert type(error).__qualname__ in str(lines.last("a fault")["exception"])
        assert "test_logs.py" in str(lines.last("a fault")["exception"])
    assert "task_not_found" in lines.text
    assert SECRET not in lines.text


def test_the_database_quotes_no_values_in_its_errors(session: Session) -> None:
    row = {"id": SECRET, "name": SECRET}
    session.execute(insert(OrgGroup), [row])
    with pytest.raises(IntegrityError) as refused:
        session.execute(insert(OrgGroup), [row])
    assert "parameters hidden" in str(refused.value).lower() or SECRET not in str(refused.value)


def test_text_is_for_people_and_quotes_only_where_it_may() -> None:
    assert Settings().log_form == "text"
    assert Settings(env="production", secret_key="x" * 32).log_form == "json"
    with pytest.raises(SettingsError, match="ZHIHUAN_LOG"):
        Settings(log="xml")


def test_a_text_line_shows_the_facts_too(lines: Lines) -> None:
    stream = io.StringIO()
    logs.configure("text", quote=True, stream=stream)
    with logs.within(job="j-1"):
        logging.getLogger("test").warning("something %s", "odd", extra={"count": 3})
    assert "something odd" in stream.getvalue()
    assert "job=j-1" in stream.getvalue()
    assert "count=3" in stream.getvalue()
