"""The history of a case, and the way its tokens took."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle
from engine.queries.bundles import BundleAt
from engine.queries.items import ItemsByScope, of_item
from engine.queries.people import names_of
from engine.queries.reference import clause_views, clock_names
from engine.queries.sentences import sentence
from engine.queries.views import ClauseView, HistoryView, Text
from engine.storage.models import HistoryEvent


@dataclass
class Path:
    """What the tokens did in one process: completions by element, flows taken in order of first use.

    `running`: how often an element was entered and neither completed nor cancelled yet."""

    completed: Counter[str] = field(default_factory=Counter)
    running: Counter[str] = field(default_factory=Counter)
    flows: dict[str, None] = field(default_factory=dict)


def read_events(session: Session, instance_id: str) -> list[HistoryEvent]:
    """All events of a case in order."""
    statement = select(HistoryEvent).where(HistoryEvent.instance_id == instance_id).order_by(HistoryEvent.seq)
    return list(session.scalars(statement))


def history_views(
    session: Session,
    bundle_at: BundleAt,
    events: list[HistoryEvent],
    clauses: Mapping[str, ClauseView],
    roles: Mapping[str, Text],
    belongs: ItemsByScope,
) -> list[HistoryView]:
    """The events as sentences in both languages, with the clauses their elements realise; each in the words
    of the version that the case ran at the time. `belongs`: by its scope, to what a clock belongs."""
    receivers = names_of(session, [str((e.data or {}).get("assignee") or "") for e in events])
    timed = any(event.kind.startswith("clock_") for event in events)
    clocks = clock_names(session) if timed else {}
    return [
        _view(bundle_at(event.seq), event, clauses, roles, receivers, _told(clocks, event, belongs))
        for event in events
    ]


def _told(clocks: Mapping[str, Text], event: HistoryEvent, belongs: ItemsByScope) -> Mapping[str, Text]:
    """The names of clocks; where the event is about the clock of one item, with that item."""
    items = belongs.get(event.scope or "") if event.kind.startswith("clock_") else None
    name = str((event.data or {}).get("clock") or "")
    return {name: of_item(clocks.get(name) or Text(name), items)} if items else clocks


def _view(
    bundle: Bundle,
    event: HistoryEvent,
    clauses: Mapping[str, ClauseView],
    roles: Mapping[str, Text],
    receivers: Mapping[str, str],
    clocks: Mapping[str, Text],
) -> HistoryView:
    element = bundle.elements.get((event.process_id or "", event.element_id or ""))
    realised = element.clauses if element and event.kind in {"started", "completed", "decided"} else ()
    return HistoryView(
        event.seq, event.at, event.actor_id, event.actor_name, event.role,
        (roles.get(event.role) or Text(event.role)) if event.role else None, event.kind,
        sentence(bundle, event, roles, receivers, clocks), event.reason, clause_views(clauses, realised),
        event.process_id, event.element_id, event.hash,
    )  # fmt: skip


def paths_of(bundle: Bundle, events: list[HistoryEvent]) -> dict[str, Path]:
    """By process, in the order in which the processes were entered."""
    paths: dict[str, Path] = {bundle.process_id: Path()}
    for event in events:
        steps: Any = (event.data or {}).get("path", [])
        for kind, process_id, element_id, _scope, source in steps:
            _walk(bundle, paths.setdefault(process_id, Path()), kind, process_id, element_id, source)
    return paths


def _walk(bundle: Bundle, path: Path, kind: str, process_id: str, element_id: str, source: str) -> None:
    """One engine event. A multi-instance activity is entered as a whole by a flow, then once by each instance
    without one; only its instances complete, so only they count as running."""
    element = bundle.elements.get((process_id, element_id))
    if kind == "entered":
        path.running[element_id] += 0 if source and element and element.mi else 1
        flow = bundle.flows.get((process_id, source, element_id))
        path.flows |= {flow: None} if flow else {}
    elif kind in {"completed", "cancelled"}:
        path.running[element_id] -= 1
        path.completed[element_id] += kind == "completed"


def at_work(bundle: Bundle, process_id: str, path: Path) -> tuple[str, ...]:
    """The call activities of a process that have been entered and not left."""
    running = ((name, bundle.elements.get((process_id, name))) for name, n in path.running.items() if n > 0)
    return tuple(name for name, element in running if element and element.called)
