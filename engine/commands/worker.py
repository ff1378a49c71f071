"""The worker: takes due jobs under a lease and does each in one transaction with its completion.

The rows are the truth. However many workers there are, and whenever one of them dies, a job is done once in
the database; outside of it (mail, webhooks) at least once, with the job's id as idempotency key.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine import logs, measures
from engine.commands.delivery import Services, deliver_mail, deliver_webhook
from engine.commands.external import try_again
from engine.commands.instance_migration import move_instance
from engine.commands.messages import deliver_message, mark_dead
from engine.commands.notices import announce_incident, announce_tasks
from engine.commands.signals import hear
from engine.commands.wake import KEPT, wake
from engine.errors import CaseSuspended, DatabaseUnavailable, DefinitionSuspended, ElementFailed, EngineError
from engine.queries.clock import time_of
from engine.schedule import heartbeat, jobs
from engine.schedule.jobs import LEASE, Leased
from engine.storage.locked import lock_instance
from engine.storage.models import Message
from engine.storage.session import begin_write, transaction

log = logging.getLogger(__name__)

BATCH = 20  # jobs leased at once
POLL = 1.0  # seconds between looks when nothing is due
SOON = timedelta(seconds=1)  # after the database refused: a deadlock, a restart
HOLD = timedelta(minutes=5)  # for what is suspended; activating it makes the job due at once
SLOW = 1.0  # seconds that a batch of mail and webhooks may take before timers are looked after again
MOST_ROUNDS = 10_000

Effect = Callable[[Session, Leased, datetime], bool]
Outside = Callable[[Services, str, dict[str, object]], None]


class Worker:
    """One worker: `owner` tells it from others in the lease column; `lease` is how long a job may take."""

    def __init__(
        self,
        database: Engine,
        services: Services,
        *,
        owner: str | None = None,
        batch: int = BATCH,
        lease: timedelta = LEASE,
    ) -> None:
        self.database, self.services, self.batch, self.lease = database, services, batch, lease
        self.owner = owner or f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._beaten: datetime | None = None

    def starts(self, poll: float) -> None:
        """Tells the log who works, on which database (without its password) and how often it looks."""
        where = self.database.url.render_as_string()
        facts = {"database": where, "poll": poll, "lease": self.lease.total_seconds()}
        log.info("worker starts", extra={"worker": self.owner, **facts})

    def run(self, stop: threading.Event, poll: float = POLL) -> None:
        """Works until `stop` is set; looks again every `poll` seconds when nothing is due."""
        while not stop.is_set():
            try:
                done = self.run_once(stop=stop)
            except (DBAPIError, DatabaseUnavailable):
                log.warning("the database does not answer; trying again", exc_info=True)
                done = 0
            if not done:
                stop.wait(poll)

    def run_once(self, now: datetime | None = None, stop: threading.Event | None = None) -> int:
        """Announces new tasks and does one batch of due jobs. Returns how many of both there were.

        Once `stop` is set, or half the lease is over, or somebody else's server was slow to answer, the rest
        of the batch is given back untouched: what is due inside the house then comes first again."""
        announced, leased = self.take(now)
        began = time.monotonic()
        patience = SLOW if leased and leased[0].kind in OUTSIDE else self.lease.total_seconds() / 2
        for position, job in enumerate(leased):
            if (stop is not None and stop.is_set()) or time.monotonic() - began > patience:
                _try(self.database, partial(_give_back, leased=leased[position:]))
                break
            run_job(self.database, job, self.services, now)
        return announced + len(leased)

    def take(self, now: datetime | None = None) -> tuple[int, list[Leased]]:
        """Announces new tasks and leases a batch of due jobs: how many of the former, and the latter.

        Timers and messages go before mail and webhooks: a dead mail server must not delay a deadline."""
        at = time_of(now)
        announced = self._announce(at)
        self._beat(at)
        with Session(self.database) as session, transaction(session):
            for kinds in (INSIDE, OUTSIDE):
                leased = jobs.lease(session, self.owner, at, self.batch, self.lease, kinds)
                if leased:
                    return announced, leased
        return announced, []

    def _beat(self, at: datetime) -> None:
        """Says now and then that it lives; a database that refuses is asked again at the next turn."""
        if self._beaten is not None and abs(at - self._beaten) < heartbeat.EVERY:
            return
        self._beaten = at
        with Session(self.database) as session, transaction(session):
            heartbeat.beat(session, self.owner, at)

    def _announce(self, at: datetime) -> int:
        """Tells of new tasks; whatever is wrong with that must not stop the jobs."""
        try:
            with Session(self.database) as session, transaction(session):
                return announce_tasks(session, at)
        except (DBAPIError, DatabaseUnavailable):
            raise
        except Exception:
            log.exception("new tasks could not be announced")
            return 0


def _give_back(session: Session, leased: Sequence[Leased]) -> None:
    for job in leased:
        jobs.give_back(session, job)


def run_due(database: Engine, services: Services | None = None, *, now: datetime | None = None) -> int:
    """Does all that is due, and what comes due by it, until nothing is left. Returns how many jobs."""
    worker, total = Worker(database, services or Services()), 0
    for _ in range(MOST_ROUNDS):
        done = worker.run_once(now)
        total += done
        if not done:
            break
    return total


def run_job(database: Engine, leased: Leased, services: Services, now: datetime | None = None) -> bool:
    """Does a leased job: its effect and its completion are one transaction, or neither happens.

    A failure counts an attempt and is tried again with growing delays, then opens an incident. Returns
    whether it was done; False also if the lease had gone to somebody else."""
    known = {"job": leased.id, "verb": leased.kind, "instance": leased.instance_id}
    with logs.within(**known), measures.job_run(leased.kind) as run:
        run.outcome, facts = _outcome(database, leased, services, now)
        level = logging.WARNING if run.outcome == "failed" else logging.INFO
        log.log(level, "job %s", run.outcome, extra={"attempt": leased.attempts + 1, **facts})
    return run.outcome == "done"


def _outcome(
    database: Engine, leased: Leased, services: Services, now: datetime | None
) -> tuple[str, dict[str, object]]:
    """How a run of a job went: done, lost (somebody else has it), postponed or failed, and what a line of
    the log adds to that."""
    try:
        run = _outside if leased.kind in OUTSIDE else _inside
        return ("done" if run(database, leased, services, now) else "lost"), {}
    except DatabaseUnavailable:
        log.warning("the database refused, again soon", exc_info=True)
        _try(database, partial(jobs.postpone, leased=leased, until=time_of(now) + SOON))
        return "postponed", {}
    except (CaseSuspended, DefinitionSuspended):
        _try(database, partial(jobs.postpone, leased=leased, until=time_of(now) + HOLD))
        return "postponed", {}
    except EngineError as refusal:
        _fail(database, leased, refusal.message("en"), refusal.message("zh"), now)
        kind = refusal.code
    except Exception as error:  # whatever it was: the job must not be lost, nor stop the worker
        log.exception("the job failed")
        kind = type(error).__name__  # never its text: it may quote what somebody entered
        _fail(database, leased, f"a fault of the program: {kind}", f"程序故障：{kind}", now)
    again = jobs.again_at(leased, time_of(now))
    return "failed", {"error": kind, "again_at": again.isoformat(timespec="seconds") if again else "never"}


def _inside(database: Engine, leased: Leased, _services: Services, now: datetime | None) -> bool:
    """A job whose effect is in the database."""
    with Session(database) as session:
        try:
            done = INSIDE[leased.kind](session, leased, time_of(now))
        except ElementFailed:
            if session.info.get(KEPT):
                session.commit()
            raise
        if done:
            session.commit()
            return True
        session.rollback()
        return False


def _outside(database: Engine, leased: Leased, services: Services, now: datetime | None) -> bool:
    """A job that leaves the house: no transaction is open while somebody else's server answers."""
    OUTSIDE[leased.kind](services, leased.id, dict(leased.payload))
    with Session(database) as session, transaction(session):
        return jobs.finish(session, leased, time_of(now), forget=True)


def _deliver(session: Session, leased: Leased, now: datetime) -> bool:
    """A message that left a case, or that nobody took at first."""
    message = _locked_message(session, leased)
    if not jobs.holds(session, leased):
        return False
    if message is not None and message.state == "pending":
        deliver_message(session, message, now)
    return jobs.finish(session, leased, now)


def _locked_message(session: Session, leased: Leased) -> Message | None:
    """The message of a job. Everybody locks message, case and job in an order that cannot deadlock."""
    begin_write(session)
    statement = select(Message).where(Message.id == str(leased.payload["message"])).with_for_update()
    return session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()


def _fail(database: Engine, leased: Leased, cause: str, cause_zh: str, now: datetime | None) -> None:
    def count(session: Session) -> None:
        if leased.kind == "message":
            _locked_message(session, leased)
        if leased.instance_id:
            lock_instance(session, leased.instance_id)
        incident = jobs.fail(session, leased, cause, cause_zh, time_of(now))
        if incident is not None:
            if leased.kind == "message":
                mark_dead(session, str(leased.payload["message"]))
            announce_incident(session, incident, time_of(now))

    _try(database, count)


def _try(database: Engine, change: Callable[[Session], object]) -> None:
    """A change that may fail: the lease then simply ends, and somebody takes the job over."""
    try:
        with Session(database) as session, transaction(session):
            change(session)
    except (DBAPIError, DatabaseUnavailable):
        log.warning("the database does not answer; the lease will end by itself", exc_info=True)


def _again(session: Session, leased: Leased, now: datetime) -> bool:
    """A service task that programs may try once more."""
    return try_again(session, leased, now) and jobs.finish(session, leased, now)


INSIDE: dict[str, Effect] = {
    "wake": wake, "message": _deliver, "external": _again, "signal": hear,
    "instance_migration": move_instance,
}  # fmt: skip
OUTSIDE: dict[str, Outside] = {"mail": deliver_mail, "webhook": deliver_webhook}
