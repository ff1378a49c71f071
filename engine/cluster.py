"""Many machines: Celery spreads due jobs over its workers, through RabbitMQ or Redis.

    celery -A engine.cluster beat      one: asks for a dispatch every second
    celery -A engine.cluster worker    any number: dispatch, and do what is sent

The rows stay the truth. A message names a job and the fence of its lease, nothing else; whoever receives it
takes the job over with a fence of its own. So a message that is lost is sent again after the lease, and one
that comes twice, or late, finds the job in other hands and changes nothing.
"""

import argparse
import logging
import os
import time
from datetime import timedelta
from functools import cache
from typing import Any

from celery import Celery
from celery.beat import Scheduler
from celery.signals import setup_logging
from sqlalchemy.orm import Session

from engine.commands import migrate
from engine.commands.delivery import Services
from engine.commands.work import configure_logs
from engine.commands.worker import Worker, run_job
from engine.errors import NotMigrated
from engine.queries.clock import time_of
from engine.schedule import jobs
from engine.schedule.jobs import LEASE
from engine.storage.migrate import is_migrated
from engine.storage.session import transaction

log = logging.getLogger(__name__)

BROKER = "amqp://guest:guest@127.0.0.1:5672//"
EVERY = 1.0  # seconds between dispatches
SUMMARY = 60.0  # seconds between two lines of beat
BATCH = 200  # jobs sent by one dispatch
CHATTY = ("celery.app.trace", "celery.beat", "celery.worker.strategy")  # two lines a second


def _app() -> Celery:
    """ZHIHUAN_BROKER_URL: `amqp://…` or `redis://…`; ZHIHUAN_QUEUE: the name of the queue."""
    queue = os.environ.get("ZHIHUAN_QUEUE", "zhihuan")
    made = Celery("zhihuan", broker=os.environ.get("ZHIHUAN_BROKER_URL", BROKER))
    made.conf.update(
        task_default_queue=queue,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,  # harmless: its fence is spent
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,  # its queue would keep a second worker out
        broker_connection_retry_on_startup=True,
        beat_scheduler="engine.cluster:Beat",
        beat_schedule={
            "dispatch": {"task": "zhihuan.dispatch", "schedule": EVERY, "options": {"expires": 2 * EVERY}}
        },
    )
    return made


app = _app()


class Beat(Scheduler):  # type: ignore[misc]
    """Asks for dispatches, and says in the log that it does. Keeps no file: there is nothing to remember."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._sent, self._said = 0, float("-inf")

    def apply_async(self, *given: Any, **more: Any) -> Any:
        """One dispatch is asked for. Told are the first one, and how many there were in each minute."""
        sent = super().apply_async(*given, **more)
        self._sent += 1
        if time.monotonic() - self._said >= SUMMARY:
            log.info("beat ticks", extra={"sent": self._sent, "every": EVERY})
            self._sent, self._said = 0, time.monotonic()
        return sent


@setup_logging.connect  # type: ignore[untyped-decorator]
def _logs(**_: object) -> None:
    configure_logs(os.environ)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _dispatch() -> None:
    """Announces new tasks, leases what is due and sends it out, one message a job."""
    worker = _worker()
    leased = worker.take()[1]
    for job in leased:
        run.apply_async((job.id, job.fence), expires=worker.lease.total_seconds())
    if leased:
        log.info("jobs sent", extra={"jobs": len(leased)})


def _run(job_id: str, fence: int) -> None:
    """Does a job, if the lease it was sent under still stands."""
    worker = _worker()
    with Session(worker.database) as session, transaction(session):
        leased = jobs.take_over(session, job_id, fence, worker.owner, time_of(None), worker.lease)
    if leased is None:
        log.info("job is in other hands", extra={"job": job_id})
        return
    run_job(worker.database, leased, worker.services)


dispatch: Any = app.task(name="zhihuan.dispatch")(_dispatch)
run: Any = app.task(name="zhihuan.run")(_run)


@cache
def _worker() -> Worker:
    """One a process, made in it: connections do not survive a fork. Raises NotMigrated.

    ZHIHUAN_LEASE: seconds after which a job may be taken over; more than the slowest job needs."""
    parser = argparse.ArgumentParser()
    migrate.add_arguments(parser)
    options = parser.parse_args([])
    database = migrate.database(options)
    if not is_migrated(database):
        database.dispose()
        raise NotMigrated(migrate.place(options))
    lease = timedelta(seconds=float(os.environ.get("ZHIHUAN_LEASE", LEASE.total_seconds())))
    return Worker(database, Services.from_environment(os.environ), batch=BATCH, lease=lease)
