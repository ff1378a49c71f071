"""Trying a decision table with typed values: which rules match, what comes out, or why nothing does."""

from datetime import UTC, datetime

import pytest

from engine.diagram.decisions import TableTrial, read_decision, try_decision
from tests.engine.tables import Column, table

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SEVERITY: Column = ("severity", "string", '"重大","一般"')
COST: Column = ("cost", "number", "")
RULES = (('"重大"', "-", '"vp"'), ("-", ">= 100", '"vp"'), ('"一般"', "< 10", '"qa"'))


def tried(
    *given: str, policy: str = "FIRST", inputs: tuple[Column, ...] = (SEVERITY, COST),
    rules: tuple[tuple[str, ...], ...] = RULES,
) -> TableTrial:  # fmt: skip
    """What the table of severity and cost makes of texts."""
    answered = (("group", "string", ""),)
    return try_decision(read_decision(table(inputs, answered, rules, policy), "grade.dmn"), given, NOW)


def answers(trial: TableTrial) -> list[list[str]]:
    """The answers, row by row."""
    return [[answer.text for answer in row] for row in trial.rows]


def test_the_rules_that_match_are_told_and_what_the_hit_policy_makes_of_them() -> None:
    trial = tried("重大", "500")
    assert (trial.matching, answers(trial), trial.reason) == ((1, 2), [["vp"]], None)
    assert answers(tried("重大", "500", policy="COLLECT")) == [["vp"], ["vp"]]


def test_rules_that_contradict_the_hit_policy_are_told_with_the_reason() -> None:
    trial = tried("重大", "500", policy="UNIQUE")
    assert (trial.matching, trial.rows, trial.nearest) == ((1, 2), (), ())
    assert trial.reason
    assert trial.reason[1] == "rules 1, 2 all match, and only one may"


def test_where_no_rule_matches_the_nearest_one_and_what_does_not_fit_are_told() -> None:
    trial = tried("一般", "20")
    assert (trial.matching, trial.reason) == ((), ("没有符合的规则", "no rule matches"))
    assert trial.nearest == (
        (1, ((("severity", ""), '"重大"'),)),
        (2, ((("cost", ""), ">= 100"),)),
        (3, ((("cost", ""), "< 10"),)),
    )


@pytest.mark.parametrize(("given", "reason"), [(("极大", "1"), "极大"), (("一般", "很多"), "很多")])
def test_a_value_that_does_not_fit_its_column_is_told(given: tuple[str, str], reason: str) -> None:
    trial = tried(*given)
    assert trial.rows == ()
    assert trial.reason
    assert reason in trial.reason[0]


def test_an_empty_field_is_a_value_that_is_not_set() -> None:
    assert tried("重大", "").matching == (1,)
    assert tried().matching == ()


@pytest.mark.parametrize(
    ("kind", "entry", "text"),
    [
        ("boolean", "true", "true"),
        ("date", '< date("2026-05-01")', "2026-04-30"),
        ("", "> 5", "6"),
        ("", '"6"', "6"),
        ("", "true", "true"),
        ("number", "[1..2)", "1.5"),
    ],
)
def test_a_text_becomes_a_value_of_the_column(kind: str, entry: str, text: str) -> None:
    trial = tried(text, inputs=(("x", kind, ""),), rules=((entry, '"a"'),))
    assert (trial.matching, trial.reason) == ((1,), None)


@pytest.mark.parametrize(
    ("entry", "answer"), [("= {}", '"vp"'), ("-", "{}")], ids=["conditions", "answers"]
)
def test_a_table_that_takes_too_long_gives_no_answer(entry: str, answer: str) -> None:
    slow = "sum([x * y for x in range(40) for y in range(40)])"
    rules = ((entry.format(slow), answer.format(f"1 if {slow} else 2")),) * 1000
    decision = read_decision(table([("x", "number", "")], [("y", "", "")], rules, "COLLECT"), "x.dmn")
    found = try_decision(decision, ["1"], NOW, seconds=0.05)
    assert found.rows == ()
    assert found.reason
    assert "计算时间过长" in found.reason[0]


def test_the_value_of_an_expression_is_typed_as_such_and_other_names_have_none() -> None:
    trial = tried("7", inputs=(("a + b", "number", ""),), rules=(("> limit", '"a"'), ("7", '"b"')))
    assert (trial.matching, answers(trial), trial.unset) == ((2,), [["b"]], ("limit",))
    again = tried("3", "9", inputs=(("cost", "number", ""), ("limit", "number", "")),
                  rules=(("< limit", "-", '"a"'),))  # fmt: skip
    assert (again.matching, again.unset) == ((1,), ())


def test_clocks_that_a_table_asks_for_do_not_run_here_and_are_told() -> None:
    trial = tried("重大", "1", rules=(("-", "-", 'due("plan") == null ? "none" : "some"'),))
    assert (answers(trial), trial.clocks, trial.reason) == ([["none"]], ("plan",), None)
