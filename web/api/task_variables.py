"""The values that somebody at a task sees: those of the case, and those of its multi-instance child."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from engine import get_task_values, transaction
from engine.errors import ValueNotFound
from web.api.blueprint import operation
from web.api.exchange import answer, query
from web.api.variables import CHOICE, UNPACKED, VARIABLE, VARIABLES, all_shown, shown
from web.auth import actor
from web.db import db
from web.i18n import now

ALL: dict[str, Any] = {"answer": VARIABLES, "query": CHOICE, "refuses": (404,)}
ONE: dict[str, Any] = {"answer": VARIABLE, "query": UNPACKED, "refuses": (404,)}
PATH = "/task/<task_id>"


def _values(task_id: str, local: bool) -> dict[str, object]:
    with transaction(db.session()):  # reading personal data in clear is logged
        return get_task_values(db.session(), task_id, actor(), local=local, now=now())


def _one(task_id: str, name: str, local: bool) -> ResponseReturnValue:
    query()
    values = _values(task_id, local)
    if name not in values:
        raise ValueNotFound(name)
    return answer(shown(values[name]))


@operation("GET", f"{PATH}/variables", "The values that a task sees", **ALL)
def variables(task_id: str) -> ResponseReturnValue:
    """The values of the case, covered by those of the task's multi-instance child."""
    return answer(all_shown(_values(task_id, local=False)))


@operation("GET", f"{PATH}/variables/<name>", "One value that a task sees", **ONE)
def variable(task_id: str, name: str) -> ResponseReturnValue:
    """One of them."""
    return _one(task_id, name, local=False)


@operation("GET", f"{PATH}/localVariables", "The values of a task's own multi-instance child", **ALL)
def local_variables(task_id: str) -> ResponseReturnValue:
    """Only what belongs to the task's multi-instance child; of a task outside of all there are none."""
    return answer(all_shown(_values(task_id, local=True)))


@operation("GET", f"{PATH}/localVariables/<name>", "One value of a task's multi-instance child", **ONE)
def local_variable(task_id: str, name: str) -> ResponseReturnValue:
    """One of them."""
    return _one(task_id, name, local=True)
