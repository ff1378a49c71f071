"""Patterns: ordinary ones are let in, those that can take for ever are not."""

import pytest

from engine.diagram.forms.patterns import pattern_fault

PHONE = r"^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,5})?|[48]00-?\d{3}-?\d{4}|\+[1-9][\d -]{6,18})$"


@pytest.mark.parametrize(
    "pattern",
    [
        PHONE,
        r"^QF-\d{4}-\d{6}$",
        r"^[^@]+@[^@]+$",
        r"\d+",
        r"^(甲|乙)类$",
        r"^(\d{4},)+$",
        r"^\d{1,3}(\.\d{1,3}){3}$",
        r"^a*b$",
    ],
)
def test_ordinary_patterns_are_let_in(pattern: str) -> None:
    assert pattern_fault(pattern, 200) is None


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(a+)+$",
        r"(a|aa)+$",
        r"(a*)*b",
        r"^(\d+)*[a-z]$",
        r"^(([a-z])+.)+[A-Z]([a-z])+$",
        r"(x+x+)+y",
        r"^\s*\s*\s*\s*\s*$",
        r"(.*){20}",
        r"^(a?){64}a{64}$",
        r"(?=a)b",
        r"(?<!a)b",
        r"(a)\1",
        r"(a+)+?",
        r"[[a]&&b]",
    ],
)
def test_patterns_that_could_take_for_ever_are_refused_in_both_languages(pattern: str) -> None:
    fault = pattern_fault(pattern, 200)
    assert fault is not None
    assert all(fault)


@pytest.mark.parametrize("pattern", ["(", "[a-", r"\p{Han}", "a{2,1}", "*", "x" * 501])
def test_patterns_that_mean_nothing_are_refused(pattern: str) -> None:
    assert pattern_fault(pattern, 200) is not None


def test_the_longer_the_field_the_stricter_the_bound() -> None:
    assert pattern_fault(r"^.*-.*$", 200) is None
    assert pattern_fault(r"^.*-.*$", 10_000) is not None
