"""Process instances: the cases that run, their values, and cancelling one."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from engine import cancel_instance, count_instances, find_instances, get_running, transaction
from engine.errors import NotFound
from web.api.blueprint import operation
from web.api.exchange import PAGING, answer, chosen, done, page, query
from web.api.instance_shape import INSTANCE, instance, values_of
from web.api.schemas import COUNT, array, flag, text
from web.api.variables import CHOICE, UNPACKED, VARIABLE, VARIABLES, all_shown, shown
from web.auth import actor
from web.db import db
from web.i18n import now

FILTERS = {"processDefinitionId": "definition_id", "processDefinitionKey": "process_id", "businessKey": "key"}
QUERY = {**dict.fromkeys(FILTERS, text), "active": flag, "suspended": flag}
ONE = "/process-instance/<instance_id>"


def _nothing_fits() -> bool:
    """Every running case is active: nothing is suspended here."""
    asked = query()
    return bool(asked.get("suspended")) or asked.get("active") is False


@operation("GET", "/process-instance", "Cases that run", answer=array(INSTANCE), query=QUERY | PAGING)
def index() -> ResponseReturnValue:
    """A page of the running cases that the person may see, the oldest first."""
    found = [] if _nothing_fits() else find_instances(db.session(), actor(), chosen(FILTERS), *page())
    return answer([instance(view) for view in found])


@operation("GET", "/process-instance/count", "How many cases run", answer=COUNT, query=QUERY)
def count() -> ResponseReturnValue:
    """How many fit."""
    fitting = 0 if _nothing_fits() else count_instances(db.session(), actor(), chosen(FILTERS))
    return answer({"count": fitting})


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
