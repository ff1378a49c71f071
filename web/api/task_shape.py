"""An open task as programs see it."""

from __future__ import annotations

from typing import Any

from engine import OpenTask
from web.api.exchange import moment
from web.api.schemas import flag, maybe, nothing, number, one_of, record, text
from web.api.schemas import moment as moment_schema
from web.i18n import language

DELEGATIONS = ("PENDING", "RESOLVED")
FORM_REF = record(key=text, binding=text, version=nothing)
TASK = record(
    id=text, name=maybe(text), assignee=maybe(text), created=moment_schema, due=maybe(moment_schema),
    followUp=maybe(moment_schema), delegationState=maybe(one_of(DELEGATIONS)), description=maybe(text),
    executionId=text, owner=maybe(text), parentTaskId=nothing, priority=number, processDefinitionId=text,
    processInstanceId=text, taskDefinitionKey=text, caseExecutionId=nothing, caseInstanceId=nothing,
    caseDefinitionId=nothing, suspended=flag, formKey=nothing, camundaFormRef=maybe(FORM_REF),
    tenantId=nothing,
)  # fmt: skip


def shown_task(view: OpenTask) -> dict[str, Any]:
    """Every key that clients read, null where there is nothing of the kind here."""
    reference = {"key": view.form_key, "binding": "deployment", "version": None}
    return {
        "id": view.id,
        "name": view.name.get(language()) or None,
        "assignee": view.assignee,
        "created": moment(view.created_at),
        "due": moment(view.due_at),
        "followUp": moment(view.follow_up_at),
        "delegationState": view.delegation.upper() if view.delegation else None,
        "description": view.documentation.get(language()) or None,
        "executionId": view.instance_id,
        "owner": view.owner,
        "parentTaskId": None,
        "priority": view.priority,
        "processDefinitionId": view.definition_id,
        "processInstanceId": view.instance_id,
        "taskDefinitionKey": view.element_id,
        "caseExecutionId": None,
        "caseInstanceId": None,
        "caseDefinitionId": None,
        "suspended": view.suspended,
        "formKey": None,
        "camundaFormRef": reference if view.form_key else None,
        "tenantId": None,
    }
