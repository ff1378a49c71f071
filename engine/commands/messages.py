"""Messages: sent by people and programs, delivered to the case that waits or to the process that starts."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.commands.idempotent import Once
from engine.commands.instances import begin_instance
from engine.commands.settling import settle
from engine.diagram.bundle import Bundle
from engine.errors import ElementFailed, NobodyTookMessage, NobodyWaits, NotAllowed
from engine.execution import workflow
from engine.queries.access import EVERYBODY
from engine.queries.bundles import bundle_of
from engine.queries.clock import time_of
from engine.queries.people import get_actor
from engine.queries.views import Actor, MessageSent
from engine.records import audit, variables
from engine.schedule.clocks import ClockBook
from engine.schedule.jobs import put_jobs
from engine.storage.instances import live_rows
from engine.storage.locked import LockedInstance, lock_instance
from engine.storage.models import Message, MessageWait, ProcessDefinition, Variable
from engine.storage.session import begin_write

MESSENGERS = frozenset({"it", "owner"})  # who may send a message by hand
MOST_CANDIDATES = 500  # cases that one message is tried on


def correlate_message(
    session: Session,
    name: str,
    actor: Actor,
    *,
    business_key: str | None = None,
    correlation: Mapping[str, object] | None = None,
    payload: Mapping[str, object] | None = None,
    idempotency_key: str | None = None,
    now: datetime | None = None,
) -> MessageSent:
    """Sends a message: to the case that waits for it, the longest waiting one of several, or to the process
    that starts with it.

    `business_key` names one case; `correlation` are values that the receiver's variables must have; `payload`
    are the variables that it brings. If nobody takes it now it stays pending and is tried again for some
    hours, then it is a dead letter. The same `idempotency_key` sends it once and answers the same.
    Raises NotAllowed, KeyUsedDifferently."""
    if actor.groups.isdisjoint(MESSENGERS):
        raise NotAllowed(what="send messages", what_zh="发送消息")
    at = time_of(now)
    request = {"name": name, "case": business_key, "correlation": correlation, "payload": payload}
    begin_write(session)
    once = Once(session, actor.person_id, f"message {name}", idempotency_key, request, at)
    if once.answer is not None:
        return MessageSent(**once.answer)
    message = Message(
        id=str(uuid4()), name=name, business_key=business_key, correlation=dict(correlation or {}), keys={},
        payload=dict(payload or {}), state="pending", sent_at=at, sent_by=actor.person_id,
    )  # fmt: skip
    session.add(message)
    session.flush()
    try:
        deliver_message(session, message, at)
    except NobodyTookMessage:
        message.job_id = str(uuid4())
        job = {"id": message.job_id, "kind": "message", "payload": {"message": message.id}}
        put_jobs(session, [job], at)
    session.flush()
    return once.keep(MessageSent(message.id, message.state, message.delivered_to))


def deliver_message(session: Session, message: Message, now: datetime) -> None:
    """Gives a message to whoever takes it, in this transaction. Raises NobodyTookMessage."""
    taken = _to_waiting(session, message, now) or _to_start(session, message, now)
    if taken is None:
        raise NobodyTookMessage(name=message.name)
    message.state, message.delivered_at, message.delivered_to = "delivered", now, taken
    session.flush()


def mark_dead(session: Session, message_id: str) -> None:
    """Nobody took it, however often it was tried."""
    pending = Message.id == message_id, Message.state == "pending"
    session.execute(update(Message).where(*pending).values(state="dead"))


def _to_waiting(session: Session, message: Message, now: datetime) -> str | None:
    """The id of the case that took it, the longest waiting one that agrees."""
    failed: ElementFailed | None = None
    for instance_id in _candidates(session, message):
        instance = lock_instance(session, instance_id)
        if instance is None or instance.state != "running":
            continue
        bundle = bundle_of(session, instance.bundle_hash)
        live = workflow.Live(live_rows(session, instance_id), dict(instance.body))
        book = ClockBook(session, instance_id, now)
        try:
            step = workflow.deliver(bundle, live, message.name, {}, dict(message.payload), now, book)
        except NobodyWaits:
            continue
        except ElementFailed as failure:  # a broken case must not keep the message from the next one
            failed = failure
            continue
        event = _event(session, message, instance, bundle, now)
        settle(session, instance, bundle, step, event, book)
        return instance_id
    if failed is not None:
        raise failed
    return None


def _candidates(session: Session, message: Message) -> list[str]:
    wanted = select(MessageWait.instance_id).where(MessageWait.name == message.name)
    if message.business_key:
        wanted = wanted.where(MessageWait.business_key == message.business_key)
    for name, value in message.correlation.items():
        same = Variable.name == name, Variable.scope == "", Variable.value == value
        wanted = wanted.where(MessageWait.instance_id.in_(select(Variable.instance_id).where(*same)))
    ordered = wanted.order_by(MessageWait.since, MessageWait.engine_task_id).limit(MOST_CANDIDATES)
    return list(dict.fromkeys(session.scalars(ordered)))


def _to_start(session: Session, message: Message, now: datetime) -> str | None:
    """The id of the new case of the process that starts with this message."""
    if message.business_key:
        return None
    for definition in session.scalars(select(ProcessDefinition).where(ProcessDefinition.latest.is_(True))):
        bundle = bundle_of(session, definition.bundle_hash)
        sender = get_actor(session, message.sent_by or "") if bundle.start_message == message.name else None
        if sender is not None:
            brought = {n: v for n, v in message.payload.items() if n in bundle.known_names}
            return begin_instance(session, definition, bundle, sender, EVERYBODY, brought, now)[0].id
    return None


def _event(
    session: Session, message: Message, instance: LockedInstance, bundle: Bundle, now: datetime
) -> audit.Event:
    """The history event of a message that came, whose data vouch for what it brought; keeps its values."""
    known = {n: v for n, v in message.payload.items() if n in bundle.known_names}
    personal = bundle.personal_names
    by = message.sent_by or "system"
    variables.write(session, instance.id, {("", n): v for n, v in known.items()}, personal, by, now)
    sender = get_actor(session, message.sent_by or "")
    digest = audit.content_hash(dict(message.payload))
    data: dict[str, object] = {"message": message.name, "id": message.id, "hash": digest}
    return audit.Event(
        now, "message", message.sent_by, sender.name if sender else None, None, instance.process_id, None, "",
        None, data,
    )  # fmt: skip
