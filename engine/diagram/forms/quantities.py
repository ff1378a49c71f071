"""Numbers and dates: strict about what they are, lenient about how a Chinese keyboard writes them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from engine.diagram.forms.field import Field
from engine.diagram.forms.scope import Refused, Scope

NUMBER_MAX = 1_000_000_000_000_000  # beyond 15 digits a JSON number loses precision
DECIMALS_MAX = 6
YEARS = range(1900, 2200)

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?")


def number_value(field: Field, raw: object, scope: Scope) -> int | float:
    """A number within its bounds, int where it is whole. Raises Refused."""
    amount = _decimal(raw)
    places = DECIMALS_MAX if field.decimals is None else field.decimals
    if amount != round(amount, places):
        if places == 0:
            raise Refused("应为整数。", "Must be a whole number.")
        raise Refused(f"最多 {places} 位小数。", f"At most {places} decimal places.")
    if field.min is not None and amount < Decimal(str(field.min)):
        raise Refused(f"不能小于 {field.min:g}。", f"Must be at least {field.min:g}.")
    if field.max is not None and amount > Decimal(str(field.max)):
        raise Refused(f"不能大于 {field.max:g}。", f"Must be at most {field.max:g}.")
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _decimal(raw: object) -> Decimal:
    """A finite number of at most 15 digits before the point; full-width digits are understood in text."""
    text = _half_width(raw)
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and abs(raw) < NUMBER_MAX:
        return Decimal(repr(raw))
    raise Refused("应为数字。", "Must be a number.")


def date_value(field: Field, raw: object, scope: Scope) -> str:
    """A day as ISO text. Raises Refused."""
    text = _half_width(raw)
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise Refused("应为日期，如 2026-11-22。", "Must be a date such as 2026-11-22.")
    return day.isoformat()


def datetime_value(field: Field, raw: object, scope: Scope) -> str:
    """A moment as ISO text with offset; without one it was written in the scope's zone. Raises Refused."""
    text = _half_width(raw)
    try:
        at = datetime.fromisoformat(text) if _DATETIME.fullmatch(text) else None
    except ValueError:
        at = None
    if at is None or at.year not in YEARS:
        raise Refused(
            "应为日期和时间，如 2026-11-22 18:00。", "Must be a date and time such as 2026-11-22 18:00."
        )
    return (at if at.tzinfo else at.replace(tzinfo=scope.zone)).isoformat(timespec="seconds")


def _half_width(raw: object) -> str:
    """Text with full-width digits made plain; "" for what is no text, or far too long."""
    return unicodedata.normalize("NFKC", raw.strip()) if isinstance(raw, str) and len(raw) <= 64 else ""
