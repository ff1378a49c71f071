"""ISO 8601 in timers and clocks: dates with an offset, durations, repeating intervals."""

import re
from datetime import datetime

_AMOUNT = r"\d+(?:[.,]\d+)?"
DURATION = re.compile(
    rf"P(?=[\dT])(?:{_AMOUNT}Y)?(?:{_AMOUNT}M)?(?:{_AMOUNT}W)?(?:{_AMOUNT}D)?"
    rf"(?:T(?=\d)(?:{_AMOUNT}H)?(?:{_AMOUNT}M)?(?:{_AMOUNT}S)?)?"
)


def is_duration(text: str) -> bool:
    """Whether `text` is an ISO 8601 duration, e.g. PT48H or P1DT12H; zero-length ones count."""
    return DURATION.fullmatch(text.strip()) is not None


def is_date(text: str) -> bool:
    """Whether `text` is a date and time with an offset, so that the moment is the same on every server."""
    try:
        return datetime.fromisoformat(text.strip()).tzinfo is not None
    except ValueError:
        return False


def is_cycle(text: str) -> bool:
    """Whether `text` is R[n]/duration, R[n]/start/duration or R[n]/duration/end."""
    repeat, *parts = text.strip().split("/")
    if not re.fullmatch(r"R\d*", repeat) or not 1 <= len(parts) <= 2:
        return False
    if len(parts) == 1:
        return is_duration(parts[0])
    first, second = parts
    return (is_date(first) and (is_duration(second) or is_date(second))) or (
        is_duration(first) and is_date(second)
    )


CHECKS = {"timeDate": is_date, "timeDuration": is_duration, "timeCycle": is_cycle}
