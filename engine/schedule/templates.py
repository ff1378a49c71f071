"""What notifications say, in both languages: numbers, steps and times, and nothing that was entered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.schedule.calendar import OFFICE_ZONE

# kind → language → (subject, further lines)
TEMPLATES: dict[str, dict[str, tuple[str, str]]] = {
    "task": {
        "zh": ("{number} 待办：{step}", "期限：{due}"),
        "en": ("{number} to do: {step_en}", "Due: {due}"),
    },
    "clock_warned": {
        "zh": ("{number} 时限将到：{clock}", "期限：{due}"),
        "en": ("{number} limit is near: {clock_en}", "Due: {due}"),
    },
    "clock_breached": {
        "zh": ("{number} 已超期：{clock}", "期限：{due}"),
        "en": ("{number} is overdue: {clock_en}", "Was due: {due}"),
    },
    "clock_extended": {
        "zh": ("{number} 时限已延长：{clock}", "新的期限：{due}"),
        "en": ("{number} limit extended: {clock_en}", "Now due: {due}"),
    },
    "incident": {
        "zh": ("系统任务失败：{job}", "请在“运行”页面处理。"),
        "en": ("A job has failed: {job}", "Please see the page “Operations”."),
    },
    "test": {
        "zh": ("质环测试通知", "收到本条说明该渠道可用。"),
        "en": ("A test from Zhihuan", "If you read this, the channel works."),
    },
}
NO_DUE = {"zh": "无", "en": "none"}


@dataclass(frozen=True)
class Words:
    """A notification in one language."""

    subject: str
    text: str


def render(kind: str, facts: Mapping[str, object], language: str, base_url: str = "") -> Words:
    """The words for a kind of notification; `facts["link"]` is a path below `base_url`."""
    lang = "en" if language == "en" else "zh"
    known = {name: str(value or "") for name, value in facts.items()}
    for name in ("step", "clock"):
        known[f"{name}_en"] = known.get(f"{name}_en") or known.get(name, "")
    known["due"] = _time(facts.get("due"), lang)
    subject, text = (line.format_map(_Blank(known)) for line in TEMPLATES[kind][lang])
    link = f"{base_url}{known['link']}" if base_url and known.get("link") else ""
    return Words(subject, f"{text}\n{link}".strip())


def _time(value: object, lang: str) -> str:
    if not value:
        return NO_DUE[lang]
    return f"{datetime.fromisoformat(str(value)).astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}"


class _Blank(dict[str, str]):
    def __missing__(self, _: str) -> str:
        return ""
