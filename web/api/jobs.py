"""Jobs: what waits for its time or has failed for good, and trying it again."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from engine import JobView, count_jobs, find_jobs, get_job, retry_job, transaction
from web.api.blueprint import operation
from web.api.exchange import (
    PAGING,
    answer,
    body,
    chosen,
    done,
    integer,
    moment,
    order,
    page,
    query,
    sorting,
    string,
)
from web.api.schemas import COUNT, array, flag, given, maybe, nothing, number, record, text
from web.api.schemas import moment as moment_schema
from web.auth import actor
from web.db import db
from web.errors import Unreadable
from web.i18n import now

FILTERS = {
    "jobId": "id", "processInstanceId": "instance_id", "executionId": "instance_id",
    "processDefinitionId": "definition_id", "processDefinitionKey": "process_id",
    "failedActivityId": "element_id",
}  # fmt: skip
FLAGS = {
    "withException": ("failing", True), "noRetriesLeft": ("exhausted", True),
    "withRetriesLeft": ("exhausted", False), "suspended": ("suspended", True),
    "active": ("suspended", False),
}  # fmt: skip
SORTS = {
    "jobId": "id", "executionId": "instance_id", "processInstanceId": "instance_id",
    "processDefinitionId": "definition_id", "processDefinitionKey": "process_id", "jobRetries": "retries",
    "jobDueDate": "due",
}  # fmt: skip
QUERY = {**dict.fromkeys(FILTERS, text), **dict.fromkeys(FLAGS, flag)}
JOB = record(
    id=text, jobDefinitionId=nothing, processInstanceId=maybe(text), processDefinitionId=maybe(text),
    processDefinitionKey=maybe(text), executionId=maybe(text), exceptionMessage=maybe(text),
    failedActivityId=maybe(text), retries=number, dueDate=moment_schema, suspended=flag, priority=number,
    tenantId=nothing, createTime=moment_schema, batchId=nothing, kind=text,
)  # fmt: skip
ONE = "/job/<job_id>"
MOST = 1000  # retries that a program may ask for
NO_REASON = "Tried again by a program, which gave no reason."  # Camunda's clients have no field for one


def _shown(view: JobView) -> dict[str, Any]:
    """Every key that clients read; `kind`, which Camunda does not have, says what is done."""
    return {
        "id": view.id,
        "jobDefinitionId": None,
        "processInstanceId": view.instance_id,
        "processDefinitionId": view.definition_id,
        "processDefinitionKey": view.process_id,
        "executionId": view.instance_id,
        "exceptionMessage": view.last_error,
        "failedActivityId": view.element_id,
        "retries": view.retries,
        "dueDate": moment(view.due_at),
        "suspended": view.suspended,
        "priority": 0,
        "tenantId": None,
        "createTime": moment(view.created_at),
        "batchId": None,
        "kind": view.kind,
    }


def _wanted() -> dict[str, Any]:
    asked, wanted = query(), chosen(FILTERS)
    for name, (fact, value) in FLAGS.items():
        if asked.get(name) and wanted.setdefault(fact, value) != value:
            raise Unreadable(f"{name} contradicts another parameter.")
    return wanted


@operation("GET", "/job", "Jobs", answer=array(JOB), query=QUERY | sorting(SORTS) | PAGING)
def index() -> ResponseReturnValue:
    """A page of the jobs that are due some time or have failed for good, by when they are due."""
    found = find_jobs(db.session(), actor(), _wanted(), *page(), order(SORTS))
    return answer([_shown(view) for view in found])


@operation("GET", "/job/count", "How many jobs there are", answer=COUNT, query=QUERY)
def count() -> ResponseReturnValue:
    """How many fit."""
    return answer({"count": count_jobs(db.session(), actor(), _wanted())})


@operation("GET", ONE, "A job", answer=JOB, refuses=(404,))
def show(job_id: str) -> ResponseReturnValue:
    """One job."""
    return answer(_shown(get_job(db.session(), job_id, actor())))


RETRIES = given(retries=number, reason=maybe(text))


@operation(
    "PUT", f"{ONE}/retries", "Try a failed job again", body=RETRIES, status=204, refuses=(404, 409)
)
def retries(job_id: str) -> ResponseReturnValue:
    """Try a job again that has failed for good, as on the page: due now, with all its attempts, however many
    are asked for. `reason`, which Camunda does not have, goes into the history; without it the history says
    that a program gave none."""
    sent = body()
    if not integer(sent, "retries", 0, MOST):
        raise Unreadable(f"retries must be 1 to {MOST}; a job is given up by DELETE of its incident.")
    reason = (string(sent, "reason") or "").strip() or NO_REASON
    with transaction(db.session()):
        retry_job(db.session(), job_id, actor(), reason, now=now())
    return done()
