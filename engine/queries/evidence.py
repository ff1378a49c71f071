"""One case as evidence: what its page shows and every entry of its history with its hashes, as files."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle
from engine.queries.bundles import bundle_left, bundle_of, moves_of
from engine.queries.clock import time_of
from engine.queries.history import read_events
from engine.queries.instance_page import get_instance
from engine.queries.personal import PersonalData
from engine.queries.views import Actor, InstanceView, SubmissionView
from engine.records.audit import CONTENT
from engine.storage.models import AccessLog

EXPORTED = "case_exported"  # in the access log
WHERE = "evidence"


@dataclass(frozen=True)
class Evidence:
    """A case to be filed: its page as the reader sees it, and its files by name: `case.json`, `history.json`,
    the diagrams that it runs, and as `bundles/<hash>/<file>` everything that it ever ran.

    `masked`: the entries of the history (by `seq`) in which something is masked."""

    case: InstanceView
    files: Mapping[str, bytes]
    masked: frozenset[int]


def get_evidence(
    session: Session, instance_id: str, actor: Actor, *, now: datetime | None = None
) -> Evidence:
    """A case as evidence for whoever may see it. Personal data are masked as on its page; that it was taken,
    and what was seen in clear, goes to the access log, which the edge commits.

    `history.json` holds what each hash is taken of (`engine.records.audit`), so that anybody can work the
    chain out again; an entry in which something is masked says so. Raises InstanceNotFound."""
    at = time_of(now)
    case = get_instance(session, instance_id, actor, where=WHERE, now=at)
    bundle = bundle_of(session, case.bundle_hash)
    ran = [*(bundle_left(session, move) for move in moves_of(session, instance_id)), bundle]
    sight = PersonalData(session, actor, instance_id)
    personal = frozenset[str]().union(*(one.personal_names for one in ran))
    entries = [_entry(event, sight, personal) for event in read_events(session, instance_id)]
    sight.log(WHERE, at)
    taken = {"at": at, "by": actor.person_id, "by_name": actor.name}
    session.add(AccessLog(at=at, person_id=actor.person_id, action=EXPORTED, instance_id=instance_id))
    session.flush()
    bundles = [{"hash": one.hash, "files": sorted(one.sources)} for one in ran]
    told = {
        "case.json": _json(_case(case) | {"bundles": bundles, "exported": taken}),
        "history.json": _json({"instance_id": instance_id, "entries": entries}),
    }
    masked = frozenset(entry["seq"] for entry in entries if entry["masked"])
    return Evidence(case, told | _drawn(case, bundle) | _sources(ran), masked)


def _drawn(case: InstanceView, bundle: Bundle) -> dict[str, bytes]:
    return {f"diagrams/{view.process_id}.bpmn": bundle.diagram_of(view.process_id) for view in case.diagrams}


def _sources(ran: Iterable[Bundle]) -> dict[str, bytes]:
    """A case that was moved ran several: what it did in each is seen only on the files of that one."""
    return {f"bundles/{one.hash}/{name}": data for one in ran for name, data in one.sources.items()}


def _case(case: InstanceView) -> dict[str, Any]:
    """What the page shows, but for the submissions' forms and what only the page needs."""
    facts = (
        "id", "business_key", "title", "process_id", "process_name", "version", "bundle_hash", "state",
        "outcome", "started_at", "started_by", "started_by_name", "ended_at", "suspended", "chain_ok",
    )  # fmt: skip
    lists = "tasks", "clocks", "variables", "records", "attachments"
    paths = [
        {"process": view.process_id, "completed": view.completed, "flows": view.flows}
        for view in case.diagrams
    ]
    submissions = [_submission(one) for one in case.submissions]
    shown = {name: getattr(case, name) for name in (*facts, *lists)}
    return {**shown, "path": paths, "submissions": submissions}


def _submission(one: SubmissionView) -> dict[str, Any]:
    facts = "id", "process_id", "element_id", "scope", "name", "at", "by", "by_name", "role", "values"
    form = one.form.key if one.form else None
    more = {"form": form, "record_number": one.record_number, "signature": one.signature}
    return {**{name: getattr(one, name) for name in facts}, **more}


def _entry(event: Any, sight: PersonalData, personal: frozenset[str]) -> dict[str, Any]:
    content = {name: getattr(event, name) for name in CONTENT}
    content["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    seen = _seen(event.data, sight, personal, event.actor_id)
    links = {"seq": event.seq, "prev_hash": event.prev_hash, "hash": event.hash}
    return {**links, "content": {**content, "data": seen}, "masked": seen != event.data}


def _seen(value: Any, sight: PersonalData, personal: frozenset[str], by: str | None) -> Any:
    """Facts as the reader may see them: what has the name of a personal field is, wherever it stands."""
    if isinstance(value, list):
        return [_seen(item, sight, personal, by) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {name: _seen(item, sight, personal, by) for name, item in value.items()}
    return sight.view(inner, personal & inner.keys(), by)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain).encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return list(value) if isinstance(value, tuple | set | frozenset) else dict(value)  # type: ignore[call-overload]
