"""The history of tasks: open, completed and cancelled ones."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from engine import PastTask, count_past_tasks, find_past_tasks
from web.api.blueprint import operation
from web.api.exchange import PAGING, answer, chosen, milliseconds, moment, page, query, sort
from web.api.schemas import COUNT, array, flag, maybe, nothing, number, record, sorting, text
from web.api.schemas import moment as moment_schema
from web.auth import actor
from web.db import db
from web.errors import Unreadable
from web.i18n import language

ENDS = {"open": None, "completed": "completed", "cancelled": "deleted"}
TASK = record(
    id=text, processDefinitionKey=text, processDefinitionId=text, processInstanceId=text, executionId=text,
    rootProcessInstanceId=text, caseDefinitionKey=nothing, caseDefinitionId=nothing, caseInstanceId=nothing,
    caseExecutionId=nothing, activityInstanceId=text, name=maybe(text), description=maybe(text),
    deleteReason=maybe(text), owner=maybe(text), assignee=maybe(text), startTime=moment_schema,
    endTime=maybe(moment_schema), duration=maybe(number), taskDefinitionKey=text, priority=number,
    due=maybe(moment_schema), parentTaskId=nothing, followUp=maybe(moment_schema), tenantId=nothing,
    removalTime=nothing,
)  # fmt: skip
FILTERS = {
    "taskId": "id", "processInstanceId": "instance_id", "processInstanceBusinessKey": "key",
    "processDefinitionId": "definition_id", "processDefinitionKey": "process_id",
    "taskDefinitionKey": "element_id", "taskName": "name", "taskAssignee": "assignee", "taskOwner": "owner",
}  # fmt: skip
TIMES = {
    "startedAfter": "created_from", "startedBefore": "created_until",
    "finishedAfter": "ended_from", "finishedBefore": "ended_until",
}  # fmt: skip
PAIRS = {
    "ended_set": ("finished", "unfinished"),
    "case_ended_set": ("processFinished", "processUnfinished"),
    "assignee_set": ("taskAssigned", "taskUnassigned"),
}
QUERY = {
    **dict.fromkeys(FILTERS, text),
    **dict.fromkeys(TIMES, moment_schema),
    **{name: flag for pair in PAIRS.values() for name in pair},
}
SORTS = {
    "taskId": "id", "processInstanceId": "instance_id", "processDefinitionId": "definition_id",
    "startTime": "created", "endTime": "ended", "taskName": "name", "assignee": "assignee", "owner": "owner",
    "dueDate": "due", "followUpDate": "follow_up", "taskDefinitionKey": "element_id", "priority": "priority",
}  # fmt: skip


def _shown(task: PastTask) -> dict[str, Any]:
    nothing_of_the_kind = ("caseDefinitionKey", "caseDefinitionId", "caseInstanceId", "caseExecutionId")
    return {
        "id": task.id,
        "processDefinitionKey": task.process_id,
        "processDefinitionId": task.definition_id,
        "processInstanceId": task.instance_id,
        "executionId": task.instance_id,
        "rootProcessInstanceId": task.instance_id,
        **dict.fromkeys(nothing_of_the_kind),
        "activityInstanceId": task.id,
        "name": task.name.get(language()) or None,
        "description": task.documentation.get(language()) or None,
        "deleteReason": ENDS[task.state],
        "owner": task.owner,
        "assignee": task.assignee,
        "startTime": moment(task.created_at),
        "endTime": moment(task.ended_at),
        "duration": milliseconds(task.created_at, task.ended_at),
        "taskDefinitionKey": task.element_id,
        "priority": task.priority,
        "due": moment(task.due_at),
        "followUp": moment(task.follow_up_at),
        **dict.fromkeys(("parentTaskId", "tenantId", "removalTime")),
    }


def _wanted() -> dict[str, Any]:
    asked, wanted = query(), chosen(FILTERS | TIMES)
    for fact, (yes, no) in PAIRS.items():
        if asked.get(yes) and asked.get(no):
            raise Unreadable(f"{yes} and {no} exclude each other.")
        if asked.get(yes) or asked.get(no):
            wanted[fact] = bool(asked.get(yes))
    return wanted


@operation(
    "GET", "/history/task", "Tasks, open or not", answer=array(TASK),
    query={**QUERY, **sorting(SORTS), **PAGING},
)  # fmt: skip
def index() -> ResponseReturnValue:
    """A page of the tasks of cases that the person may see, the oldest first if not sorted otherwise."""
    found = find_past_tasks(db.session(), actor(), _wanted(), *page(), sort(SORTS))
    return answer([_shown(task) for task in found])


@operation("GET", "/history/task/count", "How many tasks there are", answer=COUNT, query=QUERY)
def count() -> ResponseReturnValue:
    """How many fit."""
    return answer({"count": count_past_tasks(db.session(), actor(), _wanted())})
