"""Camunda 7's external task client for JavaScript, unmodified, does the work of programs over real HTTP."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial

import pycamunda.incident
import pycamunda.task
import pytest
from camunda.client.engine_client import EngineClient
from sqlalchemy.orm import Session

import engine
from tests.databases import Databases
from tests.drive import actor
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, START, extended, task
from tests.engine.test_external import CODE, GUARDED, external
from tests.web.clients import REST, incidents, office_with, sent, signed, start, state, work_off
from tests.web.javascript import Worker, installed, working
from tests.web.serving import Office

pytestmark = pytest.mark.long
Hire = Callable[..., AbstractContextManager[Worker]]
GOOD = {"result": {"result": "good"}}
HANDED_OVER = {
    "whole.bpmn": diagram(
        START + task("UT_pack") + external("ST_test") + task("UT_judge") + external("ST_label") + END
        + flow("SE", "UT_pack") + flow("UT_pack", "ST_test") + flow("ST_test", "UT_judge")
        + flow("UT_judge", "ST_label") + flow("ST_label", "EE_done"),
        process_id="whole",
    )
}  # fmt: skip
MEASURED = {
    "number": 7, "part": 1.5, "big": 2**40, "yes": True, "none": None, "rows": [{"a": 1}], "text": "好",
}  # fmt: skip
MEASURING = {
    "measured.bpmn": diagram(
        START
        + node("serviceTask", "ST_measure", extended(sets=",".join(MEASURED)), name="测量",
               camunda_type="external", camunda_topic="measure")
        + node("serviceTask", "ST_read", extended(sets="done"), name="读数",
               camunda_type="external", camunda_topic="read")
        + END + flow("SE", "ST_measure") + flow("ST_measure", "ST_read") + flow("ST_read", "EE_done"),
        process_id="measured",
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def office(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A company in which programs test samples: alone, in turns with people, with values of every type."""
    installed()
    files = tmp_path_factory.mktemp("office") / "files"
    with office_with(databases, files, {**GUARDED, **HANDED_OVER, **MEASURING}) as office:
        yield office


@pytest.fixture(scope="module")
def hire(office: Office) -> Hire:
    """`with hire("w", "complete", …) as worker`: somebody of the IT department gave it a token."""
    database = engine.create_database_engine(office.database)
    with Session(database) as session, engine.transaction(session):
        token = engine.create_token(session, actor(session, "it"), "worker", ("read", "work")).secret
    database.dispose()
    return partial(working, office, token=token)


def complete_task(office: Office, case: str, element: str) -> None:
    """Customer service completes the task that a case has just now, with the other client."""
    (found,) = sent(pycamunda.task.GetList(office.url + REST, process_instance_id=case), "cs")
    assert found.task_definition_key == element
    sent(pycamunda.task.Complete(office.url + REST, id_=found.id_), "cs")


def idle(worker: Worker) -> None:
    """The worker asks again, and gets nothing."""
    worker.heard("nothing", len(worker.all("nothing")) + 2)
    assert not worker.all("poll:error")


def test_people_and_a_worker_take_turns_until_the_case_ends(office: Office, hire: Hire) -> None:
    case = start(office, "whole")
    with hire("w", "complete", **GOOD) as worker:
        idle(worker)
        complete_task(office, case, "UT_pack")
        assert worker.heard("complete")["processInstanceId"] == case
        complete_task(office, case, "UT_judge")
        worker.heard("complete", 2)
    assert state(office, case) == ("completed", "EE_done")


def test_a_worker_completes_what_it_fetched(office: Office, hire: Hire) -> None:
    case = start(office)
    with hire("w", "complete", **GOOD) as worker:
        handed = worker.heard("handed")
        assert handed["values"] == {"gist": {"type": "string", "value": "漏油", "valueInfo": {}}}
        worker.heard("complete")
        idle(worker)
    assert state(office, case) == ("completed", "EE_done")


def test_a_failure_is_tried_again_and_then_an_incident(office: Office, hire: Hire) -> None:
    """The worker counts down from two further tries; then the task waits for somebody to see to it."""
    case = start(office)
    with hire("w", "fail") as worker:
        worker.heard("handleFailure", 3)
        idle(worker)
        assert len(worker.all("handed")) == 3
    assert incidents(office, case) == [("external", "lims: offline")]
    assert state(office, case)[0] == "running"
    retried(office, case)
    with hire("w", "complete", **GOOD) as worker:
        worker.heard("complete")
    assert state(office, case) == ("completed", "EE_done")


def retried(office: Office, case: str) -> None:
    """Somebody of the IT department has the work of a case tried again."""
    (found,) = sent(pycamunda.incident.GetList(office.url + REST, process_instance_id=case), "owner")
    assert EngineClient(office.url + REST, signed("it")).set_job_retry(found.configuration)
    work_off(office)


def test_an_error_is_caught_by_the_diagram_and_a_person_goes_on(office: Office, hire: Hire) -> None:
    case = start(office)
    with hire("w", "refuse", code=CODE, **GOOD) as worker:
        worker.heard("handleBpmnError")
    complete_task(office, case, "UT_buy")
    assert state(office, case) == ("completed", "EE_done")


def test_an_error_that_the_diagram_does_not_know_is_refused_in_words(office: Office, hire: Hire) -> None:
    """The worker reads why; the task stays as it was, and another way to do it is found."""
    case = start(office)
    with hire("w", "refuse", code="E_UNHEARD", lock=2_000) as worker:
        refused = worker.heard("handleBpmnError:error")
        assert refused["status"] == 400
        assert "E_UNHEARD" in refused["said"]
    with hire("w", "complete", **GOOD) as worker:
        worker.heard("complete")
    assert state(office, case) == ("completed", "EE_done")


def test_a_lock_that_is_extended_outlives_its_first_term(office: Office, hire: Hire) -> None:
    """Another worker asks all the while, past the end of the first lock, and gets nothing."""
    case = start(office)
    with hire("a", "extend", lock=5_000, **GOOD) as first, hire("b", "complete", waits=True) as second:
        first.heard("extendLock")
        second.go_on()
        second.asked_after(datetime.fromisoformat(first.heard("handed")["until"]))
        first.go_on()
        first.heard("complete")
        assert not second.all("handed")
    assert state(office, case) == ("completed", "EE_done")


def test_two_workers_compete_and_nothing_is_done_twice(office: Office, hire: Hire) -> None:
    cases = {start(office) for _ in range(8)}
    habits = {"maxTasks": 1, "maxParallelExecutions": 1, "pause": 300, "waits": True, **GOOD}
    with hire("a", "complete", **habits) as a, hire("b", "complete", **habits) as b:
        for worker in (a, b):
            worker.heard("ready")
        for worker in (a, b):
            worker.go_on()
        idle(a)
        idle(b)
        done = [[one["processInstanceId"] for one in worker.all("complete")] for worker in (a, b)]
        assert all(done), "each of the two had work"
        assert sorted(done[0] + done[1]) == sorted(cases)
        assert not [one for worker in (a, b) for one in worker.told if one["event"].endswith(":error")]
    assert {state(office, case) for case in cases} == {("completed", "EE_done")}


def test_the_work_of_a_worker_that_was_killed_goes_to_another(office: Office, hire: Hire) -> None:
    """Not before its lock is over: till then it might still be at work."""
    case = start(office)
    with hire("dead", "hold", lock=2_000) as dead:
        held = dead.heard("handed")
        dead.kill()
    with hire("heir", "complete", **GOOD) as heir:
        taken = heir.heard("handed")
        heir.heard("complete")
    assert taken["id"] == held["id"]
    assert datetime.fromisoformat(taken["at"]) >= datetime.fromisoformat(held["until"])
    assert state(office, case) == ("completed", "EE_done")


def test_what_a_worker_gives_back_another_gets_at_once(office: Office, hire: Hire) -> None:
    case = start(office)
    with hire("a", "giveBack") as first:
        first.heard("unlock")
        with hire("b", "complete", **GOOD) as second:
            second.heard("complete")
    assert state(office, case) == ("completed", "EE_done")


def test_a_worker_locks_a_task_by_its_name(office: Office, hire: Hire) -> None:
    case = start(office)
    with hire("a", "lockAgain", maxTasks=1, interval=5_000, **GOOD) as worker:
        worker.heard("lock")
        worker.heard("complete")
    assert state(office, case) == ("completed", "EE_done")


def test_values_of_every_type_come_back_as_they_were_sent(office: Office, hire: Hire) -> None:
    """What one worker sets the next one reads: numbers, texts, truth, nothing, and a table as JSON."""
    case = start(office, "measured")
    with hire("a", "complete", topic="measure", result=MEASURED) as worker:
        worker.heard("complete")
    with hire("b", "complete", topic="read", result={"done": 1}) as worker:
        read = worker.heard("handed")["values"]
        worker.heard("complete")
    assert {name: facts["value"] for name, facts in read.items() if name != "gist"} == MEASURED
    kinds = {name: facts["type"] for name, facts in read.items()}
    assert kinds == {
        "gist": "string", "number": "integer", "part": "double", "big": "long", "yes": "boolean",
        "none": "null", "rows": "json", "text": "string",
    }  # fmt: skip
    assert state(office, case) == ("completed", "EE_done")


def test_a_worker_that_waits_gets_work_as_soon_as_it_comes(office: Office, hire: Hire) -> None:
    """Long polling: it asks once for fifteen seconds, and is answered when the case starts."""
    with hire("w", "complete", asyncResponseTimeout=15_000, once=True, **GOOD) as worker:
        worker.heard("asks")
        case = start(office)
        assert worker.heard("complete")["processInstanceId"] == case
        assert not worker.all("nothing")
    assert state(office, case) == ("completed", "EE_done")


def test_a_worker_signs_in_with_a_password_and_is_told_when_it_is_wrong(office: Office) -> None:
    with working(office, "w", "complete") as worker:
        idle(worker)
    with working(office, "w", "complete", password="wrong") as worker:
        assert "401" in worker.heard("poll:error")["said"]


def test_the_client_is_the_one_that_its_registry_published() -> None:
    """Its version stands in package.json, the digest of every file that npm unpacks in the lock."""
    home = installed()
    pinned = json.loads((home / "package.json").read_text())["dependencies"]
    unpacked = home / "node_modules" / "camunda-external-task-client-js" / "package.json"
    assert pinned == {"camunda-external-task-client-js": json.loads(unpacked.read_text())["version"]}
    locked = json.loads((home / "package-lock.json").read_text())["packages"]
    assert all(facts["integrity"].startswith("sha512-") for name, facts in locked.items() if name)
