"""What people did, across cases."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from engine import UserOperation, count_user_operations, find_operations
from web.api.blueprint import operation
from web.api.exchange import PAGING, answer, chosen, moment, page, sort
from web.api.schemas import COUNT, array, maybe, nothing, one_of, record, sorting, text
from web.api.schemas import moment as moment_schema
from web.auth import actor
from web.db import db

CATEGORY = "TaskWorker"
OPERATION = record(
    id=text, deploymentId=nothing, processDefinitionId=text, processDefinitionKey=text,
    processInstanceId=text, executionId=text, rootProcessInstanceId=text, caseDefinitionId=nothing,
    caseInstanceId=nothing, caseExecutionId=nothing, taskId=maybe(text), externalTaskId=nothing,
    batchId=nothing, jobId=nothing, jobDefinitionId=nothing, userId=text, timestamp=moment_schema,
    operationId=text, operationType=text, entityType=text, property=maybe(text), orgValue=nothing,
    newValue=maybe(text), removalTime=nothing, category=one_of([CATEGORY]), annotation=maybe(text),
    tenantId=nothing,
)  # fmt: skip
FILTERS = {
    "processInstanceId": "instance_id", "processDefinitionId": "definition_id",
    "processDefinitionKey": "process_id", "userId": "person", "operationType": "kind", "entityType": "entity",
}  # fmt: skip
TIMES = {"afterTimestamp": "at_from", "beforeTimestamp": "at_until"}
QUERY = {**dict.fromkeys(FILTERS, text), **dict.fromkeys(TIMES, moment_schema)}
SORTS = {"timestamp": "at"}
NOTHING = (
    "deploymentId", "caseDefinitionId", "caseInstanceId", "caseExecutionId", "externalTaskId", "batchId",
    "jobId", "jobDefinitionId", "orgValue", "removalTime", "tenantId",
)  # fmt: skip


def _shown(view: UserOperation) -> dict[str, Any]:
    """`annotation` is the reason that was given, or the comment."""
    return {
        **dict.fromkeys(NOTHING),
        "id": view.id,
        "processDefinitionId": view.definition_id,
        "processDefinitionKey": view.process_id,
        "processInstanceId": view.instance_id,
        "executionId": view.instance_id,
        "rootProcessInstanceId": view.instance_id,
        "taskId": view.task_id,
        "userId": view.person_id,
        "timestamp": moment(view.at),
        "operationId": view.id,
        "operationType": view.kind,
        "entityType": view.entity,
        "property": view.property,
        "newValue": view.value,
        "category": CATEGORY,
        "annotation": view.reason,
    }


@operation(
    "GET", "/history/user-operation", "What people did", answer=array(OPERATION),
    query={**QUERY, **sorting(SORTS), **PAGING},
)  # fmt: skip
def index() -> ResponseReturnValue:
    """A page of what people did in cases that the person may see, case by case if not sorted by time."""
    found = find_operations(db.session(), actor(), chosen(FILTERS | TIMES), *page(), sort(SORTS))
    return answer([_shown(view) for view in found])


@operation("GET", "/history/user-operation/count", "How many things people did", answer=COUNT, query=QUERY)
def count() -> ResponseReturnValue:
    """How many fit."""
    return answer({"count": count_user_operations(db.session(), actor(), chosen(FILTERS | TIMES))})
