"""One raw value, from a page or a program, becomes a typed one, or is refused in both languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Protocol

from engine.diagram.form_field import Field

TEXT_MAX = 200  # characters of a one-line text, unless the form says otherwise
TEXTAREA_MAX = 10_000
ITEMS_MAX = {"file": 20, "user": 50, "group": 50}
NUMBER_MAX = 1_000_000_000_000_000  # beyond 15 digits a JSON number loses precision
DECIMALS_MAX = 6
YEARS = range(1900, 2200)

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?")
_EMAIL = re.compile(r"[^\s@<>\"(),;:\\]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,24}")


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

    def local_now(self) -> datetime:
        """Now, on the clocks of the place where the form is filled in."""
        return self.now.astimezone(self.zone)


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


def typed_value(field: Field, raw: object, scope: Scope) -> object:
    """The typed value of `raw` for any field but a table. Raises Refused."""
    if is_blank(raw):
        return field.empty
    if field.is_list:
        return _many(field, raw, scope)
    return _CONVERTERS[field.type](field, raw, scope)


def _many(field: Field, raw: object, scope: Scope) -> list[object]:
    items = raw if isinstance(raw, list) else [raw]
    items = [item for item in items if not is_blank(item)]
    most = len(field.options) if field.type == "multiselect" else ITEMS_MAX[field.type]
    if not field.multiple and field.type == "file":
        most = 1
    if len(items) > max(most, 1):
        raise Refused(f"最多选择 {most} 项。", f"Choose at most {most}.")
    values = [_CONVERTERS[field.type](field, item, scope) for item in items]
    return list(dict.fromkeys(values))


def _string(raw: object) -> str:
    """`raw` if it is text that can be stored and shown."""
    if not isinstance(raw, str):
        raise Refused("应为文字。", "Must be text.")
    if len(raw) > TEXTAREA_MAX * 10:
        raise Refused("内容过长。", "Too long.")
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    for char in text:
        if char not in "\n\t" and unicodedata.category(char) in {"Cc", "Cs"}:
            raise Refused("含有不可用的控制字符。", "Contains control characters that cannot be kept.")
    return text


def _text(field: Field, raw: object, scope: Scope) -> str:
    text = _string(raw)
    if field.type == "text" and "\n" in text:
        raise Refused("只能填写一行。", "Must be a single line.")
    _check_length(field, text)
    if field.format == "email" and not _EMAIL.fullmatch(text):
        raise Refused("邮箱格式不正确。", "Not a valid e-mail address.")
    if field.format == "phone" and not _PHONE.fullmatch(text):
        raise Refused("电话号码格式不正确。", "Not a valid phone number.")
    if field.pattern and not re.search(field.pattern, text):
        zh = field.pattern_message or "格式不符合要求。"
        raise Refused(zh, field.pattern_message_en or "Does not have the required format.")
    return text


def _check_length(field: Field, text: str) -> None:
    """Bounds first: a pattern is never tried on more text than the field may hold."""
    most = text_limit(field)
    if len(text) > most:
        raise Refused(
            f"最多 {most} 个字，现有 {len(text)} 个。", f"At most {most} characters; there are {len(text)}."
        )
    if field.min_length and len(text) < field.min_length:
        raise Refused(
            f"至少 {field.min_length} 个字，现有 {len(text)} 个。",
            f"At least {field.min_length} characters; there are {len(text)}.",
        )


def text_limit(field: Field) -> int:
    """The most characters a text field takes: its own bound, or the default of its type."""
    if field.max_length is not None:
        return field.max_length
    return TEXTAREA_MAX if field.type == "textarea" else TEXT_MAX


def _number(field: Field, raw: object, scope: Scope) -> int | float:
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
    if isinstance(raw, str) and len(raw) <= 64:
        text = unicodedata.normalize("NFKC", raw.strip())
        if _NUMBER.fullmatch(text):
            return Decimal(text)
    elif isinstance(raw, (int, float)) and not isinstance(raw, bool) and abs(raw) < NUMBER_MAX:
        return Decimal(repr(raw))
    raise Refused("应为数字。", "Must be a number.")


def _date(field: Field, raw: object, scope: Scope) -> str:
    text = unicodedata.normalize("NFKC", raw.strip()) if isinstance(raw, str) and len(raw) <= 64 else ""
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise Refused("应为日期，如 2026-11-22。", "Must be a date such as 2026-11-22.")
    return day.isoformat()


def _datetime(field: Field, raw: object, scope: Scope) -> str:
    text = unicodedata.normalize("NFKC", raw.strip()) if isinstance(raw, str) and len(raw) <= 64 else ""
    try:
        at = datetime.fromisoformat(text) if _DATETIME.fullmatch(text) else None
    except ValueError:
        at = None
    if at is None or at.year not in YEARS:
        raise Refused(
            "应为日期和时间，如 2026-11-22 18:00。", "Must be a date and time such as 2026-11-22 18:00."
        )
    return (at if at.tzinfo else at.replace(tzinfo=scope.zone)).isoformat(timespec="seconds")


def _choice(field: Field, raw: object, scope: Scope) -> str | bool:
    if field.boolean and isinstance(raw, bool):
        return raw
    value = raw if isinstance(raw, str) else None
    if value not in {option.value for option in field.options}:
        raise Refused("不在可选范围内。", "Not one of the choices offered.")
    assert value is not None  # None is no option
    return value == "true" if field.boolean else value


def _checkbox(field: Field, raw: object, scope: Scope) -> bool:
    if isinstance(raw, bool):
        return raw
    ticked = {"on": True, "true": True, "false": False, "off": False}
    if not isinstance(raw, str) or raw not in ticked:
        raise Refused("应为是或否。", "Must be yes or no.")
    return ticked[raw]


def _identifier(raw: object) -> str:
    """An id as a lookup may see it: short text, nothing else."""
    text = _string(raw)
    return text if len(text) <= TEXT_MAX and "\n" not in text else ""


def _user(field: Field, raw: object, scope: Scope) -> str:
    person = _identifier(raw)
    if not person or not scope.lookups.person_exists(person, field.group):
        if field.group:
            raise Refused(
                "没有这个人，或此人不属于指定的岗位组。", "No such person in the group required here."
            )
        raise Refused("没有这个人。", "No such person.")
    return person


def _group(field: Field, raw: object, scope: Scope) -> str:
    group = _identifier(raw)
    if not group or not scope.lookups.group_exists(group):
        raise Refused("没有这个部门或岗位组。", "No such department or group.")
    return group


def _file(field: Field, raw: object, scope: Scope) -> str:
    attachment = _identifier(raw)
    if not attachment or not scope.lookups.attachment_exists(attachment):
        raise Refused("没有这个附件，请重新上传。", "No such attachment; please upload it again.")
    return attachment


_CONVERTERS: dict[str, Callable[[Field, object, Scope], object]] = {
    "text": _text,
    "textarea": _text,
    "number": _number,
    "date": _date,
    "datetime": _datetime,
    "select": _choice,
    "radio": _choice,
    "multiselect": _choice,
    "checkbox": _checkbox,
    "user": _user,
    "group": _group,
    "file": _file,
}
