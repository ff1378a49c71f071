"""Notifications as rows: a line of the inbox, and a job for every other channel that a person has chosen.

What leaves the house says only the case's number, the step and times, never what somebody entered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.schedule.channels import EMAIL
from engine.schedule.jobs import put_jobs
from engine.storage.ids import new_id
from engine.storage.models import Notification, Person, PersonChannel
from engine.storage.session import insert_for


@dataclass(frozen=True)
class Notice:
    """Something to tell people. `facts` fill the template of its `kind`; `dedup` makes it once for each of
    them, however often it is put down. `inbox_only`: no other channel, whatever people have chosen."""

    kind: str
    people: frozenset[str]
    facts: Mapping[str, object]
    dedup: str
    instance_id: str | None = None
    task_id: str | None = None
    inbox_only: bool = False


def put_notices(session: Session, notices: Iterable[Notice], now: datetime) -> int:
    """Puts inbox lines and channel jobs down, in a constant number of statements. Returns the new lines."""
    wanted = {f"{n.dedup}:{person}": (n, person) for n in notices for person in n.people}
    if not wanted:
        return 0
    rows = [_line(*wanted[dedup], dedup, now) for dedup in sorted(wanted)]
    insert = insert_for(session)(Notification.__table__).on_conflict_do_nothing()
    told = session.connection().execute(insert.returning(Notification.__table__.c.dedup), rows)
    fresh = [wanted[dedup] for (dedup,) in told]
    _put_channel_jobs(session, [(n, person) for n, person in fresh if not n.inbox_only], now)
    return len(fresh)


def _line(notice: Notice, person: str, dedup: str, now: datetime) -> dict[str, object]:
    return {
        "id": new_id(), "person_id": person, "kind": notice.kind, "instance_id": notice.instance_id,
        "task_id": notice.task_id, "facts": dict(notice.facts), "dedup": dedup, "at": now,
    }  # fmt: skip


def _put_channel_jobs(session: Session, fresh: list[tuple[Notice, str]], now: datetime) -> None:
    if not fresh:
        return
    statement = (
        select(PersonChannel, Person.language)
        .join(Person, Person.id == PersonChannel.person_id)
        .where(PersonChannel.person_id.in_({person for _, person in fresh}))
        .where(PersonChannel.enabled.is_(True), Person.active.is_(True))
    )
    channels: dict[str, list[tuple[PersonChannel, str]]] = {}
    for channel, language in session.execute(statement):
        channels.setdefault(channel.person_id, []).append((channel, language))
    jobs = [
        channel_job(channel, language, notice.kind, notice.facts, notice.dedup)
        for notice, person in fresh
        for channel, language in channels.get(person, ())
    ]
    put_jobs(session, jobs, now)


def channel_job(
    channel: PersonChannel, language: str, kind: str, facts: Mapping[str, object], dedup: str
) -> dict[str, object]:
    """The job that says something on a channel. Its key makes that once for each address: people who share a
    group robot or a mailbox hear it there together."""
    payload: dict[str, object] = {"to": channel.address, "language": language, "kind": kind, "facts": facts}
    if channel.channel != EMAIL:
        payload |= {"channel": channel.channel, "secret": channel.secret}
    mark = sha256(channel.address.encode()).hexdigest()[:32]
    return {
        "kind": "mail" if channel.channel == EMAIL else "webhook", "payload": payload,
        "key": f"notice:{dedup}:{channel.channel}:{mark}",
    }  # fmt: skip
