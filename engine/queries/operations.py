"""What needs an operator: jobs that failed for good. Who may look, who may step in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import NotAllowed
from engine.queries.access import may_see_one
from engine.queries.paging import count, order_by
from engine.queries.views import Actor, Page, Text
from engine.storage.models import Incident, Message, Person, ProcessInstance

OPERATORS = frozenset({"it"})
READERS = OPERATORS | {"compliance", "owner"}
JOB_KINDS = ("wake", "message", "mail", "webhook", "external", "signal", "instance_migration")


@dataclass(frozen=True)
class IncidentRow:
    """A job that failed for good. `kind`: one of JOB_KINDS. `instance_id` is None where there is
    no case or the reader may not see it. `resolution`: retried, cancelled, or None while it is open."""

    id: str
    kind: str
    cause: Text
    attempts: int
    opened_at: datetime
    business_key: str | None
    instance_id: str | None
    resolved_at: datetime | None
    resolved_by_name: str | None
    resolution: str | None
    reason: str | None


def may_operate(actor: Actor) -> bool:
    """Whether the actor may retry, cancel, send again and drop."""
    return not actor.groups.isdisjoint(OPERATORS)


def may_read_operations(actor: Actor) -> bool:
    """Whether the actor may look at failed jobs and messages."""
    return not actor.groups.isdisjoint(READERS)


def check_reader(actor: Actor) -> None:
    """Raises NotAllowed for whoever may not look."""
    if not may_read_operations(actor):
        raise NotAllowed(what="look at jobs and messages", what_zh="查看作业和消息")


def check_operator(actor: Actor) -> None:
    """Raises NotAllowed for whoever may not step in."""
    if not may_operate(actor):
        raise NotAllowed(what="deal with failed jobs and messages", what_zh="处置失败的作业和消息")


def list_incidents(
    session: Session,
    actor: Actor,
    *,
    resolved: bool = False,
    kind: str | None = None,
    sort: str = "opened",
    descending: bool = True,
    cursor: str | None = None,
    limit: int = 25,
) -> Page[IncidentRow]:
    """One page of the incidents that are open (or `resolved`). `sort`: opened, and for resolved ones also
    resolved. Raises NotAllowed."""
    check_reader(actor)
    by_end = sort == "resolved" and resolved
    order = order_by(
        Incident.resolved_at if by_end else Incident.opened_at, Incident.id, descending, cursor, limit
    )
    statement = _filtered(actor, resolved, kind)
    rows = session.execute(order.apply(statement)).all()
    kept, following, preceding = order.cut(rows, lambda row: (getattr(row[0], order.column.key), row[0].id))
    total = count(session, statement.with_only_columns(Incident.id))
    return Page([_row(row) for row in kept], following, preceding, *total)


def count_operations(session: Session, actor: Actor) -> dict[str, int]:
    """How many incidents are open (`incidents`) and how many messages are `dead`. Raises NotAllowed."""
    check_reader(actor)
    still_open = select(Incident.id).where(Incident.resolved_at.is_(None))
    dead = select(Message.id).where(Message.state == "dead")
    return {
        name: session.scalar(select(func.count()).select_from(statement.subquery())) or 0
        for name, statement in (("incidents", still_open), ("dead", dead))
    }


def _filtered(actor: Actor, resolved: bool, kind: str | None) -> Any:
    seen = may_see_one(actor, ProcessInstance.id).label("seen")
    statement: Any = (
        select(Incident, ProcessInstance.business_key, Person.name.label("by_name"), seen)
        .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .outerjoin(Person, Person.id == Incident.resolved_by)
        .where(Incident.resolved_at.is_not(None) if resolved else Incident.resolved_at.is_(None))
    )
    return statement.where(Incident.kind == kind) if kind else statement


def _row(row: Any) -> IncidentRow:
    found = row.Incident
    return IncidentRow(
        found.id, found.kind, Text(found.cause_zh, found.cause), found.attempts, found.opened_at,
        row.business_key, found.instance_id if row.seen else None, found.resolved_at, row.by_name,
        found.resolution, found.reason,
    )  # fmt: skip
