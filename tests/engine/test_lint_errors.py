"""Each rule finds its fault: the element, line and column, and no other errors than those that follow."""

import pytest

from engine.diagram.library import build_problems
from engine.diagram.lint import lint, rules
from tests.engine.faulty import elements, events, gateways, house, names, structure
from tests.engine.faulty.case import Case

ERRORS = [*structure.CASES, *gateways.CASES, *events.CASES, *elements.CASES, *names.CASES, *house.PROPERTIES]
WARNINGS = [*gateways.WARNINGS, *house.WARNINGS]


@pytest.mark.parametrize("case", ERRORS, ids=str)
def test_an_error_is_reported_where_it_stands(case: Case) -> None:
    problems = [problem for problem in lint(case.files.files) if problem.level == "error"]
    found = [(p.code, p.element, p.file, p.line, p.column) for p in problems]
    assert (case.code, case.element, *(case.files.place or ())) in found
    assert {problem.code for problem in problems} == {case.code} | case.also


@pytest.mark.parametrize("case", WARNINGS, ids=str)
def test_a_warning_is_reported_where_it_stands(case: Case) -> None:
    problems = lint(case.files.files)
    found = [(p.code, p.element, p.file, p.line, p.column) for p in problems if p.level == "warning"]
    assert (case.code, case.element, *(case.files.place or ())) in found
    assert {p.code for p in problems if p.level == "error"} == case.also


@pytest.mark.parametrize("case", WARNINGS, ids=str)
def test_what_breaks_only_house_rules_can_be_built(case: Case) -> None:
    assert case.also or build_problems(case.files.files) == []


def test_every_rule_has_a_fixture() -> None:
    assert {case.code for case in [*ERRORS, *WARNINGS]} == set(rules())
