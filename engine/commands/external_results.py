"""Verbs of programs outside on what came of a service task: results, or an error that the diagram knows."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from engine.commands.external import WORKERS, held
from engine.commands.settling import settle
from engine.diagram.bundle import Bundle
from engine.execution import workflow
from engine.execution.workflow import Live, Step
from engine.queries.clock import time_of
from engine.queries.views import Actor
from engine.records import audit, variables
from engine.schedule.clocks import ClockBook
from engine.storage.external import ExternalTask
from engine.storage.instances import live_rows
from engine.storage.locked import LockedInstance

Token = Mapping[str, object]


def complete_external(
    session: Session,
    task_id: str,
    worker_id: str,
    actor: Actor,
    values: Mapping[str, object],
    *,
    now: datetime | None = None,
) -> None:
    """Completes a service task with a program's results, of which the case keeps the names that its diagram
    knows; it goes on to its next wait. Raises NotAllowed, ExternalTaskNotFound, ExternalTaskNotYours, and
    what the diagram raises."""

    def complete(bundle: Bundle, live: Live, token: Token, book: ClockBook) -> Step:
        return workflow.answer(bundle, live, task_id, token, book.at, book)

    task, at = held(session, task_id, worker_id, actor), time_of(now)
    _settle(session, task, worker_id, actor, values, at, "completed", complete)


def report_bpmn_error(
    session: Session,
    task_id: str,
    worker_id: str,
    actor: Actor,
    code: str,
    message: str = "",
    values: Mapping[str, object] | None = None,
    *,
    now: datetime | None = None,
) -> None:
    """A program met a problem that the diagram foresees: the boundary event that catches the code takes over.
    Raises NotAllowed, ExternalTaskNotFound, ExternalTaskNotYours, and UncaughtError if nothing catches it:
    then the task stays as it was."""

    def throw(bundle: Bundle, live: Live, token: Token, book: ClockBook) -> Step:
        return workflow.report_error(bundle, live, task_id, code, message, token, book.at, book)

    task, at = held(session, task_id, worker_id, actor), time_of(now)
    _settle(session, task, worker_id, actor, values or {}, at, "error", throw, code=code)


def _settle(
    session: Session,
    held_task: tuple[ExternalTask, LockedInstance, Bundle],
    worker_id: str,
    actor: Actor,
    values: Mapping[str, object],
    at: datetime,
    state: str,
    run: Callable[[Bundle, Live, Token, ClockBook], Step],
    **more: object,
) -> None:
    """Runs the step and keeps it with what the program brought: the end of its task, values, history."""
    task, instance, bundle = held_task
    live = workflow.Live(live_rows(session, instance.id), dict(instance.body))
    book = ClockBook(session, instance.id, at)
    step = run(bundle, live, {n: v for n, v in values.items() if n in bundle.names}, book)
    task.state, task.finished_at, task.finished_by, task.locked_until = state, at, actor.person_id, None
    session.flush()
    known = {(task.scope, name): value for name, value in values.items() if name in bundle.known_names}
    variables.write(session, task.instance_id, known, bundle.personal_names, actor.person_id, at)
    digest = audit.content_hash(dict(values))
    facts: dict[str, object] = {"worker": worker_id, "topic": task.topic, **more, "hash": digest}
    event = audit.Event(
        at, f"external_{state}", actor.person_id, actor.name, next(iter(sorted(actor.groups & WORKERS))),
        task.process_id, task.element_id, task.scope, None, facts,
    )  # fmt: skip
    settle(session, instance, bundle, step, event, book)
