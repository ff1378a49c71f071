"""What notifications say, in both languages. They name cases, steps and times, and nothing that was entered
(K11: notifications carry the number of the case and no personal data)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.schedule.calendar import OFFICE_ZONE

# kind → language → (subject, further lines)
TEMPLATES: dict[str, dict[str, tuple[str, ...]]] = {
    "task": {
        "zh": ("{number} 待办：{step}", "流程：{process}", "期限：{due}"),
        "en": ("{number} to do: {step}", "Process: {process}", "Due: {due}"),
    },
    "clock_warned": {
        "zh": ("{number} 时限将到：{clock}", "流程：{process}", "期限：{due}"),
        "en": ("{number} time limit is near: {clock}", "Process: {process}", "Due: {due}"),
    },
    "clock_breached": {
        "zh": ("{number} 已超期：{clock}", "流程：{process}", "原定期限：{due}"),
        "en": ("{number} is overdue: {clock}", "Process: {process}", "Was due: {due}"),
    },
    "clock_extended": {
        "zh": ("{number} 时限已延长：{clock}", "流程：{process}", "新的期限：{due}"),
        "en": ("{number} time limit extended: {clock}", "Process: {process}", "Now due: {due}"),
    },
    "incident": {
        "zh": ("系统作业失败：{job}", "发生于：{since}"),
        "en": ("A job of the system has failed: {job}", "Since: {since}"),
    },
    "draft_submitted": {
        "zh": ("修订稿待批准：{process}", "提交人：{by}"),
        "en": ("A draft waits for approval: {process}", "Submitted by: {by}"),
    },
    "draft_returned": {
        "zh": ("修订稿已退回：{process}", "退回人：{by}"),
        "en": ("A draft was sent back: {process}", "Sent back by: {by}"),
    },
    "draft_published": {
        "zh": ("修订稿已发布：{process}", "批准人：{by}"),
        "en": ("A draft was published: {process}", "Approved by: {by}"),
    },
    "test": {
        "zh": ("质环测试通知", "收到本条即说明该渠道可用。"),
        "en": ("A test from Zhihuan", "If you read this, the channel works."),
    },
}
MOMENTS = ("due", "since")
ZONE = {"zh": "（北京时间）", "en": " (Beijing time)"}  # that of OFFICE_ZONE
NO_DUE = {"zh": "未定", "en": "not set"}
PRODUCT = {"zh": "【质环】", "en": "[Zhihuan] "}  # a keyword that group robots may insist on


@dataclass(frozen=True)
class Words:
    """A notification in one language: one line, and the lines below it."""

    subject: str
    text: str


def render(
    kind: str, facts: Mapping[str, object], language: str, base_url: str = "", *, zoned: bool = False
) -> Words:
    """The words for a kind of notification. `facts["link"]` is a path below `base_url`; without a `base_url`
    there is no link. A fact in English is `<name>_en` beside `<name>`. `zoned`: times name their zone, for
    those who read them anywhere."""
    lang = "en" if language == "en" else "zh"
    known = _Facts({name: _text(name, facts, lang, zoned) for name in facts if not name.endswith("_en")})
    subject, *lines = (line.format_map(known) for line in TEMPLATES[kind][lang])
    if base_url and facts.get("link"):
        lines.append(f"{base_url}{facts['link']}")
    return Words(" ".join(subject.split()), "\n".join(lines))


def _text(name: str, facts: Mapping[str, object], lang: str, zoned: bool) -> str:
    value = (facts.get(f"{name}_en") if lang == "en" else None) or facts[name]
    if name not in MOMENTS:
        return " ".join(str(value or "").split())
    if not value:
        return NO_DUE[lang]
    there = datetime.fromisoformat(str(value)).astimezone(OFFICE_ZONE)
    return f"{there:%Y-%m-%d %H:%M}{ZONE[lang] if zoned else ''}"


class _Facts(dict[str, str]):
    def __missing__(self, _: str) -> str:
        return ""
