"""Uploaded XML is read safely or refused with line and column."""

import time

import pytest

from engine.diagram.reader import MAX_BYTES, MAX_DEPTH, read_placed, read_xml
from engine.errors import BundleRefused, Problem


def refused(data: bytes, **options: int) -> Problem:
    with pytest.raises(BundleRefused) as refusal:
        read_xml(data, "p.bpmn", **options)
    (problem,) = refusal.value.problems
    return problem


def test_utf_8_and_utf_16_are_read_with_and_without_byte_order_mark():
    text = '<?xml version="1.0"?><a name="登记信息">重大</a>'
    for data in (text.encode(), text.encode("utf-8-sig"), text.encode("utf-16")):
        root = read_xml(data, "a.bpmn")
        assert (root.get("name"), root.text) == ("登记信息", "重大")


def test_every_start_tag_is_placed_by_line_and_column():
    root, places = read_placed("<a>\n  <中文/> <!-- no place --><b\n c='1'/>\n</a>".encode(), "a.bpmn")
    assert [places[node] for node in root.iter()] == [(1, 1), (2, 3), (2, 26)]


def test_comments_and_processing_instructions_are_dropped():
    assert len(read_xml(b"<a><!-- x --><?php y?><b/></a>", "a.bpmn")) == 1


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [
        (b"", "xml.empty", 1, 1),
        (b" \n\t", "xml.empty", 1, 1),
        (b"\x00\x00\x00", "xml.empty", 1, 1),
        (b"hello", "xml.syntax", 1, 1),
        (b"<a>\n  <b>\n</a>", "xml.syntax", 3, 3),
        (b"<a>\n<b x=1/></a>", "xml.syntax", 2, 6),
        (b"<a/><b/>", "xml.syntax", 1, 5),
        (b"<a><x:b/></a>", "xml.syntax", 1, 8),
        (b"<a>&nbsp;</a>", "xml.syntax", 1, 4),
        (b"<a>\n<b\x00/></a>", "xml.nul", 2, 3),
        ("<a>中</a>".encode("utf-16-le"), "xml.nul", 1, 2),
        ("<a>\n中</a>".encode("gb18030"), "xml.syntax", 2, 1),
        (b'<?xml version="1.0" encoding="GBK"?><a/>', "xml.encoding", 1, 1),
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', "xml.encoding", 1, 1),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "xml.encoding", 1, 1),
        (b'<?xml version="1.0" encoding="UTF-16"?><a/>', "xml.syntax", 1, 31),
        (b"PK\x03\x04\x14\x00\x06\x00", "xml.type", 1, 1),
        (b"%PDF-1.7\n", "xml.type", 1, 1),
        (b"\x89PNG\r\n\x1a\n\x00", "xml.type", 1, 1),
    ],
)
def test_what_is_no_plain_xml_is_refused_at_its_place(data, code, line, column):
    problem = refused(data)
    assert (problem.code, problem.file, problem.level) == (code, "p.bpmn", "error")
    assert (problem.line, problem.column) == (line, column)
    assert problem.zh
    assert problem.en


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://example.com/x">%x;]><a/>',
        '<!DOCTYPE a [<!ENTITY x "中">]><a>&x;</a>'.encode("utf-16"),
    ],
)
def test_a_doctype_is_refused(data):
    assert refused(data).code == "xml.doctype"


def test_an_entity_bomb_is_refused_before_it_grows():
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    began = time.perf_counter()
    assert (
        refused(f'<!DOCTYPE a [<!ENTITY l0 "ha">{levels}]><a b="&l9;">&l9;</a>'.encode()).code
        == "xml.doctype"
    )
    assert time.perf_counter() - began < 1


def test_a_file_of_three_megabytes_is_refused_with_its_size_and_the_limit():
    problem = refused(b"<a>" + b" " * 3_000_000 + b"</a>")
    assert problem.code == "xml.size"
    assert "3,000,007" in problem.en
    assert f"{MAX_BYTES:,}" in problem.en
    assert f"{MAX_BYTES:,}" in problem.zh


def test_the_size_limit_is_a_parameter():
    assert refused(b"<a></a>", max_bytes=6).code == "xml.size"
    assert read_xml(b"<a></a>", "a", max_bytes=7).tag == "a"


def test_deep_nesting_is_refused_where_it_becomes_too_deep():
    assert read_xml(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH, "a").tag == "a"
    problem = refused(b"<a>" * 100_000 + b"</a>" * 100_000)
    assert (problem.code, problem.column) == ("xml.depth", 3 * MAX_DEPTH + 1)


def test_a_flood_of_elements_is_refused():
    assert refused(b"<a>" + b"<b/>" * 60_000 + b"</a>").code == "xml.elements"


def test_text_is_not_accepted_in_place_of_bytes():
    with pytest.raises(TypeError):
        read_xml("<a/>", "a.bpmn")
