"""Notifications as rows: the inbox line, and a job for every other channel that a person has chosen.

What leaves the house says only the case's number, the step and times, never what somebody entered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.schedule.jobs import put_jobs
from engine.schedule.templates import Words, render
from engine.storage.models import Notification, Person, PersonChannel
from engine.storage.session import insert_for


@dataclass(frozen=True)
class Notice:
    """Something to tell people. `facts` fill the template of its `kind`; `dedup` makes it once for each of
    them, however often it is put down."""

    kind: str
    people: frozenset[str]
    facts: Mapping[str, object]
    dedup: str
    instance_id: str | None = None
    task_id: str | None = None


def put_notices(session: Session, notices: Iterable[Notice], base_url: str, now: datetime) -> int:
    """Puts inbox lines and channel jobs down, in a constant number of statements. Returns the new lines."""
    rows = {f"{n.dedup}:{person}": (n, person) for n in notices for person in sorted(n.people)}
    if not rows:
        return 0
    values = [
        {"id": str(uuid4()), "person_id": person, "kind": n.kind, "instance_id": n.instance_id,
         "task_id": n.task_id, "facts": dict(n.facts), "dedup": key, "at": now}
        for key, (n, person) in rows.items()
    ]  # fmt: skip
    insert = insert_for(session)(Notification.__table__).on_conflict_do_nothing()
    told = set(session.scalars(insert.values(values).returning(Notification.dedup)))
    fresh = [rows[key] for key in rows if key in told]
    _put_channel_jobs(session, fresh, base_url, now)
    return len(fresh)


def _put_channel_jobs(
    session: Session, fresh: list[tuple[Notice, str]], base_url: str, now: datetime
) -> None:
    wanted = {person for _, person in fresh}
    if not wanted:
        return
    statement = (
        select(PersonChannel, Person.language)
        .join(Person, Person.id == PersonChannel.person_id)
        .where(PersonChannel.person_id.in_(wanted), PersonChannel.enabled.is_(True), Person.active.is_(True))
    )
    channels: dict[str, list[tuple[PersonChannel, str]]] = {}
    for channel, language in session.execute(statement):
        channels.setdefault(channel.person_id, []).append((channel, language))
    jobs = [
        channel_job(channel, render(notice.kind, notice.facts, language, base_url))
        for notice, person in fresh
        for channel, language in channels.get(person, ())
    ]
    put_jobs(session, jobs, now)


def channel_job(channel: PersonChannel, words: Words) -> dict[str, object]:
    """The job that says these words on a channel."""
    if channel.channel == "email":
        mail = {"to": channel.address, "subject": words.subject, "text": words.text}
        return {"kind": "mail", "payload": mail}
    payload = {
        "channel": channel.channel, "url": channel.address, "secret": channel.secret,
        "text": f"{words.subject}\n{words.text}",
    }  # fmt: skip
    return {"kind": "webhook", "payload": payload}
