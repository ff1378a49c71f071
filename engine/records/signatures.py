"""What a signature says, as one hash."""

from collections.abc import Mapping
from datetime import UTC, datetime

from engine.records.audit import content_hash

SIGNED = ("person_id", "printed_name", "meaning", "element_id", "content_hash")


def signature_hash(signature: Mapping[str, object]) -> str:
    """sha256 over a signature: who, printed name, meaning, element, when, hash of the content."""
    at = signature["at"]
    when = at.astimezone(UTC).isoformat() if isinstance(at, datetime) else None
    return content_hash({**{name: signature[name] for name in SIGNED}, "at": when})
