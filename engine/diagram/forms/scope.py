"""What cleaning a value may ask and answer: the outside it looks things up in, and its refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol


class Lookups(Protocol):
    """What cleaning asks the outside: does this person, group or attachment exist?"""

    def person_exists(self, person_id: str, group: str | None) -> bool:
        """Whether there is such an active person, in `group` if one is named."""

    def group_exists(self, group_id: str) -> bool:
        """Whether there is such a group."""

    def attachment_exists(self, attachment_id: str) -> bool:
        """Whether such an attachment was uploaded and may be used by who submits."""


@dataclass(frozen=True)
class Scope:
    """What cleaning may look at besides the form: the case's names, the lookups, the time, the zone."""

    names: Mapping[str, object]
    lookups: Lookups
    now: datetime
    zone: tzinfo


class Refused(Exception):
    """A value that a field does not take, and why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def is_blank(raw: object) -> bool:
    """Whether `raw` stands for "nothing given": null, white space, no item, only blank items."""
    if isinstance(raw, str):
        return not raw.strip()
    return raw is None or (isinstance(raw, list) and all(is_blank(item) for item in raw))
