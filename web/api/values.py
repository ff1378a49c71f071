"""Values across cases: of those that run (variable instances), and of all of them (their history)."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from engine import CaseValue, count_values, find_values, get_value, transaction
from web.api.blueprint import operation
from web.api.exchange import PAGING, answer, chosen, page, query, several, sort
from web.api.schemas import ANYTHING, COUNT, array, nothing, one_of, record, sorting, table, text
from web.api.variables import UNPACKED, shown
from web.auth import actor
from web.db import db
from web.i18n import now

INSTANCE = record(
    id=text, name=text, type=text, value=ANYTHING, valueInfo=table(ANYTHING), processDefinitionKey=text,
    processDefinitionId=text, processInstanceId=text, executionId=text, caseInstanceId=nothing,
    caseExecutionId=nothing, taskId=nothing, batchId=nothing, activityInstanceId=text, tenantId=nothing,
    errorMessage=nothing,
)  # fmt: skip
CREATED = "CREATED"
PAST = record(
    **INSTANCE["properties"], caseDefinitionKey=nothing, caseDefinitionId=nothing, state=one_of([CREATED]),
    createTime=nothing, removalTime=nothing, rootProcessInstanceId=text,
)  # fmt: skip
SORTS = {"variableName": "name", "instanceId": "instance_id"}
RUNNING = {"state": "running"}
NOW_LISTS = {"processInstanceIdIn": "instance_id_in", "taskIdIn": "task"}
NOW_QUERY = {"variableName": text, **dict.fromkeys(NOW_LISTS, text)}
PAST_FILTERS = {
    "processInstanceId": "instance_id", "processDefinitionId": "definition_id",
    "processDefinitionKey": "process_id", "variableName": "name",
}  # fmt: skip
PAST_LISTS = {"processInstanceIdIn": "instance_id_in", "variableNameIn": "name_in"}
PAST_QUERY = {**dict.fromkeys([*PAST_FILTERS, *PAST_LISTS], text)}
ONE: dict[str, Any] = {"query": UNPACKED, "refuses": (404,)}


def _shown(view: CaseValue) -> dict[str, Any]:
    place = view.scope or view.instance_id
    return {
        "id": view.id,
        "name": view.name,
        **shown(view.value),
        "processDefinitionKey": view.process_id,
        "processDefinitionId": view.definition_id,
        "processInstanceId": view.instance_id,
        "executionId": place,
        **dict.fromkeys(("caseInstanceId", "caseExecutionId", "taskId", "batchId")),
        "activityInstanceId": place,
        "tenantId": None,
        "errorMessage": None,
    }


def _past(view: CaseValue) -> dict[str, Any]:
    """When a value was first set is not kept beside it; the user operations tell."""
    gone = dict.fromkeys(("caseDefinitionKey", "caseDefinitionId", "createTime", "removalTime"))
    return {**_shown(view), **gone, "state": CREATED, "rootProcessInstanceId": view.instance_id}


def _now() -> dict[str, Any]:
    return {**RUNNING, **chosen({"variableName": "name"}), **several(NOW_LISTS)}


def _found(wanted: dict[str, Any]) -> list[CaseValue]:
    with transaction(db.session()):  # reading personal data in clear is logged
        return find_values(db.session(), actor(), wanted, *page(), sort(SORTS), now=now())


def _one(value_id: str, wanted: dict[str, Any]) -> CaseValue:
    query()
    with transaction(db.session()):  # reading personal data in clear is logged
        return get_value(db.session(), value_id, actor(), wanted, now=now())


@operation(
    "GET", "/variable-instance", "Values of cases that run", answer=array(INSTANCE),
    query={**NOW_QUERY, **UNPACKED, **sorting(SORTS), **PAGING},
)  # fmt: skip
def index() -> ResponseReturnValue:
    """A page of the values of running cases; personal ones as the person sees them on the pages of cases."""
    return answer([_shown(view) for view in _found(_now())])


@operation(
    "GET", "/variable-instance/count", "How many values running cases have", answer=COUNT, query=NOW_QUERY
)
def count() -> ResponseReturnValue:
    """How many fit."""
    return answer({"count": count_values(db.session(), actor(), _now())})


@operation("GET", "/variable-instance/<value_id>", "One value of a case that runs", answer=INSTANCE, **ONE)
def show(value_id: str) -> ResponseReturnValue:
    """One value."""
    return answer(_shown(_one(value_id, RUNNING)))


@operation(
    "GET", "/history/variable-instance", "Values of all cases", answer=array(PAST),
    query={**PAST_QUERY, **UNPACKED, **sorting(SORTS), **PAGING},
)  # fmt: skip
def past() -> ResponseReturnValue:
    """A page of the values of running and ended cases, likewise."""
    return answer([_past(view) for view in _found(chosen(PAST_FILTERS) | several(PAST_LISTS))])


@operation(
    "GET", "/history/variable-instance/count", "How many values all cases have", answer=COUNT,
    query=PAST_QUERY,
)  # fmt: skip
def past_count() -> ResponseReturnValue:
    """How many fit."""
    wanted = chosen(PAST_FILTERS) | several(PAST_LISTS)
    return answer({"count": count_values(db.session(), actor(), wanted)})


@operation("GET", "/history/variable-instance/<value_id>", "One value of a case", answer=PAST, **ONE)
def past_one(value_id: str) -> ResponseReturnValue:
    """One value."""
    return answer(_past(_one(value_id, {})))
