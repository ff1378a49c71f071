"""The history through `/engine-rest`: cases, activities, tasks and what people did."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.drive import Case
from tests.web.pages import Site
from tests.web.programs import Program, program

CASE = {
    *("id", "businessKey", "processDefinitionId", "processDefinitionKey", "processDefinitionName"),
    *("processDefinitionVersion", "startTime", "endTime", "removalTime", "durationInMillis", "startUserId"),
    *("startActivityId", "deleteReason", "rootProcessInstanceId", "superProcessInstanceId"),
    *("superCaseInstanceId", "caseInstanceId", "tenantId", "state"),
}


@pytest.fixture
def gm(site: Site) -> Program:
    """A program of somebody who sees every case."""
    return program(site, "gm")


@pytest.fixture
def cases(site: Site) -> dict[str, Case]:
    """A case that has ended well, one that was cancelled, one that runs; an hour lies between them."""
    house = site.house
    house.clock.now -= timedelta(days=1)
    ended = site.case("p", gist="漏油")
    house.clock.advance(hours=1)
    ended.complete("UT_do", "cs", note="换垫")
    ended.complete("UT_check", "qa", good=True)
    cancelled = site.case("every", name="王")
    house.clock.advance(hours=1)
    program(site, "staff").call("DELETE", f"/process-instance/{cancelled.id}?deleteReason=重复")
    running = site.case("p", gist="异响")
    return {"ended": ended, "cancelled": cancelled, "running": running}


def found(by: Program, path: str, cases: dict[str, Case], **asked: object) -> list[str]:
    """The names of the cases that are found; the count says the same number."""
    names = {case.id: name for name, case in cases.items()}
    shown = by.get(f"/history/{path}?{urlencode(asked)}")
    counting = {name: value for name, value in asked.items() if not name.startswith("sort")}
    assert by.get(f"/history/{path}/count?{urlencode(counting)}") == {"count": len(shown)}
    key = "id" if path == "process-instance" else "processInstanceId"
    return [names[one[key]] for one in shown]


def later(moment: str, **by: float) -> str:
    """A time of an answer, moved."""
    moved = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S.%f%z") + timedelta(**by)
    return f"{moved:%Y-%m-%dT%H:%M:%S}.000{moved:%z}"


def test_cases_are_told_with_beginning_and_end(site: Site, cases: dict[str, Case], gm: Program) -> None:
    ended, cancelled, running = gm.get("/history/process-instance")
    assert ended.keys() >= CASE
    facts = "state", "deleteReason", "startUserId", "startActivityId", "processDefinitionKey"
    assert [[one[name] for name in facts] for one in (ended, cancelled, running)] == [
        ["COMPLETED", None, "staff", "SE", "p"],
        ["EXTERNALLY_TERMINATED", "重复", "staff", "SE", "every"],
        ["ACTIVE", None, "staff", "SE", "p"],
    ]
    assert ended["durationInMillis"] == 3_600_000
    assert (running["endTime"], running["durationInMillis"]) == (None, None)
    assert gm.get(f"/history/process-instance/{ended['id']}") == ended
    assert gm.refused("GET", "/history/process-instance/x") == (404, "instance_not_found")


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["ended", "cancelled", "running"]),
        ({"finished": "true"}, ["ended", "cancelled"]),
        ({"unfinished": "True"}, ["running"]),
        ({"finished": "true", "unfinished": "true"}, []),
        ({"completed": "true"}, ["ended"]),
        ({"active": "true"}, ["running"]),
        ({"externallyTerminated": "true"}, ["cancelled"]),
        ({"completed": "true", "active": "true"}, []),
        ({"processDefinitionKey": "every"}, ["cancelled"]),
        ({"startedBy": "cs"}, []),
        ({"sortBy": "startTime", "sortOrder": "desc"}, ["running", "cancelled", "ended"]),
        ({"sortBy": "endTime"}, ["ended", "cancelled", "running"]),
        ({"sortBy": "definitionKey", "sortOrder": "asc", "unfinished": "false"}, None),
    ],
)
def test_cases_are_found_by_their_facts(
    cases: dict[str, Case], gm: Program, asked: dict[str, str], names: list[str] | None
) -> None:
    shown = found(gm, "process-instance", cases, **asked)
    assert shown == names if names is not None else shown[0] == "cancelled"


def test_cases_are_found_by_key_id_and_time(site: Site, cases: dict[str, Case], gm: Program) -> None:
    path, case = "process-instance", cases["ended"]
    assert found(gm, path, cases, processInstanceBusinessKey=case.business_key) == ["ended"]
    assert found(gm, path, cases, processInstanceId=case.id) == ["ended"]
    both = f"{case.id},{cases['running'].id}"
    assert found(gm, path, cases, processInstanceIds=both) == ["ended", "running"]
    assert found(gm, path, cases, processInstanceIds=both, processInstanceId="x") == []
    begun = gm.get(f"/history/process-instance/{case.id}")["startTime"]
    assert found(gm, path, cases, startedBefore=later(begun, minutes=1)) == ["ended"]
    assert found(gm, path, cases, startedAfter=later(begun, minutes=1)) == ["cancelled", "running"]
    assert found(gm, path, cases, finishedBefore=later(begun, hours=1, minutes=1)) == ["ended"]
    assert found(gm, path, cases, finishedAfter=later(begun, hours=1, minutes=1)) == ["cancelled"]
    for nonsense in ("yesterday", "2026-13-01T00:00:00.000+0000", "0001-01-01T00:00:00.000+0800"):
        answer = gm.call("GET", f"/history/{path}", query_string={"startedBefore": nonsense})
        assert answer.status_code == 400
    assert gm.refused("GET", f"/history/{path}?sortBy=color")[0] == 400


def test_each_history_is_paged(cases: dict[str, Case], gm: Program) -> None:
    of_one = f"processInstanceId={cases['ended'].id}&"
    for path in ("process-instance", "task", "variable-instance", "user-operation", "activity-instance"):
        address = f"/history/{path}?{of_one if path == 'activity-instance' else ''}"
        every = gm.get(address)
        assert len(every) > 2
        assert gm.get(f"{address}&firstResult=1&maxResults=1") == every[1:2]
        assert gm.get(f"{address}&maxResults=0") == []


def test_who_does_not_see_a_case_finds_nothing_of_it(site: Site, cases: dict[str, Case]) -> None:
    case = cases["ended"].id
    for person in ("dept", "admin"):
        other = program(site, person)
        for path in ("process-instance", "task", "user-operation"):
            assert other.get(f"/history/{path}") == []
            assert other.get(f"/history/{path}/count") == {"count": 0}
        assert other.get(f"/history/activity-instance?processInstanceId={case}") == []
        assert other.refused("GET", f"/history/process-instance/{case}") == (404, "instance_not_found")


def test_tasks_are_told_with_beginning_and_end(cases: dict[str, Case], gm: Program) -> None:
    case = cases["ended"]
    do, check = gm.get(f"/history/task?processInstanceId={case.id}&sortBy=taskDefinitionKey&sortOrder=desc")
    facts = "taskDefinitionKey", "assignee", "deleteReason", "duration", "processDefinitionKey"
    assert [[one[name] for name in facts] for one in (do, check)] == [
        ["UT_do", "cs", "completed", 3_600_000, "p"],
        ["UT_check", "qa", "completed", 0, "p"],
    ]
    (gone,) = gm.get(f"/history/task?processInstanceId={cases['cancelled'].id}")
    assert (gone["deleteReason"], gone["endTime"] is None) == ("deleted", False)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"unfinished": "true"}, ["running"]),
        ({"finished": "true", "taskDefinitionKey": "UT_do"}, ["ended"]),
        ({"taskAssignee": "qa"}, ["ended"]),
        ({"taskOwner": "qa"}, []),
        ({"taskUnassigned": "true", "finished": "true"}, ["cancelled"]),
        ({"processFinished": "true", "taskAssigned": "true"}, ["ended", "ended"]),
        ({"processDefinitionKey": "every"}, ["cancelled"]),
        ({"taskName": "做check"}, ["ended"]),
    ],
)
def test_tasks_are_found_by_their_facts(
    cases: dict[str, Case], gm: Program, asked: dict[str, str], names: list[str]
) -> None:
    assert found(gm, "task", cases, **asked) == names


def test_facts_that_exclude_each_other_are_refused(gm: Program) -> None:
    assert gm.refused("GET", "/history/task?finished=true&unfinished=true")[0] == 400


def activities(by: Program, case: Case, **asked: object) -> list[dict[str, Any]]:
    """The activities of a case; the count says the same number."""
    query = urlencode({"processInstanceId": case.id, **asked})
    shown: list[dict[str, Any]] = by.get(f"/history/activity-instance?{query}")
    counting = urlencode(
        {"processInstanceId": case.id, **{n: v for n, v in asked.items() if n[:4] != "sort"}}
    )
    assert by.get(f"/history/activity-instance/count?{counting}") == {"count": len(shown)}
    return shown


def test_activities_of_a_case_are_told_in_order(cases: dict[str, Case], gm: Program) -> None:
    shown = activities(gm, cases["ended"])
    facts = "activityId", "activityType", "assignee", "durationInMillis", "canceled"
    assert [[one[name] for name in facts] for one in shown] == [
        ["SE", "startEvent", None, 0, False],
        ["UT_do", "userTask", "cs", 3_600_000, False],
        ["UT_check", "userTask", "qa", 0, False],
        ["XG_good", "exclusiveGateway", None, 0, False],
        ["EE_done", "endEvent", None, 0, False],
    ]
    (task,) = gm.get(f"/history/task?processInstanceId={cases['ended'].id}&taskDefinitionKey=UT_do")
    assert (shown[1]["taskId"], shown[1]["activityName"]) == (task["id"], "做do")
    assert len({one["id"] for one in shown}) == len(shown)


def test_rework_is_told_as_often_as_it_happened(site: Site, gm: Program) -> None:
    case = site.case("p", gist="漏油")
    case.complete("UT_do", "cs", note="一")
    case.complete("UT_check", "qa", good=False)
    shown = activities(gm, case, activityId="UT_do")
    assert [(one["assignee"], one["endTime"] is None) for one in shown] == [("cs", False), (None, True)]
    assert len({one["taskId"] for one in shown}) == 2


def test_activities_are_found_by_their_facts(cases: dict[str, Case], gm: Program) -> None:
    case = cases["ended"]
    for asked, number in (
        ({"activityType": "userTask"}, 2), ({"taskAssignee": "qa"}, 1), ({"finished": "true"}, 5),
        ({"unfinished": "true"}, 0), ({"canceled": "true"}, 0),
    ):  # fmt: skip
        assert len(activities(gm, case, **asked)) == number
    assert [one["activityId"] for one in activities(gm, cases["running"], unfinished="true")] == ["UT_do"]
    gone = activities(gm, cases["cancelled"], canceled="true")
    assert [(one["activityId"], one["endTime"] is None) for one in gone] == [("UT_fill", False)]
    begun = activities(gm, case)[0]["startTime"]
    assert len(activities(gm, case, startedAfter=later(begun, minutes=1))) == 3
    assert len(activities(gm, case, finishedBefore=later(begun, minutes=1))) == 1
    backwards = activities(gm, case, sortBy="activityId", sortOrder="desc")
    assert backwards[0]["activityId"] == "XG_good"


def test_whose_activities_are_asked_for_must_be_said(gm: Program) -> None:
    for path in ("/history/activity-instance", "/history/activity-instance/count"):
        assert gm.refused("GET", path)[0] == 400


def test_what_people_did_is_told_with_its_reason(site: Site, gm: Program) -> None:
    case, cs = site.case("p", gist="漏油"), program(site, "cs")
    task_id = site.task(case, "UT_do").rpartition("/")[2]
    cs.call("POST", f"/task/{task_id}/claim", json={"userId": "cs"})
    cs.call("POST", f"/task/{task_id}/comment/create", json={"message": "客户催办"})
    cs.call("POST", f"/task/{task_id}/assignee", json={"userId": "cs2", "reason": "休假"})
    case.complete("UT_do", "cs2", note="换垫")
    shown = gm.get(f"/history/user-operation?processInstanceId={case.id}")
    facts = "operationType", "entityType", "userId", "taskId", "newValue", "annotation"
    assert [[one[name] for name in facts] for one in shown] == [
        ["Create", "ProcessInstance", "staff", None, None, None],
        ["Claim", "Task", "cs", task_id, "cs", None],
        ["AddComment", "Task", "cs", task_id, None, "客户催办"],
        ["Assign", "Task", "cs", task_id, "cs2", "休假"],
        ["Complete", "Task", "cs2", task_id, None, None],
    ]


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"operationType": "Complete"}, 2),
        ({"operationType": "Delete", "entityType": "ProcessInstance"}, 1),
        ({"operationType": "completed"}, 0),
        ({"entityType": "ProcessInstance"}, 4),
        ({"entityType": "Job"}, 0),
        ({"userId": "qa"}, 1),
        ({"processDefinitionKey": "every"}, 2),
        ({"sortBy": "timestamp", "sortOrder": "desc"}, 6),
    ],
)
def test_operations_are_found_by_their_facts(
    cases: dict[str, Case], gm: Program, asked: dict[str, str], number: int
) -> None:
    assert len(found(gm, "user-operation", cases, **asked)) == number


def test_operations_are_found_by_time(cases: dict[str, Case], gm: Program) -> None:
    newest, *_, oldest = gm.get("/history/user-operation?sortBy=timestamp&sortOrder=desc")
    assert newest["timestamp"] > oldest["timestamp"]
    before = later(oldest["timestamp"], minutes=1)
    assert found(gm, "user-operation", cases, beforeTimestamp=before) == ["ended"]
    assert len(found(gm, "user-operation", cases, afterTimestamp=before)) == 5
