"""Incidents and jobs through `/engine-rest`: who looks, who steps in, and what is told of them."""

import re

import pytest

import engine
from tests.drive import Case
from tests.engine.test_external import PLAIN
from tests.web.pages import Site
from tests.web.programs import Program, program, with_token
from tests.web.test_operations import dead, renamed, stuck

__all__ = ["dead", "stuck"]

INCIDENT = {
    *("id", "activityId", "causeIncidentId", "configuration", "executionId", "incidentMessage"),
    *("incidentTimestamp", "incidentType", "jobDefinitionId", "processDefinitionId", "processInstanceId"),
    *("rootCauseIncidentId", "tenantId"),
}
JOB = {
    *("id", "jobDefinitionId", "processInstanceId", "processDefinitionId", "processDefinitionKey"),
    *("executionId", "exceptionMessage", "retries", "dueDate", "suspended", "priority", "tenantId"),
    *("failedActivityId", "createTime", "batchId"),
}


@pytest.fixture
def it(site: Site) -> Program:
    """An operator's program."""
    return program(site, "it")


@pytest.fixture
def given_up(site: Site, it: Program) -> Case:
    """A case whose external task a program has given up."""
    case = site.house.deploy(renamed(PLAIN, "x")).start("x", gist="x")
    topic = {"topicName": "lims", "lockDuration": 60_000}
    (work,) = it.call("POST", "/external-task/fetchAndLock", json={"workerId": "w", "topics": [topic]}).json
    failed = {"workerId": "w", "errorMessage": "offline", "retries": 0}
    assert it.call("POST", f"/external-task/{work['id']}/failure", json=failed).status_code == 204
    return case


def test_an_incident_is_told_with_its_cause_and_where_it_is(site: Site, stuck: Case) -> None:
    reader = program(site, "compliance")
    (told,) = reader.get("/incident")
    assert told.keys() >= INCIDENT
    assert (told["processInstanceId"], told["incidentType"]) == (stuck.id, "failedJob")
    assert told["activityId"] is None
    assert "无法运行" in told["incidentMessage"]
    assert told["causeIncidentId"] == told["rootCauseIncidentId"] == told["id"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0800", told["incidentTimestamp"])
    assert reader.get(f"/incident/{told['id']}") == told
    assert reader.get(f"/job/{told['configuration']}")["retries"] == 0
    assert reader.refused("GET", "/incident/none") == (404, "incident_not_found")


def test_a_task_that_a_program_gave_up_is_named(site: Site, given_up: Case) -> None:
    reader = program(site, "owner")
    (told,) = reader.get("/incident?incidentType=failedExternalTask")
    assert (told["activityId"], told["incidentMessage"]) == ("ST_test", "lims：offline")
    (job,) = reader.get("/job?withException=true")
    assert reader.get("/job?failedActivityId=ST_test") == [job]
    assert (job["failedActivityId"], job["kind"], job["retries"]) == ("ST_test", "external", 0)


def test_incidents_are_narrowed_down_counted_and_sorted(site: Site, stuck: Case, given_up: Case) -> None:
    reader = program(site, "compliance")
    first, second = reader.get("/incident")
    assert [first["processInstanceId"], second["processInstanceId"]] == [stuck.id, given_up.id]
    for text, found in (
        (f"incidentId={first['id']}", [first]), (f"processInstanceId={given_up.id}", [second]),
        (f"processDefinitionId={second['processDefinitionId']}", [second]),
        ("incidentType=failedJob", [first]), (f"configuration={first['configuration']}", [first]),
        ("incidentMessage=lims：offline", [second]), ("activityId=ST_test", [second]), ("activityId=x", []),
        ("incidentMessage=lims: offline", [second]), ("firstResult=1", [second]), ("maxResults=1", [first]),
        ("sortBy=incidentTimestamp&sortOrder=desc", [second, first]),
    ):  # fmt: skip
        assert reader.get(f"/incident?{text}") == found, text
        if "Result" not in text and "sort" not in text:
            assert reader.get(f"/incident/count?{text}") == {"count": len(found)}
    assert reader.refused("GET", "/incident?incidentType=x") == (400, "http_400")
    assert reader.refused("GET", "/incident?sortBy=incidentId") == (400, "http_400")


def test_who_sees_no_case_is_not_told_which_one_it_is(site: Site, it: Program, stuck: Case) -> None:
    """As on the page: an operator acts on the job, and asking for the case finds nothing."""
    for path in ("/incident", "/job?withException=true"):
        (told,) = it.get(path)
        assert told["processInstanceId"] is told["executionId"] is None
        assert it.get(f"{path.partition('?')[0]}?processInstanceId={stuck.id}") == []


@pytest.mark.parametrize("who", ["staff", "cs", "qa_lead", "vp", "gm", "admin"])
def test_others_neither_look_nor_step_in(site: Site, stuck: Case, who: str) -> None:
    (told,) = program(site, "compliance").get("/incident")
    other, job = program(site, who), told["configuration"]
    for kind, one in (("incident", told["id"]), ("job", job)):
        for path in (f"/{kind}", f"/{kind}/count", f"/{kind}/{one}"):
            assert other.refused("GET", path) == (403, "not_allowed")
    assert other.refused("DELETE", f"/incident/{told['id']}") == (403, "not_allowed")
    assert other.refused("PUT", f"/job/{job}/retries", json={"retries": 1}) == (403, "not_allowed")


def test_only_an_operator_steps_in_and_only_with_the_scope(site: Site, stuck: Case) -> None:
    (told,) = program(site, "compliance").get("/incident")
    for by, code in (
        (program(site, "owner"), "not_allowed"), (program(site, "compliance"), "not_allowed"),
        (with_token(site, "it", "read"), "scope_missing"),
    ):  # fmt: skip
        assert by.refused("DELETE", f"/incident/{told['id']}") == (403, code)
        path = f"/job/{told['configuration']}/retries"
        assert by.refused("PUT", path, json={"retries": 1}) == (403, code)


@pytest.mark.parametrize(
    ("reason", "kept"),
    [({}, "Given up by a program, which gave no reason."), ({"reason": "日期无法更正"}, "日期无法更正")],
)
def test_a_job_is_given_up_with_its_reason_in_the_history(
    site: Site, it: Program, stuck: Case, reason: dict[str, str], kept: str
) -> None:
    (told,) = it.get("/incident")
    answer = it.call("DELETE", f"/incident/{told['id']}", query_string=reason)
    assert (answer.status_code, answer.data) == (204, b"")
    assert it.get("/incident") == []
    last = stuck.view().history[-1]
    assert (last.kind, last.reason, last.actor) == ("incident_cancelled", kept, "it")
    assert engine.verify_chains(site.house.session) == []
    assert it.refused("DELETE", f"/incident/{told['id']}") == (409, "already_resolved")
    assert it.refused("DELETE", "/incident/none") == (404, "incident_not_found")


def test_a_failed_job_is_tried_again(site: Site, it: Program, given_up: Case) -> None:
    (told,) = it.get("/incident")
    path = f"/job/{told['configuration']}"
    sent = {"retries": 1, "reason": "实验室恢复"}
    assert it.call("PUT", f"{path}/retries", json=sent).status_code == 204
    assert it.get("/incident/count") == {"count": 0}
    assert it.get(path)["retries"] > 1
    last = given_up.view().history[-1]
    assert (last.kind, last.reason) == ("incident_retried", "实验室恢复")
    assert it.refused("PUT", f"{path}/retries", json={"retries": 1}) == (409, "already_resolved")
    assert it.refused("PUT", "/job/none/retries", json={"retries": 1}) == (404, "job_not_found")
    for wrong in ({}, {"retries": 0}, {"retries": -1}, {"retries": "1"}, {"retries": True}):
        assert it.refused("PUT", f"{path}/retries", json=wrong) == (400, "http_400")


def test_a_message_that_nobody_took_is_an_incident_without_a_case(dead: Site) -> None:
    it = program(dead, "it")
    (told,) = it.get("/incident")
    assert (told["processInstanceId"], told["processDefinitionId"]) == (None, None)
    assert it.call("PUT", f"/job/{told['configuration']}/retries", json={"retries": 1}).status_code == 204
    assert it.get(f"/job/{told['configuration']}")["kind"] == "message"


def test_jobs_are_narrowed_down_counted_and_sorted(site: Site, stuck: Case, given_up: Case) -> None:
    reader = program(site, "compliance")
    failed = reader.get("/job?noRetriesLeft=true")
    assert {job["processInstanceId"] for job in failed} == {stuck.id, given_up.id}
    assert all(job.keys() >= JOB for job in failed)
    both = reader.get("/job/count")["count"]
    left = reader.get("/job/count?withRetriesLeft=true")["count"]
    assert both == left + 2
    assert reader.get("/job?suspended=true") == []
    assert len(reader.get("/job?active=true")) == both
    assert [job["id"] for job in reader.get(f"/job?processInstanceId={stuck.id}&noRetriesLeft=true")] == [
        job["id"] for job in failed if job["processInstanceId"] == stuck.id
    ]
    assert [job["kind"] for job in reader.get("/job?processDefinitionKey=x")] == ["external"]
    for by in ("jobDueDate", "jobRetries", "jobId"):
        up, down = (reader.get(f"/job?sortBy={by}&sortOrder={how}") for how in ("asc", "desc"))
        assert len(up) == len(down) == both
    assert [job["retries"] for job in reader.get("/job?sortBy=jobRetries&sortOrder=asc")][:2] == [0, 0]
    assert reader.refused("GET", "/job?noRetriesLeft=true&withRetriesLeft=true") == (400, "http_400")
