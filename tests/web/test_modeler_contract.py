"""Camunda Modeler's own sequence over real HTTP, as it sends it, and how long each answer takes.

What it sends and reads is known from its own source; every call of it gives up after five seconds."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

import engine
from tests.databases import Databases
from tests.drive import sign_up
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END
from tests.engine.test_modeler import form
from tests.web.modeler import PATIENCE, Modeler
from tests.web.serving import served


def drawn(name: str = "填写") -> bytes:
    """A process with a start form and a task that asks the same form, one element a line."""
    body = (
        node("startEvent", "SE", camunda_formRef="note")
        + node("userTask", "UT", name=name, camunda_candidateGroups="cs", camunda_formRef="note")
        + END
    )
    whole = diagram(body + flow("SE", "UT") + flow("UT", "EE_done"), "modeled", attributes='name="画的"')
    return whole.replace(b"><", b">\n<")


@pytest.fixture(scope="module")
def modeler(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Modeler]:
    """A modeler that is pointed at a company where nothing is deployed yet."""
    with databases.copy("empty") as url:
        database = engine.create_database_engine(url)
        with Session(database) as session:
            sign_up(session)
        database.dispose()
        with served(url, tmp_path_factory.mktemp("office") / "files") as office:
            yield Modeler(office.url)


FILES = {"modeled.bpmn": drawn(), "note.form": form("text")}


def test_the_connection_check_asks_for_credentials_and_then_passes(modeler: Modeler) -> None:
    path = "/engine-rest/deployment?maxResults=0"
    asked = modeler.call("GET", path, signed=False)
    assert asked.status == 401
    assert asked.headers["WWW-Authenticate"].startswith("Basic ")
    assert asked.json.keys() == {"type", "message", "code"}
    assert modeler.call("GET", path).status == 200


def test_a_wrong_password_is_refused(modeler: Modeler) -> None:
    wrong = Modeler(modeler.url, "gm", "guess")
    answer = wrong.call("GET", "/engine-rest/deployment?maxResults=0")
    assert (answer.status, answer.json["code"]) == (401, "wrong_password")
    assert wrong.deploy(FILES).status == 401


def test_the_version_is_that_of_camunda_7(modeler: Modeler) -> None:
    assert modeler.call("GET", "/engine-rest/version").json == {"version": "7.24.0"}


def test_a_diagram_with_its_form_is_deployed_started_and_not_deployed_twice(modeler: Modeler) -> None:
    deployed = modeler.deploy(FILES)
    assert deployed.status == 200, deployed.body
    (first,) = deployed.json["deployedProcessDefinitions"].values()
    path = f"/engine-rest/process-definition/{first['id']}/start"
    sent = {"businessKey": "default", "variables": {"text": {"value": "漏油", "type": "String"}}}
    started = modeler.call("POST", path, json.dumps(sent).encode(), "application/json")
    assert started.status == 200, started.body
    assert (started.json["definitionId"], started.json["businessKey"]) == (first["id"], "default")
    again = modeler.deploy(FILES)
    assert (again.status, again.json["id"]) == (200, deployed.json["id"])
    assert again.json["deployedProcessDefinitions"] is None
    changed = modeler.deploy({**FILES, "modeled.bpmn": drawn("填写记录")})
    (second,) = changed.json["deployedProcessDefinitions"].values()
    assert (first["version"], second["version"]) == (1, 2)


def test_what_cannot_run_is_told_with_line_column_and_element(modeler: Modeler) -> None:
    wrong = drawn().replace(b'targetRef="EE_done"', b'targetRef="EE_none"')
    answer = modeler.deploy({**FILES, "modeled.bpmn": wrong})
    assert (answer.status, answer.json["type"]) == (400, "ParseException")
    assert answer.json["message"].startswith("ENGINE-09005 Could not parse BPMN process.")
    errors = answer.json["details"]["modeled.bpmn"]["errors"]
    (line,) = [number for number, text in enumerate(wrong.splitlines(), 1) if b"EE_none" in text]
    found = next(error for error in errors if error["mainBpmnElementId"] == "UT_EE_done")
    assert (found["line"], found["bpmnElementIds"]) == (line, ["UT_EE_done"])
    assert found["column"] > 0
    assert found["message"]


def test_what_is_no_xml_is_told_with_its_line(modeler: Modeler) -> None:
    answer = modeler.deploy({**FILES, "modeled.bpmn": b"<definitions>\n<process></definitions>"})
    assert answer.json["message"].startswith("ENGINE-09005 Could not parse BPMN process.")
    assert answer.json["details"]["modeled.bpmn"]["errors"][0]["line"] == 2


def test_options_is_answered_before_anybody_signs_in(modeler: Modeler) -> None:
    for path in ("/deployment", "/deployment/create", "/version", "/process-definition/x/start"):
        answer = modeler.call("OPTIONS", f"/engine-rest{path}", signed=False)
        assert answer.status == 200
        assert "OPTIONS" in answer.headers["Allow"]


def test_the_links_to_the_web_apps_are_at_the_root_of_the_host(modeler: Modeler) -> None:
    path = "/.well-known/camunda-automation-platform/webapps"
    links = modeler.call("GET", path, signed=False).json
    assert links.keys() == {"adminUrl", "cockpitUrl", "tasklistUrl"}
    for link in links.values():
        assert link.startswith(modeler.url)


def test_every_answer_comes_before_the_modeler_gives_up(modeler: Modeler) -> None:
    wrong = drawn().replace(b'targetRef="EE_done"', b'targetRef="EE_none"')
    new = {**FILES, "modeled.bpmn": drawn("又一次")}
    deployed = modeler.deploy(new)
    (view,) = deployed.json["deployedProcessDefinitions"].values()
    sent = json.dumps({"businessKey": None, "variables": {}}).encode()
    path = f"/engine-rest/process-definition/{view['id']}/start"
    answers = {
        "deploy": deployed,
        "start": modeler.call("POST", path, sent, "application/json"),
        "duplicate": modeler.deploy(new),
        "parse error": modeler.deploy({**FILES, "modeled.bpmn": wrong}),
        "check": modeler.call("GET", "/engine-rest/deployment?maxResults=0"),
        "unsigned": modeler.call("GET", "/engine-rest/deployment?maxResults=0", signed=False),
        "version": modeler.call("GET", "/engine-rest/version"),
        "options": modeler.call("OPTIONS", "/engine-rest/version", signed=False),
        "wrong password": Modeler(modeler.url, "vp", "guess").call("GET", "/engine-rest/version"),
    }
    assert {step: answer.seconds for step, answer in answers.items() if answer.seconds >= PATIENCE} == {}
