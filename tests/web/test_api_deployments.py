"""Deployments through `/engine-rest`."""

import io
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.engine.test_modeler import STUCK, WHOLE, asking, form
from tests.web.pages import Site
from tests.web.programs import Program, program, with_token

FIELDS = {
    "deployment-name": "part",
    "deployment-source": "Camunda Modeler",
    "enable-duplicate-filtering": "true",
}
DEFINITION = {
    *("id", "key", "category", "description", "name", "version", "resource", "deploymentId", "diagram"),
    *("suspended", "tenantId", "versionTag", "historyTimeToLive", "startableInTasklist"),
}


@pytest.fixture
def whole(site: Site) -> Site:
    """A site where a folder is deployed."""
    site.house.deploy(WHOLE)
    return site


def hand_in(by: Program, files: dict[str, bytes], key: str = "", **fields: str) -> TestResponse:
    """What a modeler sends; `key`: the key that makes it safe to repeat."""
    parts: dict[str, Any] = {name: (io.BytesIO(data), name) for name, data in files.items()}
    headers = {"Idempotency-Key": key} if key else {}
    return by.call("POST", "/deployment/create", data={**FIELDS, **fields, **parts}, headers=headers)


def test_a_diagram_and_its_form_are_deployed_and_the_diagram_s_process_stands_first(whole: Site) -> None:
    files = {"part.bpmn": asking(name="x"), "note.form": form("text", "more")}
    answer = hand_in(program(whole, "owner"), files)
    assert answer.status_code == 200, answer.text
    told = answer.json
    assert (told["name"], told["source"], told["tenantId"]) == ("part", "Camunda Modeler", None)
    assert all(told[f"deployed{kind}Definitions"] is None for kind in ("Case", "Decision"))
    assert told["deployedDecisionRequirementsDefinitions"] is None
    deployed = list(told["deployedProcessDefinitions"].items())
    assert [(view["key"], view["version"]) for _, view in deployed] == [("part", 2), ("main", 2)]
    assert all(id == view["id"] and view.keys() == DEFINITION for id, view in deployed)
    assert whole.app.test_client().get(told["links"][0]["href"]).status_code == 401


def test_a_duplicate_has_no_definitions_and_the_id_of_what_is_deployed(whole: Site) -> None:
    owner, files = program(whole, "owner"), {"part.bpmn": asking(name="x")}
    first, second = hand_in(owner, files).json, hand_in(owner, files).json
    assert (second["id"], second["deployedProcessDefinitions"]) == (first["id"], None)
    counted = hand_in(owner, files, **{"enable-duplicate-filtering": "False"}).json
    assert counted["id"] != first["id"]
    assert [view["version"] for view in counted["deployedProcessDefinitions"].values()] == [2, 2]


def test_the_same_key_deploys_once_and_answers_the_same(whole: Site) -> None:
    """Even without duplicate filtering, and whatever was deployed since."""
    owner, files = program(whole, "owner"), {"part.bpmn": asking(name="x")}
    counted = {"enable-duplicate-filtering": "False"}
    first = hand_in(owner, files, "k", **counted).json
    assert hand_in(owner, {"part.bpmn": asking(name="y")}).status_code == 200
    assert hand_in(owner, files, "k", **counted).json == first
    for changed in ({"part.bpmn": asking(name="z")}, {"part.bpmn": files["part.bpmn"] + b" "}):
        assert hand_in(owner, changed, "k", **counted).json["code"] == "key_used_differently"
    assert hand_in(owner, files, "k", **counted, **{"deployment-name": "b"}).status_code == 400
    assert program(whole, "compliance").get("/deployment/count?source=Camunda%20Modeler") == {"count": 2}


def test_deployments_are_sorted(whole: Site) -> None:
    owner = program(whole, "owner")
    for name in ("b", "a"):
        hand_in(owner, {"part.bpmn": asking(name=name)}, **{"deployment-name": name})
    for by, first in (("name", "a"), ("deploymentTime", "b")):
        listed = f"/deployment?source=Camunda%20Modeler&sortBy={by}&sortOrder"
        names = [one["name"] for one in owner.get(f"{listed}=asc")]
        assert names[0] == first
        turned = owner.get(f"{listed}=desc")
        assert [one["name"] for one in turned] == names[::-1]
    for wrong in ("sortBy=name", "sortOrder=asc", "sortBy=x&sortOrder=asc", "sortBy=name&sortOrder=up"):
        assert owner.refused("GET", f"/deployment?{wrong}") == (400, "http_400")


def test_faults_are_told_with_file_line_column_and_element(whole: Site) -> None:
    wrong = asking().replace(b'sourceRef="UT"', b'sourceRef="UX"').replace(b"<process", b"\n<process")
    answer = hand_in(program(whole, "owner"), {"part.bpmn": wrong})
    assert (answer.status_code, answer.json["type"]) == (400, "ParseException")
    assert answer.json["message"].startswith("ENGINE-09005 Could not parse BPMN process.")
    errors = answer.json["details"]["part.bpmn"]["errors"]
    assert {"message", "line", "column", "mainBpmnElementId", "bpmnElementIds"} <= errors[0].keys()
    assert {error["line"] for error in errors} == {2}
    assert "UT_EE_done" in {error["mainBpmnElementId"] for error in errors}


def test_only_process_owners_deploy_and_only_with_the_scope(whole: Site) -> None:
    files = {"part.bpmn": asking(name="x")}
    assert hand_in(program(whole, "qa"), files).json["code"] == "not_allowed"
    assert hand_in(with_token(whole, "owner", "read", "work"), files).json["code"] == "scope_missing"
    assert hand_in(with_token(whole, "owner", "deploy"), files).status_code == 200


def test_requests_that_make_no_sense_are_refused(whole: Site) -> None:
    owner = program(whole, "owner")
    files = {"part.bpmn": asking(name="x")}
    assert owner.refused("POST", "/deployment/create", data=FIELDS)[0] == 400
    assert owner.refused("POST", "/deployment/create", json={})[0] == 400
    unnamed = {"deployment-name": "", "deployment-source": " "}
    assert hand_in(owner, files, **unnamed).json["code"] == "reason_required"
    assert hand_in(owner, files, **{"tenant-id": "x"}).status_code == 400
    assert owner.refused("GET", "/deployment?maxResults=-1")[0] == 400
    assert owner.refused("GET", "/deployment?maxResults=1001")[0] == 400
    assert owner.refused("GET", "/deployment?nameLike=x")[0] == 400


def test_deployments_are_listed_counted_and_read(whole: Site) -> None:
    files = {"part.bpmn": asking(name="x"), "note.form": form("text", "more")}
    made, reader = hand_in(program(whole, "owner"), files).json, program(whole, "compliance")
    assert reader.get("/deployment?maxResults=0") == []
    newest = reader.get("/deployment?maxResults=1")
    assert [(d["id"], d["name"], d["source"]) for d in newest] == [(made["id"], "part", "Camunda Modeler")]
    total = reader.get("/deployment/count")["count"]
    assert len(reader.get("/deployment")) == total == len(reader.get("/deployment?firstResult=1")) + 1
    assert reader.get("/deployment/count?source=Camunda%20Modeler") == {"count": 1}
    one = reader.get(f"/deployment/{made['id']}")
    assert one == {name: made[name] for name in one}
    assert reader.refused("GET", "/deployment/none") == (404, "deployment_not_found")


def test_the_files_of_a_deployment_come_back_byte_for_byte(whole: Site) -> None:
    files = {"分 流程.bpmn": asking(name="x"), "note.form": form("text", "more")}
    made, reader = hand_in(program(whole, "owner"), files).json, program(whole, "compliance")
    resources = reader.get(f"/deployment/{made['id']}/resources")
    assert {view["name"] for view in resources} == files.keys()
    for view in resources:
        answer = reader.call("GET", f"/deployment/{made['id']}/resources/{view['id']}/data")
        assert (answer.data, answer.mimetype) == (files[view["name"]], "application/octet-stream")
    missing = f"/deployment/{made['id']}/resources/none/data"
    assert reader.refused("GET", missing) == (404, "resource_not_found")


def test_a_time_has_a_fraction_and_an_offset_without_colon(whole: Site) -> None:
    (newest,) = program(whole, "compliance").get("/deployment?maxResults=1")
    assert len(newest["deploymentTime"]) == len("2013-01-23T13:59:43.000+0200")
    assert newest["deploymentTime"].endswith("+0800")


@pytest.mark.parametrize("person", ["cs", "gm", "it"])
def test_who_reads_no_definitions_on_the_pages_reads_no_deployments_here(whole: Site, person: str) -> None:
    made = hand_in(program(whole, "owner"), {"part.bpmn": asking(name="x")}).json["id"]
    other = program(whole, person)
    for path in ("", "/count", f"/{made}", f"/{made}/resources", f"/{made}/resources/x/data"):
        assert other.refused("GET", f"/deployment{path}") == (403, "not_allowed")


def test_a_diagram_in_which_cases_get_stuck_is_told_with_element_and_path(whole: Site) -> None:
    answer = hand_in(program(whole, "owner"), {"other.bpmn": STUCK})
    assert (answer.status_code, answer.json["type"]) == (400, "ParseException")
    (error,) = [e for e in answer.json["details"]["other.bpmn"]["errors"] if e["mainBpmnElementId"] == "J"]
    assert error["line"] > 0
    assert "s → X → " in error["message"]


def test_the_second_approval_of_the_pages_is_not_asked_of_programs(whole: Site) -> None:
    """A modeler's deployment counts at once, whatever the setting; the description says so."""
    assert whole.app.config["SETTINGS"].publish_approval
    deployed = hand_in(program(whole, "owner"), {"part.bpmn": asking(name="x")}).json
    assert deployed["deployedProcessDefinitions"]
    described = program(whole, "owner").get("/openapi.json")
    assert "without a second" in described["paths"]["/deployment/create"]["post"]["summary"]
