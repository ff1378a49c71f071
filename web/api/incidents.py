"""Incidents: jobs that failed for good and wait for an operator."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from engine import OpenIncident, cancel_incident, count_incidents, find_incidents, get_incident, transaction
from web.api.blueprint import operation
from web.api.exchange import PAGING, answer, chosen, done, moment, order, page, query, sorting
from web.api.schemas import COUNT, array, maybe, nothing, record, text
from web.api.schemas import moment as moment_schema
from web.auth import actor
from web.db import db
from web.i18n import language, now

EXTERNAL, JOB = "failedExternalTask", "failedJob"
FILTERS = {
    "incidentId": "id", "incidentMessage": "message", "processDefinitionId": "definition_id",
    "processInstanceId": "instance_id", "executionId": "instance_id", "configuration": "job_id",
    "activityId": "element_id",
}  # fmt: skip
SORTS = {
    "incidentId": "id", "incidentMessage": "cause", "incidentTimestamp": "opened", "incidentType": "kind",
    "executionId": "instance_id", "processInstanceId": "instance_id", "processDefinitionId": "definition_id",
    "configuration": "job_id",
}  # fmt: skip
QUERY = {**dict.fromkeys(FILTERS, text), "incidentType": {"type": "string", "enum": [JOB, EXTERNAL]}}
INCIDENT = record(
    id=text, processDefinitionId=maybe(text), processInstanceId=maybe(text), executionId=maybe(text),
    incidentTimestamp=moment_schema, incidentType=text, activityId=maybe(text), failedActivityId=maybe(text),
    causeIncidentId=text, rootCauseIncidentId=text, configuration=text, incidentMessage=text,
    tenantId=nothing, jobDefinitionId=nothing, annotation=nothing,
)  # fmt: skip
ONE = "/incident/<incident_id>"
NO_REASON = "Given up by a program, which gave no reason."  # Camunda's clients have no field for one


def _shown(view: OpenIncident) -> dict[str, Any]:
    """Every key that clients read. `configuration` is the id of the job, by which it is tried again."""
    return {
        "id": view.id,
        "processDefinitionId": view.definition_id,
        "processInstanceId": view.instance_id,
        "executionId": view.instance_id,
        "incidentTimestamp": moment(view.opened_at),
        "incidentType": EXTERNAL if view.kind == "external" else JOB,
        "activityId": view.element_id,
        "failedActivityId": view.element_id,
        "causeIncidentId": view.id,
        "rootCauseIncidentId": view.id,
        "configuration": view.job_id,
        "incidentMessage": view.cause.get(language()),
        "tenantId": None,
        "jobDefinitionId": None,
        "annotation": None,
    }


def _wanted() -> dict[str, Any]:
    kind = query().get("incidentType")
    return chosen(FILTERS) | ({} if kind is None else {"external": kind == EXTERNAL})


@operation(
    "GET", "/incident", "Open incidents", answer=array(INCIDENT), query=QUERY | sorting(SORTS) | PAGING
)
def index() -> ResponseReturnValue:
    """A page of the open ones, the oldest first. Which case it is in is told to whoever may see the case."""
    found = find_incidents(db.session(), actor(), _wanted(), *page(), order(SORTS))
    return answer([_shown(view) for view in found])


@operation("GET", "/incident/count", "How many incidents are open", answer=COUNT, query=QUERY)
def count() -> ResponseReturnValue:
    """How many fit."""
    return answer({"count": count_incidents(db.session(), actor(), _wanted())})


@operation("GET", ONE, "An open incident", answer=INCIDENT, refuses=(404,))
def show(incident_id: str) -> ResponseReturnValue:
    """One open incident."""
    return answer(_shown(get_incident(db.session(), incident_id, actor())))


@operation(
    "DELETE", ONE, "Give a failed job up; reason says why", query={"reason": text}, status=204,
    refuses=(404, 409),
)  # fmt: skip
def delete(incident_id: str) -> ResponseReturnValue:
    """Give the job up, as on the page. `reason`, which Camunda does not have, goes into the history; without
    it the history says that a program gave none."""
    reason = query().get("reason", "").strip() or NO_REASON
    with transaction(db.session()):
        cancel_incident(db.session(), incident_id, actor(), reason, now=now())
    return done()
