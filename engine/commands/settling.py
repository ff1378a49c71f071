"""The end of every step: keep it, and grant the extensions that it grants to other cases."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.commands.notices import announce_clock
from engine.commands.steps import keep_step
from engine.diagram.bundle import Bundle
from engine.errors import ClockExpired
from engine.execution import workflow
from engine.execution.clocks import Extend
from engine.execution.workflow import Step
from engine.queries.bundles import bundle_of
from engine.records import audit
from engine.schedule.clocks import ClockBook
from engine.schedule.limits import moment
from engine.storage.ids import new_id
from engine.storage.instances import live_rows
from engine.storage.locked import LockedInstance, lock_instance
from engine.storage.models import ClockExtension, ProcessInstance


def settle(
    session: Session,
    instance: LockedInstance,
    bundle: Bundle,
    step: Step,
    act: audit.Event,
    book: ClockBook,
    *,
    woken: bool = False,
) -> None:
    """Keeps a step (see `keep_step`) and tells of the breaches found in it; then moves the clocks of other
    cases that it extends, in this very transaction. Raises Standstill, ClockExpired."""
    keep_step(session, instance, bundle, step, act, book, woken=woken)
    for breach in book.breaches:
        announce_clock(session, instance, breach, act.at)
    for extend in book.extends:
        _grant(session, extend, instance, act)


def _grant(session: Session, extend: Extend, granting: LockedInstance, act: audit.Event) -> None:
    """Extends a clock of the case named, and everything there that reads it (S2-2.2(1)b)."""
    refusal = ClockExpired(clock=extend.clock, case=extend.case)
    case = _locked(session, extend.case)
    until = moment(extend.until)
    if case is None or case.state != "running" or until is None or case.id == granting.id:
        raise refusal
    book = ClockBook(session, case.id, act.at)
    clock = book.move(extend.clock, until)
    if clock is None:
        raise refusal
    bundle = bundle_of(session, case.bundle_hash)
    live = workflow.Live(live_rows(session, case.id), dict(case.body))
    told = book.happened.pop()
    step = workflow.retime(bundle, live, {extend.clock}, act.at, book, patient=True)
    facts = {**told.facts, "granted_in": granting.business_key}
    event = audit.Event(
        act.at, "clock_extended", act.actor_id, act.actor_name, act.role, told.process_id, told.element_id,
        told.scope, extend.reason, facts,
    )  # fmt: skip
    keep_step(session, case, bundle, step, event, book)
    announce_clock(session, case, told, act.at)
    row = {
        "id": new_id(), "clock_id": clock.id, "at": act.at, "due_before": _before(told.facts),
        "due_after": until, "reason": extend.reason, "granted_by": act.actor_id or "-",
        "granted_in": granting.id,
    }  # fmt: skip
    session.execute(insert(ClockExtension), [row])


def _locked(session: Session, number: str) -> LockedInstance | None:
    known = select(ProcessInstance.id).where(ProcessInstance.business_key == number)
    instance_id = session.scalar(known)
    return lock_instance(session, instance_id) if instance_id else None


def _before(facts: dict[str, object]) -> datetime:
    return datetime.fromisoformat(str(facts["due_before"]))
