"""Messages: sent by people and programs, delivered to the case that waits or to the process that starts."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from engine.commands.arrivals import arrival
from engine.commands.idempotent import Once
from engine.commands.instances import begin_instance
from engine.commands.settling import settle
from engine.diagram.bundle import Bundle
from engine.errors import (
    CaseSuspended,
    DefinitionSuspended,
    ElementFailed,
    NobodyTookMessage,
    NobodyWaits,
    NotAllowed,
)
from engine.execution import workflow
from engine.queries.access import EVERYBODY
from engine.queries.bundles import bundle_of
from engine.queries.clock import time_of
from engine.queries.people import get_actor
from engine.queries.views import Actor, MessageSent
from engine.schedule.clocks import ClockBook
from engine.schedule.jobs import put_jobs
from engine.storage.guards import check_keepable
from engine.storage.ids import new_id
from engine.storage.instances import live_rows
from engine.storage.locked import LockedInstance, lock_instance
from engine.storage.models import Message, MessageWait, ProcessDefinition, ProcessInstance, Variable
from engine.storage.session import begin_write

MESSENGERS = frozenset({"it", "owner"})  # who may send a message by hand
MOST_CANDIDATES = 500  # cases that one message is tried on


def correlate_message(
    session: Session,
    name: str,
    actor: Actor,
    *,
    business_key: str | None = None,
    instance_id: str | None = None,
    correlation: Mapping[str, object] | None = None,
    payload: Mapping[str, object] | None = None,
    at_once: bool = False,
    idempotency_key: str | None = None,
    now: datetime | None = None,
) -> MessageSent:
    """Sends a message: to the case that waits for it, the longest waiting one of several, or to the process
    that starts with it.

    `business_key` names one case, by our number or a program's; `instance_id` too; `correlation` are values
    that the receiver's variables must have; `payload` are the variables that it brings. If nobody takes it
    now it stays pending and is tried again for some hours, then it is a dead letter; `at_once`: then it is
    refused, and a process that starts with it keeps `business_key` as the program's own. What only a
    suspended case would take stays pending until it is activated. The same `idempotency_key` sends it once
    and answers the same.
    Raises NotAllowed, KeyUsedDifferently, UnkeepableText; if `at_once` NobodyTookMessage,
    DefinitionSuspended."""
    check_messenger(actor)
    check_keepable([name, business_key, correlation, payload])
    at, wanted = time_of(now), {"case": business_key, "correlation": correlation, "payload": payload}
    begin_write(session)
    strict = {"at_once": True, "instance": instance_id} if at_once or instance_id else {}
    request = {"name": name, **wanted, **strict}
    once = Once(session, actor.person_id, f"message {name}", idempotency_key, request, at)
    if once.answer is not None:
        return MessageSent(**once.answer)
    key = _number_of(session, name, instance_id, business_key) if instance_id else business_key
    message = Message(
        id=new_id(), name=name, business_key=key, correlation=dict(correlation or {}),
        payload=dict(payload or {}), state="pending", sent_at=at, sent_by=actor.person_id,
    )  # fmt: skip
    session.add(message)
    session.flush()
    started = _sent(session, message, at, at_once, None if instance_id else business_key)
    return once.keep(MessageSent(message.id, message.state, message.delivered_to, started))


def check_messenger(actor: Actor) -> None:
    """Raises NotAllowed for whoever may not send messages and signals by hand."""
    if actor.groups.isdisjoint(MESSENGERS):
        raise NotAllowed(what="send messages", what_zh="发送消息")


def _number_of(session: Session, name: str, instance_id: str, business_key: str | None) -> str:
    """The number of a case that is called by its id, and by its key if one is given too."""
    case = session.get(ProcessInstance, instance_id)
    if case is None or business_key not in (None, case.business_key, case.client_key):
        raise NobodyTookMessage(name=name)
    return case.business_key


def _sent(session: Session, message: Message, at: datetime, at_once: bool, own_key: str | None) -> bool:
    """Delivers a new message, or leaves it to a job. Whether a case has started with it."""
    try:
        return deliver_message(session, message, at, own_key if at_once else None)
    except (NobodyTookMessage, DefinitionSuspended):
        if at_once:
            raise
    except CaseSuspended:
        pass  # it waits, however it was sent
    message.job_id = new_id()
    job = {"id": message.job_id, "kind": "message", "payload": {"message": message.id}}
    put_jobs(session, [job], at)
    session.flush()
    return False


def deliver_message(session: Session, message: Message, now: datetime, client_key: str | None = None) -> bool:
    """Gives a message to whoever takes it, in this transaction. Whether a case has started with it;
    `client_key`: what the program calls that. Raises NobodyTookMessage; CaseSuspended, DefinitionSuspended if
    only what is suspended would take it."""
    taken, started = _to_waiting(session, message, now), False
    if taken is None and (client_key or not message.business_key):
        taken = _to_start(session, message, now, client_key)
        started = taken is not None
    if taken is None:
        raise NobodyTookMessage(name=message.name)
    message.state, message.delivered_at, message.delivered_to = "delivered", now, taken
    session.flush()
    return started


def mark_dead(session: Session, message_id: str) -> None:
    """Nobody took it, however often it was tried."""
    pending = Message.id == message_id, Message.state == "pending"
    session.execute(update(Message).where(*pending).values(state="dead"))


def _to_waiting(session: Session, message: Message, now: datetime) -> str | None:
    """The id of the case that took it, the longest waiting one that agrees."""
    failed: ElementFailed | CaseSuspended | None = None
    for instance_id in _candidates(session, message):
        instance = lock_instance(session, instance_id)
        if instance is None or instance.state != "running":
            continue
        bundle, book = bundle_of(session, instance.bundle_hash), ClockBook(session, instance_id, now)
        try:
            step = _step(session, instance, bundle, message, book)
        except NobodyWaits:
            continue
        except (ElementFailed, CaseSuspended) as failure:  # must not keep the message from the next one
            failed = failed or failure
            continue
        facts, payload = {"message": message.name, "id": message.id}, dict(message.payload)
        event = arrival(session, "message", facts, payload, message.sent_by, instance, bundle, now)
        settle(session, instance, bundle, step, event, book)
        return instance_id
    if failed is not None:
        raise failed
    return None


def _step(
    session: Session, instance: LockedInstance, bundle: Bundle, message: Message, book: ClockBook
) -> workflow.Step:
    """How the case would go on. Raises NobodyWaits, CaseSuspended, and what the diagram raises."""
    live = workflow.Live(live_rows(session, instance.id), dict(instance.body))
    step = workflow.deliver(bundle, live, message.name, {}, dict(message.payload), book.at, book)
    if instance.suspended:
        raise CaseSuspended()
    return step


def _candidates(session: Session, message: Message) -> list[str]:
    named = MessageWait.kind == "message", MessageWait.name == message.name
    wanted = select(MessageWait.instance_id).where(*named)
    if key := message.business_key:
        case = select(ProcessInstance.id).where(ProcessInstance.client_key == key)
        own = MessageWait.instance_id.in_(case.where(ProcessInstance.state == "running"))
        wanted = wanted.where(or_(MessageWait.business_key == key, own))
    for name, value in message.correlation.items():
        same = Variable.name == name, Variable.scope == "", Variable.value == value
        wanted = wanted.where(MessageWait.instance_id.in_(select(Variable.instance_id).where(*same)))
    ordered = wanted.order_by(MessageWait.since, MessageWait.engine_task_id).limit(MOST_CANDIDATES)
    return list(dict.fromkeys(session.scalars(ordered)))


def _to_start(session: Session, message: Message, now: datetime, client_key: str | None) -> str | None:
    """The id of the new case of the process that starts with this message."""
    for definition in session.scalars(select(ProcessDefinition).where(ProcessDefinition.latest.is_(True))):
        bundle = bundle_of(session, definition.bundle_hash)
        sender = get_actor(session, message.sent_by or "") if bundle.start_message == message.name else None
        if sender is not None:
            if definition.suspended:
                raise DefinitionSuspended()
            brought = {n: v for n, v in message.payload.items() if n in bundle.known_names}
            made = begin_instance(session, definition, bundle, sender, EVERYBODY, brought, now, client_key)
            return made[0].id
    return None
