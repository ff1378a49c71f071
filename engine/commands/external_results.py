"""Verbs of programs outside on what came of a service task: results, or an error that the diagram knows."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from engine.commands.external import WORKERS, held
from engine.commands.settling import settle
from engine.diagram.bundle import Bundle
from engine.execution import workflow
from engine.queries.clock import time_of
from engine.queries.views import Actor
from engine.records import audit, variables
from engine.schedule.clocks import ClockBook
from engine.storage.external import ExternalTask
from engine.storage.instances import live_rows


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
    at = time_of(now)
    task, instance, bundle = held(session, task_id, worker_id, actor)
    live = workflow.Live(live_rows(session, instance.id), dict(instance.body))
    book = ClockBook(session, instance.id, at)
    token = {name: value for name, value in values.items() if name in bundle.names}
    step = workflow.answer(bundle, live, task_id, token, at, book)
    _finish(session, task, "completed", actor, at)
    digest = audit.content_hash(dict(values))
    facts: dict[str, object] = {"worker": worker_id, "topic": task.topic, "hash": digest}
    _keep_values(session, task, bundle, values, actor, at)
    settle(session, instance, bundle, step, _event(task, "external_completed", actor, facts, at), book)


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
    at, given = time_of(now), values or {}
    task, instance, bundle = held(session, task_id, worker_id, actor)
    live = workflow.Live(live_rows(session, instance.id), dict(instance.body))
    book = ClockBook(session, instance.id, at)
    token = {name: value for name, value in given.items() if name in bundle.names}
    step = workflow.report_error(bundle, live, task_id, code, message, token, at, book)
    _finish(session, task, "error", actor, at)
    digest = audit.content_hash(dict(given))
    facts: dict[str, object] = {"worker": worker_id, "topic": task.topic, "code": code, "hash": digest}
    _keep_values(session, task, bundle, given, actor, at)
    settle(session, instance, bundle, step, _event(task, "external_error", actor, facts, at), book)


def _finish(session: Session, task: ExternalTask, state: str, actor: Actor, at: datetime) -> None:
    task.state, task.finished_at, task.finished_by, task.locked_until = state, at, actor.person_id, None
    session.flush()


def _keep_values(
    session: Session,
    task: ExternalTask,
    bundle: Bundle,
    values: Mapping[str, object],
    actor: Actor,
    at: datetime,
) -> None:
    known = {(task.scope, name): value for name, value in values.items() if name in bundle.known_names}
    variables.write(session, task.instance_id, known, bundle.personal_names, actor.person_id, at)


def _event(
    task: ExternalTask, kind: str, actor: Actor, facts: dict[str, object], at: datetime
) -> audit.Event:
    role = next(iter(sorted(actor.groups & WORKERS)))
    return audit.Event(
        at, kind, actor.person_id, actor.name, role, task.process_id, task.element_id, task.scope, None, facts
    )
