"""Delegation and comments through `/engine-rest`."""

import re
from typing import Any

import pytest

from tests.web.pages import Site
from tests.web.programs import Program, program

COMMENT = {"id", "userId", "taskId", "time", "message", "removalTime", "rootProcessInstanceId"}


@pytest.fixture
def cs(site: Site) -> Program:
    """A program of somebody in customer service."""
    return program(site, "cs")


@pytest.fixture
def dept(site: Site) -> Program:
    """A program of somebody who sees no case of his own accord."""
    return program(site, "dept")


@pytest.fixture
def path(site: Site, cs: Program) -> str:
    """The address of a task that cs has claimed."""
    task_id = site.task(site.case("p", gist="漏油"), "UT_do").rpartition("/")[2]
    assert cs.call("POST", f"/task/{task_id}/claim", json={"userId": "cs"}).status_code == 204
    return f"/task/{task_id}"


def links(by: Program, path: str) -> list[tuple[str, Any]]:
    """Who has to do with a task."""
    return [(link["type"], link["userId"] or link["groupId"]) for link in by.get(f"{path}/identity-links")]


def test_a_task_is_delegated_and_given_back(site: Site, cs: Program, dept: Program, path: str) -> None:
    assert dept.refused("GET", path) == (404, "task_not_found")
    sent = {"userId": "dept", "reason": "请查证"}
    assert cs.call("POST", f"{path}/delegate", json=sent).status_code == 204
    shown = dept.get(path)
    assert [shown[name] for name in ("assignee", "owner", "delegationState")] == ["dept", "cs", "PENDING"]
    assert links(dept, path) == [("assignee", "dept"), ("owner", "cs"), ("candidate", "cs")]
    assert [task["id"] for task in cs.get("/task?owner=cs&delegationState=PENDING")] == [shown["id"]]
    assert cs.get("/task/count?delegationState=RESOLVED") == {"count": 0}
    done = {"variables": {"note": {"value": "x"}}}
    assert dept.refused("POST", f"{path}/complete", json=done) == (403, "delegation_pending")
    back = {"variables": {"note": {"value": "已查证", "type": "String"}}}
    assert dept.call("POST", f"{path}/resolve", json=back).status_code == 204
    shown = cs.get(path)
    assert [shown[name] for name in ("assignee", "owner", "delegationState")] == ["cs", "cs", "RESOLVED"]
    assert cs.get(f"{path}/form-variables")["note"]["value"] == "已查证"
    assert cs.refused("POST", f"{path}/resolve") == (409, "not_delegated")
    assert cs.call("POST", f"{path}/complete", json=done).status_code == 204


def test_who_may_not_delegate_is_told_why(site: Site, cs: Program, path: str) -> None:
    qa = program(site, "qa")
    assert qa.refused("POST", f"{path}/delegate", json={"userId": "qa"}) == (403, "not_a_candidate")
    assert cs.refused("POST", f"{path}/delegate", json={"userId": "nobody"}) == (404, "person_not_found")
    assert cs.refused("POST", f"{path}/delegate", json={"userId": "admin"}) == (403, "not_allowed")
    assert cs.refused("POST", f"{path}/delegate", json={})[0] == 400
    assert cs.refused("POST", "/task/x/delegate", json={"userId": "cs"}) == (404, "task_not_found")
    assert cs.refused("GET", "/task?delegationState=x")[0] == 400


def test_comments_are_written_listed_counted_and_read(site: Site, cs: Program, path: str) -> None:
    gm = program(site, "gm")
    made = [
        by.call("POST", f"{path}/comment/create", json={"message": said}).json
        for by, said in ((cs, "客户催办"), (gm, "请今天答复"))
    ]
    assert made[0].keys() >= COMMENT
    assert (made[0]["userId"], made[0]["message"], made[0]["taskId"]) == ("cs", "客户催办", path[6:])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0800", made[0]["time"])
    assert cs.get(f"{path}/comment") == made[::-1]
    assert cs.get(f"{path}/comment?firstResult=1&maxResults=1") == made[:1]
    assert cs.get(f"{path}/comment/count") == {"count": 2}
    assert cs.get(f"{path}/comment/{made[1]['id']}") == made[1]
    assert cs.refused("GET", f"{path}/comment/x") == (404, "comment_not_found")


def test_an_empty_comment_is_refused_and_a_repeated_one_said_once(cs: Program, path: str) -> None:
    create = f"{path}/comment/create"
    for nothing in ({}, {"message": None}, {"message": "  "}):
        assert cs.refused("POST", create, json=nothing) == (400, "bad_comment")
    assert cs.refused("POST", create, json={"message": 1})[0] == 400
    sent: dict[str, Any] = {"json": {"message": "客户催办"}, "headers": {"Idempotency-Key": "a"}}
    first, second = (cs.call("POST", create, **sent).json for _ in range(2))
    assert first == second
    assert cs.get(f"{path}/comment/count") == {"count": 1}


def test_comments_of_a_case_that_somebody_does_not_see_are_not_there(
    cs: Program, dept: Program, path: str
) -> None:
    said = cs.call("POST", f"{path}/comment/create", json={"message": "客户催办"}).json
    for address in ("comment", "comment/count", f"comment/{said['id']}"):
        assert dept.refused("GET", f"{path}/{address}") == (404, "task_not_found")
    refused = dept.refused("POST", f"{path}/comment/create", json={"message": "看看"})
    assert refused == (404, "task_not_found")


def test_a_completed_task_keeps_its_comments_and_gets_no_more(cs: Program, path: str) -> None:
    said = cs.call("POST", f"{path}/comment/create", json={"message": "客户催办"}).json
    done = {"variables": {"note": {"value": "x"}}}
    assert cs.call("POST", f"{path}/complete", json=done).status_code == 204
    assert cs.get(f"{path}/comment") == [said]
    late = cs.refused("POST", f"{path}/comment/create", json={"message": "迟了"})
    assert late == (409, "task_not_open")
