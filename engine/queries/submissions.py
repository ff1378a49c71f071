"""What people submitted in a case, read."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle
from engine.diagram.forms import Form
from engine.queries.bundles import BundleAt
from engine.queries.personal import PersonalData
from engine.queries.views import AttachmentView, SignatureView, SubmissionView, Text
from engine.storage.models import IssuedRecord, Signature, Submission


def submissions_of(
    session: Session,
    bundle_at: BundleAt,
    sight: PersonalData,
    files: Mapping[str, AttachmentView],
    roles: Mapping[str, Text],
    latest: int | None = None,
) -> list[SubmissionView]:
    """Every submission of a case (or the `latest` so many), oldest first, as the reader may see them."""
    statement = (
        select(Submission, Signature, IssuedRecord.number)
        .outerjoin(Signature, Signature.submission_id == Submission.id)
        .outerjoin(IssuedRecord, IssuedRecord.submission_id == Submission.id)
        .where(Submission.instance_id == sight.instance_id)
        .order_by(Submission.seq.desc())
    )
    rows = session.execute(statement.limit(latest) if latest else statement).all()
    return [submission_view(bundle_at(row[0].seq), sight, files, roles, *row) for row in reversed(rows)]


def submission_view(
    bundle: Bundle,
    sight: PersonalData,
    files: Mapping[str, AttachmentView],
    roles: Mapping[str, Text],
    row: Submission,
    signature: Signature | None,
    number: str | None,
) -> SubmissionView:
    """One submission with its form as deployed, its files, its signature and its record number."""
    element = bundle.elements.get((row.process_id, row.element_id))
    form = bundle.form_of(element) if element else None
    values = sight.view(row.values, form.personal_names if form else (), row.by)
    name = Text(element.name or row.element_id, element.name_en) if element else Text(row.element_id)
    attached = tuple(files[i] for i in _file_ids(form, row.values) if i in files)
    return SubmissionView(
        row.id, row.element_id, row.process_id, row.scope, name, row.at, row.by, row.by_name, row.role,
        roles.get(row.role) or Text(row.role), form, values, attached, number, _signature(signature),
    )  # fmt: skip


def _signature(row: Signature | None) -> SignatureView | None:
    if row is None:
        return None
    return SignatureView(row.meaning, row.person_id, row.printed_name, row.at, row.content_hash)


def _file_ids(form: Form | None, values: Mapping[str, object]) -> list[str]:
    if form is None:
        return []
    lists = (values.get(field.key) for field in form.inputs if field.type == "file")
    return [str(item) for value in lists if isinstance(value, list) for item in value]
