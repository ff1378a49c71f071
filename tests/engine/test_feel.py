"""S-FEEL unary tests: what a decision cell accepts, and which cells are refused."""

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.diagram.decisions.feel import same
from engine.diagram.decisions.feel_reader import parse_cell, parse_literal
from engine.diagram.decisions.feel_tokens import unquoted
from engine.diagram.expressions.faults import Fault
from engine.errors import ExpressionError

AWARE = "2026-11-22T20:00:00+00:00"


@pytest.mark.parametrize(
    ("cell", "accepted", "others"),
    [
        ("-", [None, 1, "x", False], []),
        ("", [None, 1], []),
        ('"重大","严重"', ["重大", "严重"], ["一般", None, 1]),
        ('not("重大")', ["一般", None], ["重大"]),
        ('not("a", "b")', ["c"], ["a", "b"]),
        ("not(> 5)", [5, 1], [6, None]),
        ("> 5", [5.1, 6], [5, None]),
        (">=5", [5], [4.99, None]),
        ("< -1.5", [-2], [-1.5]),
        ("<= .5", [0.5], [0.6]),
        ("5", [5, 5.0], ["5", True, None]),
        ("true", [True], [1, "true", False, None]),
        ("false", [False], [0, None]),
        ("null", [None], [0, "", False]),
        ("not(null)", [0, ""], [None]),
        ("[1..5]", [1, 5], [0.9, 5.1, None]),
        ("(1..5]", [1.1, 5], [1]),
        ("[1..5)", [1], [5]),
        ("]1..5[", [2], [1, 5]),
        ("[1..3], [7 .. 9], 20", [2, 8, 20], [5]),
        ("[-3..-1]", [-2], [0]),
        ('["b".."d"]', ["b", "c"], ["a", "e"]),
        ('date("2026-01-01")', [dt.date(2026, 1, 1), "2026-01-01"], ["2026-01-02", None]),
        ('> date("2026-11-22")', ["2026-11-23", AWARE], ["2026-11-22"]),
        ('[date("2026-01-01")..date("2026-12-31")]', ["2026-06-01"], ["2027-01-01"]),
        ('date and time("2026-11-23T04:00:00")', [AWARE], ["2026-11-23"]),
        ('>= date and time("2026-11-22T00:00:00Z")', ["2026-11-23"], ["2026-11-22T07:59:00+08:00"]),
        (r'"a\"b\\c\u91cd"', ['a"b\\c重'], ["a"]),
        ('"-"', ["-"], ["x"]),
        ('"a,b"', ["a,b"], ["a", "b"]),
        ("!= 3", [4, "x", None], [3]),
        ("= 3", [3], [4]),
    ],
)
def test_a_cell_accepts_what_dmn_says(cell: str, accepted: list[object], others: list[object]) -> None:
    tests = parse_cell(cell)
    for value in accepted:
        assert tests.matches(value) is True, value
    for value in others:
        assert tests.matches(value) is False, value


def test_a_cell_may_compare_with_names_and_with_the_time_passed_in() -> None:
    cell = parse_cell("> limit * 2, = fallback, [today()..today() + days(2)]")
    assert cell.names == {"limit", "fallback"}
    today = {"today": lambda: dt.date(2026, 1, 1)}
    assert parse_cell("= fallback").matches("x", {"fallback": "x"})
    assert parse_cell("> limit * 2").matches(7, {"limit": 3})
    assert parse_cell("[today()..today() + days(2)]").matches(dt.date(2026, 1, 3), {}, today)


@pytest.mark.parametrize(
    "cell",
    [
        '"open', "'single'", "1..5", "[1..5", "[5..1]", "[1..null]", "> ", "5,", ",5",
        '"a" "b"', "not(5", "not()",
        "not 5", "重大", "severity", "severity = 5", "[1..2..3]", 'date("2026-13-01")', "date(2026)",
        "date and time(\"x\")", "1 + 1", "- -1", "5 > 3", "?>3", "> lambda: 1",
        "> x.__class__", "> eval('1')", r'"\x41"', "1e5",
        "12ab", "9" * 40, "x" * 3000, "[" * 500, "not(" * 300 + "1" + ")" * 300, '"a\nb"', "> 9**9**9**",
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_is_refused_with_a_reason(cell: str) -> None:
    with pytest.raises(Fault) as caught:
        parse_cell(cell)
    assert caught.value.zh
    assert 0 < len(caught.value.en) < 300


def test_an_unquoted_word_is_told_to_use_quotes() -> None:
    with pytest.raises(Fault) as caught:
        parse_cell("重大")
    assert '"重大"' in caught.value.zh
    assert 'should be "重大"' in caught.value.en


def test_unlike_kinds_are_not_equal_and_cannot_be_ordered() -> None:
    assert not same(1, True)
    assert not same("1", 1)
    assert same(1, 1.0)
    with pytest.raises(Fault, match="cannot be ordered"):
        parse_cell("> 5").matches("six")


@pytest.mark.parametrize(
    ("text", "literal"),
    [('"a"', "a"), ("-3", -3), ("2.50", 2.5), ("true", True), ("null", None),
     ('date("2026-01-02")', dt.date(2026, 1, 2))],
)  # fmt: skip
def test_an_output_literal_is_its_value(text: str, literal: object) -> None:
    found = parse_literal(text)
    assert found is not None
    assert found.literal == literal


@pytest.mark.parametrize("text", ["a", "1 + 1", "f('x')", "'a'", "5,6", "[1..2]", "-", "-true", ""])
def test_what_is_not_a_literal_is_an_expression(text: str) -> None:
    assert parse_literal(text) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text is either a cell or is refused with a reason; nothing else ever comes out."""
    with suppress(Fault, ExpressionError):
        parse_cell(text).matches(None, {}, {})


@given(st.text(alphabet=st.characters(exclude_characters='"\\\n', exclude_categories=("Cs",)), max_size=40))
def test_a_quoted_text_is_itself(text: str) -> None:
    assert unquoted(f'"{text}"') == text
