"""Verbs on running cases and versions: order that cases be moved to another version, and move one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.commands.case_verdict import verdict_on, words
from engine.commands.moved_tasks import keep_moved_tasks
from engine.diagram.bundle import Bundle
from engine.errors import NothingToMove, ReasonRequired, SameVersion
from engine.execution.instance_migration import WORDING, Verdict
from engine.queries.bundles import MOVED, bundle_of
from engine.queries.clock import time_of
from engine.queries.definition_page import find_version
from engine.queries.moved_tasks import REVISIONS
from engine.queries.permissions import PUBLISHERS, may_move_instances
from engine.queries.views import Actor
from engine.records import audit
from engine.schedule.jobs import Leased, finish, holds, put_jobs
from engine.storage.ids import new_id
from engine.storage.instances import save_rows
from engine.storage.locked import LockedInstance, lock_instance, write_instance
from engine.storage.models import (
    InstanceMigration,
    InstanceMigrationCase,
    ProcessDefinition,
    ProcessInstance,
)
from engine.storage.session import begin_write, insert_rows

KIND = "instance_migration"  # of the jobs, one a case


def start_instance_migration(
    session: Session,
    process_id: str,
    actor: Actor,
    before: int,
    after: int,
    reason: str,
    *,
    now: datetime | None = None,
) -> str:
    """Orders that every case which runs on version `before` be moved to `after`, and returns the id of the
    order. Workers do it, one case in one transaction; each case is looked at again then, and one that may not
    be moved is refused with its reasons and stays as it is.

    For process owners.
    Raises NotAllowed, ReasonRequired, ProcessNotFound, VersionNotFound, SameVersion, NothingToMove."""
    if refusal := may_move_instances(actor).refusal:
        raise refusal
    if not reason.strip():
        raise ReasonRequired()
    at = time_of(now)
    begin_write(session)
    old, new = (find_version(session, process_id, version) for version in (before, after))
    if old.id == new.id:
        raise SameVersion()
    running = ProcessInstance.definition_id == old.id, ProcessInstance.state == "running"
    cases = session.scalars(select(ProcessInstance.id).where(*running)).all()
    if not cases:
        raise NothingToMove(version=before)
    order = InstanceMigration(
        id=new_id(), process_id=process_id, from_definition_id=old.id, to_definition_id=new.id, at=at,
        by=actor.person_id, by_name=actor.name, role=min(actor.groups & PUBLISHERS), reason=reason.strip(),
    )  # fmt: skip
    session.add(order)
    session.flush()
    _order_each(session, order, cases)
    return order.id


def _order_each(session: Session, order: InstanceMigration, cases: Sequence[str]) -> None:
    """A line and a job for every case."""
    left: dict[str, object] = {"migration_id": order.id, "state": "left", "at": None, "obstacles": []}
    insert_rows(session, InstanceMigrationCase, [{**left, "instance_id": case} for case in cases])
    payload = {"migration": order.id}
    jobs = [
        {"kind": KIND, "key": f"{KIND}:{order.id}:{case}", "instance_id": case, "payload": payload}
        for case in cases
    ]
    put_jobs(session, jobs, order.at)


def move_instance(session: Session, leased: Leased, now: datetime) -> bool:
    """The effect of one job: its case is moved, or refused with the reasons, in one transaction with the
    job's completion. False if the lease no longer stands.

    The case is locked first and the job second, as by every verb, so that nobody can deadlock."""
    case = lock_instance(session, leased.instance_id or "")
    if case is None or not holds(session, leased):
        return False
    order = session.get_one(InstanceMigration, str(leased.payload["migration"]))
    refused = _gone(case, order) or _checked_and_moved(session, case, order, now)
    table = InstanceMigrationCase
    this = table.migration_id == order.id, table.instance_id == case.id
    result = {"state": "refused" if refused else "moved", "at": now, "obstacles": refused}
    session.execute(update(table).where(*this).values(result))
    return finish(session, leased, now)


def _checked_and_moved(
    session: Session, case: LockedInstance, order: InstanceMigration, now: datetime
) -> list[dict[str, str]]:
    """Why the case may not be moved; if nothing speaks against it, it has been."""
    ends = order.from_definition_id, order.to_definition_id
    old, new = (session.get_one(ProcessDefinition, definition_id) for definition_id in ends)
    bundles = bundle_of(session, old.bundle_hash), bundle_of(session, new.bundle_hash)
    verdict = verdict_on(session, case.id, dict(case.body), *bundles, now)
    if not verdict.obstacles:
        _move(session, case, order, (old, new), bundles, verdict, now)
    return [words(obstacle) for obstacle in verdict.obstacles]


def _gone(case: LockedInstance, order: InstanceMigration) -> list[dict[str, str]]:
    """Why a case is not what it was when the order was given."""
    code = "ended" if case.state != "running" else "elsewhere"
    if case.state == "running" and case.definition_id == order.from_definition_id:
        return []
    zh, en = WORDING[code]
    return [{"code": code, "process": case.process_id, "element": "", "zh": zh, "en": en}]


def _move(
    session: Session,
    case: LockedInstance,
    order: InstanceMigration,
    versions: tuple[ProcessDefinition, ProcessDefinition],
    bundles: tuple[Bundle, Bundle],
    verdict: Verdict,
    now: datetime,
) -> None:
    """Writes what a move changes: the version, the data of live rows, the words of open tasks, the history.
    Timers, clocks, drafts, assignees, notices and what is waited for stay as they are."""
    old, new = versions
    save_rows(session, case.id, [dict(row) for row in verdict.rows])
    revisions = keep_moved_tasks(session, case, *bundles, verdict.open, now)
    case.definition_id, case.bundle_hash, case.revision = new.id, new.bundle_hash, case.revision + 1
    this = update(ProcessInstance).where(ProcessInstance.id == case.id)
    session.execute(this.values(definition_id=new.id, bundle_hash=new.bundle_hash))
    facts: dict[str, object] = {
        "migration": order.id, "from": old.version, "to": new.version, "from_bundle": old.bundle_hash,
        "to_bundle": new.bundle_hash, REVISIONS: revisions,
    }  # fmt: skip
    audit.append(session, case, [audit.Event(
        now, MOVED, order.by, order.by_name, order.role, case.process_id, None, "", order.reason, facts,
    )])  # fmt: skip
    write_instance(session, case)
