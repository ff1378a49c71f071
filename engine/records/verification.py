"""Does the remembered still hold? Recomputes every chain, submission, signature and record."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from engine.records.audit import content_hash, link_hash
from engine.records.signatures import signature_hash
from engine.storage.models import HistoryEvent, IssuedRecord, ProcessInstance, Signature, Submission

BATCH = {"yield_per": 1000}
WHAT = {
    "missing": ("缺少第 {seq} 条历史记录", "history event {seq} is missing"),
    "altered": ("第 {seq} 条历史记录被改动", "history event {seq} was altered"),
    "reordered": ("第 {seq} 条历史记录的顺序被改动", "history event {seq} is out of order"),
    "truncated": ("历史记录自第 {seq} 条起被截断", "the history was cut off from event {seq} on"),
    "added": ("第 {seq} 条历史记录是外加的", "history event {seq} was added from outside"),
    "submission": (
        "第 {seq} 条历史记录所述的提交内容被改动",
        "the submission of event {seq} was altered or removed",
    ),
    "signature": (
        "第 {seq} 条历史记录所述的签名被改动",
        "the signature of event {seq} was altered or removed",
    ),
    "record": ("第 {seq} 条历史记录所述的表单记录被改动", "the record of event {seq} was altered or removed"),
}


@dataclass(frozen=True)
class Break:
    """The first thing that does not hold in an instance; `seq` is the number of the history event."""

    instance_id: str
    business_key: str
    seq: int
    what: str

    def text(self, lang: str) -> str:
        """What differs, as a sentence."""
        return WHAT[self.what][0 if lang == "zh" else 1].format(seq=self.seq)


def verify(session: Session, instance_id: str | None = None) -> list[Break]:
    """The first break of every instance that has one (of one instance if given), ordered by number.

    Reads each table once, in batches: memory grows with the number of instances, not with their histories."""
    chains = _of(select(*ProcessInstance.__table__.columns), ProcessInstance.id, instance_id)
    instances = {row.id: row for row in session.execute(chains)}
    kept = dict(_kept_contents(session, instance_id))
    links = _of(select(*HistoryEvent.__table__.columns), HistoryEvent.instance_id, instance_id)
    stream = session.execute(
        links.order_by(HistoryEvent.instance_id, HistoryEvent.seq), execution_options=BATCH
    )
    histories = groupby(stream, key=lambda row: row.instance_id)
    faults = {key: _first_fault(instances.pop(key), list(events), kept) for key, events in histories}
    emptied = [_break(row, (1, "missing")) for row in instances.values() if row.chain_length]
    return sorted([b for b in faults.values() if b] + emptied, key=lambda b: b.business_key)


def _of(statement: Any, column: Any, instance_id: str | None) -> Any:
    return statement.where(column == instance_id) if instance_id else statement


def _break(instance: Row[Any], fault: tuple[int, str]) -> Break:
    return Break(instance.id, instance.business_key, *fault)


def _first_fault(instance: Row[Any], events: Sequence[Row[Any]], kept: dict[str, str]) -> Break | None:
    hashes = {event.hash for event in events}
    shorter = len(events) < instance.chain_length
    previous = ""
    for expected, event in enumerate(events, start=1):
        what = _link_fault(event, expected, previous, hashes)
        if what == "rewritten":
            return _break(instance, (expected, "missing") if shorter else (max(expected - 1, 1), "altered"))
        what = what or _content_fault(event, kept)
        if what:
            return _break(instance, (expected, what))
        previous = event.hash
    return _end_fault(instance, len(events), previous)


def _link_fault(event: Row[Any], expected: int, previous: str, hashes: set[str]) -> str | None:
    if event.seq != expected:
        return "missing"
    if link_hash(event.prev_hash, event.instance_id, event) != event.hash:
        return "altered"
    if event.prev_hash == previous:
        return None
    return "reordered" if event.prev_hash in hashes or not event.prev_hash else "rewritten"


def _end_fault(instance: Row[Any], length: int, head: str) -> Break | None:
    if length < instance.chain_length:
        return _break(instance, (length + 1, "truncated"))
    if length > instance.chain_length:
        return _break(instance, (instance.chain_length + 1, "added"))
    return None if head == instance.chain_head else _break(instance, (length, "altered"))


def _content_fault(event: Row[Any], kept: dict[str, str]) -> str | None:
    """Events name what they brought by id and hash: `submission`, `signature`, `record` in their data."""
    for what in ("submission", "signature", "record"):
        named = (event.data or {}).get(what)
        if named and kept.get(f"{what}:{named['id']}") != named["hash"]:
            return what
    return None


def _kept_contents(session: Session, instance_id: str | None) -> Iterator[tuple[str, str]]:
    """Key and recomputed hash of everything that history events vouch for."""
    submissions = _of(select(Submission.id, Submission.values), Submission.instance_id, instance_id)
    for row in session.execute(submissions, execution_options=BATCH):
        yield f"submission:{row[0]}", content_hash(row[1])
    signatures = _of(select(*Signature.__table__.columns), Signature.instance_id, instance_id)
    for row in session.execute(signatures, execution_options=BATCH):
        yield f"signature:{row.submission_id}", signature_hash(dict(row._mapping))
    records = _of(select(IssuedRecord.number, IssuedRecord.content), IssuedRecord.instance_id, instance_id)
    for row in session.execute(records, execution_options=BATCH):
        yield f"record:{row[0]}", content_hash(row[1])
