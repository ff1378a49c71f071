"""Process definitions: every version of every process, its diagram, its start form, and starting it."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from engine import (
    DeployedDefinition,
    activate_definition,
    count_definitions,
    get_definition_xml,
    get_deployed_definition,
    get_start_form,
    list_deployed_definitions,
    start_instance,
    suspend_definition,
    transaction,
)
from engine.errors import OlderVersion
from web.api.blueprint import operation
from web.api.definition_shape import DEFINITION, definition
from web.api.exchange import PAGING, answer, body, chosen, done, flagged, order, page, query, sorting, string
from web.api.instance_shape import STARTED, started
from web.api.schemas import COUNT, array, flag, given, maybe, nothing, record, text
from web.api.suspension import reason_of, wanted_suspended
from web.api.variables import CHOICE, SENT, VARIABLES, all_shown, received
from web.auth import actor
from web.db import db
from web.errors import Unreadable
from web.i18n import now

FILTERS = {
    "processDefinitionId": "id", "key": "process_id", "name": "name", "version": "version",
    "deploymentId": "deployment_id",
}  # fmt: skip
SORTS = {
    "key": "process_id", "id": "id", "name": "name", "version": "version", "deploymentId": "deployment_id",
}  # fmt: skip
QUERY = {
    **{name: text for name in FILTERS if name != "version"},
    "version": {"type": "integer", "minimum": 1, "maximum": 10**8},
    "latestVersion": flag,
    "suspended": flag,
    "active": flag,
}
START = given(businessKey=maybe(text), variables=maybe(SENT), withVariablesInReturn=flag)
ONE = {"id": "/process-definition/<definition_id>", "key": "/process-definition/key/<key>"}


def _wanted() -> dict[str, Any]:
    asked = query()
    if asked.get("active") and asked.get("suspended"):
        raise Unreadable("A version is active or suspended, not both.")
    wanted = chosen(FILTERS) | ({"latest": True} if asked.get("latestVersion") else {})
    if asked.get("active") or asked.get("suspended"):
        wanted["suspended"] = bool(asked.get("suspended"))
    return wanted


@operation(
    "GET", "/process-definition", "Versions of processes", answer=array(DEFINITION),
    query=QUERY | sorting(SORTS) | PAGING,
)  # fmt: skip
def index() -> ResponseReturnValue:
    """A page of the versions that fit, by process and version."""
    found = list_deployed_definitions(db.session(), actor(), _wanted(), *page(), order(SORTS))
    return answer([definition(view) for view in found])


@operation("GET", "/process-definition/count", "How many versions there are", answer=COUNT, query=QUERY)
def count() -> ResponseReturnValue:
    """How many fit."""
    return answer({"count": count_definitions(db.session(), actor(), _wanted())})


def _found(definition_id: str | None = None, key: str | None = None) -> DeployedDefinition:
    """A version by its id, the latest by its key. Raises ProcessNotFound, also for what he may not see."""
    return get_deployed_definition(db.session(), actor(), id=definition_id, process_id=key)


@operation("GET", ONE["id"], "One version", answer=DEFINITION, refuses=(404,))
@operation("GET", ONE["key"], "The latest version of a process", answer=DEFINITION, refuses=(404,))
def show(**which: str) -> ResponseReturnValue:
    """One version."""
    return answer(definition(_found(**which)))


XML = record(id=text, bpmn20Xml=text)


@operation("GET", f"{ONE['id']}/xml", "The diagram of a version", answer=XML, refuses=(404,))
@operation("GET", f"{ONE['key']}/xml", "The latest diagram of a process", answer=XML, refuses=(404,))
def xml(**which: str) -> ResponseReturnValue:
    """The diagram as it was handed in."""
    view = _found(**which)
    drawn = get_definition_xml(db.session(), view)
    encoding = "utf-16" if drawn.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return answer({"id": view.id, "bpmn20Xml": drawn.decode(encoding)})


FORM = {"answer": VARIABLES, "query": CHOICE, "refuses": (404, 409)}


@operation("GET", f"{ONE['id']}/form-variables", "What the start form of a version asks", **FORM)
@operation("GET", f"{ONE['key']}/form-variables", "What the start form of a process asks", **FORM)
def form_variables(**which: str) -> ResponseReturnValue:
    """The fields of the start form with their defaults."""
    view = _found(**which)
    if not view.latest:
        raise OlderVersion(process_id=view.process_id, version=_found(key=view.process_id).version)
    return answer(all_shown(get_start_form(db.session(), view.process_id, actor()).values))


SUSPENDING: dict[str, Any] = {
    "body": given(
        suspended=flag, reason=maybe(text), includeProcessInstances=maybe(flag), executionDate=nothing
    ),
    "status": 204,
    "refuses": (404, 409),
}


@operation("PUT", f"{ONE['id']}/suspended", "Suspend a version, or activate it", **SUSPENDING)
@operation("PUT", f"{ONE['key']}/suspended", "Suspend the latest version, or activate it", **SUSPENDING)
def suspended(**which: str) -> ResponseReturnValue:
    """Let no case of a version start, or let them start again; cases that run go on, each may be suspended
    by itself. `reason`, which Camunda does not have, is kept with who did it."""
    sent = body()
    if flagged(sent, "includeProcessInstances") or sent.get("executionDate") is not None:
        raise Unreadable("Cases are suspended one by one, and at once.")
    verb = suspend_definition if wanted_suspended(sent) else activate_definition
    with transaction(db.session()):
        verb(
            db.session(), actor(), reason_of(sent), id=which.get("definition_id"),
            process_id=which.get("key"), now=now(),
        )  # fmt: skip
    return done()


STARTING = {"answer": STARTED, "body": START, "refuses": (404, 409), "once": True}


@operation("POST", f"{ONE['id']}/start", "Start a case of a version, which must be the latest", **STARTING)
@operation("POST", f"{ONE['key']}/start", "Start a case of the latest version", **STARTING)
def start(**which: str) -> ResponseReturnValue:
    """Start a case with the values of the start form. The case gets its number from us; the caller's
    `businessKey` is kept beside it and given back. `Idempotency-Key` makes it safe to repeat."""
    sent = body()
    values, key = received(sent.get("variables")), string(sent, "businessKey")
    if key is not None and len(key) > 255:
        raise Unreadable("businessKey may have 255 characters.")
    view = _found(**which)
    with transaction(db.session()):
        made = start_instance(
            db.session(), view.process_id, actor(), values,
            definition_id=which.get("definition_id"), client_key=key or None,
            idempotency_key=request.headers.get("Idempotency-Key"), now=now(),
        )  # fmt: skip
    with transaction(db.session()):  # reading personal data in clear is logged
        return answer(started(made, view, key, sent.get("withVariablesInReturn") is True))
