"""What programs send to suspend and activate: cases and versions of processes alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.api.exchange import flagged, string
from web.errors import Unreadable

NO_REASON = "Done by a program, which gave no reason."  # Camunda's clients have no field for one


def wanted_suspended(sent: Mapping[str, Any]) -> bool:
    """Whether to suspend; it must be said (400)."""
    if sent.get("suspended") is None:
        raise Unreadable("suspended is missing.")
    return flagged(sent, "suspended")


def reason_of(sent: Mapping[str, Any]) -> str:
    """Why, as far as the program says it."""
    return (string(sent, "reason") or "").strip() or NO_REASON
