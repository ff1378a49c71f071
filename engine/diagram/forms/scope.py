"""What cleaning a value may ask and answer: the outside it looks things up in, and its refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Protocol

from engine.diagram.expressions import ClockFacts, Function, ReadClock, clock_functions, functions_at


class Lookups(Protocol):
    """What cleaning asks the outside: does this person, group, attachment or case exist, when is it due?"""

    def person_exists(self, person_id: str, group: str | None) -> bool:
        """Whether there is such an active person, in `group` if one is named."""

    def group_exists(self, group_id: str) -> bool:
        """Whether there is such a group."""

    def attachment_exists(self, attachment_id: str) -> bool:
        """Whether such an attachment was uploaded and may be used by who submits."""

    def case_exists(self, number: str) -> bool:
        """Whether a running case has this number and may be seen by who submits."""

    def read_clock(self, name: str, case: str | None) -> ClockFacts | None:
        """A clock of this case, or of the one with that number if who submits may see it."""


def no_clock(name: str, case: str | None) -> ClockFacts | None:
    """For forms that nobody asks a database about."""
    return None


def form_functions(now: datetime, read_clock: ReadClock = no_clock) -> dict[str, Function]:
    """What the conditions and bounds of a form may call besides the plain functions: time and clocks."""
    return {**functions_at(now), **clock_functions(read_clock, now)}


@dataclass(frozen=True)
class Scope:
    """What cleaning may look at besides the form: the case's names, the lookups, the time, the zone."""

    names: Mapping[str, object]
    lookups: Lookups
    now: datetime
    zone: tzinfo

    def with_names(self, values: Mapping[str, object]) -> Scope:
        """The same with these values among the names, over those of the case."""
        return Scope({**self.names, **values}, self.lookups, self.now, self.zone)

    @cached_property
    def functions(self) -> dict[str, Function]:
        """The functions of time and of clocks."""
        return form_functions(self.now, self.lookups.read_clock)


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
