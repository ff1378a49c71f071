"""Archives by somebody who wants to fill the memory, leave the folder or hide something."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def lying() -> bytes:
    """Its header says that the file of 40 MB has 10 bytes."""
    bomb = packed({"p.bpmn": bytes(40_000_000)})
    return bomb.replace(struct.pack("<L", 40_000_000), struct.pack("<L", 10))


def linking() -> bytes:
    """A symbolic link to a file of the server."""
    out, entry = io.BytesIO(), zipfile.ZipInfo("p.bpmn")
    entry.create_system, entry.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def encrypted() -> bytes:
    """Its entries say that they are encrypted."""
    data = bytearray(packed({"p.bpmn": b"<a/>"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "a bomb": lambda: packed({"p.bpmn": bytes(40_000_000)}),
    "many that are large together": lambda: packed({f"p{n}.csv": b"x" * 1_999_999 for n in range(12)}),
    "a header that lies": lying,
    "too many files": lambda: packed({f"p{n}.csv": b"x" for n in range(301)}),
    "a path out of the folder": lambda: packed({"../p.bpmn": b"<a/>"}),
    "an absolute path": lambda: packed({"/etc/p.bpmn": b"<a/>"}),
    "a path of another system": lambda: packed({"..\\p.bpmn": b"<a/>"}),
    "a link": linking,
    "a program": lambda: packed({"p.exe": b"MZ"}),
    "an archive in an archive": lambda: packed({"p.zip": packed({"p.bpmn": b"<a/>"})}),
    "one name in two folders": lambda: packed({"p.form": b"{}", "forms/p.form": b"{}"}),
    "encrypted": encrypted,
    "no archive": lambda: b"PK\x03\x04 nothing more",
    "an empty archive": lambda: packed({}),
    "cut off": lambda: packed({"p.csv": b"x" * 1000})[:-30],
    "broken inside": lambda: packed({"p.csv": bytes(range(256)) * 99}).replace(b"\xed", b"\xee", 3),
}
