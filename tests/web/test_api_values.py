"""Values of cases through `/engine-rest`: across cases, of a task, and masked as on the pages."""

import pytest
from sqlalchemy import select

from engine.storage.models import AccessLog
from tests.drive import Case
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, START, extended, field
from tests.web.pages import Site
from tests.web.programs import Program, program

PHONE = "13800138000"
LOOP = (
    "<multiInstanceLoopCharacteristics camunda:collection=\"${['甲', '乙']}\" "
    'camunda:elementVariable="part"/>'
)
EACH = {
    "q.bpmn": diagram(
        START
        + node("userTask", "UT_each", extended(field("note")) + LOOP, camunda_candidateGroups="cs")
        + node("userTask", "UT_all", camunda_candidateGroups="cs")
        + END
        + flow("SE", "UT_each")
        + flow("UT_each", "UT_all")
        + flow("UT_all", "EE_done"),
        "q",
    )
}
"""The same for each of two, then once more for all."""
VALUE = {
    *("id", "name", "type", "value", "valueInfo", "processInstanceId", "executionId", "caseInstanceId"),
    *("caseExecutionId", "taskId", "activityInstanceId", "tenantId", "errorMessage"),
}


@pytest.fixture
def case(site: Site) -> Case:
    """A case with a telephone number."""
    return site.case("p", gist="漏油", phone=PHONE)


@pytest.fixture
def gm(site: Site) -> Program:
    """A program of somebody who sees every case, but no telephone number."""
    return program(site, "gm")


def seen(site: Site) -> list[tuple[str, str]]:
    """Who saw personal data in clear, and where."""
    site.house.session.rollback()
    rows = site.house.session.execute(
        select(AccessLog.person_id, AccessLog.detail).where(AccessLog.action == "personal_data_seen")
    )
    return [(row.person_id, row.detail["where"]) for row in rows]


def test_values_of_running_cases_are_listed_counted_and_read(site: Site, case: Case, gm: Program) -> None:
    other = site.case("p", gist="异响")
    first, second = gm.get("/variable-instance?variableName=gist")
    assert first.keys() >= VALUE
    assert {one["value"] for one in (first, second)} == {"漏油", "异响"}
    asked = f"processInstanceIdIn={case.id},x&variableName=gist"
    (found,) = gm.get(f"/variable-instance?{asked}&deserializeValues=False")
    assert (found["value"], found["type"], found["processInstanceId"]) == ("漏油", "String", case.id)
    assert gm.get(f"/variable-instance/{found['id']}") == found
    assert gm.get("/variable-instance/count?variableName=gist") == {"count": 2}
    assert gm.get("/variable-instance?variableName=gist&maxResults=1") == [first]
    assert gm.get("/variable-instance?variableName=gist&firstResult=1") == [second]
    names = [one["name"] for one in gm.get("/variable-instance?sortBy=variableName&sortOrder=desc")]
    assert names == sorted(names, reverse=True)
    assert gm.refused("GET", "/variable-instance/x") == (404, "value_not_found")
    assert gm.refused("GET", f"/variable-instance/{other.id}::none") == (404, "value_not_found")
    assert gm.refused("GET", "/variable-instance?sortBy=color")[0] == 400


def test_personal_ones_are_masked_or_the_sight_is_logged(site: Site, case: Case, gm: Program) -> None:
    address = f"/variable-instance/{case.id}::phone"
    for path in (address, f"/history{address}"):
        assert gm.get(path)["value"] not in (PHONE, None)
    assert seen(site) == []
    cs = program(site, "cs")
    assert cs.get(address)["value"] == PHONE
    assert [one["value"] for one in cs.get("/variable-instance?variableName=phone")] == [PHONE]
    assert seen(site) == [("cs", "values")] * 2
    assert program(site, "staff").get(address)["value"] == PHONE  # who typed it
    assert len(seen(site)) == 2


def test_values_of_cases_that_somebody_does_not_see_are_not_there(site: Site, case: Case) -> None:
    for person in ("dept", "admin"):
        other = program(site, person)
        for path in ("/variable-instance", "/history/variable-instance"):
            assert other.get(path) == []
            assert other.get(f"{path}/count") == {"count": 0}
            assert other.refused("GET", f"{path}/{case.id}::gist") == (404, "value_not_found")


def test_values_of_ended_cases_are_history(site: Site, case: Case, gm: Program) -> None:
    staff = program(site, "staff")
    assert staff.call("DELETE", f"/process-instance/{case.id}?deleteReason=x").status_code == 204
    assert gm.get("/variable-instance") == []
    assert gm.refused("GET", f"/variable-instance/{case.id}::gist")[0] == 404
    (found,) = gm.get(f"/history/variable-instance?processInstanceId={case.id}&variableName=gist")
    assert (found["value"], found["state"], found["processDefinitionKey"]) == ("漏油", "CREATED", "p")
    assert gm.get(f"/history/variable-instance/{found['id']}") == found
    for asked, number in (
        ("processDefinitionKey=p", 2),
        ("processDefinitionKey=x", 0),
        ("variableNameIn=gist,phone", 2),
        ("variableNameIn=gist&variableName=phone", 0),
    ):
        assert gm.get(f"/history/variable-instance/count?{asked}") == {"count": number}


def test_a_task_sees_the_values_of_its_case_and_its_own(site: Site) -> None:
    site.house.deploy(EACH)
    case = site.case("q", gist="漏油", phone=PHONE)
    cs, gm = program(site, "cs"), program(site, "gm")
    first, second = (task["id"] for task in cs.get(f"/task?processInstanceId={case.id}"))
    assert cs.get(f"/task/{first}/localVariables").get("note") is None
    done = {"variables": {"note": {"value": "好"}}}
    assert cs.call("POST", f"/task/{first}/complete", json=done).status_code == 204
    own = gm.get(f"/task/{first}/localVariables")
    assert own["note"] == {"type": "String", "value": "好", "valueInfo": {}}
    assert "gist" not in own
    assert gm.get(f"/task/{first}/localVariables/note") == own["note"]
    assert gm.refused("GET", f"/task/{first}/localVariables/gist") == (404, "value_not_found")
    assert "note" not in gm.get(f"/task/{second}/variables")
    every = gm.get(f"/task/{first}/variables")
    assert (every["gist"]["value"], every["note"]["value"]) == ("漏油", "好")
    assert every["phone"]["value"] != PHONE
    assert gm.get(f"/task/{first}/variables/gist") == every["gist"]
    (local,) = gm.get(f"/variable-instance?taskIdIn={first}&variableName=note")
    assert (local["value"], local["executionId"] != case.id) == ("好", True)
    assert gm.get(f"/variable-instance?taskIdIn={second}&variableName=note") == []
    dept = program(site, "dept")
    for name in ("variables", "localVariables"):
        assert dept.refused("GET", f"/task/{first}/{name}") == (404, "task_not_found")


def test_a_task_outside_of_all_repetition_has_no_values_of_its_own(
    site: Site, case: Case, gm: Program
) -> None:
    task_id = site.task(case, "UT_do").rpartition("/")[2]
    assert gm.get(f"/task/{task_id}/localVariables") == {}
    assert gm.get(f"/variable-instance?taskIdIn={task_id}") == []
