"""Verbs on one's own notifications: read them, choose the channels, try one out."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.errors import NoSuchChannel, NotificationNotFound
from engine.queries.access import sees
from engine.queries.clock import time_of
from engine.queries.inbox import trial_key
from engine.queries.views import Actor
from engine.schedule.channels import VENDOR_HOSTS, address_problem, secret_problem
from engine.schedule.jobs import put_jobs
from engine.schedule.outbox import channel_job
from engine.storage.models import Notification, PersonChannel
from engine.storage.session import begin_write


def open_notification(
    session: Session, actor: Actor, notification_id: str, *, now: datetime | None = None
) -> str | None:
    """Marks a notification of the actor's as read and returns the path of what it is about; None if there is
    nothing, or nothing more that the actor may see. Raises NotificationNotFound."""
    begin_write(session)
    row = session.get(Notification, notification_id, populate_existing=True)
    if row is None or row.person_id != actor.person_id:
        raise NotificationNotFound(notification_id)
    row.read_at = row.read_at or time_of(now)
    session.flush()
    link = row.facts.get("link")
    if not isinstance(link, str) or row.instance_id is None:
        return link if isinstance(link, str) else None
    return link if sees(session, actor, row.instance_id) else None


def mark_read(
    session: Session, actor: Actor, notification_id: str | None = None, *, now: datetime | None = None
) -> int:
    """Marks one notification of the actor's, or all, as read. Returns how many were not read before."""
    begin_write(session)
    unread = update(Notification).where(
        Notification.person_id == actor.person_id, Notification.read_at.is_(None)
    )
    if notification_id is not None:
        unread = unread.where(Notification.id == notification_id)
    marked = unread.values(read_at=time_of(now)).returning(Notification.id)
    return len(session.scalars(marked, execution_options={"synchronize_session": False}).all())


def mark_task_read(session: Session, actor: Actor, task_id: str, *, now: datetime | None = None) -> None:
    """Whoever opens a task has read that it is there."""
    news = Notification.task_id == task_id, Notification.person_id == actor.person_id
    unread = select(Notification.id).where(*news, Notification.read_at.is_(None))
    if session.scalar(unread.limit(1)) is not None:
        session.execute(update(Notification).where(*news).values(read_at=time_of(now)))


def set_channel(
    session: Session,
    actor: Actor,
    channel: str,
    address: str,
    *,
    enabled: bool = True,
    secret: str | None = None,
    hosts: Collection[str] = VENDOR_HOSTS,
    now: datetime | None = None,
) -> None:
    """Sets or changes a way to reach the actor. `secret` of a signed robot: None keeps the one there is as
    long as the address stays. `hosts`: where webhooks may go, see `Services.webhook_hosts`.

    Raises NoSuchChannel, and BadAddress, HostNotAllowed, BadSecret, which name their `field`."""
    address, typed = address.strip(), secret.strip() if secret else None
    refused = address_problem(channel, address, hosts) or secret_problem(channel, typed or "")
    if refused:
        raise refused
    begin_write(session)
    row = session.get(PersonChannel, (actor.person_id, channel), populate_existing=True)
    if row is None:
        row = PersonChannel(person_id=actor.person_id, channel=channel)
        session.add(row)
    if typed or row.address != address:
        row.secret = typed
    if typed or row.address != address or row.enabled != enabled:
        row.address, row.enabled, row.changed_at = address, enabled, time_of(now)
    session.flush()


def remove_channel(session: Session, actor: Actor, channel: str) -> None:
    """The actor is no longer reached this way. Raises NoSuchChannel."""
    begin_write(session)
    session.delete(_own(session, actor, channel))
    session.flush()


def send_test(session: Session, actor: Actor, channel: str, *, now: datetime | None = None) -> None:
    """Sends a test by the outbox, as every notification goes, also where the channel is switched off.

    Raises NoSuchChannel."""
    begin_write(session)
    at, row = time_of(now), _own(session, actor, channel)
    job = channel_job(row, actor.language, "test", {}, "")
    put_jobs(session, [{**job, "key": trial_key(actor.person_id, channel, at)}], at)


def _own(session: Session, actor: Actor, channel: str) -> PersonChannel:
    row = session.get(PersonChannel, (actor.person_id, channel), populate_existing=True)
    if row is None:
        raise NoSuchChannel(channel)
    return row
