"""Letting time pass for one instance: the effect of its wake job."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.commands.notices import announce_clock
from engine.commands.settling import settle
from engine.commands.steps import clock_events, earliest
from engine.errors import ElementFailed
from engine.execution import workflow
from engine.queries.bundles import bundle_of
from engine.records.audit import Event, append
from engine.schedule.clocks import ClockBook, Happened
from engine.schedule.jobs import Leased, holds, put_wake
from engine.storage.instances import live_rows
from engine.storage.locked import LockedInstance, lock_instance, write_instance

KEPT = "kept"  # in `session.info`: something is to be committed although the wake failed


def wake(session: Session, leased: Leased, now: datetime) -> bool:
    """What is due in an instance at `now` happens: timers fire, clocks warn or are breached, once each
    however long nobody looked. Sets the next wake in the same transaction.

    False if the lease no longer stands: somebody else has let the instance move on meanwhile. The instance is
    locked first and the job second, as by every verb, so that nobody can deadlock."""
    instance = lock_instance(session, leased.instance_id or "")
    if not holds(session, leased):
        return False
    if instance is None or instance.state != "running":
        put_wake(session, leased.instance_id or "", None, now)
        return True
    if instance.suspended:
        return _only_clocks(session, instance, now)
    book = ClockBook(session, instance.id, now)
    happened = book.expire()
    bundle = bundle_of(session, instance.bundle_hash)
    live = workflow.Live(live_rows(session, instance.id), dict(instance.body))
    found = book.recount()
    try:
        if found:
            step = workflow.retime(bundle, live, found, now, book)
        else:
            step = workflow.advance(bundle, live, now, book)
    except ElementFailed:
        _keep_clocks(session, instance, happened, now)
        raise
    if not (step.trace or book.happened):  # nothing was due after all: no line of history for that
        instance.timer_at, instance.clock_at = step.next_due, book.next_at
        write_instance(session, instance)
        put_wake(session, instance.id, earliest(instance), now)
        return True
    event = Event(now, "time", process_id=instance.process_id, scope="")
    settle(session, instance, bundle, step, event, book, woken=True)
    for warned in (one for one in happened if one.kind == "warned"):
        announce_clock(session, instance, warned, now)
    return True


def _only_clocks(session: Session, instance: LockedInstance, now: datetime) -> bool:
    """Limits run on while a case is suspended: what became of them is told, and its timers wait."""
    book = ClockBook(session, instance.id, now)
    for one in book.expire():
        announce_clock(session, instance, one, now)
    append(session, instance, clock_events(book))
    instance.clock_at = book.next_at
    book.flush()
    write_instance(session, instance)
    put_wake(session, instance.id, earliest(instance), now)
    return True


def _keep_clocks(
    session: Session, instance: LockedInstance, happened: list[Happened], now: datetime
) -> None:
    """A timer that cannot run must not hide that a limit is over: what became of the clocks is kept and told
    anew, whatever the failed step may have done to them."""
    if not happened:
        return
    book = ClockBook(session, instance.id, now)
    for one in book.expire():
        announce_clock(session, instance, one, now)
    append(session, instance, clock_events(book))
    instance.clock_at = book.next_at
    book.flush()
    write_instance(session, instance)
    session.info[KEPT] = True
