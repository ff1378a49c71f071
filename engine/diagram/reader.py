"""From bytes to an XML tree, or to a refusal that names line and column. No entities, no DTD, no network."""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from lxml import etree

from engine.errors import BundleRefused, Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 100
MAX_ELEMENTS = 50_000
ENCODINGS = ("utf-8", "utf-16", "us-ascii", "ascii")
_INCLUDE = "{http://www.w3.org/2001/XInclude}*"
_SIGNATURES = {b"PK\x03\x04": "zip", b"%PDF": "pdf", b"\x89PNG": "png", b"\xd0\xcf\x11\xe0": "doc"}


class _Stop(Exception):
    """The gate refuses: line, column, code, Chinese and English message."""


@dataclass
class _Gate:
    """Walks the bytes once with expat, which stops at a DOCTYPE before anything is declared or expanded."""

    parser: expat.XMLParserType
    places: list[tuple[int, int]] = field(default_factory=list)
    depth: int = 0

    def start(self, _name: str, _attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.stop("xml.depth", f"嵌套超过 {MAX_DEPTH} 层。", f"Nested deeper than {MAX_DEPTH} levels.")
        if len(self.places) >= MAX_ELEMENTS:
            zh, en = f"XML 元素超过 {MAX_ELEMENTS} 个。", f"More than {MAX_ELEMENTS} XML elements."
            self.stop("xml.elements", zh, en)
        self.places.append(self.here())

    def end(self, _name: str) -> None:
        self.depth -= 1

    def doctype(self, *_declaration: object) -> None:
        self.stop("xml.doctype", "不允许 DOCTYPE 声明。", "A DOCTYPE is not allowed.")

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ENCODINGS:
            zh = f"编码 {encoding} 不受支持，请存为 UTF-8。"
            self.stop("xml.encoding", zh, f"Encoding {encoding} is not supported: save the file as UTF-8.")

    def stop(self, code: str, zh: str, en: str) -> None:
        raise _Stop(*self.here(), code, zh, en)

    def here(self) -> tuple[int, int]:
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1


def read_xml(data: bytes, file: str, max_bytes: int = MAX_BYTES) -> etree._Element:
    """Reads untrusted XML.

    Args: the bytes as uploaded (never text: the encoding is part of the check), the file's name for
    messages, the largest size in bytes.
    Returns the root element, without comments and processing instructions.
    Raises BundleRefused with one Problem (file, line, column) for anything but harmless, well-formed UTF-8 or
    UTF-16 XML without DOCTYPE.
    """
    return read_placed(data, file, max_bytes)[0]


def read_placed(
    data: bytes, file: str, max_bytes: int = MAX_BYTES
) -> tuple[etree._Element, dict[etree._Element, tuple[int, int]]]:
    """Like `read_xml`, and where each element's start tag begins: element → (line, column), both from 1."""
    _check_bytes(data, file, max_bytes)
    places = _pass_gate(data, file)
    try:
        root = etree.fromstring(data, _safe_parser())
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise _not_well_formed(file, line, column, error.msg or "") from error
    if root.getroottree().docinfo.doctype:
        raise _refusal(file, 1, 1, "xml.doctype", "不允许 DOCTYPE 声明。", "A DOCTYPE is not allowed.")
    found = dict(zip(root.iter(etree.Element), places, strict=True))
    for node in root.iter(_INCLUDE):
        zh, en = "不读取其他文件（XInclude）。", "No other files are read (XInclude)."
        raise _refusal(file, *found[node], "xml.include", zh, en)
    return root, found


def read_whole(data: bytes, file: str) -> etree._Element:
    """Like `read_xml`, but with comments, processing instructions and CDATA: to be written again."""
    read_xml(data, file)
    return etree.fromstring(data, _safe_parser(whole=True))


def _safe_parser(*, whole: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=not whole,
        remove_pis=not whole,
        strip_cdata=not whole,
    )


def _check_bytes(data: bytes, file: str, max_bytes: int) -> None:
    if not isinstance(data, bytes):
        raise TypeError("XML is read from bytes, never from text")
    if len(data) > max_bytes:
        zh = f"文件有 {len(data):,} 字节，超过上限 {max_bytes:,} 字节。"
        raise _refusal(
            file, 1, 1, "xml.size", zh, f"The file has {len(data):,} bytes, the limit is {max_bytes:,}."
        )
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise _refusal(file, 1, 1, "xml.empty", "文件为空。", "The file is empty.")
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            zh = f"这不是 XML，而是 {kind} 文件。"
            raise _refusal(file, 1, 1, "xml.type", zh, f"This is a {kind} file, not XML.")
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and (at := data.find(b"\x00")) >= 0:
        line, column = _place_of(data, at)
        zh = "文件含有 NUL 字节；文本须为 UTF-8 或带 BOM 的 UTF-16。"
        en = "The file contains a NUL byte; text must be UTF-8, or UTF-16 with a byte order mark."
        raise _refusal(file, line, column, "xml.nul", zh, en)


def _pass_gate(data: bytes, file: str) -> list[tuple[int, int]]:
    parser = expat.ParserCreate()
    gate = _Gate(parser)
    parser.StartElementHandler = gate.start
    parser.EndElementHandler = gate.end
    parser.StartDoctypeDeclHandler = gate.doctype
    parser.XmlDeclHandler = gate.declaration
    try:
        parser.Parse(data, True)
    except _Stop as stop:
        raise _refusal(file, *stop.args) from stop
    except expat.ExpatError as error:
        raise _not_well_formed(file, error.lineno, error.offset + 1, expat.ErrorString(error.code)) from error
    except (ValueError, LookupError) as error:  # an encoding Python does not know or expat cannot use
        raise _not_well_formed(file, *gate.here(), str(error)) from error
    return gate.places


def _place_of(data: bytes, offset: int) -> tuple[int, int]:
    before = data[:offset]
    last_line = before[before.rfind(b"\n") + 1 :]
    return before.count(b"\n") + 1, len(last_line.decode("utf-8", "replace")) + 1


def _not_well_formed(file: str, line: int, column: int, reason: str) -> BundleRefused:
    text = re.sub(r"\s+", " ", reason).strip().rstrip(".")
    return _refusal(
        file, line, column, "xml.syntax", f"XML 格式不正确：{text}。", f"Not well-formed XML: {text}."
    )


def _refusal(file: str, line: int, column: int, code: str, zh: str, en: str) -> BundleRefused:
    problem = Problem(file, max(line, 1), max(column, 1), "error", "", code, zh, en)
    return BundleRefused(problems=(problem,))
