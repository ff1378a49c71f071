"""A version of a process as programs see it; deployments and process definitions both show it."""

from __future__ import annotations

from typing import Any

from engine import DeployedDefinition
from web.api.schemas import flag, maybe, nothing, number, record, text
from web.i18n import language

DEFINITION = record(
    id=text, key=text, category=maybe(text), description=maybe(text), name=maybe(text), version=number,
    resource=text, deploymentId=text, diagram=nothing, suspended=flag, tenantId=nothing, versionTag=nothing,
    historyTimeToLive=nothing, startableInTasklist=flag,
)  # fmt: skip


def definition(view: DeployedDefinition) -> dict[str, Any]:
    """The JSON of a version, its name in the person's language."""
    return {
        "id": view.id,
        "key": view.process_id,
        "category": None,
        "description": view.documentation.get(language()) or None,
        "name": view.name.get(language()) or None,
        "version": view.version,
        "resource": view.resource,
        "deploymentId": view.deployment_id,
        "diagram": None,
        "suspended": view.suspended,
        "tenantId": None,
        "versionTag": None,
        "historyTimeToLive": None,
        "startableInTasklist": view.startable,
    }
