"""Verbs of programs outside on the locks of service tasks: fetch, keep, give back, fail.

The words and rules are those of Camunda 7's external tasks, so that its clients work unmodified.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.commands.notices import announce_incident
from engine.diagram.bundle import Bundle
from engine.errors import CaseSuspended, ExternalTaskNotFound, ExternalTaskNotYours, NotAllowed
from engine.queries.bundles import bundle_of
from engine.queries.clock import time_of
from engine.queries.external import ExternalWork, variables_of, work_views
from engine.queries.views import Actor
from engine.schedule.jobs import Leased, holds, put_jobs
from engine.storage.cases import ProcessInstance
from engine.storage.external import ExternalTask
from engine.storage.ids import new_id
from engine.storage.jobs import Incident
from engine.storage.locked import LockedInstance, lock_instance
from engine.storage.session import begin_write

WORKERS = frozenset({"it"})  # who may let a program work in his name
MOST_FETCHED = 100
LONGEST_LOCK = timedelta(days=1)
LONGEST_ERROR = 4000  # characters of what went wrong


@dataclass(frozen=True)
class Subscription:
    """A topic that a program works on: how long it locks what it gets, and which variables it wants (None:
    all that it may see)."""

    topic: str
    lock: timedelta
    variables: tuple[str, ...] | None = None


def fetch_and_lock(
    session: Session,
    worker_id: str,
    actor: Actor,
    wanted: Sequence[Subscription],
    *,
    most: int = 10,
    by_priority: bool = True,
    now: datetime | None = None,
) -> list[ExternalWork]:
    """Locks open service tasks of some topics for a program: the longest waiting first, or with `by_priority`
    the most urgent. What another program has just locked is passed over, not waited for; so is what
    belongs to a suspended case.

    Raises NotAllowed."""
    _check(actor)
    at, topics = time_of(now), {one.topic: one for one in wanted}
    free = or_(ExternalTask.locked_until.is_(None), ExternalTask.locked_until <= at)
    tries_left = or_(ExternalTask.retries.is_(None), ExternalTask.retries > 0)
    held = ProcessInstance.id == ExternalTask.instance_id, ProcessInstance.suspended.is_(True)
    may_go_on = ~select(ProcessInstance.id).where(*held).exists()
    named = ExternalTask.state == "open", ExternalTask.topic.in_(sorted(topics))
    waiting = *named, free, tries_left, may_go_on
    if session.scalar(select(ExternalTask.id).where(*waiting).limit(1)) is None:
        return []  # a look that takes no lock: most of the time nothing is there
    begin_write(session)
    urgent = (ExternalTask.priority.desc(),) if by_priority else ()
    chosen = (
        select(ExternalTask)
        .where(*waiting)
        .order_by(*urgent, ExternalTask.created_at, ExternalTask.id)
        .limit(max(0, min(most, MOST_FETCHED)))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    tasks = list(session.scalars(chosen))
    for task in tasks:
        task.worker_id, task.locked_until = worker_id, at + min(topics[task.topic].lock, LONGEST_LOCK)
    session.flush()
    chosen_names = {topic: one.variables for topic, one in topics.items()}
    return work_views(session, tasks, variables_of(session, tasks), chosen_names)


def fail_external(
    session: Session,
    task_id: str,
    worker_id: str,
    actor: Actor,
    *,
    message: str = "",
    details: str = "",
    retries: int = 0,
    wait: timedelta = timedelta(),
    now: datetime | None = None,
) -> None:
    """A program failed for a reason of its own. With `retries` left another one gets the task after `wait`;
    at 0 an incident opens for the operators.

    Raises NotAllowed, ExternalTaskNotFound, ExternalTaskNotYours."""
    at = time_of(now)
    task, instance, _ = held(session, task_id, worker_id, actor)
    task.error_message, task.error_details = message[:LONGEST_ERROR] or None, details[:LONGEST_ERROR] or None
    task.retries, task.worker_id = max(0, retries), None
    task.locked_until = at + min(wait, LONGEST_LOCK) if retries > 0 and wait > timedelta() else None
    if retries <= 0:
        _open_incident(session, task, instance, at)
    session.flush()


def extend_lock(
    session: Session,
    task_id: str,
    worker_id: str,
    actor: Actor,
    lock: timedelta,
    *,
    now: datetime | None = None,
) -> None:
    """The program that has a task keeps it for `lock` from now. Raises as `complete_external`."""
    task, _, _ = held(session, task_id, worker_id, actor)
    task.locked_until = time_of(now) + min(lock, LONGEST_LOCK)
    session.flush()


def lock_external(
    session: Session,
    task_id: str,
    worker_id: str,
    actor: Actor,
    lock: timedelta,
    *,
    now: datetime | None = None,
) -> None:
    """A program takes one task that nobody else has now. Raises as `complete_external`."""
    at, (task, _, _) = time_of(now), _open(session, task_id, actor)
    if task.worker_id not in (None, worker_id) and task.locked_until and task.locked_until > at:
        raise ExternalTaskNotYours(id=task_id, worker=worker_id)
    task.worker_id, task.locked_until = worker_id, at + min(lock, LONGEST_LOCK)
    session.flush()


def unlock_external(session: Session, task_id: str, actor: Actor) -> None:
    """Takes a task away from the program that has it. Raises NotAllowed, ExternalTaskNotFound."""
    task, _, _ = _open(session, task_id, actor)
    task.worker_id = task.locked_until = None
    session.flush()


def try_again(session: Session, leased: Leased, now: datetime) -> bool:
    """The effect of a job that an operator has retried: programs get the task once more."""
    task_id = str(leased.payload["task"])
    known = session.get(ExternalTask, task_id)
    if known is not None:
        lock_instance(session, known.instance_id)
    if not holds(session, leased):
        return False
    if known is not None and known.state == "open":
        session.refresh(known)
        known.retries, known.worker_id, known.locked_until = 1, None, None
    session.flush()
    return True


def _check(actor: Actor) -> None:
    if actor.groups.isdisjoint(WORKERS):
        raise NotAllowed(what="do the work of programs", what_zh="执行外部程序的任务")


def _open(session: Session, task_id: str, actor: Actor) -> tuple[ExternalTask, LockedInstance, Bundle]:
    """An open task under the lock of its case, as every step takes it. Raises CaseSuspended as well."""
    _check(actor)
    instance_id = session.scalar(select(ExternalTask.instance_id).where(ExternalTask.id == task_id))
    instance = lock_instance(session, instance_id) if instance_id else None
    chosen = select(ExternalTask).where(ExternalTask.id == task_id, ExternalTask.state == "open")
    task = session.scalars(chosen.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if task is None or instance is None:
        raise ExternalTaskNotFound(task_id)
    if instance.suspended:
        raise CaseSuspended()
    return task, instance, bundle_of(session, instance.bundle_hash)


def held(
    session: Session, task_id: str, worker_id: str, actor: Actor
) -> tuple[ExternalTask, LockedInstance, Bundle]:
    """An open task that this program has, though its lock may be over: as long as no other one took it."""
    found = _open(session, task_id, actor)
    if found[0].worker_id != worker_id:
        raise ExternalTaskNotYours(id=task_id, worker=worker_id)
    return found


def _open_incident(session: Session, task: ExternalTask, instance: LockedInstance, at: datetime) -> None:
    """A job that has failed already stands for the task, so that operators find it among all others."""
    job_id = new_id()
    job = {"id": job_id, "kind": "external", "instance_id": instance.id, "payload": {"task": task.id}}
    put_jobs(session, [{**job, "state": "failed", "attempts": 1}], at)
    cause = f"{task.topic}: {task.error_message or 'a program gave up'}"
    incident = Incident(
        id=new_id(), job_id=job_id, kind="external", instance_id=instance.id, opened_at=at, cause=cause,
        cause_zh=f"{task.topic}：{task.error_message or '外部程序放弃了任务'}", attempts=1,
    )  # fmt: skip
    session.add(incident)
    session.flush()
    announce_incident(session, incident, at)
