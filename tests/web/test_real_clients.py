"""Two clients of Camunda 7 from their registry, unmodified, do the work of programs over real HTTP."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pycamunda.externaltask
import pycamunda.group
import pycamunda.task
import pycamunda.user
import pycamunda.variable
import pytest
import requests
from camunda.client.engine_client import EngineClient
from camunda.external_task.external_task import ExternalTask, TaskResult
from camunda.external_task.external_task_worker import ExternalTaskWorker, NoExternalTaskFound
from requests.auth import HTTPBasicAuth
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine
from engine.storage.models import Incident, ProcessInstance
from tests.databases import Databases
from tests.drive import PASSWORD, Clock, House, sign_up
from tests.engine.test_external import CODE, GUARDED
from tests.web.serving import Office, served

REST = "/engine-rest"


@pytest.fixture(scope="module")
def office(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A company with one process: a program tests a sample; if it says that there is none, a person acts."""
    files = tmp_path_factory.mktemp("office") / "files"
    with databases.copy("empty") as url:
        database = engine.create_database_engine(url)
        with Session(database) as session:
            sign_up(session)
            House(session, Clock(), files).deploy(GUARDED)
        database.dispose()
        with served(url, files) as office:
            yield office


def signed(person: str) -> dict[str, object]:
    """How the Python client signs in; it waits for nothing."""
    times = {"asyncResponseTimeout": 0, "lockDuration": 60_000, "retryTimeout": 0}
    return {"auth_basic": {"username": person, "password": PASSWORD}, **times}


def worker(office: Office, name: str = "w", **config: object) -> ExternalTaskWorker:
    """A worker of the Python client."""
    return ExternalTaskWorker(name, office.url + REST, {**signed("it"), **config})


def as_person(person: str) -> requests.Session:
    """How the other client signs in."""
    session = requests.Session()
    session.auth = HTTPBasicAuth(person, PASSWORD)
    return session


def start(office: Office) -> str:
    """The id of a new case."""
    client = EngineClient(office.url + REST, signed("staff"))
    return str(client.start_process("p", {"gist": "漏油"})["id"])


def state(office: Office, case: str) -> tuple[str, str | None]:
    """Whether a case runs, and how it ended."""
    database = engine.create_database_engine(office.database)
    with Session(database) as session:
        found = session.get_one(ProcessInstance, case)
        answer = found.state, found.outcome
    database.dispose()
    return answer


def good(task: ExternalTask) -> TaskResult:
    """The sample is good."""
    return task.complete({"result": "good"})


def test_a_worker_completes_what_it_fetched(office: Office) -> None:
    case, seen = start(office), []

    def work(task: ExternalTask) -> TaskResult:
        seen.append((task.get_topic_name(), task.get_variable("gist"), task.get_process_instance_id()))
        return good(task)

    worker(office).fetch_and_execute("lims", work)
    assert seen == [("lims", "漏油", case)]
    assert state(office, case) == ("completed", "EE_done")


def test_a_failure_is_tried_again_and_then_an_incident(office: Office) -> None:
    """The client counts down from two further tries."""
    case = start(office)
    for _ in range(3):
        worker(office).fetch_and_execute("lims", lambda task: task.failure("offline", "stack", 2, 0))
    with pytest.raises(NoExternalTaskFound):
        worker(office).fetch_and_execute("lims", good)
    database = engine.create_database_engine(office.database)
    with Session(database) as session:
        found = session.scalars(select(Incident).where(Incident.instance_id == case))
        assert [(one.kind, one.cause) for one in found] == [("external", "lims: offline")]
    database.dispose()
    assert state(office, case)[0] == "running"


def test_an_error_is_caught_by_the_diagram_and_a_person_goes_on(office: Office) -> None:
    """A program reports the error, the other client completes the task of a person, the case ends."""
    case = start(office)
    worker(office).fetch_and_execute("lims", lambda task: task.bpmn_error(CODE, "没有了", {"result": "good"}))
    asked = pycamunda.task.GetList(office.url + REST, process_instance_id=case)
    asked.session = as_person("cs")
    (task,) = asked()
    assert (task.task_definition_key, task.process_instance_id) == ("UT_buy", case)
    done = pycamunda.task.Complete(office.url + REST, id_=task.id_)
    done.session = as_person("cs")
    done()
    assert state(office, case) == ("completed", "EE_done")


def fetched(office: Office, name: str, lock: int) -> tuple[pycamunda.externaltask.ExternalTask, ...]:
    """What the other client fetches and locks for so many milliseconds."""
    fetch = pycamunda.externaltask.FetchAndLock(office.url + REST, worker_id=name, max_tasks=5)
    fetch.add_topic("lims", lock)
    fetch.session = as_person("it")
    return tuple(fetch())


def test_two_workers_compete_and_a_lock_is_extended(office: Office) -> None:
    case = start(office)
    (task,) = fetched(office, "a", 1_000)
    extend = pycamunda.externaltask.ExtendLock(
        office.url + REST, id_=task.id_, worker_id="a", new_duration=60_000
    )
    extend.session = as_person("it")
    extend()
    time.sleep(1.1)
    assert fetched(office, "b", 60_000) == ()
    complete = pycamunda.externaltask.Complete(office.url + REST, id_=task.id_, worker_id="a")
    complete.add_variable("result", "good")
    complete.session = as_person("it")
    complete()
    assert state(office, case) == ("completed", "EE_done")


def test_the_work_of_a_worker_that_died_goes_to_another(office: Office) -> None:
    """Its lock simply ends; what it might still say is refused."""
    case = start(office)
    (task,) = fetched(office, "dead", 500)
    time.sleep(0.6)
    worker(office, "heir").fetch_and_execute("lims", good)
    assert state(office, case) == ("completed", "EE_done")
    late = pycamunda.externaltask.Complete(office.url + REST, id_=task.id_, worker_id="dead")
    late.session = as_person("it")
    with pytest.raises(pycamunda.PyCamundaException):
        late()


def test_a_worker_that_waits_gets_work_as_soon_as_it_comes(office: Office) -> None:
    """Long polling: it asks for fifteen seconds, and is answered when the case starts."""
    fetch = pycamunda.externaltask.FetchAndLock(
        office.url + REST, worker_id="w", max_tasks=1, async_response_timeout=15_000
    )
    fetch.add_topic("lims", 60_000)
    fetch.session = as_person("it")
    with ThreadPoolExecutor(1) as pool:
        begun, asked = time.monotonic(), pool.submit(fetch)
        time.sleep(1.5)
        assert not asked.done()
        case = start(office)
        (task,) = asked.result()
    assert task.process_instance_id == case
    assert time.monotonic() - begun < 12


def test_a_worker_that_waits_in_vain_is_told_so_in_the_end(office: Office) -> None:
    begun = time.monotonic()
    fetch = pycamunda.externaltask.FetchAndLock(
        office.url + REST, worker_id="w", max_tasks=1, async_response_timeout=1_000
    )
    fetch.add_topic("nothing", 1_000)
    fetch.session = as_person("it")
    assert tuple(fetch()) == ()
    assert time.monotonic() - begun >= 1


def sent(request: Any, person: str) -> Any:
    """What the other client gets for a request of somebody's."""
    request.session = as_person(person)
    return request()


def opened(office: Office) -> str:
    """A case whose sample is missing waits for customer service: the id of its task."""
    case = start(office)
    worker(office).fetch_and_execute("lims", lambda task: task.bpmn_error(CODE, "没有了", {"result": "good"}))
    asked = pycamunda.task.GetList(office.url + REST, process_instance_id=case)
    (task,) = sent(asked, "cs")
    return str(task.id_)


def test_a_client_claims_delegates_resolves_and_comments(office: Office) -> None:
    url, task_id = office.url + REST, opened(office)
    sent(pycamunda.task.Claim(url, id_=task_id, user_id="cs"), "cs")
    sent(pycamunda.task.Delegate(url, id_=task_id, user_id="dept"), "cs")
    task = sent(pycamunda.task.Get(url, id_=task_id), "dept")
    assert (task.owner, task.assignee, task.delegation_state) == ("cs", "dept", "PENDING")
    made = sent(pycamunda.task.CommentCreate(url, task_id=task_id, message="已查证"), "dept")
    assert sent(pycamunda.task.CommentGetList(url, task_id=task_id), "cs") == (made,)
    assert sent(pycamunda.task.CommentGet(url, task_id=task_id, comment_id=made.id_), "cs") == made
    sent(pycamunda.task.Resolve(url, id_=task_id), "dept")
    links = sent(pycamunda.task.IdentityLinksGetList(url, task_id=task_id), "cs")
    assert {(link.type_, link.user_id) for link in links} >= {("assignee", "cs"), ("owner", "cs")}
    assert sent(pycamunda.task.LocalVariablesGetList(url, task_id=task_id), "cs") == {}
    sent(pycamunda.task.Complete(url, id_=task_id), "cs")


def test_a_client_reads_values_people_and_groups(office: Office) -> None:
    url, case = office.url + REST, start(office)
    asked = pycamunda.variable.GetList(url, name="gist", process_instance_id_in=[case], sort_by="name")
    (value,) = sent(asked, "cs")
    assert (value.value, value.process_instance_id) == ("漏油", case)
    assert sent(pycamunda.variable.Get(url, id_=value.id_), "cs") == value
    members = sent(pycamunda.user.GetList(url, member_of_group="cs", sort_by="id_"), "compliance")
    assert [member.id_ for member in members] == ["cs", "cs2"]
    assert sent(pycamunda.user.Count(url, member_of_group="cs"), "compliance") == 2
    profile = sent(pycamunda.user.GetProfile(url, id_="cs"), "cs")
    assert profile.first_name == "cs 先生"
    group = sent(pycamunda.group.Get(url, id_="cs"), "staff")
    assert group in sent(pycamunda.group.GetList(url, sort_by="name"), "staff")
