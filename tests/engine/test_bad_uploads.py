"""Whatever is uploaded: refused with file, line, element and reason in both languages, and nothing stored."""
# ruff: noqa: E501 - XML reads better unbroken

import io
import time
import zipfile
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import engine
from engine.errors import BundleRefused, Problem, ReasonRequired
from engine.storage.models import Base
from tests.databases import Databases
from tests.engine.faulty import elements, events, gateways, house, names, structure
from tests.engine.faulty.case import Case
from tests.engine.faulty.drawing import around, chain, definitions, flow, process
from tests.engine.faulty.names import DMN, field, form
from tests.engine.houses import ONE

GOOD = definitions(
    process(f'<startEvent id="SE"/><userTask id="UT"/><endEvent id="EE"/>{chain("SE", "UT", "EE")}')
)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.fixture(scope="module")
def database(databases: Databases) -> Iterator[Engine]:
    """A database in which one process is deployed already."""
    with databases.copy("empty") as url:
        made = engine.create_database_engine(url)
        with Session(made) as session, engine.transaction(session):
            engine.deploy(session, ONE, "owner", "before")
        yield made
        made.dispose()


def rows(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    tables = Base.metadata.sorted_tables
    return {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def refuse(database: Engine, files: dict[str, bytes], within: float = 5) -> list[Problem]:
    """Deploys, commits if it can, and expects a refusal that says why and leaves no row behind."""
    with Session(database) as session:
        before = rows(session)
        session.rollback()
        began = time.monotonic()
        with pytest.raises(BundleRefused) as refusal, engine.transaction(session):
            engine.deploy(session, files, "owner", "try")
        assert time.monotonic() - began < within
    with Session(database) as session:
        assert rows(session) == before
    problems = [problem for problem in refusal.value.problems if problem.level == "error"]
    assert problems
    for problem in problems:
        assert problem.file in files
        assert problem.line >= 1 <= problem.column
        assert problem.zh != problem.en
        assert 0 < len(problem.text("zh")) < 2_000 > len(problem.text("en")) > 0
    assert refusal.value.message("zh") != refusal.value.message("en")
    return problems


def test_the_good_diagram_is_deployed(database: Engine) -> None:
    """What the other tests spoil is accepted as long as it is not spoilt."""
    with Session(database) as session:
        assert engine.deploy(session, {"p.bpmn": GOOD.encode()}, "owner", "try").new == ("p",)
        session.rollback()


def test_a_deployment_without_a_reason_is_refused(database: Engine) -> None:
    with Session(database) as session, pytest.raises(ReasonRequired):
        engine.deploy(session, {"p.bpmn": GOOD.encode()}, "owner", " ")


def zipped(name: str) -> bytes:
    """A zip archive with a diagram in it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, GOOD)
    return held.getvalue()


def typed(document_type: str, use: str = "") -> bytes:
    """The good diagram with a document type, and a use of what it declares."""
    return GOOD.replace(HEAD, HEAD + document_type).replace("</process>", f"{use}</process>").encode()


XINCLUDE = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
BYTES = {
    "nothing": (b"", "xml.empty"),
    "only a byte order mark": (b"\xef\xbb\xbf", "xml.empty"),
    "only NUL": (bytes(64), "xml.empty"),
    "text": (b"see attachment", "xml.syntax"),
    "half a file": (GOOD.encode()[: len(GOOD) // 2], "xml.syntax"),
    "two roots": (GOOD.encode() + b"<a/>", "xml.syntax"),
    "crossed tags": (GOOD.replace("</process>", "</definitions>").encode(), "xml.syntax"),
    "an attribute twice": (GOOD.replace('<userTask id="UT"', '<userTask id="UT" id="U"').encode(), "xml.syntax"),
    "an unbound prefix": (GOOD.replace("<userTask", "<b:userTask").encode(), "xml.syntax"),
    "a control character": (GOOD.replace('id="UT"', 'id="U\x01T"').encode(), "xml.syntax"),
    "a reference to NUL": (GOOD.replace("</process>", "&#0;</process>").encode(), "xml.syntax"),
    "a reference to a surrogate": (GOOD.replace("</process>", "&#xD800;</process>").encode(), "xml.syntax"),
    "a surrogate in UTF-8": (GOOD.encode().replace(b"</process>", b"\xed\xa0\x80</process>"), "xml.syntax"),
    "an overlong slash": (GOOD.encode().replace(b"</process>", b"\xc0\xaf</process>"), "xml.syntax"),
    "a NUL in a name": (GOOD.replace('id="UT"', 'id="U\x00T"').encode(), "xml.nul"),
    "UTF-16 without a mark": (GOOD.encode("utf-16-le"), "xml.nul"),
    "UTF-16 cut off": (GOOD.replace("UTF-8", "UTF-16").encode("utf-16")[:-301], "xml.syntax"),
    "UTF-16 that says it is UTF-7": (GOOD.replace("UTF-8", "UTF-7").encode("utf-16"), "xml."),
    "UTF-7": (GOOD.replace("UTF-8", "UTF-7").encode("utf-7"), "xml.encoding"),
    "UTF-32": (GOOD.replace("UTF-8", "UTF-32").encode("utf-32"), "xml."),
    "EBCDIC": (GOOD.replace("UTF-8", "cp037").encode("cp037"), "xml."),
    "GB 18030": (GOOD.replace("UTF-8", "GB18030").encode("gb18030"), "xml.encoding"),
    "a document type": (typed("<!DOCTYPE definitions>"), "xml.doctype"),
    "a document type in UTF-16": (typed('<!DOCTYPE d [<!ENTITY e "x">]>', "&e;").decode().replace(HEAD, "").encode("utf-16"), "xml.doctype"),
    "an outside document type": (typed('<!DOCTYPE d SYSTEM "http://127.0.0.1:1/x.dtd">'), "xml.doctype"),
    "an entity": (typed('<!DOCTYPE d [<!ENTITY e "x">]>', "&e;"), "xml.doctype"),
    "a file entity": (typed('<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "&e;"), "xml.doctype"),
    "a network entity": (typed('<!DOCTYPE d [<!ENTITY e SYSTEM "http://127.0.0.1:1/">]>', "&e;"), "xml.doctype"),
    "a parameter entity": (typed('<!DOCTYPE d [<!ENTITY % e SYSTEM "file:///etc/passwd">%e;]>'), "xml.doctype"),
    "a billion laughs": (typed(f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>', "&l11;"), "xml.doctype"),
    "a quadratic bomb": (typed(f'<!DOCTYPE d [<!ENTITY l "{"x" * 50_000}">]>', "&l;" * 5_000), "xml.doctype"),
    "an unknown entity": (GOOD.replace("</process>", "&nbsp;</process>").encode(), "xml.syntax"),
    "an inclusion": (GOOD.replace("</process>", f"{XINCLUDE}</process>").encode(), "xml.include"),
    "an inclusion in an extension": (GOOD.replace('<userTask id="UT"/>', f'<userTask id="UT"><documentation>{XINCLUDE}</documentation></userTask>').encode(), "xml.include"),
    "a zip archive": (zipped("p.bpmn"), "xml.type"),
    "a PDF": (b"%PDF-1.7\n" + b"x" * 500, "xml.type"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"x" * 500, "xml.type"),
    "a gzip file": (b"\x1f\x8b\x08\x00" + b"x" * 500, "xml."),
    "a program": (b"MZ\x90\x00" + b"x" * 500, "xml."),
    "a web page": (b"<html><body><script>alert(1)</script></body></html>", "bpmn.root"),
    "a stylesheet": (b'<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>', "bpmn.root"),
    "BPMN 1": (b'<definitions xmlns="http://schema.omg.org/spec/BPMN/2.0"/>', "bpmn.root"),
    "three megabytes": (GOOD.encode() + b" " * 3_000_000, "xml.size"),
    "three megabytes of one attribute": (GOOD.replace('id="UT"', f'id="UT" name="{"长" * 1_000_000}"').encode(), "xml.size"),
    "deep nesting": (b"<a>" * 100_000 + b"</a>" * 100_000, "xml.depth"),
    "deep nesting in a process": (GOOD.replace("</process>", "<a>" * 200 + "</a>" * 200 + "</process>").encode(), "xml.depth"),
    "a hundred thousand elements": (GOOD.replace("</process>", "<a/>" * 100_000 + "</process>").encode(), "xml.elements"),
    "a million attributes": (b"<a " + b" ".join(b'a%d=""' % n for n in range(150_000)) + b"/>", "bpmn.root"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code"), BYTES.values(), ids=BYTES.keys())
def test_bytes_that_are_no_plain_diagram_are_refused(database: Engine, data: bytes, code: str) -> None:
    problems = refuse(database, {"p.bpmn": data})
    assert any(problem.code.startswith(code) for problem in problems)
    assert not any("root:" in problem.text() for problem in problems)


@pytest.mark.parametrize("kind", ["dmn", "form"])
@pytest.mark.parametrize("name", BYTES)
def test_the_same_bytes_are_refused_as_decision_or_form(database: Engine, name: str, kind: str) -> None:
    data = BYTES[name][0]
    problems = refuse(database, {"p.bpmn": GOOD.encode(), f"x.{kind}": data})
    assert {problem.file for problem in problems} == {f"x.{kind}"}


LISTS = [*elements.CASES, *structure.CASES, *gateways.CASES, *events.CASES, *names.CASES, *house.PROPERTIES]


@pytest.mark.parametrize("case", LISTS, ids=str)
def test_what_would_not_run_as_drawn_is_not_stored(database: Engine, case: Case) -> None:
    """The refuse list, the ignore list and every other rule: the element is named, nothing is stored."""
    problems = refuse(database, case.files.files)
    assert case.element in {problem.element for problem in problems}


def test_a_chain_of_a_thousand_tasks_is_refused_within_seconds(database: Engine) -> None:
    ids = [f"T{number}" for number in range(1_000)]
    tasks = "".join(f'<task id="{name}"/>' for name in ids)
    text = definitions(process(f'<startEvent id="SE"/>{tasks}<endEvent id="EE"/>{chain("SE", *ids, "EE")}'))
    assert {p.code for p in refuse(database, {"p.bpmn": text.encode()})} == {"too-many-elements"}


def test_one_bad_file_keeps_all_others_out(database: Engine) -> None:
    problems = refuse(
        database,
        {"p.bpmn": GOOD.encode(), "q.bpmn": b"<", "groups.csv": b"id,zh,en,duty_zh,duty_en\nqa,a,b,,\n"},
    )
    assert {problem.file for problem in problems} == {"q.bpmn"}


FEE = '<outputEntry id="B"><text>1</text></outputEntry>'
TABLES = {
    "another root": DMN.replace("definitions", "definition"),
    "no decision": DMN[: DMN.index("<decision ")] + "</definitions>",
    "two decisions": DMN.replace("</decision>", "</decision>" + DMN[DMN.index("<decision ") : DMN.index("</definitions>")].replace('"rate"', '"rate2"')),
    "a literal expression": DMN[: DMN.index("<decisionTable")] + '<literalExpression id="L"><text>1</text></literalExpression></decision></definitions>',
    "an escape in an input": DMN.replace("<text>amount</text>", "<text>amount.__class__</text>"),
    "a call in an input": DMN.replace("<text>amount</text>", "<text>open(amount)</text>"),
    "an escape in an output": DMN.replace(FEE, FEE.replace("1", "().__class__")),
    "a cell that is no test": DMN.replace("<text>-</text>", "<text>&lt; &lt;</text>"),
    "an unknown hit policy": DMN.replace("<decisionTable", '<decisionTable hitPolicy="LUCKY"'),
    "a rule without its output": DMN.replace(FEE, ""),
    "a gap": DMN.replace("<text>-</text>", "<text>[1..5]</text>"),
    "a personal name": DMN.replace("<text>amount</text>", "<text>typename</text>"),
    "an outside name": DMN.replace("<text>amount</text>", "<text>nobody_sets_this</text>"),
}  # fmt: skip
DECIDING = definitions(
    process(
        '<startEvent id="SE"/><scriptTask id="ST"><script>amount = 1</script></scriptTask><businessRuleTask id="BR"'
        f' camunda:decisionRef="rate"/><endEvent id="EE"/>{chain("SE", "ST", "BR", "EE")}'
    )
).encode()


def test_the_good_table_is_deployed(database: Engine) -> None:
    with Session(database) as session:
        engine.deploy(session, {"p.bpmn": DECIDING, "rate.dmn": DMN.encode()}, "owner", "try")
        session.rollback()


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES.keys())
def test_a_decision_that_cannot_be_made_as_written_is_refused(database: Engine, text: str) -> None:
    refuse(database, {"p.bpmn": DECIDING, "rate.dmn": text.encode()})


ASKING = GOOD.replace('<userTask id="UT"', '<userTask id="UT" camunda:formRef="f"').encode()
FORMS = {
    "a list": b"[]",
    "a number": b"1",
    "not closed": b'{"components": [',
    "nested deeply": b'{"components":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "a huge number": form("f", field("a", ', "validate": {"minLength": 1e999}'))["f.form"],
    "not a number": form("f", field("a", ', "validate": {"minLength": NaN}'))["f.form"],
    "an unknown component": form("f", field("a").replace("textfield", "iframe"))["f.form"],
    "a key twice": form("f", field("a"), field("a"))["f.form"],
    "the key typename": form("f", field("typename"))["f.form"],
    "the key __class__": form("f", field("__class__"))["f.form"],
    "a key that is no name": form("f", field("a b"))["f.form"],
    "a key with markup": form("f", field("<script>"))["f.form"],
    "an escape in a condition": form("f", field("a", ', "conditional": {"hide": "=().__class__"}'))["f.form"],
    "a call in a condition": form("f", field("a", ', "conditional": {"hide": "=open(1)"}'))["f.form"],
    "a name nobody sets": form("f", field("a", ', "conditional": {"hide": "=nobody = 1"}'))["f.form"],
    "a pattern that explodes": form("f", field("a", ', "validate": {"pattern": "^(a+)+$"}'))["f.form"],
    "no pattern": form("f", field("a", ', "validate": {"pattern": "(["}'))["f.form"],
    "bounds crossed": form("f", field("a", ', "validate": {"minLength": 9, "maxLength": 1}'))["f.form"],
    "another id": form("g", field("a"))["g.form"],
    "a lone surrogate": form("f", field("a", ', "description": "\\ud800"'))["f.form"],
    "a NUL": form("f", field("a", ', "description": "a\\u0000b"'))["f.form"],
    "latin text": form("f", field("a"))["f.form"].decode().replace("字", "é").replace("表", "é").encode("latin-1"),
}  # fmt: skip


def test_the_good_form_is_deployed(database: Engine) -> None:
    with Session(database) as session:
        engine.deploy(session, {"p.bpmn": ASKING, **form("f", field("a"))}, "owner", "try")  # type: ignore[arg-type]
        session.rollback()


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS.keys())
def test_a_form_that_cannot_be_shown_as_written_is_refused(database: Engine, data: bytes) -> None:
    refuse(database, {"p.bpmn": ASKING, "f.form": data})


CELLS = {
    "no table": b"\x00\x01\x02",
    "a spreadsheet": zipped("groups.xml"),
    "Chinese in GBK": "id,zh,en\nqa,质量,Quality\n".encode("gbk"),
    "no id": b"name,zh,en\nqa,a,b\n",
    "an id twice": b"id,zh,en\nqa,a,b\nqa,c,d\n",
    "an empty id": b"id,zh,en\n,a,b\n",
    "a missing column": b"id,zh\nqa,a\n",
    "only ids": b"id\nqa\n",
    "a short line": b"id,zh,en,duty_zh,duty_en\nqa\n",
    "too many cells": b"id,zh,en,duty_zh,duty_en\nqa,a,b,c,d,e\n",
    "a quote left open": b'id,zh,en,duty_zh,duty_en\nqa,"a,b,c,d\n',
    "a NUL in a cell": b"id,zh,en,duty_zh,duty_en\nqa,a\x00,b,c,d\n",
    "a huge cell": b"id,zh,en,duty_zh,duty_en\nqa," + b"x" * 200_000 + b",b,c,d\n",
}  # fmt: skip


@pytest.mark.parametrize("table", ["groups.csv", "clauses.csv", "records.csv", "clocks.csv"])
@pytest.mark.parametrize("data", CELLS.values(), ids=CELLS.keys())
def test_a_table_of_another_shape_is_refused(database: Engine, data: bytes, table: str) -> None:
    problems = refuse(database, {"p.bpmn": GOOD.encode(), table: data})
    assert {problem.file for problem in problems} == {table}


NAMES = ["p.exe", "p", "", "../p.py", "p.bpmn.zip", "p.xml", "p\x00.bpmn", "p.svg"]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_an_unknown_kind_is_refused(database: Engine, name: str) -> None:
    refuse(database, {"p.bpmn": GOOD.encode(), name: GOOD.replace('id="p"', 'id="p2"').encode()})


def test_no_file_at_all_is_refused(database: Engine) -> None:
    with Session(database) as session, pytest.raises(BundleRefused):
        engine.deploy(session, {}, "owner", "try")


def test_processes_that_call_each_other_are_refused(database: Engine) -> None:
    def calling(name: str, called: str) -> bytes:
        body = f'<startEvent id="SE"/><callActivity id="CA" calledElement="{called}"/><endEvent id="EE"/>'
        return definitions(process(body + chain("SE", "CA", "EE"), name=name)).encode()

    for files in ({"p.bpmn": calling("p", "p")}, {"p.bpmn": calling("p", "q"), "q.bpmn": calling("q", "p")}):
        assert {problem.code for problem in refuse(database, files)} == {"call-recursive"}


def test_a_diagram_with_many_faults_names_them_all_at_once(database: Engine) -> None:
    faults = '<userTask id="X" camunda:assignee="${nobody}" startQuantity="2" camunda:formRef="none"/><adHocSubProcess id="A"/>'
    problems = refuse(database, around(faults, "X", "A", flows=flow("X", "A")).files)
    assert {p.code for p in problems} >= {"name-unknown", "value-refused", "form-unknown", "element-refused"}
