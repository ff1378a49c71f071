"""Signals of programs: everybody who waits hears them, each case in a job of its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.arrivals import arrival
from engine.commands.idempotent import Once
from engine.commands.messages import check_messenger
from engine.commands.settling import settle
from engine.errors import CaseSuspended, NobodyWaits
from engine.execution import workflow
from engine.queries.bundles import bundle_of
from engine.queries.clock import time_of
from engine.queries.views import Actor, SignalSent
from engine.schedule.clocks import ClockBook
from engine.schedule.jobs import Leased, finish, holds, put_jobs
from engine.storage.guards import check_keepable
from engine.storage.ids import new_id
from engine.storage.instances import live_rows
from engine.storage.locked import lock_instance
from engine.storage.models import MessageWait
from engine.storage.session import begin_write


def send_signal(
    session: Session,
    name: str,
    actor: Actor,
    *,
    instance_id: str | None = None,
    payload: Mapping[str, object] | None = None,
    idempotency_key: str | None = None,
    now: datetime | None = None,
) -> SignalSent:
    """Sends a signal to every case that waits for it now, or to one of them; nobody need wait.

    `payload` are the variables that it brings. The jobs that deliver it, one for each case, are put down in
    this transaction: one broken case keeps it from no other, and a suspended one hears it once it is
    activated. The same `idempotency_key` sends it once and answers the same.
    Raises NotAllowed, KeyUsedDifferently, UnkeepableText."""
    check_messenger(actor)
    check_keepable([name, payload])
    at, values = time_of(now), dict(payload or {})
    begin_write(session)
    request = {"name": name, "case": instance_id, "payload": values}
    once = Once(session, actor.person_id, f"signal {name}", idempotency_key, request, at)
    if once.answer is not None:
        return SignalSent(**once.answer)
    signal_id, waiting = new_id(), _waiting(session, name, instance_id)
    told: dict[str, Any] = {"signal": name, "id": signal_id, "values": values, "by": actor.person_id}
    put_jobs(session, [{"kind": "signal", "instance_id": case, "payload": told} for case in waiting], at)
    return once.keep(SignalSent(signal_id, len(waiting)))


def _waiting(session: Session, name: str, instance_id: str | None) -> list[str]:
    wanted = select(MessageWait.instance_id).where(MessageWait.kind == "signal", MessageWait.name == name)
    if instance_id is not None:
        wanted = wanted.where(MessageWait.instance_id == instance_id)
    return list(session.scalars(wanted.distinct().order_by(MessageWait.instance_id)))


def hear(session: Session, leased: Leased, now: datetime) -> bool:
    """The effect of a signal's job: the case goes on; one that no longer waits for it hears nothing.

    False if the lease no longer stands. Raises CaseSuspended, and what the diagram raises."""
    instance = lock_instance(session, leased.instance_id or "")
    if not holds(session, leased):
        return False
    if instance is None or instance.state != "running":
        return finish(session, leased, now, forget=True)
    if instance.suspended:
        raise CaseSuspended()
    bundle, book = bundle_of(session, instance.bundle_hash), ClockBook(session, instance.id, now)
    live = workflow.Live(live_rows(session, instance.id), dict(instance.body))
    name, values, by = str(leased.payload["signal"]), leased.payload["values"], leased.payload["by"]
    assert isinstance(values, Mapping)
    try:
        step = workflow.signal(bundle, live, name, dict(values), now, book)
    except NobodyWaits:
        return finish(session, leased, now, forget=True)
    facts = {"signal": name, "id": leased.payload["id"]}
    event = arrival(session, "signal", facts, dict(values), str(by), instance, bundle, now)
    settle(session, instance, bundle, step, event, book)
    return finish(session, leased, now, forget=True)
