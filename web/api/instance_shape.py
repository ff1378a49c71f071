"""A case as programs see it, running or just started."""

from __future__ import annotations

from typing import Any

from flask import url_for

from engine import DeployedDefinition, RunningInstance, Started, find_instances, get_variables
from web.api.schemas import array, flag, nothing, record, text
from web.api.variables import VARIABLES, shown
from web.auth import actor
from web.db import db
from web.i18n import now

LINK = record(method=text, href=text, rel=text)
INSTANCE = record(
    links=array(LINK), id=text, definitionId=text, definitionKey=text, businessKey=text, caseNumber=text,
    caseInstanceId=nothing, ended=flag, suspended=flag, tenantId=nothing,
)  # fmt: skip
STARTED = {**INSTANCE, "properties": {**INSTANCE["properties"], "variables": VARIABLES}}


def instance(view: RunningInstance, ended: bool = False) -> dict[str, Any]:
    """The JSON of a case. `businessKey` is the caller's own where it gave one, else our number;
    `caseNumber` is always our number."""
    href = url_for("api.get_process_instance_instance_id", instance_id=view.id, _external=True)
    return {
        "links": [{"method": "GET", "href": href, "rel": "self"}],
        "id": view.id,
        "definitionId": view.definition_id,
        "definitionKey": view.process_id,
        "businessKey": view.client_key or view.business_key,
        "caseNumber": view.business_key,
        "caseInstanceId": None,
        "ended": ended,
        "suspended": view.suspended,
        "tenantId": None,
    }


def started(
    made: Started, version: DeployedDefinition, key: str | None, with_variables: bool
) -> dict[str, Any]:
    """The JSON of a case that was started just now, and may have ended already."""
    running = find_instances(db.session(), actor(), {"id": made.instance_id}, limit=1)
    view = RunningInstance(made.instance_id, made.business_key, key or None, version.process_id, version.id)
    told = instance(running[0] if running else view, ended=not running)
    return {**told, "variables": current(made.instance_id)} if with_variables else told


def values_of(instance_id: str) -> dict[str, object]:
    """The current values of the case itself. Raises InstanceNotFound."""
    found = get_variables(db.session(), instance_id, actor(), now=now())
    return {view.name: view.value for view in found if not view.scope}


def current(instance_id: str) -> dict[str, Any]:
    """The same as programs write them."""
    return {name: shown(value) for name, value in values_of(instance_id).items()}
