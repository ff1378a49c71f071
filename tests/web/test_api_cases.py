"""Process definitions, cases and tasks through `/engine-rest`: the same rules as on the pages."""

import json
import re
from typing import Any

import pytest

from tests.engine.bpmn_text import diagram, flow
from tests.engine.houses import END, START, field, task
from tests.web.pages import Site
from tests.web.programs import Program, program

TASK = {
    *("id", "name", "assignee", "created", "due", "followUp", "delegationState", "description"),
    *("executionId", "owner", "parentTaskId", "priority", "processDefinitionId", "processInstanceId"),
    *("taskDefinitionKey", "caseExecutionId", "caseInstanceId", "caseDefinitionId", "suspended", "formKey"),
}
DEFINITION = {
    *("id", "key", "category", "description", "name", "version", "resource", "deploymentId", "diagram"),
    *("suspended", "tenantId", "versionTag", "historyTimeToLive", "startableInTasklist"),
}
INSTANCE = {"id", "definitionId", "businessKey", "caseInstanceId", "tenantId", "suspended", "links"}


@pytest.fixture
def staff(site: Site) -> Program:
    """A program of somebody who gives feedback."""
    return program(site, "staff")


@pytest.fixture
def cs(site: Site) -> Program:
    """A program of somebody in customer service."""
    return program(site, "cs")


def value(of: object) -> dict[str, object]:
    """A variable as the Python client sends it: without a type."""
    return {"value": of}


def start(by: Program, key: str = "p", **more: Any) -> dict[str, Any]:
    """Starts a case."""
    sent = {"variables": {"gist": value("漏油")}, **more}
    answer = by.call("POST", f"/process-definition/key/{key}/start", json=sent)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def open_task(by: Program, case: dict[str, Any]) -> str:
    """The id of the one open task of a case."""
    (found,) = by.get(f"/task?processInstanceId={case['id']}")
    return str(found["id"])


def test_definitions_are_listed_counted_and_read_by_id_and_by_key(site: Site, cs: Program) -> None:
    site.house.deploy({"p.bpmn": diagram(START + END + flow("SE", "EE_done"), attributes='name="新"')})
    first, second = cs.get("/process-definition?key=p")
    assert [(d["version"], d["name"], d["resource"]) for d in (first, second)] == [
        (1, "返工流程", "p.bpmn"),
        (2, "新", "p.bpmn"),
    ]
    assert first.keys() == DEFINITION
    assert cs.get("/process-definition?key=p&latestVersion=True") == [second]
    assert cs.get("/process-definition?key=p&version=1") == [first]
    assert cs.get("/process-definition/count?key=p") == {"count": 2}
    assert cs.get(f"/process-definition/{first['id']}") == first
    assert cs.get("/process-definition/key/p") == second
    assert cs.refused("GET", "/process-definition/key/none") == (404, "process_not_found")
    assert cs.refused("GET", "/process-definition?version=x")[0] == 400


def test_who_reads_no_definitions_on_the_pages_sees_those_that_he_may_start(site: Site) -> None:
    """For the others there is no such process, and no diagram of it."""
    held_back = 'name="内部" camunda:candidateStarterGroups="qa"'
    site.house.deploy(
        {"q.bpmn": diagram(START + END + flow("SE", "EE_done"), process_id="q", attributes=held_back)}
    )
    cs, qa, owner = (program(site, person) for person in ("cs", "qa", "owner"))
    for path in ("/process-definition/key/q", "/process-definition/key/q/xml"):
        assert cs.refused("GET", path) == (404, "process_not_found")
        assert qa.get(path)
        assert owner.get(path)
    assert cs.get("/process-definition/count?key=q") == {"count": 0}
    assert cs.get("/process-definition?key=q") == []
    assert qa.get("/process-definition/count?key=q") == {"count": 1}


def test_the_diagram_of_a_version_is_the_one_it_runs(site: Site, cs: Program) -> None:
    (view,) = cs.get("/process-definition?key=p")
    by_id, by_key = (cs.get(f"/process-definition/{which}/xml") for which in (view["id"], "key/p"))
    assert by_id == by_key
    assert by_id["bpmn20Xml"].startswith("<definitions")


def test_a_case_is_started_with_a_key_of_the_program_s_beside_our_number(site: Site, staff: Program) -> None:
    made = start(staff, businessKey="ERP 4711")
    assert made.keys() >= INSTANCE
    assert (made["businessKey"], made["ended"]) == ("ERP 4711", False)
    assert re.fullmatch(r".*\d+", made["caseNumber"])
    assert staff.get(f"/process-instance/{made['id']}")["businessKey"] == "ERP 4711"
    for key in ("ERP 4711", made["caseNumber"]):
        (found,) = staff.call("GET", "/process-instance", query_string={"businessKey": key}).json
        assert found["id"] == made["id"]
    page = site.as_("staff").get(f"/instances/{made['id']}")
    assert made["caseNumber"] in page.text


def test_without_a_key_of_its_own_a_program_is_given_our_number(staff: Program) -> None:
    made = start(staff)
    assert made["businessKey"] == made["caseNumber"]


def test_a_case_is_started_by_the_id_of_the_latest_version_only(site: Site, staff: Program) -> None:
    (first,) = staff.get("/process-definition?key=p")
    sent = {"businessKey": None, "variables": {"gist": {"type": "string", "value": "漏油"}}}
    path = f"/process-definition/{first['id']}/start"
    assert staff.call("POST", path, json=sent).json["definitionId"] == first["id"]
    site.house.deploy({"p.bpmn": diagram(START + END + flow("SE", "EE_done"))})
    assert staff.refused("POST", path, json=sent) == (409, "older_version")
    variables = f"/process-definition/{first['id']}/form-variables"
    assert staff.refused("GET", variables) == (409, "older_version")


def test_a_case_that_ends_at_once_says_so(site: Site, staff: Program) -> None:
    site.house.deploy({"q.bpmn": diagram(START + END + flow("SE", "EE_done"), "q")})
    assert start(staff, "q")["ended"] is True


def test_what_the_start_form_asks_is_told_and_what_is_wrong_is_refused(staff: Program) -> None:
    asked = staff.get("/process-definition/key/p/form-variables")
    assert asked == {name: {"type": "Null", "value": None, "valueInfo": {}} for name in ("gist", "phone")}
    chosen = staff.get("/process-definition/key/p/form-variables?variableNames=gist,x&deserializeValues=true")
    assert chosen.keys() == {"gist"}
    path = "/process-definition/key/p/start"
    assert staff.refused("POST", path, json={"variables": {}}) == (400, "form_invalid")
    assert staff.refused("POST", path, json={"variables": {"gist": value("x"), "y": value(1)}})[0] == 400
    for nonsense in ([], "x", {"variables": 1}, {"variables": {"gist": 1}}, {"businessKey": 1}):
        assert staff.refused("POST", path, json=nonsense)[0] == 400
    for text in ("{", '{"a": NaN}', "[" * 100_000, "\x00"):
        assert staff.refused("POST", path, data=text, content_type="application/json")[0] == 400
    assert staff.refused("POST", path, data="{}", content_type="text/plain")[0] == 400
    broken = {"gist": {"type": "json", "value": "{"}}
    assert staff.refused("POST", path, json={"variables": broken})[0] == 400
    assert staff.get("/process-instance/count") == {"count": 0}


def test_only_who_may_start_on_the_pages_starts(site: Site) -> None:
    body = START + task("UT") + END + flow("SE", "UT") + flow("UT", "EE_done")
    starters = 'camunda:candidateStarterGroups="qa"'
    site.house.deploy({"q.bpmn": diagram(body, "q", attributes=starters)})
    sent = {"variables": {"gist": value("x")}}
    refused = program(site, "cs").refused("POST", "/process-definition/key/q/start", json=sent)
    assert refused == (404, "process_not_found")


def test_the_same_idempotency_key_starts_one_case(staff: Program) -> None:
    headers = {"Idempotency-Key": "order 7"}
    sent = {"businessKey": "7", "variables": {"gist": value("x")}}
    path = "/process-definition/key/p/start"
    answers = [staff.call("POST", path, json=sent, headers=headers).json for _ in range(2)]
    assert answers[0] == answers[1]
    assert staff.get("/process-instance/count") == {"count": 1}
    other = {**sent, "businessKey": "8"}
    status, code = staff.refused("POST", path, json=other, headers=headers)
    assert (status, code) == (400, "key_used_differently")


def test_a_program_sees_the_cases_that_its_person_sees(site: Site, staff: Program) -> None:
    made = start(staff)
    other = program(site, "dept")
    assert other.get("/process-instance") == []
    assert other.refused("GET", f"/process-instance/{made['id']}") == (404, "instance_not_found")
    assert other.refused("GET", f"/process-instance/{made['id']}/variables") == (404, "instance_not_found")
    assert other.get("/task") == []
    assert [case["id"] for case in program(site, "gm").get("/process-instance?active=true")] == [made["id"]]
    assert program(site, "gm").get("/process-instance?suspended=true") == []


def test_lists_are_paged(staff: Program) -> None:
    cases = [start(staff)["id"] for _ in range(3)]
    pages = [staff.get(f"/process-instance?firstResult={n}&maxResults=2") for n in (0, 2)]
    assert [[case["id"] for case in page] for page in pages] == [cases[:2], cases[2:]]
    assert staff.get("/task?maxResults=0") == []


def test_values_have_their_types_and_personal_ones_are_masked(site: Site, staff: Program) -> None:
    made = start(staff, variables={"gist": value("漏油"), "phone": value("13800138000")})
    own = staff.get(f"/process-instance/{made['id']}/variables")
    assert own["gist"] == {"type": "String", "value": "漏油", "valueInfo": {}}
    seen = {
        who: program(site, who).get(f"/process-instance/{made['id']}/variables/phone")["value"]
        for who in ("gm", "cs")
    }
    assert seen["cs"] == "13800138000"
    assert seen["gm"] not in ("13800138000", None)
    missing = f"/process-instance/{made['id']}/variables/none"
    assert staff.refused("GET", missing) == (404, "not_found")


def test_a_case_is_cancelled_with_a_reason(site: Site, staff: Program) -> None:
    path = f"/process-instance/{start(staff)['id']}"
    assert staff.refused("DELETE", path) == (400, "reason_required")
    assert program(site, "gm").refused("DELETE", f"{path}?deleteReason=x") == (403, "not_allowed")
    assert staff.call("DELETE", f"{path}?deleteReason=typing%20error").status_code == 204
    assert staff.refused("GET", path) == (404, "instance_not_found")
    assert staff.refused("DELETE", f"{path}?deleteReason=x") == (409, "already_ended")
    assert "typing error" in site.as_("staff").get(path.replace("process-instance", "instances")).text


def test_a_task_has_every_key_that_clients_read(staff: Program, cs: Program) -> None:
    made = start(staff)
    (shown,) = cs.get("/task")
    assert shown.keys() >= TASK
    assert (shown["processInstanceId"], shown["taskDefinitionKey"]) == (made["id"], "UT_do")
    assert (shown["name"], shown["assignee"], shown["suspended"]) == ("做do", None, False)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0800", shown["due"])
    assert cs.get(f"/task/{shown['id']}") == shown


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("candidateGroup=cs", 1), ("candidateGroup=qa", 0), ("unassigned=true", 1), ("assigned=true", 0),
        ("taskDefinitionKey=UT_do", 1), ("processDefinitionKey=p", 1), ("processDefinitionKey=x", 0),
        ("assignee=cs", 0), ("candidateUser=cs", 0), ("name=x", 0), ("taskId=x", 0),
    ],
)  # fmt: skip
def test_tasks_are_found_by_their_facts(staff: Program, cs: Program, asked: str, number: int) -> None:
    start(staff)
    assert len(cs.get(f"/task?{asked}")) == number
    assert cs.get(f"/task/count?{asked}") == {"count": number}


def test_a_task_is_claimed_and_given_back(site: Site, staff: Program, cs: Program) -> None:
    task_id = open_task(cs, start(staff))
    assert cs.refused("POST", f"/task/{task_id}/claim", json={"userId": "cs2"}) == (403, "not_allowed")
    assert program(site, "qa").refused("POST", f"/task/{task_id}/claim", json={})[0] == 403
    assert cs.call("POST", f"/task/{task_id}/claim", json={"userId": "cs"}).status_code == 204
    links = cs.get(f"/task/{task_id}/identity-links")
    assert links == [
        {"userId": "cs", "groupId": None, "type": "assignee"},
        {"userId": None, "groupId": "cs", "type": "candidate"},
    ]
    assert cs.get(f"/task/{task_id}/identity-links?type=assignee") == links[:1]
    assert cs.get("/task?assignee=cs&assigned=true")[0]["id"] == task_id
    assert program(site, "cs2").refused("POST", f"/task/{task_id}/unclaim")[0] == 403
    assert cs.call("POST", f"/task/{task_id}/unclaim").status_code == 204
    assert cs.get(f"/task/{task_id}")["assignee"] is None


def test_a_task_is_handed_over_and_back(site: Site, staff: Program, cs: Program) -> None:
    made = start(staff)
    path = f"/task/{open_task(cs, made)}/assignee"
    assert cs.refused("POST", path, json={"userId": "qa"})[0] == 403
    assert cs.refused("POST", path, json={"userId": "nobody"}) == (404, "person_not_found")
    assert cs.call("POST", path, json={"userId": "cs2", "reason": "on leave"}).status_code == 204
    assert "on leave" in site.as_("gm").get(f"/instances/{made['id']}").text
    assert program(site, "cs2").call("POST", path, json={"userId": None}).status_code == 204
    assert cs.call("POST", path, json={"userId": "cs2"}).status_code == 204
    assert "gave no reason" in site.as_("gm").get(f"/instances/{made['id']}").text


def test_a_task_is_completed_once_however_often_it_is_sent(site: Site, staff: Program, cs: Program) -> None:
    made = start(staff)
    task_id = open_task(cs, made)
    assert cs.get(f"/task/{task_id}/form-variables")["note"]["type"] == "Null"
    path, sent = f"/task/{task_id}/complete", {"variables": {"note": value("done")}}
    assert cs.refused("POST", path, json={"variables": None}) == (400, "form_invalid")
    headers = {"Idempotency-Key": "a"}
    for _ in range(2):
        assert cs.call("POST", path, json=sent, headers=headers).status_code == 204
    assert cs.refused("POST", path, json=sent) == (409, "task_not_open")
    for act in ("complete", "claim", "unclaim", "resolve"):
        told = program(site, "dept").refused("POST", f"/task/{task_id}/{act}", json={})
        assert told == (404, "task_not_found")
    assert cs.refused("GET", f"/task/{task_id}") == (404, "task_not_found")
    (following,) = staff.get(f"/task?processInstanceId={made['id']}")
    assert following["taskDefinitionKey"] == "UT_check"


def test_fields_that_are_not_sent_keep_their_value(site: Site, staff: Program, cs: Program) -> None:
    body = START + task("UT", field("gist"), field("note")) + END + flow("SE", "UT") + flow("UT", "EE_done")
    site.house.deploy({"q.bpmn": diagram(body, "q")})
    made = start(staff, "q")
    task_id = open_task(cs, made)
    sent = {"variables": {"note": value("done")}, "withVariablesInReturn": True}
    answer = cs.call("POST", f"/task/{task_id}/complete", json=sent)
    assert answer.status_code == 200
    assert [answer.json[name]["value"] for name in ("gist", "note")] == ["漏油", "done"]


def test_a_signed_task_is_left_to_its_page(site: Site, staff: Program, cs: Program) -> None:
    made = start(staff)
    done = {"variables": {"note": value("done")}}
    assert cs.call("POST", f"/task/{open_task(cs, made)}/complete", json=done).status_code == 204
    qa = program(site, "qa")
    sent = {"variables": {"good": value(True)}}
    refused = qa.refused("POST", f"/task/{open_task(qa, made)}/complete", json=sent)
    assert refused == (400, "signature_required")


def test_lists_travel_as_texts_of_json(site: Site, staff: Program, cs: Program) -> None:
    actions = [{"what": "检查", "due": "2026-12-01"}]
    sent = {
        "name": value("王"),
        "pieces": {"value": 3, "type": "Integer"},
        "urgent": {"value": True, "type": "boolean"},
        "actions": {"value": json.dumps(actions), "type": "json"},
        "kinds": value(["甲", "乙"]),
    }
    made = start(staff, "every", variables=sent, withVariablesInReturn=True)
    told = made["variables"]
    assert (told["pieces"]["type"], told["urgent"]["type"], told["actions"]["type"]) == (
        "Integer",
        "Boolean",
        "Json",
    )
    assert json.loads(told["actions"]["value"]) == actions
    assert json.loads(told["kinds"]["value"]) == ["甲", "乙"]
