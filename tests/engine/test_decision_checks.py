"""Gaps and overlaps of decision tables, compared with trying every value."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagram.decisions import check_tables, read_decision
from engine.errors import DecisionError
from tests.engine.tables import Column, table

WORD = ("word", "string", "")
GRADE = ("grade", "string", '"A","B","C"')
FLAG = ("flag", "boolean", "")
N = ("n", "number", "")


def problems(inputs: list[Column], rules: list[tuple[str, ...]], policy: str = "UNIQUE") -> list[str]:
    found = check_tables(read_decision(table(inputs, [WORD], rules, policy), "grade.dmn"))
    assert all(problem.zh and problem.file == "grade.dmn" for problem in found)
    return [f"{p.level} {p.element} {p.en}" for p in found]


@pytest.mark.parametrize(
    ("inputs", "rules", "found"),
    [
        ([GRADE], [('"A","B"', '"x"'), ('"C"', '"y"')], []),
        ([GRADE], [('"A"', '"x"'), ('"C"', '"y"')], ["error grade No rule matches: grade = B."]),
        ([GRADE], [('not("A")', '"x"'), ('"A","B"', '"y"')], ["error R2 Rules 1 and 2 overlap: grade = B."]),
        ([FLAG], [("true", '"x"')], ["error grade No rule matches: flag = false."]),
        ([N], [("< 5", '"x"'), ("> 5", '"y"')], ["error grade No rule matches: n = 5."]),
        ([N], [("<= 5", '"x"'), (">= 5", '"y"')], ["error R2 Rules 1 and 2 overlap: n = 5."]),
        ([N], [("[0..5]", '"x"'), ("> 5", '"y"')], ["error grade No rule matches: n = < 0."]),
        ([("n", "number", "[0..9]")], [("[0..5]", '"x"'), ("(5..9]", '"y"')], []),
        ([N], [("< 1", '"x"'), ("(2..3)", '"y"'), (">= 3", '"y"'), ("[1..2)", '"z"')],
         ["error grade No rule matches: n = 2."]),
        ([WORD], [('"a"', '"x"')], ["warning grade No rule matches: word = anything else."]),
        ([WORD], [('"a"', '"x"'), ('not("a")', '"y"')], []),
        ([("d", "date", "")], [('< date("2026-01-01")', '"x"'), ('> date("2026-01-01")', '"y"')],
         ["error grade No rule matches: d = 2026-01-01."]),
        ([("d", "date", "")], [('<= date("2026-01-01")', '"x"'), ('>= date("2026-01-02")', '"y"')], []),
        ([GRADE, FLAG], [('"A"', "-", '"x"'), ("-", "true", '"y"'), ('"B","C"', "false", '"z"')],
         ["error R2 Rules 1 and 2 overlap: grade = A, flag = true."]),
        ([N], [("> limit", '"x"')], []),
        ([FLAG], [("true", '"x"'), ("false", '"y"'), ("null", '"z"')], []),
        ([FLAG], [("true", '"x"'), ("false", '"y"'), ("-", '"z"')],
         ["error R3 Rules 1 and 3 overlap: flag = true.", "error R3 Rules 2 and 3 overlap: flag = false."]),
    ],
)  # fmt: skip
def test_gaps_and_overlaps_are_named(
    inputs: list[Column], rules: list[tuple[str, ...]], found: list[str]
) -> None:
    assert problems(inputs, rules) == found


def test_first_allows_overlaps_and_warns_of_rows_never_reached() -> None:
    rules = [('"A"', '"x"'), ("-", '"y"'), ('"B"', '"z"')]
    assert problems([GRADE], rules, "FIRST") == ["warning R3 Rule 3 is never reached."]


def test_any_allows_overlaps_that_agree() -> None:
    assert problems([GRADE], [("-", '"x"'), ('"A"', '"x"')], "ANY") == []
    found = problems([GRADE], [("-", '"x"'), ('"A"', '"y"')], "ANY")
    assert found == ["error R2 Rules 1 and 2 overlap: grade = A."]


def test_collect_may_match_nothing() -> None:
    assert problems([GRADE], [('"A"', '"x"'), ('"A"', '"y"')], "COLLECT") == []


def test_many_columns_are_checked_without_trying_every_combination() -> None:
    """20 boolean columns have a million combinations; the search shares what the rules share."""
    inputs = [(f"b{n}", "boolean", "") for n in range(20)]
    rules = [("true",) + ("-",) * 19 + ('"x"',), ("false",) + ("-",) * 19 + ('"y"',)]
    assert problems(inputs, rules) == []
    assert len(problems(inputs, [("true",) * 20 + ('"x"',)])) == 5, "at most five examples"


def test_a_hostile_table_is_checked_briefly_and_said_to_be_too_large() -> None:
    """A thousand rules with many boundaries cost about a second at most; what is not checked is said."""
    many = [(f"[{n}..{n + 1}),[{n + 5000}..{n + 5001})", '"x"') for n in range(1000)]
    assert problems([N], many) == [
        "warning grade The table is too large to be checked for gaps and overlaps."
    ]
    same = [("-", '"x"')] * 1000
    assert len(problems([N], same)) == 20, "at most twenty pairs"


GRADES = st.sampled_from(["-", '"A"', '"B","C"', 'not("C")', '"A","C"'])
FLAGS = st.sampled_from(["-", "true", "false"])
NUMBERS = st.sampled_from(["-", "< 2", "2", "> 2", "[2..4)", "(1..3]", ">= 4", "not([1..3])"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(GRADES, FLAGS, NUMBERS, st.sampled_from(['"x"', '"y"'])), min_size=1, max_size=6),
       st.sampled_from(["UNIQUE", "ANY", "FIRST"]))  # fmt: skip
def test_the_check_finds_a_fault_exactly_when_some_input_fails(
    rules: list[tuple[str, ...]], policy: str
) -> None:
    """Against brute force over every grade, flag and a grid of numbers finer than the boundaries."""
    found = read_decision(table([GRADE, FLAG, N], [WORD], rules, policy), "grade.dmn")
    grid = [n / 2 for n in range(12)]
    fails = False
    for grade, flag, n in product("ABC", (True, False), grid):
        try:
            found.decide({"grade": grade, "flag": flag, "n": n})
        except DecisionError:
            fails = True
    assert any(p.level == "error" for p in check_tables(found)) == fails
