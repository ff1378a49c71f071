"""The messages between cases and from outside: on their way, dead, delivered, dropped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from engine.queries.access import may_see_one
from engine.queries.bundles import bundle_of
from engine.queries.masking import masked
from engine.queries.operations import check_reader, may_operate
from engine.queries.paging import count, order_by
from engine.queries.views import Actor, Page
from engine.storage.models import Job, Message, Person, ProcessDefinition, ProcessInstance

MESSAGE_STATES = ("dead", "pending", "delivered", "dropped")
_from, _to = aliased(ProcessInstance), aliased(ProcessInstance)


@dataclass(frozen=True)
class MessageRow:
    """A message. What it carries (`correlation`, `payload`) is None for whoever is no operator; personal data
    in it are masked. `next_at`: when a pending one is tried again. Cases: number, and the id if the reader
    may see the case."""

    id: str
    name: str
    state: str
    business_key: str | None
    correlation: Mapping[str, object] | None
    payload: Mapping[str, object] | None
    sent_at: datetime
    sent_by_name: str | None
    sent_number: str | None
    sent_in: str | None
    delivered_at: datetime | None
    delivered_number: str | None
    delivered_to: str | None
    attempts: int
    next_at: datetime | None
    last_error: str | None


def list_messages(
    session: Session,
    actor: Actor,
    *,
    state: str = "dead",
    name: str | None = None,
    descending: bool = True,
    cursor: str | None = None,
    limit: int = 25,
) -> Page[MessageRow]:
    """One page of the messages in a state (dead, pending, delivered, dropped), by when they were sent.

    `name`: only messages of that name. Raises NotAllowed."""
    check_reader(actor)
    order = order_by(Message.sent_at, Message.id, descending, cursor, limit)
    statement = _filtered(actor, state, name)
    rows = session.execute(order.apply(statement)).all()
    kept, following, preceding = order.cut(rows, lambda row: (row.Message.sent_at, row.Message.id))
    total = count(session, statement.with_only_columns(Message.id))
    personal = _personal_names(session) if may_operate(actor) and kept else None
    return Page([_row(row, personal) for row in kept], following, preceding, *total)


def _filtered(actor: Actor, state: str, name: str | None) -> Any:
    statement: Any = (
        select(
            Message, Person.name.label("sender"), _from.business_key.label("from_number"),
            _to.business_key.label("to_number"), may_see_one(actor, _from.id).label("sees_from"),
            may_see_one(actor, _to.id).label("sees_to"), Job.attempts, Job.due_at, Job.last_error,
        )
        .outerjoin(Person, Person.id == Message.sent_by)
        .outerjoin(_from, _from.id == Message.sent_in)
        .outerjoin(_to, _to.id == Message.delivered_to)
        .outerjoin(Job, Job.id == Message.job_id)
        .where(Message.state == state)
    )  # fmt: skip
    return statement.where(Message.name == name) if name else statement


def _personal_names(session: Session) -> frozenset[str]:
    """Every field that is personal in any process as deployed now."""
    latest = select(ProcessDefinition.bundle_hash).where(ProcessDefinition.latest.is_(True))
    bundles = [bundle_of(session, bundle_hash) for bundle_hash in session.scalars(latest)]
    drawn = [element.form for bundle in bundles for element in bundle.elements.values() if element.form]
    forms = [*drawn, *(form for bundle in bundles for form in bundle.forms.values())]
    return frozenset().union(*(form.personal_names for form in forms))


def _row(row: Any, personal: frozenset[str] | None) -> MessageRow:
    found = row.Message
    pending = found.state == "pending"
    carried = found.correlation, found.payload
    correlation, payload = (None if personal is None else masked(v, personal) for v in carried)
    return MessageRow(
        found.id, found.name, found.state, found.business_key, correlation, payload, found.sent_at,
        row.sender or found.sent_by, row.from_number, found.sent_in if row.sees_from else None,
        found.delivered_at, row.to_number, found.delivered_to if row.sees_to else None,
        row.attempts or 0, row.due_at if pending else None, row.last_error if pending else None,
    )  # fmt: skip
