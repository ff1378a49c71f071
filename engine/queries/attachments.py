"""Files, read: their facts, for whoever may see the case they belong to."""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.errors import AttachmentNotFound
from engine.queries.access import may_see_one
from engine.queries.views import Actor, AttachmentView
from engine.storage.models import Attachment, Person

VIEWED = (Attachment.id, Attachment.filename, Attachment.media_type, Attachment.size, Attachment.sha256,
          Attachment.uploaded_at, Attachment.uploaded_by, Person.name)  # fmt: skip


def find_attachment(session: Session, attachment_id: str, actor: Actor) -> AttachmentView:
    """One file's facts: for its uploader, and for whoever may see its case. Raises AttachmentNotFound."""
    in_case = Attachment.instance_id.is_not(None) & may_see_one(actor, Attachment.instance_id)
    statement = (
        select(*VIEWED)
        .join(Person, Person.id == Attachment.uploaded_by)
        .where(Attachment.id == attachment_id, or_(Attachment.uploaded_by == actor.person_id, in_case))
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise AttachmentNotFound(attachment_id)
    return AttachmentView(*row)


def attachments_of(session: Session, instance_id: str) -> tuple[AttachmentView, ...]:
    """Every file of a case, oldest first; the caller has checked who asks."""
    return _views(session, Attachment.instance_id == instance_id)


def attachments_by_id(session: Session, ids: Iterable[str]) -> tuple[AttachmentView, ...]:
    """The files that a draft names, as far as no case has them yet."""
    wanted = list(ids)
    free = Attachment.id.in_(wanted) & Attachment.instance_id.is_(None)
    return _views(session, free) if wanted else ()


def _views(session: Session, condition: object) -> tuple[AttachmentView, ...]:
    statement = (
        select(*VIEWED)
        .join(Person, Person.id == Attachment.uploaded_by)
        .where(condition)  # type: ignore[arg-type]
        .order_by(Attachment.uploaded_at, Attachment.id)
    )
    return tuple(AttachmentView(*row) for row in session.execute(statement))
