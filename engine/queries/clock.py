"""The wall clock is read here, at the edge of a verb, and passed inwards."""

from datetime import UTC, datetime


def time_of(now: datetime | None) -> datetime:
    """`now` as given (aware), or the present moment in UTC."""
    return (now or datetime.now(UTC)).astimezone(UTC)
