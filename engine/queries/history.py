"""The history of a case as sentences, and the way its tokens took."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle
from engine.queries.people import names_of
from engine.queries.reference import clause_views
from engine.queries.views import ClauseView, HistoryView, Text
from engine.storage.models import HistoryEvent

SENTENCES = {
    "started": ("发起了案件", "started the case"),
    "completed": ("完成了“{name}”", "completed “{name}”"),
    "claimed": ("认领了“{name}”", "claimed “{name}”"),
    "released": ("退回了“{name}”的认领", "released “{name}”"),
    "assigned": ("将“{name}”交给{assignee}", "handed “{name}” to {assignee}"),
    "decided": ("决策“{name}”：{outputs}", "decision “{name}”: {outputs}"),
    "ended": ("案件结束：{name}", "the case ended: {name}"),
    "cancelled": ("取消了案件", "cancelled the case"),
}


@dataclass
class Path:
    """What the tokens did in one process: completions by element, flows taken in order of first use."""

    completed: Counter[str] = field(default_factory=Counter)
    flows: dict[str, None] = field(default_factory=dict)


def read_events(session: Session, instance_id: str) -> list[HistoryEvent]:
    """All events of a case in order."""
    statement = select(HistoryEvent).where(HistoryEvent.instance_id == instance_id).order_by(HistoryEvent.seq)
    return list(session.scalars(statement))


def history_views(
    session: Session, bundle: Bundle, events: list[HistoryEvent], clauses: Mapping[str, ClauseView]
) -> list[HistoryView]:
    """The events as sentences in both languages, with the clauses their elements realise."""
    receivers = names_of(session, [str((e.data or {}).get("assignee") or "") for e in events])
    return [_view(bundle, event, clauses, receivers) for event in events]


def _view(
    bundle: Bundle, event: HistoryEvent, clauses: Mapping[str, ClauseView], receivers: Mapping[str, str]
) -> HistoryView:
    element = bundle.elements.get((event.process_id or "", event.element_id or ""))
    realised = element.clauses if element and event.kind in {"started", "completed", "decided"} else ()
    return HistoryView(
        event.seq, event.at, event.actor_id, event.actor_name, event.role, event.kind,
        _sentence(bundle, event, receivers), event.reason, clause_views(clauses, realised),
        event.process_id, event.element_id, event.hash,
    )  # fmt: skip


def _sentence(bundle: Bundle, event: HistoryEvent, receivers: Mapping[str, str]) -> Text:
    name, data = element_name(bundle, event.process_id, event.element_id), event.data or {}
    assignee = str(data.get("assignee") or "")
    outputs = data.get("outputs")
    facts = {"assignee": receivers.get(assignee, assignee), "outputs": _pairs(outputs)}
    zh, en = SENTENCES.get(event.kind, (event.kind, event.kind))
    return Text(zh.format(name=name.zh, **facts), en.format(name=name.get("en"), **facts))


def _pairs(outputs: object) -> str:
    if isinstance(outputs, Mapping):
        return ", ".join(f"{name} = {value}" for name, value in outputs.items())
    return str(outputs or "-")


def element_name(bundle: Bundle, process_id: str | None, element_id: str | None) -> Text:
    """An element's name in both languages; its id where the diagram gives none."""
    element = bundle.elements.get((process_id or "", element_id or ""))
    return Text((element.name if element else "") or element_id or "", element.name_en if element else "")


def paths_of(bundle: Bundle, events: list[HistoryEvent]) -> dict[str, Path]:
    """By process, in the order in which the processes were entered."""
    paths: dict[str, Path] = {bundle.process_id: Path()}
    for event in events:
        steps: Any = (event.data or {}).get("path", [])
        for kind, process_id, element_id, _scope, source in steps:
            path = paths.setdefault(process_id, Path())
            if kind == "completed":
                path.completed[element_id] += 1
            flow = bundle.flows.get((process_id, source, element_id)) if kind == "entered" else None
            if flow:
                path.flows[flow] = None
    return paths
