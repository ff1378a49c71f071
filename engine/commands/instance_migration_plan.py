"""What moving the running cases of a version would do: a dry run, case by case, that changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.case_verdict import verdict_on
from engine.diagram.bundle import Bundle
from engine.execution.instance_migration import Verdict
from engine.queries.bundles import bundle_of, latest_definition
from engine.queries.clock import time_of
from engine.queries.definition_page import find_version, version_row
from engine.queries.instance_migrations import MigrationPlan, PlannedCase, check_migration_reader
from engine.queries.paging import count, order_by
from engine.queries.permissions import may_move_instances
from engine.queries.views import Actor, Page, Text
from engine.storage.models import ProcessInstance, UserTask

MOST_CHECKED = 200  # cases of a plan that are looked at for its counts


def plan_instance_migration(
    session: Session,
    process_id: str,
    actor: Actor,
    *,
    before: int | None = None,
    after: int | None = None,
    cursor: str | None = None,
    limit: int = 25,
    now: datetime | None = None,
) -> MigrationPlan:
    """What would become of the cases that run on version `before` if they were moved to `after`; by default
    from the version before the latest to the latest. A dry run: every case of the page is loaded under the
    new version in memory, and nothing is changed.

    Raises NotAllowed, ProcessNotFound, VersionNotFound."""
    check_migration_reader(actor)
    latest, at = latest_definition(session, process_id), time_of(now)
    after = latest.version if after is None else after
    before = max(after - 1, 1) if before is None else before
    old, new = (find_version(session, process_id, version) for version in (before, after))
    runs, becomes = (bundle_of(session, version.bundle_hash) for version in (old, new))
    dry_run = DryRun(session, runs, becomes, at)
    can, checked = _counted(dry_run, old.id)
    page = _planned(dry_run, old.id, cursor, limit)
    was, now_is = (version_row(session, process_id, version) for version in (before, after))
    return MigrationPlan(
        process_id, Text(latest.name, latest.name_en), latest.version, was, now_is, page, can, checked - can,
        page.total > checked or page.total_is_capped, may_move_instances(actor).refusal is None,
    )  # fmt: skip


@dataclass
class DryRun:
    """Verdicts on cases of one version as they would be under another, each worked out once."""

    session: Session
    old: Bundle
    new: Bundle
    at: datetime
    known: dict[str, Verdict] = field(default_factory=dict)

    def of(self, row: Any) -> Verdict:
        """The verdict on the case of this row."""
        if row.id not in self.known:
            self.known[row.id] = verdict_on(self.session, row.id, row.body, self.old, self.new, self.at)
        return self.known[row.id]


def _counted(dry_run: DryRun, definition_id: str) -> tuple[int, int]:
    """How many of the first cases can be moved, and how many were looked at."""
    first = _running(definition_id).order_by(ProcessInstance.business_key).limit(MOST_CHECKED)
    rows = dry_run.session.execute(first).all()
    return sum(not dry_run.of(row).obstacles for row in rows), len(rows)


def _running(definition_id: str) -> Any:
    columns = ProcessInstance.id, ProcessInstance.business_key, ProcessInstance.title, ProcessInstance.body
    running = ProcessInstance.definition_id == definition_id, ProcessInstance.state == "running"
    return select(*columns).where(*running)


def _planned(dry_run: DryRun, definition_id: str, cursor: str | None, limit: int) -> Page[PlannedCase]:
    session, statement = dry_run.session, _running(definition_id)
    order = order_by(ProcessInstance.business_key, ProcessInstance.id, False, cursor, limit)
    rows = session.execute(order.apply(statement)).all()
    kept, following, preceding = order.cut(rows, lambda row: (row.business_key, row.id))
    steps = _steps(session, [row.id for row in kept])
    items = [_case(row, dry_run.of(row), steps.get(row.id, [])) for row in kept]
    total = count(session, statement.with_only_columns(ProcessInstance.id))
    return Page(items, following, preceding, *total)


def _case(row: Any, verdict: Verdict, steps: list[Text]) -> PlannedCase:
    reasons = tuple(Text(*obstacle.texts) for obstacle in verdict.obstacles)
    return PlannedCase(row.id, row.business_key, row.title, tuple(steps), reasons)


def _steps(session: Session, cases: Sequence[str]) -> dict[str, list[Text]]:
    """What is open in each case."""
    this = UserTask.instance_id.in_(cases), UserTask.state == "open"
    columns = UserTask.instance_id, UserTask.name, UserTask.element_id, UserTask.name_en
    rows: Iterable[Any] = session.execute(select(*columns).where(*this).order_by(UserTask.created_at))
    found: dict[str, list[Text]] = {}
    for row in rows:
        found.setdefault(row.instance_id, []).append(Text(row.name or row.element_id, row.name_en))
    return found
