"""Verbs that hold: a case that nobody and nothing moves for a while, a process of which no case starts."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.commands.deployments import begin_deploying
from engine.commands.steps import earliest
from engine.errors import (
    AlreadyEnded,
    EngineError,
    InstanceNotFound,
    NotAllowed,
    NotSuspended,
    ReasonRequired,
    SuspendedAlready,
)
from engine.queries.access import SUSPENDERS, may_suspend_case, sees
from engine.queries.bundles import bundle_of
from engine.queries.clock import time_of
from engine.queries.permissions import PUBLISHERS, may_suspend_process
from engine.queries.suspension import find_definition
from engine.queries.views import Actor
from engine.records import audit
from engine.schedule.jobs import hurry, put_wake
from engine.storage.ids import new_id
from engine.storage.locked import lock_instance, suspend, write_instance
from engine.storage.models import DefinitionChange, Job, Message, MessageWait

STATES_ZH = {"completed": "已办结", "cancelled": "已取消"}
KINDS = {True: "suspended", False: "activated"}


def suspend_instance(
    session: Session, instance_id: str, actor: Actor, reason: str, *, now: datetime | None = None
) -> None:
    """Holds a running case: its tasks can be read and drafted but not completed or handed on, its timers,
    messages and signals wait, programs get no work of it. Its limits run on and are told.

    For the groups answerable for the register and for process owners. Raises InstanceNotFound, NotAllowed,
    AlreadyEnded, SuspendedAlready, ReasonRequired."""
    _set_case(session, instance_id, actor, reason, True, time_of(now))


def activate_instance(
    session: Session, instance_id: str, actor: Actor, reason: str, *, now: datetime | None = None
) -> None:
    """Lets a suspended case go on; what has come due or came meanwhile happens now.

    Raises InstanceNotFound, NotAllowed, AlreadyEnded, NotSuspended, ReasonRequired."""
    _set_case(session, instance_id, actor, reason, False, time_of(now))


def suspend_definition(
    session: Session,
    actor: Actor,
    reason: str,
    *,
    id: str | None = None,
    process_id: str | None = None,
    now: datetime | None = None,
) -> None:
    """Holds a version of a process, by its id or the latest of a process: no case of it starts, neither by
    people nor by messages; those that run go on. A version published later is another one.

    For process owners. Raises NotAllowed, ProcessNotFound, SuspendedAlready, ReasonRequired."""
    _set_definition(session, actor, reason, (id, process_id), True, time_of(now))


def activate_definition(
    session: Session,
    actor: Actor,
    reason: str,
    *,
    id: str | None = None,
    process_id: str | None = None,
    now: datetime | None = None,
) -> None:
    """Lets cases of a suspended version start again, and messages that waited for that.

    Raises NotAllowed, ProcessNotFound, NotSuspended, ReasonRequired."""
    _set_definition(session, actor, reason, (id, process_id), False, time_of(now))


def _set_case(
    session: Session, instance_id: str, actor: Actor, reason: str, suspended: bool, at: datetime
) -> None:
    case = lock_instance(session, instance_id)
    if case is None or not sees(session, actor, instance_id):
        raise InstanceNotFound(instance_id)
    if not may_suspend_case(actor):
        raise NotAllowed(what="suspend or activate this case", what_zh="暂停或恢复该案件")
    if case.state != "running":
        raise AlreadyEnded(state=case.state, state_zh=STATES_ZH[case.state])
    _check(case.suspended, suspended, reason)
    suspend(session, case, suspended)
    event = audit.Event(
        at, KINDS[suspended], actor.person_id, actor.name, min(actor.groups & SUSPENDERS), case.process_id,
        None, "", reason.strip(),
    )  # fmt: skip
    audit.append(session, case, [event])
    write_instance(session, case)
    put_wake(session, case.id, earliest(case), at)
    if not suspended:
        hurry(session, Job.kind == "signal", Job.instance_id == case.id, now=at)
        names = select(MessageWait.name).where(MessageWait.instance_id == case.id)
        hurry(session, Job.id.in_(_messages().where(Message.name.in_(names))), now=at)


def _set_definition(
    session: Session,
    actor: Actor,
    reason: str,
    which: tuple[str | None, str | None],
    suspended: bool,
    at: datetime,
) -> None:
    refusal = may_suspend_process(actor).refusal
    if refusal is not None:
        raise refusal
    begin_deploying(session)  # the table before a row of it, as every deployment: nobody can deadlock
    definition = find_definition(session, *which, locked=True)
    _check(definition.suspended, suspended, reason)
    definition.suspended = suspended
    change = DefinitionChange(
        id=new_id(), definition_id=definition.id, kind=KINDS[suspended], at=at, by=actor.person_id,
        by_name=actor.name, role=min(actor.groups & PUBLISHERS), reason=reason.strip(),
    )  # fmt: skip
    session.add(change)
    session.flush()
    awaited = bundle_of(session, definition.bundle_hash).start_message
    if awaited and not suspended:
        hurry(session, Job.id.in_(_messages().where(Message.name == awaited)), now=at)


def _messages() -> Select[Any]:
    """The jobs of messages that nobody has taken yet."""
    return select(Message.job_id).where(Message.state == "pending", Message.job_id.is_not(None))


def _check(is_suspended: bool, suspended: bool, reason: str) -> None:
    if is_suspended == suspended:
        refusal: EngineError = SuspendedAlready() if suspended else NotSuspended()
        raise refusal
    if not reason.strip():
        raise ReasonRequired()
