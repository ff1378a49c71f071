"""Issued records, read."""

from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import RecordNotFound
from engine.queries.attachments import attachments_of
from engine.queries.bundles import bundle_of, bundles_over, moves_of
from engine.queries.clock import time_of
from engine.queries.instances import visible_instance
from engine.queries.people import role_names
from engine.queries.personal import PersonalData
from engine.queries.submissions import submission_view
from engine.queries.views import Actor, RecordRow, RecordView, Text
from engine.records.audit import content_hash
from engine.storage.models import IssuedRecord, Person, Signature, Submission


def records_of(session: Session, instance_id: str) -> list[RecordRow]:
    """The records of a case in the order of their issue; the caller has checked who asks."""
    statement = (
        select(IssuedRecord, Person.name)
        .join(Person, Person.id == IssuedRecord.issued_by)
        .where(IssuedRecord.instance_id == instance_id)
        .order_by(IssuedRecord.issued_at, IssuedRecord.number)
    )
    return [_row(record, name) for record, name in session.execute(statement)]


def get_record(
    session: Session, instance_id: str, number: str, actor: Actor, *, now: datetime | None = None
) -> RecordView:
    """A record to print, for whoever may see its case. Raises RecordNotFound."""
    case = visible_instance(session, instance_id, actor)
    statement = (
        select(IssuedRecord, Person.name, Submission, Signature)
        .join(Person, Person.id == IssuedRecord.issued_by)
        .join(Submission, Submission.id == IssuedRecord.submission_id)
        .outerjoin(Signature, Signature.submission_id == Submission.id)
        .where(IssuedRecord.instance_id == instance_id, IssuedRecord.number == number)
    )
    found = session.execute(statement).one_or_none()
    if case is None or found is None:
        raise RecordNotFound(number)
    record, name, submission, signature = found
    sight = PersonalData(session, actor, instance_id)
    files = {view.id: view for view in attachments_of(session, instance_id)}
    now_runs = bundle_of(session, case.bundle_hash)
    bundle = bundles_over(session, now_runs, moves_of(session, instance_id))
    roles, parts = role_names(session), _parts(session, record)
    view = submission_view(bundle(submission.seq), sight, files, roles, submission, signature, number)
    shown = [submission_view(bundle(part[0].seq), sight, files, roles, *part) for part in parts]
    sight.log(f"record {number}", time_of(now))
    intact = content_hash(record.content) == record.content_hash
    intact = intact and record.content.get("values") == submission.values
    intact = intact and [part.content_hash for part, *_ in parts] == [p["hash"] for p in _named(record)]
    head = _row(record, name)
    return RecordView(head, case.business_key, case.title, record.copies, view, intact, tuple(shown))


def _named(record: IssuedRecord) -> list[dict[str, str]]:
    """The submissions that a record carries besides its own: their ids and hashes."""
    return cast(list[dict[str, str]], record.content.get("parts", []))


def _parts(session: Session, record: IssuedRecord) -> list[tuple[Submission, Signature | None, None]]:
    ids = [part["submission"] for part in _named(record)]
    statement = select(Submission, Signature).outerjoin(Signature, Signature.submission_id == Submission.id)
    rows = session.execute(statement.where(Submission.id.in_(ids)).order_by(Submission.seq)) if ids else ()
    return [(submission, signature, None) for submission, signature in rows]


def _row(record: IssuedRecord, name: str) -> RecordRow:
    return RecordRow(
        record.number, record.record_id, Text(record.name, record.name_en), record.issued_at,
        record.issued_by, name, record.content_hash,
    )  # fmt: skip
