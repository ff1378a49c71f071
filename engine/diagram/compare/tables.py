"""Decision tables compared row by row; a row is known by its id, or by its number where it has none."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.diagram.bundle import Bundle
from engine.diagram.compare.changes import (
    Change,
    DecisionComparison,
    How,
    PropertyChange,
    Thing,
    changed_facts,
    changed_order,
    changed_things,
)
from engine.diagram.decisions import Decision, Output, Rule
from engine.diagram.decisions.feel import Endpoint
from engine.diagram.expressions.values import text_of
from engine.diagram.library import base_name
from engine.diagram.titles import title_of_file

ANYTHING = "-"
ORDERED = frozenset({"FIRST", "COLLECT"})  # the hit policies for which the order of the rows says something


def compare_decisions(before: Bundle, after: Bundle) -> Iterator[DecisionComparison]:
    """The decision tables that differ."""
    for key in dict.fromkeys((*after.decisions, *before.decisions)):
        old, new = before.decisions.get(key), after.decisions.get(key)
        files = _file(before, old), _file(after, new)
        found = None if files[0] == files[1] else _compared(key, old, new, *map(_english, (old, new), files))
        if found:
            yield found


def _file(bundle: Bundle, decision: Decision | None) -> bytes | None:
    return bundle.sources[base_name(decision.file)] if decision else None


def _english(decision: Decision | None, content: bytes | None) -> str:
    return title_of_file(decision.file, content)[1] if decision and content is not None else ""


def _compared(
    key: str, before: Decision | None, after: Decision | None, was_en: str, now_en: str
) -> DecisionComparison | None:
    now = after or before
    assert now is not None
    old, new = _rules(before), _rules(after)
    properties = changed_facts(_facts(before, was_en), _facts(after, now_en))
    if before and after and now.hit_policy in ORDERED and changed_order(old, list(new)):
        numbers = [", ".join(side[k].name for k in side if k in old and k in new) for side in (old, new)]
        properties += (PropertyChange("order", *numbers),)
    rules = tuple(_with_conditions(rule, before, old, new) for rule in changed_things(old, new))
    if before and after and not properties and not rules:
        return None
    how: How = "changed" if before and after else "added" if after else "removed"
    columns = _headings(before) | _headings(after)
    return DecisionComparison(key, how, now.name, now_en if after else was_en, columns, properties, rules)


def _with_conditions(
    rule: Change, before: Decision | None, old: Mapping[str, Thing], new: Mapping[str, Thing]
) -> Change:
    """A changed rule with the conditions that it keeps."""
    if rule.how != "changed" or before is None:
        return rule
    key, labels = rule.id or f"rule {rule.name}", {column.label for column in before.inputs}
    was, now = old[key].facts, new[key].facts
    kept = ((label, cell) for label, cell in now.items() if label in labels and was.get(label) == cell)
    return replace(rule, kept=tuple(kept))


def _headings(decision: Decision | None) -> dict[str, str]:
    """The English headings of the columns that have one, by label."""
    if decision is None:
        return {}
    named = [(column.label, column.wording) for column in decision.inputs]
    named += [(column.label or column.name, column.wording) for column in decision.outputs]
    return {label: wording.label_en for label, wording in named if wording.label_en}


def _facts(decision: Decision | None, english: str) -> Mapping[str, str]:
    if decision is None:
        return {}
    facts = {
        "name": decision.name,
        "name.en": english,
        "description": decision.description,
        "hitPolicy": " ".join(filter(None, (decision.hit_policy, decision.aggregation))),
    }
    for column in decision.inputs:
        facts[f"input.{column.label}"] = _column(column.expression.source, column.kind, column.allowed.source)
    for answer in decision.outputs:
        default = f"= {_cell(answer.default)}" if answer.default else ""
        facts[f"output.{answer.label or answer.name}"] = _column(
            answer.name, answer.kind, answer.allowed.source, default, _words(answer)
        )
    return {name: value for name, value in facts.items() if value}


def _words(answer: Output) -> str:
    """The English heading and the words for its answers."""
    said = (f"{code} = {' / '.join(words)}" for code, words in sorted(answer.wording.answers.items()))
    return ", ".join(part for part in (answer.wording.label_en, *said) if part)


def _column(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _rules(decision: Decision | None) -> dict[str, Thing]:
    if decision is None:
        return {}
    return {
        rule.element: Thing("rule", rule.id, str(rule.number), str(rule.number), _cells(decision, rule))
        for rule in decision.rules
    }


def _cells(decision: Decision, rule: Rule) -> Mapping[str, str]:
    """The cells by the label of their column; a cell that tests nothing is left out, as in a column that is
    not there."""
    tests = ((column.label, test.source) for column, test in zip(decision.inputs, rule.tests, strict=True))
    found = {label: source for label, source in tests if source not in ("", ANYTHING)}
    for column, answer in zip(decision.outputs, rule.answers, strict=True):
        found[column.label or column.name] = _cell(answer)
    return found | ({"description": rule.description} if rule.description else {})


def _cell(answer: Endpoint) -> str:
    if answer.expression:
        return answer.expression.source
    value = answer.literal
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else text_of(value)
