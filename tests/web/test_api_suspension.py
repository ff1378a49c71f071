"""Suspending and activating through `/engine-rest`: cases, versions, and what the lists say of them."""

import pytest

from tests.drive import Case
from tests.web.pages import Site
from tests.web.programs import Program, program, with_token
from tests.web.test_api_cases import value
from tests.web.test_suspension import SMALL

HELD, FREE = {"suspended": True}, {"suspended": False}


@pytest.fixture
def case(site: Site) -> Case:
    """A case with one open task."""
    site.house.deploy(SMALL)
    return site.case("h", gist="x")


@pytest.fixture
def owner(site: Site) -> Program:
    """A process owner's program."""
    return program(site, "owner")


def put(by: Program, path: str, sent: dict[str, object]) -> int:
    """The status of a request to suspend or activate."""
    return by.call("PUT", f"{path}/suspended", json=sent).status_code


def test_a_case_is_suspended_and_activated(site: Site, case: Case, owner: Program) -> None:
    one, cs = f"/process-instance/{case.id}", program(site, "cs")
    task = site.task(case, "UT_do").replace("tasks", "task")
    assert put(owner, one, {**HELD, "reason": "等待样品"}) == 204
    assert owner.get(one)["suspended"]
    assert cs.get(task)["suspended"]
    for act in ("complete", "claim", "assignee"):
        sent = {"userId": "cs2"} if act == "assignee" else {}
        assert cs.refused("POST", f"{task}/{act}", json=sent) == (409, "case_suspended")
    assert owner.refused("PUT", f"{one}/suspended", json=HELD) == (409, "suspended_already")
    assert put(owner, one, FREE) == 204
    assert not owner.get(one)["suspended"]
    told = [(e.kind, e.reason) for e in case.view().history[1:]]
    assert told == [("suspended", "等待样品"), ("activated", "Done by a program, which gave no reason.")]
    assert cs.call("POST", f"{task}/complete", json={"variables": {"note": value("好")}}).status_code == 204


def test_lists_tell_the_suspended_from_the_active(site: Site, case: Case, owner: Program) -> None:
    other = site.case("h", gist="y")
    put(owner, f"/process-instance/{case.id}", HELD)
    for path, key in (("/process-instance", "id"), ("/task", "processInstanceId")):
        for flag, found in (("suspended", case), ("active", other)):
            listed = owner.get(f"{path}?processDefinitionKey=h&{flag}=true")
            assert [one[key] for one in listed] == [found.id]
            assert owner.get(f"{path}/count?processDefinitionKey=h&{flag}=true") == {"count": 1}
        assert len(owner.get(f"{path}?processDefinitionKey=h&suspended=False")) == 2
        assert owner.refused("GET", f"{path}?suspended=true&active=true") == (400, "http_400")


@pytest.mark.parametrize("by", ["id", "key"])
def test_a_version_is_suspended_and_no_case_of_it_starts(
    site: Site, case: Case, owner: Program, by: str
) -> None:
    (view,) = owner.get("/process-definition?key=h")
    one = f"/process-definition/{view['id'] if by == 'id' else 'key/h'}"
    assert put(owner, one, {**HELD, "includeProcessInstances": False, "executionDate": None}) == 204
    assert owner.get(one)["suspended"]
    assert [d["key"] for d in owner.get("/process-definition?suspended=true")] == ["h"]
    assert "h" not in [d["key"] for d in owner.get("/process-definition?active=true")]
    staff, sent = program(site, "staff"), {"variables": {"gist": value("x")}}
    for path in ("start", "form-variables"):
        method = "POST" if path == "start" else "GET"
        facts = {"json": sent} if path == "start" else {}
        assert staff.refused(method, f"{one}/{path}", **facts) == (409, "definition_suspended")
    assert put(owner, one, FREE) == 204
    assert staff.call("POST", f"{one}/start", json=sent).status_code == 200


def test_what_is_not_said_clearly_is_refused(site: Site, case: Case, owner: Program) -> None:
    definition, instance = "/process-definition/key/h", f"/process-instance/{case.id}"
    for path in (definition, instance):
        for sent in ({}, {"suspended": None}, {"suspended": "yes"}, {"suspended": 1}, {**HELD, "reason": 1}):
            assert owner.refused("PUT", f"{path}/suspended", json=sent) == (400, "http_400")
    for more in ({"includeProcessInstances": True}, {"executionDate": "2026-12-01T00:00:00.000+0800"}):
        assert owner.refused("PUT", f"{definition}/suspended", json={**HELD, **more}) == (400, "http_400")
    for kind, code in (("definition", "process_not_found"), ("instance", "instance_not_found")):
        assert owner.refused("PUT", f"/process-{kind}/x/suspended", json=HELD) == (404, code)


def test_who_may_not_on_the_pages_may_not_here(site: Site, case: Case) -> None:
    for path, who, seen in (
        (f"/process-instance/{case.id}", "cs", (403, "not_allowed")),
        (f"/process-instance/{case.id}", "admin", (404, "instance_not_found")),
        ("/process-definition/key/h", "qa_lead", (403, "not_allowed")),
        ("/process-definition/key/h", "admin", (403, "not_allowed")),
    ):  # fmt: skip
        assert program(site, who).refused("PUT", f"{path}/suspended", json=HELD) == seen
        reader = with_token(site, "owner", "read")
        assert reader.refused("PUT", f"{path}/suspended", json=HELD) == (403, "scope_missing")


def test_lists_are_sorted(site: Site, case: Case, owner: Program) -> None:
    """As a client of Camunda asks for it; ties and what has no value come in a fixed order."""
    for gist in ("b", "a"):
        site.case("h", gist=gist)
    for path, sorts in {
        "/process-instance": ("instanceId", "definitionKey", "definitionId", "businessKey"),
        "/task": ("instanceId", "dueDate", "executionId", "assignee", "created", "id", "name",
                  "nameCaseInsensitive", "priority"),
        "/process-definition": ("key", "id", "name", "version", "deploymentId"),
        "/external-task": ("id", "lockExpirationTime", "processInstanceId", "processDefinitionId",
                           "taskPriority"),
    }.items():  # fmt: skip
        for by in sorts:
            up, down = (owner.get(f"{path}?sortBy={by}&sortOrder={how}") for how in ("asc", "desc"))
            assert sorted(one["id"] for one in up) == sorted(one["id"] for one in down)
            if by in ("id", "businessKey", "key", "created"):
                keys = [one[by] for one in up]
                assert keys == sorted(keys)
                assert [one[by] for one in down] == sorted(keys, reverse=True)
        assert owner.refused("GET", f"{path}?sortBy=x&sortOrder=asc") == (400, "http_400")
