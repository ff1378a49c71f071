"""External tasks: what programs fetch, keep, complete and fail, as Camunda 7's clients do it."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any

from flask.typing import ResponseReturnValue

from engine import (
    ExternalWork,
    Subscription,
    complete_external,
    count_external,
    extend_lock,
    fail_external,
    fetch_and_lock,
    find_external,
    lock_external,
    report_bpmn_error,
    transaction,
    unlock_external,
)
from engine.errors import ExternalTaskNotFound
from web.api.blueprint import operation
from web.api.exchange import PAGING, answer, body, chosen, done, integer, moment, order, page, sorting, string
from web.api.schemas import ANYTHING, COUNT, Schema, array, flag, given, maybe, nothing, number, record, text
from web.api.schemas import moment as moment_schema
from web.api.variables import SENT, VARIABLES, received, shown
from web.auth import actor
from web.db import db
from web.errors import Unreadable
from web.i18n import now

MOST = 100  # tasks or topics at once
DAY = 24 * 3600 * 1000  # milliseconds; the longest lock
LONGEST_WAIT = 20_000  # milliseconds that a request may wait for work
LOOK = 0.25  # seconds between looks
WAITING = BoundedSemaphore(3)  # requests that wait at once: the others' threads are for people
FILTERS = {
    "externalTaskId": "id", "topicName": "topic", "workerId": "worker_id",
    "processInstanceId": "instance_id", "activityId": "element_id",
}  # fmt: skip
SORTS = {
    "id": "id", "lockExpirationTime": "locked_until", "processInstanceId": "instance_id",
    "processDefinitionId": "definition_id", "processDefinitionKey": "process_id", "taskPriority": "priority",
}  # fmt: skip
QUERY = dict.fromkeys(FILTERS, text)
LISTED: dict[str, Schema] = {
    "id": text, "activityId": text, "activityInstanceId": text, "errorMessage": maybe(text),
    "executionId": text, "lockExpirationTime": maybe(moment_schema), "priority": number,
    "processDefinitionId": text, "processDefinitionKey": text, "processInstanceId": text,
    "retries": maybe(number), "suspended": flag, "tenantId": nothing, "topicName": text,
    "workerId": maybe(text), "businessKey": maybe(text),
}  # fmt: skip
TASK = record(**LISTED)
LOCKED = record(**LISTED, variables=VARIABLES)
TOPIC = given(topicName=text, lockDuration=number, variables=maybe(array(text)))
TOPIC_KEYS = {
    *("topicName", "lockDuration", "variables"),
    *("deserializeValues", "includeExtensionProperties", "localVariables"),  # sent, and no difference here
}
FETCH = given(
    workerId=text, maxTasks=number, usePriority=flag, asyncResponseTimeout=number, topics=array(TOPIC),
    sorting=ANYTHING,
)  # fmt: skip
ONE = "/external-task/<task_id>"
CHANGES: dict[str, Any] = {"status": 204, "refuses": (404, 409)}


def _shown(work: ExternalWork) -> dict[str, Any]:
    """Every key that clients read."""
    return {
        "id": work.id,
        "activityId": work.element_id,
        "activityInstanceId": work.id,
        "errorMessage": work.error_message,
        "executionId": work.instance_id,
        "lockExpirationTime": moment(work.locked_until),
        "priority": work.priority,
        "processDefinitionId": work.definition_id,
        "processDefinitionKey": work.process_id,
        "processInstanceId": work.instance_id,
        "retries": work.retries,
        "suspended": work.suspended,
        "tenantId": None,
        "topicName": work.topic,
        "workerId": work.worker_id,
        "businessKey": work.business_key,
    }


@operation(
    "GET", "/external-task", "Open external tasks", answer=array(TASK), query=QUERY | sorting(SORTS) | PAGING
)
def index() -> ResponseReturnValue:
    """A page of the open ones, the oldest first."""
    found = find_external(db.session(), actor(), chosen(FILTERS), *page(), order(SORTS))
    return answer([_shown(work) for work in found])


@operation("GET", "/external-task/count", "How many external tasks are open", answer=COUNT, query=QUERY)
def count() -> ResponseReturnValue:
    """How many fit."""
    return answer({"count": count_external(db.session(), actor(), chosen(FILTERS))})


@operation("GET", ONE, "An open external task", answer=TASK, refuses=(404,))
def show(task_id: str) -> ResponseReturnValue:
    """One of them."""
    found = find_external(db.session(), actor(), {"id": task_id}, 0, 1)
    if not found:
        raise ExternalTaskNotFound(task_id)
    return answer(_shown(found[0]))


@operation("POST", "/external-task/fetchAndLock", "Lock work for a program", answer=array(LOCKED), body=FETCH)
def fetch() -> ResponseReturnValue:
    """Locks what there is; with `asyncResponseTimeout` it waits for work so long, if not too many wait."""
    sent = body()
    wait = integer(sent, "asyncResponseTimeout", 0, 10 * DAY)
    give_up = time.monotonic() + min(wait, LONGEST_WAIT) / 1000
    found = _fetched(sent)
    if not found and wait and WAITING.acquire(blocking=False):
        try:
            while not found and time.monotonic() < give_up:
                time.sleep(LOOK)
                found = _fetched(sent)
        finally:
            WAITING.release()
    return answer([{**_shown(w), "variables": {n: shown(v) for n, v in w.variables.items()}} for w in found])


def _fetched(sent: dict[str, Any]) -> list[ExternalWork]:
    most, by_priority = integer(sent, "maxTasks", 10, 10**6), sent.get("usePriority") is not False
    with transaction(db.session()):
        return fetch_and_lock(
            db.session(), _worker(sent), actor(), _topics(sent), most=most, by_priority=by_priority, now=now()
        )


def _topics(sent: dict[str, Any]) -> list[Subscription]:
    topics = sent.get("topics")
    if not isinstance(topics, list) or not all(isinstance(topic, dict) for topic in topics):
        raise Unreadable("topics must be a list of objects.")
    if len(topics) > MOST:
        raise Unreadable(f"No more than {MOST} topics at once.")
    return [_topic(topic) for topic in topics]


def _topic(sent: dict[str, Any]) -> Subscription:
    if unknown := [key for key, value in sent.items() if value and key not in TOPIC_KEYS]:
        raise Unreadable(f"A topic cannot be narrowed down by {unknown[0]!r} here.")
    name, names = string(sent, "topicName"), sent.get("variables")
    if not name:
        raise Unreadable("Every topic needs a topicName.")
    if names is not None and not (isinstance(names, list) and all(isinstance(n, str) for n in names)):
        raise Unreadable("variables of a topic must be a list of names.")
    lock = timedelta(milliseconds=integer(sent, "lockDuration", 0, DAY))
    if not lock:
        raise Unreadable("Every topic needs a lockDuration in milliseconds.")
    return Subscription(name, lock, tuple(names) if names else None)


def _worker(sent: dict[str, Any]) -> str:
    worker = string(sent, "workerId")
    if not worker or len(worker) > 200:
        raise Unreadable("workerId must be a text of at most 200 characters.")
    return worker


@operation(
    "POST", f"{ONE}/complete", "Complete an external task",
    body=given(workerId=text, variables=maybe(SENT), localVariables=maybe(SENT)), **CHANGES,
)  # fmt: skip
def complete(task_id: str) -> ResponseReturnValue:
    """Complete it with results. Local variables are results like any other here."""
    sent = body()
    values = received(sent.get("localVariables")) | received(sent.get("variables"))
    with transaction(db.session()):
        complete_external(db.session(), task_id, _worker(sent), actor(), values, now=now())
    return done()


FAILURE = given(
    workerId=text, errorMessage=maybe(text), errorDetails=maybe(text), retries=maybe(number),
    retryTimeout=maybe(number),
)  # fmt: skip


@operation("POST", f"{ONE}/failure", "Say that the work failed", body=FAILURE, **CHANGES)
def failure(task_id: str) -> ResponseReturnValue:
    """It failed; without retries left an incident opens."""
    sent = body()
    with transaction(db.session()):
        fail_external(
            db.session(), task_id, _worker(sent), actor(),
            message=string(sent, "errorMessage") or "", details=string(sent, "errorDetails") or "",
            retries=integer(sent, "retries", 0, 10**6),
            wait=timedelta(milliseconds=integer(sent, "retryTimeout", 0, DAY)), now=now(),
        )  # fmt: skip
    return done()


ERROR = given(workerId=text, errorCode=text, errorMessage=maybe(text), variables=maybe(SENT))


@operation("POST", f"{ONE}/bpmnError", "Report an error that the diagram catches", body=ERROR, **CHANGES)
def bpmn_error(task_id: str) -> ResponseReturnValue:
    """The boundary event that catches the code takes over."""
    sent = body()
    code, values = string(sent, "errorCode"), received(sent.get("variables"))
    if not code:
        raise Unreadable("errorCode is missing.")
    said = string(sent, "errorMessage") or ""
    with transaction(db.session()):
        report_bpmn_error(db.session(), task_id, _worker(sent), actor(), code, said, values, now=now())
    return done()


@operation(
    "POST", f"{ONE}/lock", "Lock one external task", body=given(workerId=text, lockDuration=number), **CHANGES
)
def lock(task_id: str) -> ResponseReturnValue:
    """Take a task that nobody has."""
    sent = body()
    length = timedelta(milliseconds=integer(sent, "lockDuration", 0, DAY))
    with transaction(db.session()):
        lock_external(db.session(), task_id, _worker(sent), actor(), length, now=now())
    return done()


@operation(
    "POST", f"{ONE}/extendLock", "Keep an external task longer",
    body=given(workerId=text, newDuration=number), **CHANGES,
)  # fmt: skip
def extend(task_id: str) -> ResponseReturnValue:
    """Keep it from now for so long."""
    sent = body()
    length = timedelta(milliseconds=integer(sent, "newDuration", 0, DAY))
    with transaction(db.session()):
        extend_lock(db.session(), task_id, _worker(sent), actor(), length, now=now())
    return done()


@operation("POST", f"{ONE}/unlock", "Take an external task away from who has it", **CHANGES)
def unlock(task_id: str) -> ResponseReturnValue:
    """Anybody may fetch it again."""
    with transaction(db.session()):
        unlock_external(db.session(), task_id, actor())
    return done()
