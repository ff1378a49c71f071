"""Values of the expression language: their names in messages, their dates, their stored and shown forms."""

import datetime as dt
import json

from engine.diagram.expressions.faults import Fault, shown

HOUSE_ZONE = dt.timezone(dt.timedelta(hours=8), "CST")  # China has one zone and no summer time
_KINDS: dict[type, tuple[str, str]] = {
    type(None): ("空", "null"), bool: ("是/否", "true/false"), int: ("数字", "a number"),
    float: ("数字", "a number"),
    str: ("文本", "text"), list: ("列表", "a list"), tuple: ("列表", "a list"), dict: ("记录", "a record"),
    dt.datetime: ("时间", "a date and time"), dt.date: ("日期", "a date"),
    dt.timedelta: ("时长", "a duration"),
}  # fmt: skip


def kind_of(value: object) -> tuple[str, str]:
    """What a value is, in Chinese and in English, for messages."""
    return _KINDS.get(type(value), ("这种值", "such a value"))


def as_date(value: object) -> dt.date:
    """A date from a date, a time (its house-zone day) or ISO text; raises `Fault`."""
    if isinstance(value, dt.datetime):
        return value.astimezone(HOUSE_ZONE).date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        try:
            return as_date(as_datetime(value)) if "T" in value else dt.date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise _not_a(value, "日期", "a date")


def as_datetime(value: object) -> dt.datetime:
    """A time with its offset from a time, a date (its start) or ISO text; without an offset, house time."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = dt.datetime(value.year, value.month, value.day)
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value.strip())
        except ValueError:
            raise _not_a(value, "时间", "a date and time") from None
    if not isinstance(value, dt.datetime):
        raise _not_a(value, "时间", "a date and time")
    return value if value.tzinfo else value.replace(tzinfo=HOUSE_ZONE)


def _not_a(value: object, zh: str, en: str) -> Fault:
    said = shown(str(value), 40)
    return Fault(f"“{said}”不是{zh}", f"“{said}” is not {en}")


def iso_duration(value: dt.timedelta) -> str:
    """A duration as ISO 8601 text (`PT36H`), the form in which timers and clocks are written."""
    seconds = value.total_seconds()
    whole = int(seconds) if seconds == int(seconds) else seconds
    hours, rest = divmod(abs(whole), 3600)
    sign = "-" if seconds < 0 else ""
    return f"{sign}PT{int(hours)}H" if not rest else f"{sign}PT{abs(whole)}S"


def plain(value: object) -> object:
    """A copy of a value that JSON can store: times as ISO text, tuples as lists; never an alias."""
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, dt.timedelta):
        return iso_duration(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def text_of(value: object) -> str:
    """A value inside a text: null is nothing, lists are separated by commas."""
    stored = plain(value)
    if stored is None:
        return ""
    if isinstance(stored, bool):
        return "true" if stored else "false"
    if isinstance(stored, list):
        return ",".join(text_of(v) for v in stored)
    return json.dumps(stored, ensure_ascii=False) if isinstance(stored, dict) else str(stored)
