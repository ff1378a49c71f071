"""Files kept by content: named by sha256, written once, never half."""

import errno
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import filetype

from engine.errors import DiskFull, FileTooLarge, WrongFileType

MAX_BYTES = 20 * 1024 * 1024
CHUNK = 1024 * 1024
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
EXTENSIONS = {
    "image/jpeg": {".jpg", ".jpeg"},
    "image/png": {".png"},
    "application/pdf": {".pdf"},
    "video/mp4": {".mp4"},
}


@dataclass(frozen=True)
class StoredFile:
    """What was kept: the hash is the name in the folder; `size` in bytes."""

    sha256: str
    size: int
    media_type: str


def path_of(folder: Path, sha256: str) -> Path:
    """Where the content with that hash lies."""
    return folder / sha256[:2] / sha256


def store(folder: Path, filename: str, stream: BinaryIO) -> StoredFile:
    """Keeps a stream under its hash; the same content is kept once.

    Written beside, synced and renamed, so that a crash leaves either the whole file or none.
    Raises FileTooLarge above 20 MB, WrongFileType unless the content is a jpg, png, pdf or mp4 and the
    extension says the same, DiskFull if there is no room."""
    try:
        return _store(folder, filename, stream)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DiskFull() from error
        raise


def _store(folder: Path, filename: str, stream: BinaryIO) -> StoredFile:
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".incoming-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as target:
            sha256, size, head = _copy(stream, target, filename)
        media_type = _sniff(head, filename)
        _move(temporary, path_of(folder, sha256))
    finally:
        temporary.unlink(missing_ok=True)
    return StoredFile(sha256, size, media_type)


def _copy(stream: BinaryIO, target: BinaryIO, filename: str) -> tuple[str, int, bytes]:
    digest, size, head = hashlib.sha256(), 0, b""
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > MAX_BYTES:
            raise FileTooLarge(filename=filename, limit_mb=MAX_BYTES // 1024 // 1024)
        head = head or chunk[:8192]
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    os.fsync(target.fileno())
    return digest.hexdigest(), size, head


def _sniff(head: bytes, filename: str) -> str:
    kind = filetype.guess_mime(head) if head else None
    if kind not in EXTENSIONS or Path(filename).suffix.casefold() not in EXTENSIONS[kind]:
        raise WrongFileType(filename=filename)
    return str(kind)


def _move(temporary: Path, final: Path) -> None:
    final.parent.mkdir(exist_ok=True)
    if not final.exists():
        os.replace(temporary, final)
        for folder in (final.parent, final.parent.parent):
            _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
