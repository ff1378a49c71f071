"""Verbs on files: keep one, read one."""

from datetime import datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO
from unicodedata import category

from sqlalchemy.orm import Session

from engine.errors import AttachmentNotFound
from engine.queries.attachments import find_attachment
from engine.queries.clock import time_of
from engine.queries.views import Actor, AttachmentView
from engine.records import files
from engine.storage.ids import new_id
from engine.storage.models import Attachment
from engine.storage.session import begin_write

NAME_LENGTH = 200


def add_attachment(
    session: Session,
    actor: Actor,
    folder: Path,
    filename: str,
    stream: BinaryIO,
    *,
    now: datetime | None = None,
) -> AttachmentView:
    """Keeps a file; its id goes into the file field of a form, which ties it to the case.

    The name is kept as given (Chinese included) without any path or invisible character.
    Raises FileTooLarge, WrongFileType.
    The file is written before the row: a crash between the two leaves content nobody refers to, no more."""
    name = _visible(PureWindowsPath(PurePosixPath(filename).name).name)[-NAME_LENGTH:]
    kept = files.store(folder, name, stream)
    row = Attachment(
        id=new_id(), filename=name, media_type=kept.media_type, size=kept.size, sha256=kept.sha256,
        uploaded_at=time_of(now), uploaded_by=actor.person_id,
    )  # fmt: skip
    begin_write(session)
    session.add(row)
    session.flush()
    return AttachmentView(
        row.id, name, row.media_type, row.size, row.sha256, row.uploaded_at, actor.person_id, actor.name
    )


def read_attachment(
    session: Session, attachment_id: str, actor: Actor, folder: Path
) -> tuple[AttachmentView, Path]:
    """A file and where its content lies: for whoever may see its case, and for its uploader.

    Raises AttachmentNotFound."""
    view = find_attachment(session, attachment_id, actor)
    path = files.path_of(folder, view.sha256)
    if not path.is_file():
        raise AttachmentNotFound(attachment_id)
    return view, path


def _visible(name: str) -> str:
    """Without characters that hide, reorder or break what a reader sees (a right-to-left mark: gnp.exe)."""
    return "".join(char for char in name if char.isprintable() or category(char) == "Zs")
