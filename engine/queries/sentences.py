"""History events as sentences in both languages."""

from collections.abc import Mapping
from typing import Any

from engine.diagram.bundle import Bundle
from engine.diagram.decisions import Output
from engine.queries.clock_sentences import SENTENCES as TIMED
from engine.queries.clock_sentences import time_sentence
from engine.queries.views import Text
from engine.storage.models import HistoryEvent

SENTENCES = {
    "started": ("发起了案件", "started the case"),
    "completed": ("完成了“{name}”", "completed “{name}”"),
    "claimed": ("认领了“{name}”", "claimed “{name}”"),
    "released": ("退回了“{name}”的认领", "released “{name}”"),
    "assigned": ("将“{name}”交给{assignee}", "handed “{name}” to {assignee}"),
    "delegated": ("将“{name}”委派给{assignee}", "delegated “{name}” to {assignee}"),
    "resolved": ("将委派的“{name}”交回{assignee}", "gave the delegated “{name}” back to {assignee}"),
    "recalled": ("收回了委派的“{name}”", "took the delegated “{name}” back"),
    "commented": ("就“{name}”留言", "commented on “{name}”"),
    "decided": ("“{name}”：{outputs}", "“{name}”: {outputs}"),
    "external_completed": ("外部程序完成了“{name}”", "had a program complete “{name}”"),
    "external_error": ("外部程序在“{name}”报告了错误", "had a program report an error at “{name}”"),
    "flagged": ("提请{group}关注：{name}", "for the attention of {group}: {name}"),
    "ended": ("案件结束：{name}", "the case ended: {name}"),
    "cancelled": ("取消了案件", "cancelled the case"),
    "suspended": ("暂停了案件", "suspended the case"),
    "activated": ("恢复了案件", "activated the case"),
    "instance_migrated": (
        "将案件从第 {before} 版迁移到第 {after} 版",
        "moved the case from version {before} to version {after}",
    ),
    "incident_retried": ("重新执行了失败的作业", "had a failed job tried again"),
    "incident_cancelled": ("取消了失败的作业", "cancelled a failed job"),
}
YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}


def sentence(
    bundle: Bundle,
    event: HistoryEvent,
    roles: Mapping[str, Text],
    receivers: Mapping[str, str],
    clocks: Mapping[str, Text],
) -> Text:
    """What happened. `roles`: names of groups; `receivers`: printed names of people handed a task;
    `clocks`: names of clocks."""
    if event.kind in TIMED:
        return time_sentence(bundle, event.kind, event.data or {}, clocks)
    name, data = element_name(bundle, event.process_id, event.element_id), event.data or {}
    assignee = str(data.get("assignee") or "")
    outputs = _outputs(bundle, data, roles)
    zh, en = SENTENCES.get(event.kind, (event.kind, event.kind))
    flag = str(data.get("group") or "")
    versions = {"before": data.get("from"), "after": data.get("to")}
    who, group = receivers.get(assignee, assignee), roles.get(flag) or Text(flag)
    return Text(
        zh.format(name=name.zh, assignee=who, outputs=outputs.zh, group=group.zh, **versions),
        en.format(
            name=name.get("en"), assignee=who, outputs=outputs.get("en"), group=group.get("en"), **versions
        ),
    )


def element_name(bundle: Bundle, process_id: str | None, element_id: str | None) -> Text:
    """An element's name in both languages; its id where the diagram gives none."""
    element = bundle.elements.get((process_id or "", element_id or ""))
    return Text((element.name if element else "") or element_id or "", element.name_en if element else "")


def output_name(output: Output) -> Text:
    """A decision's answer, as its column is headed; without an English heading its name, spelled out."""
    return Text(output.label or output.name, output.wording.label_en or output.name.replace("_", " "))


def _outputs(bundle: Bundle, data: Mapping[str, Any], roles: Mapping[str, Text]) -> Text:
    """The answers of a decision that say something, under the headings of its columns and in their order."""
    decision = bundle.decisions.get(str(data.get("decision")))
    outputs = data.get("outputs")
    if not isinstance(outputs, Mapping):
        return _value(outputs)
    columns = {output.name: output for output in decision.outputs} if decision else {}
    given = [name for name, value in outputs.items() if value not in (None, "", "-")]
    placed = sorted(given, key=[*columns].index) if columns.keys() >= set(given) else given
    told = [_answer(columns.get(name), name, outputs[name], roles) for name in placed]
    if not told:
        return Text("-", "-")
    return Text(
        "，".join(f"{name.zh}为{_set_off(value.zh)}" for name, value in told),
        ", ".join(f"{name.get('en')} = {value.get('en')}" for name, value in told),
    )


def answer_words(output: Output, value: object, roles: Mapping[str, Text]) -> Text | None:
    """A decision's answer in words: the owner's, where the table gives them; the names of groups, where all
    that the column may answer are groups. `roles`: names of groups."""
    words = output.wording.answers.get(str(value))
    if words:
        return Text(*words)
    if not _answers_groups(output, roles):
        return None
    named = [str(one) for one in (value if isinstance(value, list) else [value])]
    groups = [roles[id] for id in named if id in roles]
    return Text("、".join(g.zh for g in groups), ", ".join(g.get("en") for g in groups)) if groups else None


def _answers_groups(output: Output, roles: Mapping[str, Text]) -> bool:
    named = [value for value in output.values if value != "-"]
    return bool(named) and all(value in roles for value in named)


def _answer(column: Output | None, name: str, value: object, roles: Mapping[str, Text]) -> tuple[Text, Text]:
    """Heading and answer in the owner's words, where the table gives them."""
    if column is None:
        return Text(name), _value(value)
    return output_name(column), answer_words(column, value, roles) or _value(value)


def _value(value: object) -> Text:
    return YES_NO[value] if isinstance(value, bool) else Text(str(value if value is not None else "-"))


def _set_off(value: str) -> str:
    """A value within a Chinese sentence: figures and codes after a space, words in quotation marks."""
    return f" {value}" if value.isascii() else f"“{value}”"
