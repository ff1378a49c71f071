"""Are the files still there, and what they were? Reads every one of them and compares its hash."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Result, Row, select
from sqlalchemy.orm import Session

from engine.records.files import CHUNK, path_of
from engine.storage.models import Attachment, ProcessInstance

BATCH = {"yield_per": 1000}
WHAT = {
    "missing": ("文件缺失", "is missing"),
    "altered": ("文件被改动", "was altered"),
    "unreadable": ("文件无法读取", "cannot be read"),
}


@dataclass(frozen=True)
class FileFault:
    """An attachment whose content is not what was uploaded; `business_key` is empty where it is in no case
    yet. `what`: missing, altered or unreadable."""

    business_key: str
    attachment_id: str
    filename: str
    path: Path
    what: str

    def text(self, lang: str) -> str:
        """What is wrong with which file, as a sentence."""
        zh, en = WHAT[self.what]
        if lang == "zh":
            return f"附件 {self.attachment_id}（{self.filename}）的{zh}：{self.path}"
        return f"the file of attachment {self.attachment_id} ({self.filename}) {en}: {self.path}"


@dataclass(frozen=True)
class CheckedFiles:
    """What is wrong, and how many attachments were looked at."""

    faults: list[FileFault]
    attachments: int


def check_files(session: Session, folder: Path) -> CheckedFiles:
    """Compares every attachment with its file in the folder; a content that several share is read once."""
    columns = Attachment.id, Attachment.filename, Attachment.size, Attachment.sha256
    statement = (
        select(*columns, ProcessInstance.business_key)
        .outerjoin(ProcessInstance, ProcessInstance.id == Attachment.instance_id)
        .order_by(Attachment.sha256, Attachment.id)
    )
    faults: list[FileFault] = []
    looked_at = 0
    rows: Result[Any] = session.execute(statement, execution_options=BATCH)
    for sha256, sharing in groupby(rows, key=lambda row: row.sha256):
        attachments = list(sharing)
        looked_at += len(attachments)
        faults += _faults(path_of(folder, sha256), attachments)
    return CheckedFiles(sorted(faults, key=lambda f: (f.business_key, f.attachment_id)), looked_at)


def _faults(path: Path, attachments: list[Row[Any]]) -> Iterator[FileFault]:
    what, found = "altered", None
    try:
        found = _measured(path)
    except OSError as error:
        what = "missing" if isinstance(error, FileNotFoundError) else "unreadable"
    for row in attachments:
        if found != (row.sha256, row.size):
            yield FileFault(row.business_key or "", row.id, row.filename, path, what)


def _measured(path: Path) -> tuple[str, int]:
    """The hash and the size of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size
