"""A file read to be written again: what nobody changed is written as it was."""

import re

from lxml import etree

_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_CLOSED = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|/>", re.DOTALL)


def written_like(root: etree._Element, data: bytes) -> bytes:
    """The tree as bytes, in the manner of the file that it was read from: its first lines, its line ends, a
    blank before `/>`. A file that was not UTF-8 becomes UTF-8."""
    if (root.getroottree().docinfo.encoding or "UTF-8").upper() not in ("UTF-8", "UTF8"):
        return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8") + b"\n"
    found = _BEFORE.match(data)
    parts = [etree.tostring(n, encoding="unicode", with_tail=False) for n in (root, *root.itersiblings())]
    body = "\n".join(parts).encode()
    if b" />" in data:
        body = _CLOSED.sub(lambda match: b" />" if match[0] == b"/>" else match[0], body)
    if 0 < data.count(b"\n") == data.count(b"\r\n"):
        body = body.replace(b"\n", b"\r\n")
    return (found[0] if found else b"") + body + data[len(data.rstrip()) :]
