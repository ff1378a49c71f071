"""Whatever bytes come in, lint answers with problems, never with an exception, and soon."""

import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagram.lint import lint
from tests.engine.faulty.drawing import alone, chain, definitions, process

BPMN = Path(__file__).parents[2] / "bpmn"
GOOD = alone(
    '<startEvent id="SE"/>\n<userTask id="UT" camunda:assignee="${1}"/>\n<endEvent id="EE"/>'
    + chain("SE", "UT", "EE")
).files["p.bpmn"]
BOMB = b"".join(
    [b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">']
    + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">'.encode() for n in range(1, 10)]
    + [b"]><x>&a9;</x>"]
)
BYTES = {
    "nothing": (b"", "xml.empty"),
    "spaces": (b"  \n ", "xml.empty"),
    "no XML": (b"hello", "xml.syntax"),
    "not closed": (GOOD[:-20], "xml.syntax"),
    "a zip file": (b"PK\x03\x04" + b"x" * 100, "xml.type"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "xml.type"),
    "NUL bytes": (GOOD.replace(b"UT", b"U\x00T"), "xml.nul"),
    "a document type": (b"<!DOCTYPE html><html/>", "xml.doctype"),
    "an entity bomb": (BOMB, "xml.doctype"),
    "an outside entity": (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "xml.doctype"),
    "three megabytes": (GOOD + b" " * 3_000_000, "xml.size"),
    "nested very deeply": (b"<a>" * 5000 + b"</a>" * 5000, "xml.depth"),
    "another encoding": (b'<?xml version="1.0" encoding="gb18030"?><a/>', "xml.encoding"),
    "another root": (b"<html/>", "bpmn.root"),
}


@pytest.mark.parametrize(("data", "code"), BYTES.values(), ids=BYTES.keys())
def test_bytes_that_are_no_diagram_are_refused_with_a_place(data: bytes, code: str) -> None:
    problems = lint({"p.bpmn": data})
    assert [problem.code for problem in problems] == [code]
    assert problems[0].line >= 1
    assert problems[0].column >= 1
    assert problems[0].level == "error"


def test_the_other_files_are_checked_even_if_one_cannot_be_read() -> None:
    broken = {"a.bpmn": b"<a>", "b.dmn": b"<b>", "c.form": b"{"}
    problems = lint({**broken, "p.bpmn": GOOD.replace(b'sourceRef="UT"', b'sourceRef="SE"')})
    errors = {(p.file, p.code) for p in problems if p.level == "error"}
    assert errors >= {("a.bpmn", "xml.syntax"), ("p.bpmn", "leads-nowhere")}
    assert {file for file, _ in errors} == {"a.bpmn", "b.dmn", "c.form", "p.bpmn"}


def test_what_leads_into_a_file_that_cannot_be_read_is_not_called_wrong() -> None:
    reading = GOOD.replace(b"${1}", b"${x}")
    assert {p.code for p in lint({"p.bpmn": reading}) if p.level == "error"} == {"name-unknown"}
    assert {p.file for p in lint({"p.bpmn": reading, "c.form": b"{"}) if p.level == "error"} == {"c.form"}


def test_a_chain_of_a_thousand_tasks_is_refused_at_once() -> None:
    ids = [f"T{number}" for number in range(1000)]
    tasks = "".join(f'<task id="{name}"/>' for name in ids)
    text = definitions(process(f'<startEvent id="SE"/>{tasks}<endEvent id="EE"/>{chain("SE", *ids, "EE")}'))
    assert "too-many-elements" in {problem.code for problem in lint({"p.bpmn": text.encode()})}


def test_twenty_thousand_elements_take_seconds_not_minutes() -> None:
    tasks = "".join(f'<task id="T{number}"/>' for number in range(20_000))
    text = definitions(process(tasks)).encode()
    began = time.monotonic()
    lint({"p.bpmn": text})
    assert time.monotonic() - began < 30


def test_recursive_calls_end() -> None:
    calls = {
        f"p{n}.bpmn": definitions(
            process(
                f'<startEvent id="S{n}"/><callActivity id="C{n}" calledElement="p{(n + 1) % 5}">'
                '<extensionElements><camunda:in variables="all"/><camunda:out variables="all"/>'
                f'</extensionElements></callActivity><endEvent id="E{n}"/>{chain(f"S{n}", f"C{n}", f"E{n}")}',
                name=f"p{n}",
            )
        ).encode()
        for n in range(5)
    }
    codes = [problem.code for problem in lint(calls) if problem.level == "error"]
    assert codes == ["call-recursive"] * 5


TABLES = [
    b"",
    b"id",
    b"a,id\nx\n",
    b"id\n\x00\n",
    b'id\n"',
    b"\xef\xbb\xbfid,zh\nqa\n",
    b"id\n" + b"x" * 200_000,
]


@pytest.mark.parametrize("data", TABLES)
def test_a_table_in_any_shape_never_breaks_the_lint(data: bytes) -> None:
    files = {"p.bpmn": GOOD, "groups.csv": data, "clauses.csv": data, "records.csv": data, "clocks.csv": data}
    assert {problem.code for problem in lint(files) if problem.level == "error"} <= {
        "table-unreadable", "table-columns", "table-row",
    }  # fmt: skip


def test_messages_do_not_grow_with_hostile_texts() -> None:
    huge = GOOD.replace(b"${1}", b"${" + b"x" * 100_000 + b" +}")
    assert all(len(problem.text("zh")) < 2_000 for problem in lint({"p.bpmn": huge}))


SOURCES = [GOOD, *(path.read_bytes() for path in sorted(BPMN.glob("*.bpmn")))]
PARTS = re.compile(rb'<[^>]*>|[\w:.]+="[^"]*"|[A-Za-z_]{2,}')


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=0), st.sampled_from(SOURCES))
def test_a_diagram_with_parts_lost_doubled_or_swapped_never_breaks_the_lint(seed: int, data: bytes) -> None:
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 6)):
        parts = list(PARTS.finditer(data))
        one, other = chance.choice(parts), chance.choice(parts)
        new = chance.choice([b"", one.group() * 2, other.group(), other.group().upper()])
        data = data[: one.start()] + new + data[one.end() :]
    problems = lint({"p.bpmn": data})
    assert problems == sorted(problems)
    assert all(problem.zh and problem.en and problem.line >= 1 for problem in problems)
