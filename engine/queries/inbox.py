"""A person's inbox and channels, read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.queries.paging import count, order_by
from engine.queries.views import Actor, Page, Text
from engine.schedule.channels import CHANNELS
from engine.schedule.templates import render
from engine.storage.models import Job, Notification, PersonChannel

MOST_UNREAD = 100  # further is not counted


@dataclass(frozen=True)
class NotificationView:
    """A line of the inbox. `kind`: task, clock_warned, clock_breached, clock_extended or incident. `text` is
    the line, `more` what stands below it."""

    id: str
    kind: str
    text: Text
    more: Text
    at: datetime
    read_at: datetime | None
    leads_on: bool


@dataclass(frozen=True)
class ChannelView:
    """A channel that a person has set. `tested`: what became of the last test, a state of its job (due, done,
    failed, cancelled), with the last `cause` of failure; None before the first."""

    channel: str
    address: str
    enabled: bool
    has_secret: bool
    tested: str | None
    tested_at: datetime | None
    cause: str | None


def list_notifications(
    session: Session, actor: Actor, *, unread: bool = False, cursor: str | None = None, limit: int = 25
) -> Page[NotificationView]:
    """One page of the actor's notifications, newest first; `unread`: only those not read yet."""
    statement = select(Notification).where(Notification.person_id == actor.person_id)
    if unread:
        statement = statement.where(Notification.read_at.is_(None))
    order = order_by(Notification.at, Notification.id, True, cursor, limit)
    rows = list(session.scalars(order.apply(statement)))
    kept, following, preceding = order.cut(rows, lambda row: (row.at, row.id))
    total = count(session, statement.with_only_columns(Notification.id))
    return Page([_view(row) for row in kept], following, preceding, *total)


def count_unread(session: Session, person_id: str) -> int:
    """How many notifications a person has not read; counts no further than `MOST_UNREAD`."""
    unread = Notification.person_id == person_id, Notification.read_at.is_(None)
    some = select(Notification.id).where(*unread).limit(MOST_UNREAD)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def list_channels(session: Session, actor: Actor) -> list[ChannelView]:
    """The channels that the actor has set, in the order of `CHANNELS`. Secrets are not shown."""
    rows = session.scalars(select(PersonChannel).where(PersonChannel.person_id == actor.person_id))
    known = {row.channel: row for row in rows}
    return [_channel(session, known[name]) for name in CHANNELS if name in known]


def trial_key(person_id: str, channel: str, at: datetime | None = None) -> str:
    """The key of a test's job, or what the keys of all tests of a channel begin with."""
    return f"notice:test:{person_id}:{channel}:{at.isoformat() if at else ''}"


def _channel(session: Session, row: PersonChannel) -> ChannelView:
    prefix = trial_key(row.person_id, row.channel)  # and a year: the range finds it by the index of keys
    tests = Job.key > prefix, Job.key < f"{prefix}9", Job.key.startswith(prefix, autoescape=True)
    newer = Job.created_at >= row.changed_at  # what was set before says nothing about what is set now
    last = session.scalars(select(Job).where(*tests, newer).order_by(Job.created_at.desc()).limit(1)).first()
    known = row.channel, row.address, row.enabled, bool(row.secret)
    if last is None:
        return ChannelView(*known, None, None, None)
    return ChannelView(*known, last.state, last.finished_at or last.created_at, last.last_error)


def _view(row: Notification) -> NotificationView:
    zh, en = (render(row.kind, row.facts, language) for language in ("zh", "en"))
    more = Text(zh.text.replace("\n", " · "), en.text.replace("\n", " · "))
    text, leads_on = Text(zh.subject, en.subject), bool(row.facts.get("link"))
    return NotificationView(row.id, row.kind, text, more, row.at, row.read_at, leads_on)
