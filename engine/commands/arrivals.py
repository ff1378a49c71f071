"""What a case keeps of a message or signal that came: the values it knows, and a history event."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle
from engine.queries.people import get_actor
from engine.records import audit, variables
from engine.storage.locked import LockedInstance


def arrival(
    session: Session,
    kind: str,
    facts: Mapping[str, object],
    payload: Mapping[str, object],
    by: str | None,
    instance: LockedInstance,
    bundle: Bundle,
    now: datetime,
) -> audit.Event:
    """Keeps the values that a case knows; the event, whose data vouch for all that was brought. `kind`:
    message or signal; `by`: who sent it."""
    known = {n: v for n, v in payload.items() if n in bundle.known_names}
    written = {("", name): value for name, value in known.items()}
    variables.write(session, instance.id, written, bundle.personal_names, by or "system", now)
    sender = get_actor(session, by or "")
    data: dict[str, object] = {**facts, "hash": audit.content_hash(dict(payload))}
    return audit.Event(
        now, kind, by, sender.name if sender else None, None, instance.process_id, None, "", None, data
    )
