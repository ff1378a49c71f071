"""What time and messages did to a case, as sentences in both languages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.diagram.bundle import Bundle
from engine.queries.views import Text
from engine.schedule.calendar import OFFICE_ZONE

VERDICTS = {
    "running": Text("计时中", "running"),
    "on_time": Text("按时", "on time"),
    "extended": Text("延期内按时", "on time with extension"),
    "breached": Text("超期", "breached"),
    "void": Text("不作评价", "no verdict"),
}
SENTENCES = {
    "clock_started": ("时限“{clock}”开始计时，{due}", "the time limit “{clock}” began: {due}"),
    "clock_retimed": ("时限“{clock}”重新计算，{due}", "the time limit “{clock}” was set anew: {due}"),
    "clock_stopped": ("时限“{clock}”停止：{verdict}", "the time limit “{clock}” stopped: {verdict}"),
    "clock_warned": ("时限“{clock}”将到期，{due}", "the time limit “{clock}” is running out: {due}"),
    "clock_breached": ("时限“{clock}”已超期，{due}", "the time limit “{clock}” is breached: {due}"),
    "clock_extended": (
        "时限“{clock}”由 {before} 延至 {after}，依据案件 {granted}",
        "the time limit “{clock}” was extended from {before} to {after}, granted in {granted}",
    ),
    "clock_void": (
        "时限“{clock}”随案件结束而终止，不作评价",
        "the time limit “{clock}” ended with the case, without a verdict",
    ),
    "time": ("到时：{fired}", "time came: {fired}"),
    "message": ("收到消息“{message}”", "received the message “{message}”"),
    "signal": ("收到信号“{signal}”", "received the signal “{signal}”"),
}
CATCHING = frozenset({"boundaryEvent", "intermediateCatchEvent"})
NO_CALENDAR = Text("到期时间待定（尚无工作日历）", "not known when it is due (no calendar yet)")
NOTHING = Text("核对了各项时限", "the time limits were looked at")


def time_sentence(bundle: Bundle, kind: str, data: Mapping[str, Any], labels: Mapping[str, Text]) -> Text:
    """One event of a kind in SENTENCES. `labels`: the owner's names of clocks. Times are office time."""
    name = str(data.get("clock") or "")
    clock, fired, due = labels.get(name) or Text(name), _fired(bundle, data), _due(data)
    verdict = VERDICTS.get(str(data.get("verdict")), Text("-"))
    same = {
        "before": _at(data.get("due_before")), "after": _at(data.get("due")),
        "granted": data.get("granted_in", "-"), "message": data.get("message", "-"),
        "signal": data.get("signal", "-"),
    }  # fmt: skip
    zh, en = SENTENCES[kind]
    return Text(
        zh.format(clock=clock.zh, due=due.zh, verdict=verdict.zh, fired=fired.zh, **same),
        en.format(
            clock=clock.get("en"), due=due.get("en"), verdict=verdict.get("en"), fired=fired.get("en"), **same
        ),
    )


def _due(data: Mapping[str, Any]) -> Text:
    if not data.get("due"):
        return NO_CALENDAR
    moment = _at(data["due"])
    return Text(f"{moment} 到期", f"due {moment}")


def _at(text: object) -> str:
    if not text:
        return "-"
    return f"{datetime.fromisoformat(str(text)).astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}"


def _fired(bundle: Bundle, data: Mapping[str, Any]) -> Text:
    """The events on the way that stood waiting and have now come; those without a name are not told."""
    found: dict[str, Text] = {}
    for kind, process_id, element_id, *_ in data.get("path", ()):
        element = bundle.elements.get((process_id, element_id))
        if kind == "completed" and element and element.kind in CATCHING:
            found[element_id] = Text(element.name or element.id, element.name_en)
    if not found:
        return NOTHING
    return Text("、".join(t.zh for t in found.values()), ", ".join(t.get("en") for t in found.values()))
