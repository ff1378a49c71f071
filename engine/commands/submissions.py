"""Keeping what somebody submitted: values, signature, numbered record, files, search index."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine.diagram.element import Element
from engine.diagram.forms import Field, Form
from engine.errors import FieldProblem, FormInvalid
from engine.queries.reference import record_kind
from engine.queries.views import Actor
from engine.records import variables
from engine.records.audit import Event, content_hash
from engine.records.numbering import CASE_NUMBER, next_number
from engine.records.signatures import signature_hash
from engine.storage.ids import new_id
from engine.storage.locked import LockedInstance
from engine.storage.models import Attachment, IssuedRecord, Signature, Submission
from engine.storage.session import insert_rows

TAKEN = "文件已归入另一案件，请重新上传。", "A file has gone to another case meanwhile: upload it again."


@dataclass(frozen=True)
class Act:
    """Somebody submits on an element: who, in which role, where, when, with which typed values."""

    actor: Actor
    role: str
    element: Element
    scope: str
    task_id: str | None
    form: Form | None
    values: Mapping[str, object]
    at: datetime


def keep(
    session: Session,
    instance: LockedInstance,
    act: Act,
    computed: Mapping[tuple[str, str], object],
    personal_names: frozenset[str] = frozenset(),
) -> Event:
    """Writes everything a submission leaves behind and returns its history event, whose data vouch for it.

    `computed`: what the machine worked out from it, (scope, name) -> value, kept as variables too.
    `personal_names`: names that are personal although the form at hand does not say so."""
    submission_id, digest = new_id(), content_hash(act.values)
    facts = {
        "id": submission_id, "instance_id": instance.id, "task_id": act.task_id,
        "seq": instance.chain_length + 1, "process_id": act.element.process_id,
        "element_id": act.element.id, "scope": act.scope, "at": act.at, "by": act.actor.person_id,
        "by_name": act.actor.name, "role": act.role, "values": act.values, "content_hash": digest,
    }  # fmt: skip
    insert_rows(session, Submission, [facts])
    personal = personal_names | (act.form.personal_names if act.form else frozenset())
    scoped = {**computed, **{(act.scope, name): value for name, value in act.values.items()}}
    variables.write(session, instance.id, scoped, personal, act.actor.person_id, act.at)
    variables.index_texts(session, instance.id, _searchable(act), personal)
    files = _bind_files(session, instance.id, act)
    data: dict[str, object] = {"submission": {"id": submission_id, "hash": digest}}
    if act.element.sign:
        data["signature"] = _sign(session, instance, act, submission_id, digest)
    if act.element.record:
        data["record"] = _issue(session, instance, act, submission_id, data)
    if files:
        data["attachments"] = files
    kind = "completed" if act.task_id else "started"
    return Event(
        act.at, kind, act.actor.person_id, act.actor.name, act.role, act.element.process_id, act.element.id,
        act.scope, None, data,
    )  # fmt: skip


def _searchable(act: Act) -> dict[str, object]:
    """Files and people are ids, not words."""
    skipped = {f.key for f in act.form.inputs if f.type in {"file", "user", "group"}} if act.form else set()
    return {name: value for name, value in act.values.items() if name not in skipped}


def _bind_files(session: Session, instance_id: str, act: Act) -> list[dict[str, str]]:
    """Ties the files that the form names to the case; each with the hash of its content, for the history:
    whoever changes a file and its row together does not change that."""
    named = {i for field in (act.form.inputs if act.form else ()) for i in _file_ids(field, act.values)}
    if not named:
        return []
    unbound = Attachment.id.in_(named), Attachment.instance_id.is_(None)
    session.execute(update(Attachment).where(*unbound).values(instance_id=instance_id))
    own = Attachment.id.in_(named), Attachment.instance_id == instance_id
    rows = session.execute(select(Attachment.id, Attachment.sha256).where(*own).order_by(Attachment.id)).all()
    if taken := named - {row.id for row in rows}:  # another case has got it at the same moment
        raise FormInvalid(problems=[FieldProblem(key, *TAKEN) for key in _fields_with(taken, act)])
    return [{"id": row.id, "hash": row.sha256} for row in rows]


def _fields_with(files: set[str], act: Act) -> list[str]:
    fields = act.form.inputs if act.form else ()
    return [field.key for field in fields if files & set(_file_ids(field, act.values))]


def _file_ids(field: Field, values: Mapping[str, object]) -> list[str]:
    value = values.get(field.key)
    if field.type == "file" and isinstance(value, list):
        return [str(item) for item in value]
    if field.type == "table" and isinstance(value, list):
        return [i for row in value for column in field.columns for i in _file_ids(column, row)]
    return []


def _sign(
    session: Session, instance: LockedInstance, act: Act, submission_id: str, digest: str
) -> dict[str, object]:
    facts = {
        "submission_id": submission_id, "instance_id": instance.id, "element_id": act.element.id,
        "meaning": act.element.sign or "", "person_id": act.actor.person_id,
        "printed_name": act.actor.name, "at": act.at, "content_hash": digest,
    }  # fmt: skip
    insert_rows(session, Signature, [facts])
    return {"id": submission_id, "hash": signature_hash(facts), "meaning": act.element.sign}


def _issue(
    session: Session, instance: LockedInstance, act: Act, submission_id: str, vouched: Mapping[str, object]
) -> dict[str, object]:
    """Issues the numbered record: the submission with who, when and where, frozen under its own hash."""
    kind = record_kind(session, act.element.record or "")
    number = _number(session, instance, kind.number_pattern, act.at)
    content: dict[str, object] = {
        "record": kind.id, "number": number, "name": kind.name.zh, "name_en": kind.name.en,
        "copies": kind.copies, "case": instance.business_key, "element": act.element.id,
        "at": act.at.astimezone(UTC).isoformat(), "by": act.actor.person_id, "by_name": act.actor.name,
        "role": act.role, "bundle": instance.bundle_hash, "values": dict(act.values), **vouched,
        "parts": _parts(session, instance, act),
    }  # fmt: skip
    digest = content_hash(content)
    row = {
        "number": number, "record_id": kind.id, "name": kind.name.zh, "name_en": kind.name.en,
        "copies": kind.copies, "instance_id": instance.id, "submission_id": submission_id,
        "issued_at": act.at, "issued_by": act.actor.person_id, "content": content, "content_hash": digest,
    }  # fmt: skip
    insert_rows(session, IssuedRecord, [row])
    return {"id": number, "hash": digest}


def _parts(session: Session, instance: LockedInstance, act: Act) -> list[dict[str, str]]:
    """What the record carries besides its own submission: the latest one of the first element named, then
    those of each further element that came after it, so that a second round leaves the first one out."""
    wanted, parts, since = act.element.record_with, list[dict[str, str]](), 0
    if not wanted:
        return parts
    statement = select(Submission.id, Submission.element_id, Submission.seq, Submission.content_hash)
    named = Submission.instance_id == instance.id, Submission.element_id.in_(wanted)
    rows = session.execute(statement.where(*named).order_by(Submission.seq)).all()
    for element in wanted:
        later = [row for row in rows if row.element_id == element and row.seq > since]
        taken = later if parts else later[-1:]
        parts += [{"submission": row.id, "hash": row.content_hash} for row in taken]
        since = max([since, *(row.seq for row in taken)])
    return parts


def _number(session: Session, instance: LockedInstance, pattern: str, now: datetime) -> str:
    """A record numbered like the case carries the case's own number; issued again, it gets a suffix."""
    if pattern != CASE_NUMBER:
        return next_number(session, pattern, now)
    same = IssuedRecord.instance_id == instance.id, IssuedRecord.number.startswith(instance.business_key)
    before = session.scalar(select(func.count()).select_from(IssuedRecord).where(*same)) or 0
    return f"{instance.business_key}-{before + 1}" if before else instance.business_key


def with_path(event: Event, path: list[list[str]]) -> Event:
    """The event with the way the tokens took because of it."""
    # what `dataclasses.replace` does, without its checks: every step comes here
    return Event(**{**vars(event), "data": {**(event.data or {}), "path": path}})
