"""The table of rules: every rule with code, level, source and a message in both languages."""

import re
from pathlib import Path
from string import Formatter

from engine.diagram import lint as package
from engine.diagram.lint import rules


def facts(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name}


def test_both_languages_tell_the_same_facts() -> None:
    assert [rule.code for rule in rules().values() if facts(rule.zh) != facts(rule.en)] == []


def test_every_rule_names_its_source() -> None:
    assert all(rule.source and rule.zh and rule.en for rule in rules().values())


def test_chinese_messages_are_chinese_and_english_ones_english() -> None:
    chinese = re.compile("[\u4e00-\u9fff]")
    assert [
        rule.code for rule in rules().values() if not chinese.search(rule.zh) or chinese.search(rule.en)
    ] == []


def test_codes_are_lower_case_words_and_unique() -> None:
    table = (Path(package.__file__).parent / "rules.csv").read_text(encoding="utf-8").splitlines()
    codes = [line.split(",")[0] for line in table[1:]]
    assert len(codes) == len(set(codes)) == len(rules())
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)
