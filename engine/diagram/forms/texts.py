"""Text values: what can be kept and shown, within its length, in the format asked for."""

from __future__ import annotations

import re

from engine.diagram.forms.field import Field
from engine.diagram.forms.scope import Refused, Scope

TEXT_MAX = 200  # characters of a one-line text, unless the form says otherwise
TEXTAREA_MAX = 10_000

# the categories Cc and Cs of Unicode, without line ends and tabs
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_EMAIL = re.compile(r"[^\s@<>\"(),;:\\]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,24}")


def plain_text(raw: object) -> str:
    """`raw` if it is text that can be stored and shown."""
    if not isinstance(raw, str):
        raise Refused("应为文字。", "Must be text.")
    if len(raw) > TEXTAREA_MAX * 10:
        raise Refused("内容过长。", "Too long.")
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    if _CONTROL.search(text):
        raise Refused("含有不可用的控制字符。", "Contains control characters that cannot be kept.")
    return text


def text_value(field: Field, raw: object, scope: Scope) -> str:
    """The text of a text or textarea field. Raises Refused."""
    text = plain_text(raw)
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


def identifier(raw: object) -> str:
    """An id as a lookup may see it: short text, nothing else."""
    text = plain_text(raw)
    return text if len(text) <= TEXT_MAX and "\n" not in text else ""
