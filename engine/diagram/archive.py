"""From files to a zip; from an uploaded zip to its files, or to a refusal: nobody's archive fills the memory
or names a path."""

import io
import lzma
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime

from engine.diagram.library import base_name
from engine.diagram.readable import check_readable, kind_of_file
from engine.diagram.reader import MAX_BYTES
from engine.errors import BadImport

MOST_FILES = 300
MOST_BYTES = 20_000_000  # of all files together, unpacked
ENCRYPTED = 0x1
SYMLINK = 0o120000
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError,
)  # fmt: skip
FIRST_DAY = datetime(1980, 1, 1)  # the first that a zip can tell
FOLDER = "forms"  # the one folder that the product's own files have


def write_archive(files: Mapping[str, bytes], at: datetime = FIRST_DAY) -> bytes:
    """The files as a zip, in the order of their names; `at` is the local time that each of them bears.

    The same files at the same time are the same zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def read_upload(uploads: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of an upload by name without folder: a zip as the export gives it, or single files.

    Raises BadImport (no archive, encrypted, too many or too large, a path that leads elsewhere, a file of no
    known kind, a name twice), BundleRefused (a file that cannot be read: line and reason)."""
    files: dict[str, bytes] = {}
    for name, content in uploads.items():
        whole = _unpacked(name, content) if name.lower().endswith(".zip") else {name: content}
        for path, data in whole.items():
            _keep(files, path, data)
    if not files:
        raise BadImport("zip, bpmn, dmn, form, csv", "there is no file in it", "其中没有文件")
    return files


def _keep(files: dict[str, bytes], path: str, data: bytes) -> None:
    name = base_name(path)
    if kind_of_file(name) is None or not name.isprintable() or len(name) > 100:
        zh = "只接受 .bpmn、.dmn、.form、.csv 文件"
        raise BadImport(name[:100], "only .bpmn, .dmn, .form and .csv files are read", zh)
    if name in files:
        raise BadImport(name, "there are two files of that name", "有两个同名文件")
    if len(files) >= MOST_FILES or sum(map(len, files.values())) + len(data) > MOST_BYTES:
        raise _too_much(name)
    check_readable(name, data)
    files[name] = data


def _unpacked(name: str, content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(archive.infolist()) > MOST_FILES:
                raise _too_much(name)
            return _entries(archive, entries, name)
    except UNREADABLE as error:
        raise BadImport(name, "it is no zip that can be read", "不是可读取的 zip") from error


def _entries(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], name: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    for entry in entries:
        _check_entry(entry)
        if entry.filename in files:
            raise BadImport(entry.filename[:100], "there are two files of that name", "有两个同名文件")
        with archive.open(entry) as packed:  # what the header says of the size may be a lie
            data = packed.read(min(MAX_BYTES, left) + 1)
        left -= len(data)
        if len(data) > MAX_BYTES or left < 0:
            raise _too_much(name)
        files[entry.filename] = data
    return files


def _check_entry(entry: zipfile.ZipInfo) -> None:
    folder, _, _ = entry.filename.rpartition("/")
    odd = "\\" in entry.filename or folder not in ("", FOLDER)
    if odd or entry.external_attr >> 16 & 0o170000 == SYMLINK:
        raise BadImport(entry.filename[:100], "the path leads elsewhere", "路径指向别处")
    if entry.flag_bits & ENCRYPTED:
        raise BadImport(entry.filename[:100], "it is encrypted", "已加密")


def _too_much(name: str) -> BadImport:
    most = MOST_BYTES // 1_000_000
    return BadImport(
        name[:100], f"more than {MOST_FILES} files or {most} MB, or a file of more than 2 MB",
        f"超过 {MOST_FILES} 个文件、共 {most} MB，或单个文件超过 2 MB",
    )  # fmt: skip
