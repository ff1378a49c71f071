"""Process instances: the cases that run, their values, and cancelling one."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from engine import (
    activate_instance,
    cancel_instance,
    count_instances,
    find_instances,
    get_running,
    suspend_instance,
    transaction,
)
from engine.errors import NotFound
from web.api.blueprint import operation
from web.api.exchange import PAGING, answer, body, chosen, done, order, page, query, sorting
from web.api.instance_shape import INSTANCE, instance, values_of
from web.api.schemas import COUNT, array, flag, given, maybe, text
from web.api.suspension import reason_of, wanted_suspended
from web.api.variables import CHOICE, UNPACKED, VARIABLE, VARIABLES, all_shown, shown
from web.auth import actor
from web.db import db
from web.errors import Unreadable
from web.i18n import now

FILTERS = {"processDefinitionId": "definition_id", "processDefinitionKey": "process_id", "businessKey": "key"}
SORTS = {
    "instanceId": "id", "definitionKey": "process_id", "definitionId": "definition_id", "businessKey": "key",
}  # fmt: skip
QUERY = {**dict.fromkeys(FILTERS, text), "active": flag, "suspended": flag}
ONE = "/process-instance/<instance_id>"


def _wanted() -> dict[str, Any]:
    """A case that runs is either active or suspended; false narrows nothing down, as with Camunda."""
    asked, wanted = query(), chosen(FILTERS)
    if asked.get("active") and asked.get("suspended"):
        raise Unreadable("A case is active or suspended, not both.")
    if asked.get("active") or asked.get("suspended"):
        wanted["suspended"] = bool(asked.get("suspended"))
    return wanted


@operation(
    "GET", "/process-instance", "Cases that run", answer=array(INSTANCE),
    query=QUERY | sorting(SORTS) | PAGING,
)  # fmt: skip
def index() -> ResponseReturnValue:
    """A page of the running cases that the person may see, the oldest first."""
    found = find_instances(db.session(), actor(), _wanted(), *page(), order(SORTS))
    return answer([instance(view) for view in found])


@operation("GET", "/process-instance/count", "How many cases run", answer=COUNT, query=QUERY)
def count() -> ResponseReturnValue:
    """How many fit."""
    return answer({"count": count_instances(db.session(), actor(), _wanted())})


@operation("GET", ONE, "A case that runs", answer=INSTANCE, refuses=(404,))
def show(instance_id: str) -> ResponseReturnValue:
    """One running case."""
    return answer(instance(get_running(db.session(), instance_id, actor())))


@operation("GET", f"{ONE}/variables", "The values of a case", answer=VARIABLES, query=CHOICE, refuses=(404,))
def variables(instance_id: str) -> ResponseReturnValue:
    """The current values; personal ones as the person sees them on the page of the case."""
    return answer(all_shown(_values(instance_id)))


@operation(
    "GET", f"{ONE}/variables/<name>", "One value of a case", answer=VARIABLE, query=UNPACKED, refuses=(404,)
)
def variable(instance_id: str, name: str) -> ResponseReturnValue:
    """One current value."""
    query()
    values = _values(instance_id)
    if name not in values:
        raise NotFound(name)
    return answer(shown(values[name]))


def _values(instance_id: str) -> dict[str, object]:
    with transaction(db.session()):  # reading personal data in clear is logged
        return values_of(instance_id)


SUSPENSION = given(suspended=flag, reason=maybe(text))


@operation(
    "PUT", f"{ONE}/suspended", "Suspend a case, or activate it", body=SUSPENSION, status=204,
    refuses=(404, 409),
)  # fmt: skip
def suspended(instance_id: str) -> ResponseReturnValue:
    """Hold a running case, or let it go on. `reason`, which Camunda does not have, goes into the history;
    without it the history says that a program gave none."""
    sent = body()
    verb = suspend_instance if wanted_suspended(sent) else activate_instance
    with transaction(db.session()):
        verb(db.session(), instance_id, actor(), reason_of(sent), now=now())
    return done()


REASON: dict[str, Any] = {"deleteReason": text}


@operation(
    "DELETE", ONE, "Cancel a case; deleteReason says why", query=REASON, status=204, refuses=(404, 409)
)
def delete(instance_id: str) -> ResponseReturnValue:
    """Cancel a running case: its tasks go, its history stays. The reason is mandatory, as on the page."""
    reason = query().get("deleteReason", "")
    with transaction(db.session()):
        cancel_instance(db.session(), instance_id, actor(), reason, now=now())
    return done()
