"""Messages and signals through `/engine-rest`: to the case that waits, or to the process that starts."""

from typing import Any

import pytest
from sqlalchemy import select

from engine.storage.models import Message
from tests.engine.test_correlation import CHAINED, WAITING
from tests.engine.test_signals import CATCHING
from tests.engine.timed import wait
from tests.web.pages import Site
from tests.web.programs import Program, program, with_token
from tests.web.test_api_cases import value

MISMATCH = "org.camunda.bpm.engine.MismatchingMessageCorrelationException: Cannot correlate message"


@pytest.fixture
def it(site: Site) -> Program:
    """A program of the IT department, in a house whose cases wait for an answer."""
    site.house.deploy({**WAITING, **CHAINED})
    return program(site, "it")


def told(by: Program, **sent: object) -> Any:
    """What the answer to a message says, with the result."""
    answer = by.call("POST", "/message", json={"resultEnabled": True, **sent})
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_message_reaches_the_case_that_waits_and_brings_its_values(site: Site, it: Program) -> None:
    case = site.case("p", gist="x")
    sent = {"messageName": "reply", "processVariables": {"answer": value("是")}}
    answer = it.call("POST", "/message", json=sent)
    assert (answer.status_code, answer.data) == (204, b"")
    assert case.open_tasks() == ["UT_do"]


@pytest.mark.parametrize("by", ["number", "own key", "id", "values"])
def test_the_case_is_named_by_its_number_the_programs_key_its_id_or_its_values(
    site: Site, it: Program, by: str
) -> None:
    site.case("p", gist="x")
    started = program(site, "owner").call(
        "POST", "/process-definition/key/p/start",
        json={"businessKey": "ERP 1", "variables": {"gist": value("漏油")}},
    ).json  # fmt: skip
    named = {
        "number": {"businessKey": started["caseNumber"]},
        "own key": {"businessKey": "ERP 1"},
        "id": {"processInstanceId": started["id"]},
        "values": {"correlationKeys": {"gist": {"value": "漏油", "type": "String"}}},
    }[by]
    (result,) = told(it, messageName="reply", **named)
    assert result["resultType"] == "Execution"
    assert result["execution"] == {
        "id": started["id"], "processInstanceId": started["id"], "ended": False, "tenantId": None,
    }  # fmt: skip


def test_a_message_that_starts_a_process_keeps_the_key_of_the_program(site: Site, it: Program) -> None:
    go = {"messageName": "go", "processVariables": {"answer": value("是")}, "variablesInResultEnabled": True}
    (result,) = told(it, **go, businessKey="ERP 7")
    case = result["processInstance"]
    assert (result["resultType"], case["businessKey"], case["ended"]) == ("ProcessDefinition", "ERP 7", False)
    assert result["variables"]["answer"]["value"] == "是"
    (ended,) = told(it, messageName="go")
    assert ended["processInstance"]["ended"]


def test_what_nobody_takes_is_refused_as_camunda_does_and_not_kept(site: Site, it: Program) -> None:
    site.case("p", gist="x")
    for sent in (
        {"messageName": "unheard"}, {"messageName": "reply", "businessKey": "none"},
        {"messageName": "reply", "processInstanceId": "none"},
        {"messageName": "reply", "correlationKeys": {"gist": value("y")}},
    ):  # fmt: skip
        answer = it.call("POST", "/message", json=sent)
        assert (answer.status_code, answer.json["type"]) == (400, "RestException")
        assert answer.json["code"] == "nobody_took_message"
        assert answer.json["message"].startswith(f"{MISMATCH} '{sent['messageName']}': ")
    site.house.session.rollback()
    assert site.house.session.scalars(select(Message)).all() == []


def test_the_same_key_sends_it_once_and_answers_the_same(site: Site, it: Program) -> None:
    first = site.case("p", gist="x")
    site.house.clock.advance(seconds=1)
    second = site.case("p", gist="y")
    once = {"headers": {"Idempotency-Key": "k"}, "json": {"messageName": "reply", "resultEnabled": True}}
    answers = [it.call("POST", "/message", **once).json for _ in range(2)]
    assert answers[0] == answers[1]
    assert (first.ended_at, second.ended_at) == ("已完成", None)
    once["json"] = {"messageName": "reply"}
    assert it.call("POST", "/message", **once).status_code == 204
    assert second.ended_at is None
    once["json"] = {"messageName": "go"}
    assert it.refused("POST", "/message", **once) == (400, "key_used_differently")


def test_what_would_mean_others_is_refused(it: Program) -> None:
    """Silently passed over, it would reach the wrong case."""
    for more in ({"all": True}, {"tenantId": "t"}, {"localCorrelationKeys": {"a": value(1)}},
                 {"processVariablesLocal": {"a": value(1)}}, {"messageName": ""}, {"resultEnabled": "yes"},
                 {"businessKey": "x" * 256}):  # fmt: skip
        assert it.refused("POST", "/message", json={"messageName": "reply", **more}) == (400, "http_400")


def test_who_sends_no_messages_on_the_pages_sends_none_here(site: Site, it: Program) -> None:
    for path, sent in (("/message", {"messageName": "reply"}), ("/signal", {"name": "bell"})):
        assert program(site, "cs").refused("POST", path, json=sent) == (403, "not_allowed")
        assert with_token(site, "it", "read").refused("POST", path, json=sent) == (403, "scope_missing")


def test_a_signal_is_heard_by_every_case_that_waits_or_by_the_one_named(site: Site) -> None:
    site.house.deploy(CATCHING)
    it, cases = program(site, "it"), [site.case("p", gist="x") for _ in range(3)]
    sent = {"name": "bell", "variables": {"loud": value("是")}}
    answer = it.call("POST", "/signal", json={**sent, "executionId": cases[1].id})
    assert (answer.status_code, answer.data) == (204, b"")
    wait(site.house, minutes=1)
    assert [case.open_tasks() for case in cases] == [[], ["UT_do"], []]
    assert it.call("POST", "/signal", json=sent).status_code == 204
    wait(site.house, minutes=1)
    assert [case.open_tasks() for case in cases] == [["UT_do"]] * 3


def test_a_signal_that_nobody_waits_for_is_no_fault(site: Site) -> None:
    it = program(site, "it")
    assert it.call("POST", "/signal", json={"name": "unheard"}).status_code == 204
    for sent in ({}, {"name": 1}, {"name": "bell", "tenantId": "t"}):
        assert it.refused("POST", "/signal", json=sent) == (400, "http_400")
