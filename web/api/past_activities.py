"""The history of one case's activities: when a token entered and left each element."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from engine import Activity, list_activities
from web.api.blueprint import operation
from web.api.exchange import PAGING, answer, milliseconds, moment, page, query, sort
from web.api.schemas import COUNT, array, flag, maybe, nothing, number, record, sorting, text
from web.api.schemas import moment as moment_schema
from web.auth import actor
from web.db import db
from web.errors import Unreadable
from web.i18n import language

ACTIVITY = record(
    id=text, parentActivityInstanceId=text, activityId=text, activityName=maybe(text), activityType=text,
    processDefinitionKey=text, processDefinitionId=text, processInstanceId=text, executionId=text,
    rootProcessInstanceId=text, taskId=maybe(text), assignee=maybe(text), calledProcessInstanceId=nothing,
    calledCaseInstanceId=nothing, startTime=moment_schema, endTime=maybe(moment_schema),
    durationInMillis=maybe(number), canceled=flag, completeScope=flag, tenantId=nothing, removalTime=nothing,
)  # fmt: skip
TEXTS = {
    "activityInstanceId": "id", "activityId": "element_id", "activityType": "kind",
    "processDefinitionKey": "process_id", "processDefinitionId": "definition_id", "taskAssignee": "assignee",
}  # fmt: skip
TIMES = ("startedAfter", "startedBefore", "finishedAfter", "finishedBefore")
KINDS = ("finished", "unfinished", "canceled")
QUERY = {
    "processInstanceId": text, **dict.fromkeys(TEXTS, text), **dict.fromkeys(TIMES, moment_schema),
    **dict.fromkeys(KINDS, flag),
}  # fmt: skip
SORTS = {"startTime": "started_at", "endTime": "ended_at", "activityId": "element_id", "activityType": "kind"}
PATH = "/history/activity-instance"


def _shown(view: Activity) -> dict[str, Any]:
    return {
        "id": view.id,
        "parentActivityInstanceId": view.scope or view.instance_id,
        "activityId": view.element_id,
        "activityName": view.name.get(language()) or None,
        "activityType": view.kind,
        "processDefinitionKey": view.process_id,
        "processDefinitionId": view.definition_id,
        "processInstanceId": view.instance_id,
        "executionId": view.scope or view.instance_id,
        "rootProcessInstanceId": view.instance_id,
        "taskId": view.task_id,
        "assignee": view.assignee,
        **dict.fromkeys(("calledProcessInstanceId", "calledCaseInstanceId")),
        "startTime": moment(view.started_at),
        "endTime": moment(view.ended_at),
        "durationInMillis": milliseconds(view.started_at, view.ended_at),
        "canceled": view.cancelled,
        "completeScope": view.kind == "endEvent",
        **dict.fromkeys(("tenantId", "removalTime")),
    }


def _fits(view: Activity, asked: dict[str, Any]) -> bool:
    start, end = view.started_at, view.ended_at
    return (
        all(getattr(view, ours) == asked[theirs] for theirs, ours in TEXTS.items() if theirs in asked)
        and start >= asked.get("startedAfter", start)
        and start <= asked.get("startedBefore", start)
        and (end is not None or not {"finishedAfter", "finishedBefore"} & asked.keys())
        and (end is None or asked.get("finishedAfter", end) <= end <= asked.get("finishedBefore", end))
        and (end is not None or not asked.get("finished"))
        and (end is None or not asked.get("unfinished"))
        and (view.cancelled or not asked.get("canceled"))
    )


def _found() -> list[Activity]:
    """What fits in the case that must be named: a history is read case by case, or it would be read whole."""
    asked = query()
    if "processInstanceId" not in asked:
        raise Unreadable("processInstanceId must name the case whose activities are asked for.")
    activities = list_activities(db.session(), asked["processInstanceId"], actor())
    return [view for view in activities if _fits(view, asked)]


@operation(
    "GET", PATH, "What a case did; processInstanceId must name it", answer=array(ACTIVITY),
    query={**QUERY, **sorting(SORTS), **PAGING},
)  # fmt: skip
def index() -> ResponseReturnValue:
    """A page of the activities of a case, in the order in which they began if not sorted otherwise."""
    found, (column, descending), (first, limit) = _found(), sort(SORTS), page()
    if column:
        found.sort(key=lambda view: getattr(view, column) or "", reverse=descending)
    return answer([_shown(view) for view in found[first : first + limit]])


@operation(
    "GET", f"{PATH}/count", "How much a case did; processInstanceId must name it", answer=COUNT, query=QUERY
)
def count() -> ResponseReturnValue:
    """How many fit."""
    return answer({"count": len(_found())})
