"""The history of an instance: append-only events, each chained to the one before by sha256."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.errors import UnkeepableText
from engine.storage.locked import LockedInstance
from engine.storage.models import HistoryEvent
from engine.storage.session import insert_rows
from engine.storage.types import canonical


@dataclass(frozen=True)
class Event:
    """One thing that happened: when, what kind, who in which role, on which element, and why.

    `data` holds the facts of its kind as JSON values."""

    at: datetime
    kind: str
    actor_id: str | None = None
    actor_name: str | None = None
    role: str | None = None
    process_id: str | None = None
    element_id: str | None = None
    scope: str | None = None
    reason: str | None = None
    data: dict[str, object] | None = None


CONTENT = tuple(field.name for field in fields(Event))


def link_hash(prev_hash: str, instance_id: str, event: object) -> str:
    """sha256 over the previous hash and the event's canonical JSON; `event` is an Event or a stored row."""
    return _hash_of_content(prev_hash, instance_id, {name: getattr(event, name) for name in CONTENT})


def _hash_of_content(prev_hash: str, instance_id: str, content: Mapping[str, Any]) -> str:
    at = content["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return content_hash([prev_hash, instance_id, {**content, "at": at}])


def content_hash(value: object) -> str:
    """sha256 over the canonical JSON of a submission, a record or a link. Raises UnkeepableText."""
    try:
        return hashlib.sha256(canonical(value).encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise UnkeepableText() from error


def append(session: Session, instance: LockedInstance, events: Sequence[Event]) -> None:
    """Adds events to the end of the instance's chain in one INSERT; the caller holds the instance's lock."""
    if not events:
        return
    rows: list[dict[str, object]] = []
    head, length = instance.chain_head, instance.chain_length
    for event in events:
        content = vars(event)  # the fields of CONTENT, without asking for each: every step comes here
        link = _hash_of_content(head, instance.id, content)
        length += 1
        rows.append({"instance_id": instance.id, "seq": length, "prev_hash": head, "hash": link, **content})
        head = link
    insert_rows(session, HistoryEvent, rows)
    instance.chain_head, instance.chain_length = head, length
