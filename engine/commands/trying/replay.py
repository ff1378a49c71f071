"""Walking: each step through the real verbs on a scratch store, with a driven clock that the worker obeys."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from engine import measures
from engine.commands.completion import complete_task
from engine.commands.delivery import Services
from engine.commands.external import lock_external
from engine.commands.external_results import complete_external, report_bpmn_error
from engine.commands.instances import begin_instance, start_instance
from engine.commands.messages import correlate_message
from engine.commands.trying.places import open_external, open_task
from engine.commands.trying.samples import keep_samples
from engine.commands.trying.scratch import content_of, restore
from engine.commands.trying.stand_ins import PASSWORD, observer, starter, worker_for
from engine.commands.trying.steps import (
    COMPLETE,
    ERROR,
    MESSAGE,
    MOST_STEPS,
    NEXT,
    RESULT,
    START,
    WAIT,
    WalkStep,
)
from engine.commands.wake import wake
from engine.commands.worker import run_job
from engine.errors import EngineError, MessageNotTaken, NothingDue, WalkTooLong
from engine.queries.access import EVERYBODY
from engine.queries.bundles import bundle_of, latest_definition
from engine.schedule import jobs
from engine.storage.models import Job

MOST_SECONDS = 10  # of computing, a replay
LOCK = timedelta(minutes=1)
KINDS = ("wake", "message")


@dataclass
class Walking:
    """A walk on its way: the store it happens in, the process that is tried, what the clock shows."""

    database: Engine
    session: Session
    process_id: str
    now: datetime
    deadline: float = field(default_factory=lambda: time.thread_time() + MOST_SECONDS)

    def take(self, step: WalkStep) -> EngineError | None:
        """Does a step and lets the worker do what is due; the refusal if it cannot be done, which leaves the
        store as it was before."""
        before, at = content_of(self.session), self.now
        try:
            with measures.unseen():
                self._check_budget()
                _STEPS[step.kind](self, step)
                self.session.commit()
                self._let_work()
        except EngineError as refusal:
            restore(self.session, before)
            self.now = at
            return refusal
        return None

    def walk(self, steps: Sequence[WalkStep]) -> tuple[int, EngineError] | None:
        """Does all steps; the first that fails, by its place, and why."""
        for place, step in enumerate(steps):
            refusal = self.take(step)
            if refusal is not None:
                return place, refusal
        return None

    def _let_work(self) -> None:
        """What the worker would do now. Raises what a timer that cannot run raises."""
        while leased := self._leased():
            for job in leased:
                self._check_budget()
                if job.kind == "wake":
                    wake(self.session, job, self.now)
                    self.session.commit()
                else:  # a message that nobody takes is tried again later, as it would be
                    run_job(self.database, job, Services(), self.now)

    def _leased(self) -> list[jobs.Leased]:
        leased = jobs.lease(self.session, "walk", self.now, 20, kinds=KINDS)
        self.session.commit()
        return leased

    def _check_budget(self) -> None:
        if time.thread_time() > self.deadline:
            raise WalkTooLong(most=MOST_STEPS, seconds=MOST_SECONDS)

    def pass_until(self, moment: datetime) -> None:
        """Time passes: everything happens when it is due, one after the other."""
        while (due := self.next_due(KINDS)) is not None and due <= moment:
            self._check_budget()
            self.now = max(self.now, due)
            self._let_work()
        self.now = moment

    def next_due(self, kinds: Sequence[str] = ("wake",)) -> datetime | None:
        """When the next timer or time limit comes due."""
        waiting = Job.state == "due", Job.kind.in_(kinds)
        return self.session.scalar(select(func.min(Job.due_at)).where(*waiting))


def _start(walk: Walking, step: WalkStep) -> None:
    definition = latest_definition(walk.session, walk.process_id)
    bundle = bundle_of(walk.session, definition.bundle_hash)
    if bundle.start_message:
        _send(walk, bundle.start_message, step)
        return
    who = starter(walk.session, definition.starter_groups)
    if bundle.start_form:
        keep_samples(walk.session, who, step.values)
        start_instance(walk.session, walk.process_id, who, step.values, now=walk.now)
    else:  # what the process that calls it would hand over
        known = {n: v for n, v in step.values.items() if n in bundle.known_names}
        begin_instance(walk.session, definition, bundle, who, EVERYBODY, known, walk.now)


def _complete(walk: Walking, step: WalkStep) -> None:
    task = open_task(walk.session, step)
    who = worker_for(walk.session, task)
    keep_samples(walk.session, who, step.values)
    complete_task(walk.session, task.id, who, step.values, password=PASSWORD, now=walk.now)


def _result(walk: Walking, step: WalkStep) -> None:
    task, who = open_external(walk.session, step).id, observer(walk.session)
    lock_external(walk.session, task, "walk", who, LOCK, now=walk.now)
    complete_external(walk.session, task, "walk", who, step.values, now=walk.now)


def _error(walk: Walking, step: WalkStep) -> None:
    task, who = open_external(walk.session, step).id, observer(walk.session)
    lock_external(walk.session, task, "walk", who, LOCK, now=walk.now)
    report_bpmn_error(walk.session, task, "walk", who, step.name, values=step.values, now=walk.now)


def _message(walk: Walking, step: WalkStep) -> None:
    _send(walk, step.name, step)


def _send(walk: Walking, name: str, step: WalkStep) -> None:
    sent = correlate_message(walk.session, name, observer(walk.session), payload=step.values, now=walk.now)
    if sent.state != "delivered":
        raise MessageNotTaken(name=name)


def _wait(walk: Walking, step: WalkStep) -> None:
    walk.pass_until(walk.now + timedelta(seconds=step.seconds))


def _next(walk: Walking, step: WalkStep) -> None:
    due = walk.next_due()
    if due is None:
        raise NothingDue()
    walk.pass_until(max(due, walk.now))


_STEPS: dict[str, Callable[[Walking, WalkStep], None]] = {
    START: _start, COMPLETE: _complete, RESULT: _result, ERROR: _error, MESSAGE: _message, WAIT: _wait,
    NEXT: _next,
}  # fmt: skip
