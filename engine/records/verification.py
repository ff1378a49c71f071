"""Does the remembered still hold? Recomputes every chain, submission, signature and record, and compares what
is kept of each attachment with what its submission said; the files themselves: see `file_check`."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from engine.records.audit import content_hash, link_hash
from engine.records.signatures import signature_hash
from engine.storage.models import (
    Attachment,
    HistoryEvent,
    IssuedRecord,
    ProcessInstance,
    Signature,
    Submission,
)

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
    "attachment": (
        "第 {seq} 条历史记录所述的附件被改动",
        "an attachment of event {seq} was altered or removed",
    ),
    "unvouched": (
        "有提交、签名或表单记录不在历史记录中",
        "a submission, signature or record is in no history event",
    ),
}
ACTED = ("at", "actor_id", "actor_name", "role", "process_id", "element_id", "scope")  # of an event
SUBMITTED = ("at", "by", "by_name", "role", "process_id", "element_id", "scope")  # the same of a submission
Kept = dict[str, tuple[object, ...]]
Hashes = dict[str, str]  # of the contents of a case's attachments, by id


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


@dataclass
class Checked:
    """How much was looked at: cases, the chains they have, history events, and the submissions, signatures
    and records that these vouch for."""

    cases: int = 0
    chains: int = 0
    events: int = 0
    contents: int = 0


@dataclass(frozen=True)
class Verified:
    """What was found, ordered by number of the case, and how much was looked at."""

    broken: list[Break]
    checked: Checked


def verify(session: Session, instance_id: str | None = None) -> Verified:
    """The first break of every instance that has one (of one instance if given).

    Reads each table once, in batches: memory grows with the number of instances, not with their histories."""
    chains = _of(select(*ProcessInstance.__table__.columns), ProcessInstance.id, instance_id)
    instances = {row.id: row for row in session.execute(chains)}
    kept, files = _kept_contents(session, instance_id), _kept_files(session, instance_id)
    checked = Checked(cases=len(instances), contents=sum(map(len, kept.values())))
    links = _of(select(*HistoryEvent.__table__.columns), HistoryEvent.instance_id, instance_id)
    stream = session.execute(
        links.order_by(HistoryEvent.instance_id, HistoryEvent.seq), execution_options=BATCH
    )
    histories = groupby(stream, key=lambda row: row.instance_id)
    faults = []
    for key, rows in histories:
        events = list(rows)
        checked.chains, checked.events = checked.chains + 1, checked.events + len(events)
        faults.append(_first_fault(instances.pop(key), events, kept.get(key, {}), files.get(key, {})))
    emptied = [Break(i.id, i.business_key, 1, "missing") for i in instances.values() if i.chain_length]
    broken = [fault for fault in faults if fault] + emptied
    return Verified(sorted(broken, key=lambda b: b.business_key), checked)


def _of(statement: Any, column: Any, instance_id: str | None) -> Any:
    return statement.where(column == instance_id) if instance_id else statement


def _first_fault(
    instance: Row[Any], events: Sequence[Row[Any]], kept: Kept, files: Hashes
) -> Break | None:
    """The earliest fault; of a broken link and its contents the link, which is what everything hangs on."""
    looks = _chain_fault(instance, events), _contents_fault(events, kept), _files_fault(events, files)
    faults = [fault for fault in looks if fault]
    if not faults and kept:
        faults = [(len(events), "unvouched")]
    if not faults:
        return None
    seq, what = min(faults, key=lambda fault: fault[0])
    return Break(instance.id, instance.business_key, seq, what)


def _chain_fault(instance: Row[Any], events: Sequence[Row[Any]]) -> tuple[int, str] | None:
    hashes = {event.hash for event in events}
    shorter = len(events) < instance.chain_length
    previous = ""
    for expected, event in enumerate(events, start=1):
        what = _link_fault(event, expected, previous, hashes)
        if what == "rewritten":
            return (expected, "missing") if shorter else (max(expected - 1, 1), "altered")
        if what:
            return expected, what
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


def _end_fault(instance: Row[Any], length: int, head: str) -> tuple[int, str] | None:
    if length < instance.chain_length:
        return length + 1, "truncated"
    if length > instance.chain_length:
        return instance.chain_length + 1, "added"
    return None if head == instance.chain_head else (max(length, 1), "altered")


def _contents_fault(events: Sequence[Row[Any]], kept: Kept) -> tuple[int, str] | None:
    """Events name what they brought by id and hash: `submission`, `signature`, `record` in their data.

    Takes out of `kept` what an event vouches for."""
    for expected, event in enumerate(events, start=1):
        for what in ("submission", "signature", "record"):
            named = (event.data or {}).get(what)
            if named and kept.pop(f"{what}:{named['id']}", None) != _vouched(what, named["hash"], event):
                return expected, what
    return None


def _files_fault(events: Sequence[Row[Any]], files: Hashes) -> tuple[int, str] | None:
    """Events name the files that came with a submission by id and hash; older ones do not, and hold, too."""
    for expected, event in enumerate(events, start=1):
        named = (event.data or {}).get("attachments", ())
        if any(files.get(one["id"]) != one["hash"] for one in named):
            return expected, "attachment"
    return None


def _vouched(what: str, digest: str, event: Row[Any]) -> tuple[object, ...]:
    """What must be kept: the hash of the content; of a submission also who made it, where and when."""
    facts = tuple(getattr(event, name) for name in ACTED) if what == "submission" else ()
    return digest, *facts


def _kept_contents(session: Session, instance_id: str | None) -> dict[str, Kept]:
    """By instance: key and recomputed hash (and facts) of everything that history events vouch for."""
    kept: dict[str, Kept] = {}
    for table, key, proof in (
        (Submission, "submission:{0.id}", _submitted),
        (Signature, "signature:{0.submission_id}", _signed),
        (IssuedRecord, "record:{0.number}", _issued),
    ):
        rows = _of(select(*table.__table__.columns), table.instance_id, instance_id)
        for row in session.execute(rows, execution_options=BATCH):
            kept.setdefault(row.instance_id, {})[key.format(row)] = proof(row)
    return kept


def _kept_files(session: Session, instance_id: str | None) -> dict[str, Hashes]:
    """By instance: what is kept of each attachment."""
    files: dict[str, Hashes] = {}
    columns = select(Attachment.instance_id, Attachment.id, Attachment.sha256)
    bound = columns.where(Attachment.instance_id.is_not(None))
    rows = session.execute(_of(bound, Attachment.instance_id, instance_id), execution_options=BATCH)
    for case, attachment_id, sha256 in rows:
        files.setdefault(case, {})[attachment_id] = sha256
    return files


def _submitted(row: Row[Any]) -> tuple[object, ...]:
    return content_hash(row._mapping["values"]), *(getattr(row, name) for name in SUBMITTED)


def _signed(row: Row[Any]) -> tuple[object, ...]:
    return (signature_hash(dict(row._mapping)),)


def _issued(row: Row[Any]) -> tuple[object, ...]:
    """The hash of a record as its columns tell it: they and its content must say the same."""
    told = {
        "record": row.record_id, "number": row.number, "name": row.name, "name_en": row.name_en,
        "copies": row.copies, "at": row.issued_at.isoformat(), "by": row.issued_by,
    }  # fmt: skip
    return (content_hash({**row.content, **told}),)
