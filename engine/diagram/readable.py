"""May these bytes stand in a draft? Anything that can be read again, however wrong it is as a process."""

from pathlib import PurePosixPath

from engine.diagram.forms.json_text import Unreadable, read_json
from engine.diagram.reader import MAX_BYTES, read_xml
from engine.errors import BundleRefused, Problem

KINDS = {".bpmn": "process", ".dmn": "decision", ".form": "form", ".csv": "table"}


def kind_of_file(name: str) -> str | None:
    """What a file of that name holds: process, decision, form or table; None if it is none of these."""
    return KINDS.get(PurePosixPath(name).suffix.lower())


def check_readable(name: str, content: bytes) -> None:
    """Raises BundleRefused with the line and the reason unless the content is XML, JSON or a UTF-8 table, as
    its name says, of a size that the engine reads."""
    kind = kind_of_file(name)
    if kind in ("process", "decision"):
        read_xml(content, name)
    elif kind == "form":
        try:
            read_json(content, name)
        except Unreadable as refusal:
            raise BundleRefused(problems=(refusal.problem,)) from refusal
    else:
        _check_table(name, content)


def _check_table(name: str, content: bytes) -> None:
    if len(content) > MAX_BYTES:
        zh = f"文件有 {len(content):,} 字节，超过上限 {MAX_BYTES:,} 字节。"
        en = f"The file has {len(content):,} bytes, the limit is {MAX_BYTES:,}."
        raise _refusal(name, 1, "csv.size", zh, en)
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refusal(
            name, line, "csv.encoding", "表格须存为 UTF-8。", "A table is saved as UTF-8."
        ) from error


def _refusal(name: str, line: int, code: str, zh: str, en: str) -> BundleRefused:
    return BundleRefused(problems=(Problem(name, line, 1, "error", "", code, zh, en),))
