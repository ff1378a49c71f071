"""Messages and signals: what programs say to cases that wait, or to the process that starts with it."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from engine import MessageSent, correlate_message, get_case, sees, send_signal, transaction
from web.api.blueprint import operation
from web.api.exchange import answer, body, done, flagged, string
from web.api.instance_shape import INSTANCE, current, instance
from web.api.schemas import array, flag, given, maybe, nothing, record, text
from web.api.variables import SENT, VARIABLES, received
from web.auth import actor
from web.db import db
from web.errors import Unreadable
from web.i18n import now

EXECUTION = record(id=text, processInstanceId=text, ended=flag, tenantId=nothing)
RESULT = {
    "type": "object",
    "properties": {
        "resultType": text, "execution": EXECUTION, "processInstance": INSTANCE, "variables": VARIABLES,
    },
    "required": ["resultType"],
}  # fmt: skip
MESSAGE = given(
    messageName=text, businessKey=maybe(text), processInstanceId=maybe(text), correlationKeys=maybe(SENT),
    processVariables=maybe(SENT), resultEnabled=maybe(flag), variablesInResultEnabled=maybe(flag),
    withoutTenantId=maybe(flag),
)  # fmt: skip
SIGNAL = given(name=text, executionId=maybe(text), variables=maybe(SENT), withoutTenantId=maybe(flag))
LONGEST = 255  # characters of a name or key


def _refuse(sent: dict[str, Any], *names: str) -> None:
    """What would narrow or widen who is meant and is not there is refused, not passed over (400)."""
    if asked := [name for name in names if sent.get(name)]:
        raise Unreadable(f"{asked[0]} is not supported here.")


def _named(sent: dict[str, Any], name: str) -> str:
    found = string(sent, name)
    if not found or len(found) > LONGEST:
        raise Unreadable(f"{name} must be a text of 1 to {LONGEST} characters.")
    return found


@operation(
    "POST", "/message", "Correlate a message with one case, or start one with it", body=MESSAGE, status=204,
    more={200: array(RESULT)}, refuses=(404, 409), once=True,
)  # fmt: skip
def correlate() -> ResponseReturnValue:
    """To the case that waits for it, the longest waiting one of several, else to the process that starts with
    it. With `resultEnabled` the answer says to whom it went: to nobody yet (`[]`) if only a suspended case
    waits, which gets it once it is activated. `Idempotency-Key` makes it safe to repeat."""
    sent = body()
    _refuse(sent, "tenantId", "all", "localCorrelationKeys", "processVariablesLocal")
    name, key, case = (
        _named(sent, "messageName"),
        string(sent, "businessKey"),
        string(sent, "processInstanceId"),
    )
    if key is not None and len(key) > LONGEST:
        raise Unreadable(f"businessKey may have {LONGEST} characters.")
    told, with_values = flagged(sent, "resultEnabled"), flagged(sent, "variablesInResultEnabled")
    correlation, payload = received(sent.get("correlationKeys")), received(sent.get("processVariables"))
    with transaction(db.session()):
        made = correlate_message(
            db.session(), name, actor(), business_key=key or None, instance_id=case or None,
            correlation=correlation, payload=payload, at_once=True,
            idempotency_key=request.headers.get("Idempotency-Key"), now=now(),
        )  # fmt: skip
    if not told:
        return done()
    with transaction(db.session()):  # reading personal data in clear is logged
        return answer([_result(made, with_values)] if made.instance_id else [])


def _result(made: MessageSent, with_values: bool) -> dict[str, Any]:
    case = str(made.instance_id)
    seen = sees(db.session(), actor(), case)  # whoever may not see it is told of the delivery all the same
    values = {"variables": current(case)} if with_values and seen else {}
    if made.started and seen:
        view = get_case(db.session(), case, actor())
        return {"resultType": "ProcessDefinition", "processInstance": instance(view, view.ended), **values}
    execution = {"id": case, "processInstanceId": case, "ended": False, "tenantId": None}
    return {"resultType": "Execution", "execution": execution, **values}


@operation(
    "POST", "/signal", "Send a signal to every case that waits for it", body=SIGNAL, status=204,
    refuses=(409,), once=True,
)  # fmt: skip
def signal() -> ResponseReturnValue:
    """Every case that waits hears it within moments, in a job of its own; `executionId` names one of them,
    by the id of the case. `Idempotency-Key` makes it safe to repeat."""
    sent = body()
    _refuse(sent, "tenantId")
    with transaction(db.session()):
        send_signal(
            db.session(), _named(sent, "name"), actor(), instance_id=string(sent, "executionId") or None,
            payload=received(sent.get("variables")),
            idempotency_key=request.headers.get("Idempotency-Key"), now=now(),
        )  # fmt: skip
    return done()
