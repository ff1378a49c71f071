"""What the regulations ask is in the diagrams, and nothing in the folder is wrong."""

import csv
import re
from pathlib import Path

import pytest
from lxml import etree

from engine.diagram.clock_marks import pairs_of
from engine.diagram.lint import lint
from engine.diagram.vocabulary import bpmn, camunda

FOLDER = Path(__file__).resolve().parents[2] / "bpmn"
DIAGRAMS = sorted(FOLDER.glob("*.bpmn"))


def _values(name: str) -> list[str]:
    """Every value of an extension property in all diagrams."""
    properties = (
        p for file in DIAGRAMS for p in etree.fromstring(file.read_bytes()).iter(camunda("property"))
    )
    return [p.get("value", "") for p in properties if p.get("name") == name]


def _clauses(regulation: str) -> set[str]:
    with (FOLDER / "clauses.csv").open(encoding="utf-8") as table:
        return {row["id"] for row in csv.DictReader(table) if row["regulation"] == regulation}


@pytest.mark.parametrize("regulation", ["S1", "S2", "S9"])
def test_every_clause_is_named_on_an_element_or_listed_as_left_out(regulation: str) -> None:
    drawn = {clause for text in _values("clauses") for clause in text.split()}
    readme = (FOLDER / "README.md").read_text("utf-8").partition("Clauses left out")[2]
    left_out = set(re.findall(r"^\| (S\S+) \|", readme, re.M))
    assert _clauses(regulation) - drawn == _clauses(regulation) & left_out


def test_the_diagrams_decisions_and_forms_have_neither_errors_nor_warnings() -> None:
    names = (path for path in FOLDER.rglob("*") if path.suffix in (".bpmn", ".dmn", ".form", ".csv"))
    problems = lint({str(path.relative_to(FOLDER)): path.read_bytes() for path in names})
    assert [problem.text("en") for problem in problems] == []


def test_a_complaint_leaves_the_records_of_the_regulations() -> None:
    """Register, report form, handling record, site visit, consultation, reply, survey, archive list; and the
    extension and the supervision slip."""
    kept = {"R01", "R02", "R04", "R21", "R35", "R36", "R38", "R39"}
    assert set(_values("record")) == kept | {"R33", "R34"}


def test_every_binding_approval_is_signed_by_somebody_else_than_the_author() -> None:
    authors = {
        "UT_approve": "UT_analyse",
        "UT_approve_plan": "UT_plan",
        "UT_gm": "UT_apply",
        "UT_vp": "UT_apply",
    }
    authors |= {"UT_check": "UT_do", "UT_verify": "UT_do"}
    authors |= {"UT_opinion": "SE_extension", "UT_decide": "SE_extension UT_opinion"}
    found = {}
    for file in DIAGRAMS:
        for task in etree.fromstring(file.read_bytes()).iter(bpmn("userTask")):
            properties = {p.get("name"): p.get("value") for p in task.iter(camunda("property"))}
            if "notBy" in properties:
                found[task.get("id")] = properties["notBy"]
    assert found == authors


def test_every_clock_that_starts_is_stopped_and_has_a_name() -> None:
    started = {name for text in _values("clock.start") for name, _ in pairs_of(text)}
    with (FOLDER / "clocks.csv").open(encoding="utf-8") as table:
        assert started == {row["id"] for row in csv.DictReader(table)}
    assert started == {name for text in _values("clock.stop") for name in text.split()}


def test_what_is_late_is_supervised_while_the_work_goes_on() -> None:
    """Every timer at the end of a clock leaves its activity alone and calls the escalation."""
    found = {}
    for file in DIAGRAMS:
        root = etree.fromstring(file.read_bytes())
        for event in root.iter(bpmn("boundaryEvent")):
            date = (event.findtext(f"{bpmn('timerEventDefinition')}/{bpmn('timeDate')}") or "").strip()
            if date.startswith("${due("):
                assert event.get("cancelActivity") == "false"
                assert root.find(f".//{bpmn('callActivity')}[@calledElement='sla_escalate']") is not None
                found[event.get("attachedToRef")] = date
    assert found == {
        "CA_intake": '${due("report")}', "CA_investigate": '${due("confirm")}',
        "UT_plan": '${due("propose")}', "UT_depart": '${due("onsite_go")}', "UT_do": '${due("action")}',
    }  # fmt: skip
