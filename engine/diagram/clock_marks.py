"""What an element says about clocks (时限): which it starts, stops and extends, all as properties.

`clock.start` = `report PT24H confirm ${act_hours}`; for a clock named there `clock.report.from`,
`clock.report.warn` and `clock.report.calendar`; `clock.stop` = names; `clock.extend` with `.case`, `.until`
and `.reason`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

CALENDARS = ("natural", "working")
DEFAULT_WARN = "75%"  # 18 h of 24, 36 h of 48: the house's early warning
PERCENT = re.compile(r"([1-9]?\d)\s*%")
OPTION = re.compile(r"clock\.(?P<clock>[^.]+)\.(?P<option>from|warn|calendar)")
EXTENSION = ("clock.extend", "clock.extend.case", "clock.extend.until", "clock.extend.reason")
_GAP, _WORD = r"[\s,;，；、]", r"[^\s,;，；、]+"
_TEMPLATE = r"[$#]\{(?:[^{}]|\{[^}]*\})*\}"  # may hold spaces and one level of braces
_PAIR = re.compile(rf"{_GAP}*({_WORD})(?:{_GAP}+({_TEMPLATE}|{_WORD}))?")


@dataclass(frozen=True)
class ClockStart:
    """A clock that starts when the element completes.

    limit: ISO 8601 duration, number of hours, or a template giving one. since: template of the moment it
    counts from, None means the completion. warn: share of the limit (`75%`) or duration after the start.
    calendar: `working` counts whole days as working days, `natural` by the wall clock.
    """

    name: str
    limit: str
    since: str | None = None
    warn: str = DEFAULT_WARN
    calendar: str = "natural"


@dataclass(frozen=True)
class ClockExtend:
    """Moves a running clock of another case; all four are templates."""

    clock: str
    case: str
    until: str
    reason: str


def starts_of(properties: Mapping[str, str]) -> tuple[ClockStart, ...]:
    """The clocks that an element starts."""
    return tuple(
        ClockStart(
            name,
            limit,
            properties.get(f"clock.{name}.from", "").strip() or None,
            properties.get(f"clock.{name}.warn", "").strip() or DEFAULT_WARN,
            properties.get(f"clock.{name}.calendar", "").strip() or "natural",
        )
        for name, limit in pairs_of(properties.get("clock.start"))
    )


def extend_of(properties: Mapping[str, str]) -> ClockExtend | None:
    """The clock of another case that an element extends, if it does."""
    texts = [properties.get(name, "").strip() for name in EXTENSION]
    return ClockExtend(*texts) if texts[0] else None


def pairs_of(text: str | None) -> tuple[tuple[str, str], ...]:
    """`confirm PT48H reply ${a + b}` → (("confirm", "PT48H"), ("reply", "${a + b}")).

    A name at the end without a limit gets an empty one."""
    return tuple((match[1], match[2] or "") for match in _PAIR.finditer((text or "").strip()))


def templates_in(properties: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(property name, text) of everything here that is evaluated when the element completes."""
    for name, limit in pairs_of(properties.get("clock.start")):
        yield "clock.start", limit
        since = f"clock.{name}.from"
        if since in properties:
            yield since, properties[since]
    yield from ((name, properties[name]) for name in EXTENSION if properties.get(name))
