"""Migrations of cases as their pages show them: the plan, the orders given, and how far one has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from engine.errors import InstanceMigrationNotFound, NotAllowed
from engine.queries.bundles import latest_definition
from engine.queries.definition_page import VersionRow
from engine.queries.paging import count, order_by
from engine.queries.permissions import PUBLISHERS
from engine.queries.views import Actor, Page, Text
from engine.storage.models import (
    InstanceMigration,
    InstanceMigrationCase,
    ProcessDefinition,
    ProcessInstance,
)

STATES = ("left", "moved", "refused")
READERS = PUBLISHERS | {"compliance"}
_before, _after = aliased(ProcessDefinition), aliased(ProcessDefinition)


@dataclass(frozen=True)
class PlannedCase:
    """A running case and the verdict on it: it can be moved if there are no `reasons` why not. `steps`: what
    is open in it."""

    id: str
    business_key: str
    title: str
    steps: tuple[Text, ...]
    reasons: tuple[Text, ...]


@dataclass(frozen=True)
class MigrationPlan:
    """What would become of the cases that run on one version. `can` and `cannot` count the first `checked` of
    them; `more`: there are others, which are looked at when they are moved."""

    process_id: str
    name: Text
    latest: int
    before: VersionRow
    after: VersionRow
    page: Page[PlannedCase]
    can: int
    cannot: int
    more: bool
    may_move: bool

    @property
    def checked(self) -> int:
        """How many were looked at."""
        return self.can + self.cannot


@dataclass(frozen=True)
class MigrationRow:
    """An order to move cases, and how far it has come: by state, see STATES."""

    id: str
    before: int
    after: int
    at: datetime
    by_name: str
    reason: str
    left: int
    moved: int
    refused: int

    @property
    def total(self) -> int:
        """All cases of the order."""
        return self.left + self.moved + self.refused


@dataclass(frozen=True)
class MigratedCase:
    """A case of an order; `state`: left, moved or refused, then for `reasons`."""

    id: str
    business_key: str
    title: str
    state: str
    at: datetime | None
    reasons: tuple[Text, ...]


@dataclass(frozen=True)
class MigrationView:
    """One order with its cases."""

    process_id: str
    name: Text
    row: MigrationRow
    page: Page[MigratedCase]


def may_read_migrations(actor: Actor) -> bool:
    """Whether the actor may look: what is moved are cases, so administrators may not."""
    return not actor.groups.isdisjoint(READERS)


def check_migration_reader(actor: Actor) -> None:
    """Raises NotAllowed for whoever may not look."""
    if not may_read_migrations(actor):
        raise NotAllowed(what="look at migrations of cases", what_zh="查看案件迁移")


def list_instance_migrations(
    session: Session, process_id: str, actor: Actor, *, cursor: str | None = None, limit: int = 25
) -> tuple[Text, Page[MigrationRow]]:
    """The name of a process and one page of the orders to move its cases, the latest first.

    Raises NotAllowed, ProcessNotFound."""
    check_migration_reader(actor)
    latest = latest_definition(session, process_id)
    order = order_by(InstanceMigration.at, InstanceMigration.id, True, cursor, limit)
    statement = _orders().where(InstanceMigration.process_id == process_id)
    rows = session.execute(order.apply(statement)).all()
    kept, following, preceding = order.cut(rows, lambda row: (row[0].at, row[0].id))
    total = count(session, statement.with_only_columns(InstanceMigration.id))
    page = Page([_order(session, row) for row in kept], following, preceding, *total)
    return Text(latest.name, latest.name_en), page


def get_instance_migration(
    session: Session,
    migration_id: str,
    actor: Actor,
    *,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 25,
) -> MigrationView:
    """An order to move cases: its counts, and one page of its cases by number, all or those in one `state`.

    Raises NotAllowed, InstanceMigrationNotFound."""
    check_migration_reader(actor)
    row = session.execute(_orders().where(InstanceMigration.id == migration_id)).one_or_none()
    if row is None:
        raise InstanceMigrationNotFound(migration_id)
    latest = latest_definition(session, row[0].process_id)
    page = _cases(session, migration_id, state, cursor, limit)
    return MigrationView(row[0].process_id, Text(latest.name, latest.name_en), _order(session, row), page)


def _orders() -> Any:
    return (
        select(InstanceMigration, _before.version.label("before"), _after.version.label("after"))
        .join(_before, _before.id == InstanceMigration.from_definition_id)
        .join(_after, _after.id == InstanceMigration.to_definition_id)
    )


def _order(session: Session, row: Any) -> MigrationRow:
    found, table = row[0], InstanceMigrationCase
    numbers = select(table.state, func.count().label("cases")).where(table.migration_id == found.id)
    counts = {row.state: row.cases for row in session.execute(numbers.group_by(table.state))}
    states = (counts.get(state, 0) for state in STATES)
    return MigrationRow(found.id, row.before, row.after, found.at, found.by_name, found.reason, *states)


def _cases(
    session: Session, migration_id: str, state: str | None, cursor: str | None, limit: int
) -> Page[MigratedCase]:
    number, case = ProcessInstance.business_key, InstanceMigrationCase
    order = order_by(number, ProcessInstance.id, False, cursor, limit)
    statement: Any = (
        select(case, number, ProcessInstance.id, ProcessInstance.title)
        .join(ProcessInstance, ProcessInstance.id == case.instance_id)
        .where(case.migration_id == migration_id)
    )
    statement = statement.where(case.state == state) if state else statement
    rows = session.execute(order.apply(statement)).all()
    kept, following, preceding = order.cut(rows, lambda row: (row.business_key, row.id))
    total = count(session, statement.with_only_columns(case.instance_id))
    return Page([_case(row) for row in kept], following, preceding, *total)


def _case(row: Any) -> MigratedCase:
    found = row[0]
    reasons = tuple(Text(obstacle["zh"], obstacle["en"]) for obstacle in found.obstacles)
    return MigratedCase(row.id, row.business_key, row.title, found.state, found.at, reasons)
