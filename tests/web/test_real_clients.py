"""Two clients of Camunda 7 from their registry, unmodified, do the work of programs over real HTTP."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pycamunda.externaltask
import pycamunda.group
import pycamunda.incident
import pycamunda.message
import pycamunda.processdef
import pycamunda.processinst
import pycamunda.signal
import pycamunda.task
import pycamunda.user
import pycamunda.variable
import pytest
from camunda.client.engine_client import EngineClient
from camunda.external_task.external_task import ExternalTask, TaskResult
from camunda.external_task.external_task_worker import ExternalTaskWorker, NoExternalTaskFound

from tests.databases import Databases
from tests.engine.test_correlation import CHAINED, WAITING
from tests.engine.test_external import CODE, GUARDED
from tests.engine.test_signals import CATCHING
from tests.web.clients import REST, as_person, incidents, office_with, sent, signed, start, state, work_off
from tests.web.serving import Office
from tests.web.test_operations import renamed


@pytest.fixture(scope="module")
def office(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A company with a process in which a program tests a sample, and a person acts if it says that there is
    none; and with processes that wait for a message and for a signal, and that start with a message."""
    files = tmp_path_factory.mktemp("office") / "files"
    diagrams = {**GUARDED, **renamed(WAITING, "w"), **renamed(CATCHING, "bell"), **CHAINED}
    with office_with(databases, files, diagrams) as office:
        yield office


def worker(office: Office, name: str = "w", **config: object) -> ExternalTaskWorker:
    """A worker of the Python client."""
    return ExternalTaskWorker(name, office.url + REST, {**signed("it"), **config})


def asked(kind: Callable[..., Any], office: Office, person: str, **facts: object) -> Any:
    """A request of the other client, signed; calling it sends it."""
    request = kind(office.url + REST, **facts)
    request.session = as_person(person)
    return request


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
    assert incidents(office, case) == [("external", "lims: offline")]
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


@pytest.fixture(autouse=True)
def finished(office: Office) -> Iterator[None]:
    """What a test has left undone no other test gets: programs fetch the oldest first, whosever it is."""
    yield
    while left := fetched(office, "finisher", 60_000):
        for task in left:
            complete = asked(
                pycamunda.externaltask.Complete, office, "it", id_=task.id_, worker_id="finisher"
            )
            complete.add_variable("result", "good")
            complete()


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


def test_a_message_reaches_the_case_named_and_starts_another(office: Office) -> None:
    """One client names the case by its id, the other by what it knows of it."""
    case = start(office, "w")
    client = EngineClient(office.url + REST, signed("it"))
    (told,) = client.correlate_message("reply", process_instance_id=case, process_variables={"answer": "否"})
    assert (told["resultType"], told["execution"]["processInstanceId"]) == ("Execution", case)
    assert state(office, case) == ("completed", "EE_done")
    second = start(office, "w")
    single = pycamunda.message.CorrelateSingle
    message = asked(single, office, "it", message_name="reply", result_enabled=True)
    message.add_correlation_key("gist", "漏油")
    message.add_process_variable("answer", "是")
    (result,) = message()
    assert result.execution.process_instance_id == second
    (made,) = asked(single, office, "it", message_name="go", business_key="ERP 9", result_enabled=True)()
    assert made.process_instance.business_key == "ERP 9"


def test_a_message_that_nobody_takes_is_a_bad_request(office: Office) -> None:
    facts = {"message_name": "unheard", "result_enabled": True}
    with pytest.raises(pycamunda.BadRequest, match="MismatchingMessageCorrelationException"):
        asked(pycamunda.message.CorrelateSingle, office, "it", **facts)()
    with pytest.raises(Exception, match="MismatchingMessageCorrelationException"):
        EngineClient(office.url + REST, signed("it")).correlate_message("unheard")


def test_a_signal_is_heard_by_all_or_by_one(office: Office) -> None:
    first, second = start(office, "bell"), start(office, "bell")
    asked(pycamunda.signal.EventSingle, office, "it", name="bell", execution_id=first)()
    work_off(office)
    assert [state(office, case)[0] for case in (first, second)] == ["completed", "running"]
    asked(pycamunda.signal.EventAll, office, "it", name="bell").add_variable("loud", "否")()
    work_off(office)
    assert state(office, second) == ("completed", "EE_done")


def test_incidents_are_listed_read_retried_and_resolved(office: Office) -> None:
    """An owner sees the case, an operator steps in: one client retries the job, the other resolves."""
    case, operator = start(office), EngineClient(office.url + REST, signed("it"))
    kinds = pycamunda.incident
    for _ in range(2):
        worker(office).fetch_and_execute("lims", lambda task: task.failure("offline", "stack", 0, 0))
        sorts = {"sort_by": "incident_timestamp", "ascending": False}
        (found,) = asked(kinds.GetList, office, "owner", process_instance_id=case, **sorts)()
        assert (found.incident_type.value, found.activity_id) == ("failedExternalTask", "ST_test")
        assert asked(kinds.Get, office, "owner", id_=found.id_)() == found
        jobs = operator.get_jobs(0, 10, with_failure=True, task_name="ST_test")
        assert [job["id"] for job in jobs][:1] == [found.configuration]
        if _ == 0:
            assert operator.set_job_retry(found.configuration)
            work_off(office)
    asked(kinds.Resolve, office, "it", id_=found.id_)()
    assert asked(kinds.GetList, office, "owner", process_instance_id=case)() == ()


def test_a_case_and_a_version_are_suspended_and_activated(office: Office) -> None:
    cases, versions = pycamunda.processinst, pycamunda.processdef
    case = start(office)
    asked(cases.Suspend, office, "owner", id_=case)()
    assert asked(cases.Get, office, "owner", id_=case)().suspended
    assert [one.id_ for one in asked(cases.GetList, office, "owner", suspended=True)()] == [case]
    with pytest.raises(NoExternalTaskFound):
        worker(office).fetch_and_execute("lims", good)
    asked(cases.Activate, office, "owner", id_=case)()
    worker(office).fetch_and_execute("lims", good)
    assert state(office, case) == ("completed", "EE_done")
    asked(versions.Suspend, office, "owner", key="bell")()
    assert [one.key for one in asked(versions.GetList, office, "owner", suspended=True)()] == ["bell"]
    with pytest.raises(Exception, match="DefinitionSuspended"):
        start(office, "bell")
    asked(versions.Activate, office, "owner", key="bell")()
    start(office, "bell")


def test_lists_are_sorted_as_the_client_asks(office: Office) -> None:
    cases = [start(office, "w") for _ in range(2)]
    sorts = {"sort_by": "business_key", "ascending": False}
    found = asked(pycamunda.processinst.GetList, office, "owner", process_definition_key="w", **sorts)()
    assert [one.id_ for one in found][:2] == cases[::-1]
    tasks = asked(pycamunda.task.GetList, office, "owner", sort_by="created", ascending=True)()
    assert [task.created for task in tasks] == sorted(task.created for task in tasks)
    (newest, *_) = asked(pycamunda.processdef.GetList, office, "owner", sort_by="version", ascending=False)()
    assert newest.version == 1


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
