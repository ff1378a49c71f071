"""The history of cases: running, completed and cancelled ones."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from engine import PastInstance, count_past_instances, find_past_instances, get_past_instance
from web.api.blueprint import operation
from web.api.exchange import PAGING, answer, chosen, milliseconds, moment, page, query, several, sort
from web.api.schemas import COUNT, array, flag, maybe, nothing, number, one_of, record, sorting, text
from web.api.schemas import moment as moment_schema
from web.auth import actor
from web.db import db
from web.i18n import language

STATES = {"running": "ACTIVE", "completed": "COMPLETED", "cancelled": "EXTERNALLY_TERMINATED"}
CASE = record(
    id=text, businessKey=text, caseNumber=text, processDefinitionId=text, processDefinitionKey=text,
    processDefinitionName=maybe(text), processDefinitionVersion=number, startTime=moment_schema,
    endTime=maybe(moment_schema), removalTime=nothing, durationInMillis=maybe(number), startUserId=text,
    startActivityId=maybe(text), deleteReason=maybe(text), rootProcessInstanceId=text,
    superProcessInstanceId=nothing, superCaseInstanceId=nothing, caseInstanceId=nothing, tenantId=nothing,
    state=one_of(STATES.values()),
)  # fmt: skip
FILTERS = {
    "processInstanceId": "id", "processInstanceBusinessKey": "key", "processDefinitionId": "definition_id",
    "processDefinitionKey": "process_id", "startedBy": "started_by",
}  # fmt: skip
LISTS = {"processInstanceIds": "id_in"}
TIMES = {
    "startedAfter": "started_from", "startedBefore": "started_until",
    "finishedAfter": "ended_from", "finishedBefore": "ended_until",
}  # fmt: skip
KINDS = {
    "finished": {"ended_set": True},
    "unfinished": {"ended_set": False},
    "active": {"state": "running"},
    "completed": {"state": "completed"},
    "externallyTerminated": {"state": "cancelled"},
}
QUERY = {
    **dict.fromkeys([*FILTERS, *LISTS], text),
    **dict.fromkeys(TIMES, moment_schema),
    **dict.fromkeys(KINDS, flag),
}
SORTS = {
    "instanceId": "id", "definitionId": "definition_id", "definitionKey": "process_id",
    "definitionVersion": "version", "businessKey": "business_key", "startTime": "started", "endTime": "ended",
}  # fmt: skip
PATH = "/history/process-instance"


def _shown(view: PastInstance) -> dict[str, Any]:
    return {
        "id": view.id,
        "businessKey": view.client_key or view.business_key,
        "caseNumber": view.business_key,
        "processDefinitionId": view.definition_id,
        "processDefinitionKey": view.process_id,
        "processDefinitionName": view.name.get(language()) or None,
        "processDefinitionVersion": view.version,
        "startTime": moment(view.started_at),
        "endTime": moment(view.ended_at),
        "removalTime": None,
        "durationInMillis": milliseconds(view.started_at, view.ended_at),
        "startUserId": view.started_by,
        "startActivityId": view.started_at_element,
        "deleteReason": view.reason,
        "rootProcessInstanceId": view.id,
        **dict.fromkeys(("superProcessInstanceId", "superCaseInstanceId", "caseInstanceId", "tenantId")),
        "state": STATES[view.state],
    }


def _wanted() -> dict[str, Any]:
    """What the query string asks for; two kinds that exclude each other find nothing."""
    asked, wanted = query(), chosen(FILTERS | TIMES) | several(LISTS)
    for name, facts in KINDS.items():
        for fact, value in facts.items() if asked.get(name) else ():
            contradicts = wanted.get(fact, value) != value
            wanted |= {"state_in": ()} if contradicts else {fact: value}
    return wanted


@operation(
    "GET", PATH, "Cases, running or ended", answer=array(CASE), query={**QUERY, **sorting(SORTS), **PAGING}
)
def index() -> ResponseReturnValue:
    """A page of the cases that the person may see, the oldest first if not sorted otherwise."""
    found = find_past_instances(db.session(), actor(), _wanted(), *page(), sort(SORTS))
    return answer([_shown(view) for view in found])


@operation("GET", f"{PATH}/count", "How many cases there are", answer=COUNT, query=QUERY)
def count() -> ResponseReturnValue:
    """How many fit."""
    return answer({"count": count_past_instances(db.session(), actor(), _wanted())})


@operation("GET", f"{PATH}/<instance_id>", "One case, running or ended", answer=CASE, refuses=(404,))
def show(instance_id: str) -> ResponseReturnValue:
    """One case."""
    return answer(_shown(get_past_instance(db.session(), instance_id, actor())))
