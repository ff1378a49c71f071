"""Delegating a task to somebody who prepares it, and giving it back."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from engine import delegate_task, resolve_task, transaction
from web.api.blueprint import operation
from web.api.exchange import body, done, string
from web.api.schemas import given, maybe
from web.api.tasks import CHANGES, NO_REASON, ONE, USER
from web.api.variables import SENT, received
from web.auth import actor
from web.db import db
from web.errors import Unreadable
from web.i18n import now

RESOLVED: dict[str, Any] = given(variables=maybe(SENT))


@operation("POST", f"{ONE}/delegate", "Have somebody else prepare one's task", body=USER, **CHANGES)
def delegate(task_id: str) -> ResponseReturnValue:
    """The task goes to `userId` and comes back to be completed. `reason`, which Camunda does not have, goes
    into the history; without it the history says that a program gave none."""
    sent = body()
    person, reason = string(sent, "userId"), string(sent, "reason")
    if person is None:
        raise Unreadable("userId must name somebody.")
    why = (reason or "").strip() or NO_REASON
    with transaction(db.session()):
        delegate_task(db.session(), task_id, actor(), person, why, now=now())
    return done()


@operation("POST", f"{ONE}/resolve", "Give a delegated task back to its owner", body=RESOLVED, **CHANGES)
def resolve(task_id: str) -> ResponseReturnValue:
    """The values sent join the draft, which the owner finds in the form."""
    values = received(body().get("variables"))
    with transaction(db.session()):
        resolve_task(db.session(), task_id, actor(), values, now=now())
    return done()
