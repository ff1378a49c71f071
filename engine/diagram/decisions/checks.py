"""Gaps, overlaps and dead rows of a decision table, found by cutting every input into finite classes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from engine.diagram.decisions.classes import ValueClass, classes_of
from engine.diagram.decisions.columns import Rule
from engine.diagram.decisions.feel import Endpoint, same
from engine.diagram.decisions.table import Decision
from engine.diagram.expressions.faults import Fault
from engine.errors import Problem

MAX_STEPS = 200_000  # cells tried, and branches searched: about a second; a larger table is not checked
MAX_GAPS = 5  # examples a table
MAX_OVERLAPS = 20  # pairs a table


def check_tables(decision: Decision) -> list[Problem]:
    """Gaps and overlaps where the inputs are finite, as errors; dead rows and open-ended gaps as warnings.

    Enumerated and boolean inputs are exact; numbers and days are cut at every boundary that a cell names;
    texts without an enumeration count as those mentioned plus any other. A table that compares a cell with
    a name is not finite: nothing is reported.
    """
    columns: list[list[ValueClass]] = []
    for index, column in enumerate(decision.inputs):
        found = classes_of(column, [rule.tests[index] for rule in decision.rules])
        if found is None:
            return []
        columns.append(found)
    if sum(map(len, columns)) * len(decision.rules) > MAX_STEPS:
        return [_too_large(decision)]
    try:
        search = _Search(decision, columns)
    except Fault:  # an untyped column that mixes kinds: nothing can be said
        return []
    unsure = [] if search.complete else [_too_large(decision)]
    return [*islice(search.overlaps(), MAX_OVERLAPS), *search.gaps(), *search.dead_rows(), *unsure]


def _too_large(decision: Decision) -> Problem:
    zh, en = "决策表过大，未能检查遗漏和重叠。", "The table is too large to be checked for gaps and overlaps."
    place = decision.file, decision.line, decision.column
    return Problem(*place, "warning", decision.id, "dmn.large", zh, en)


@dataclass
class _Search:
    """Rules as bits: `hits[column][class]` are those that accept a class; a path ands them."""

    decision: Decision
    columns: list[list[ValueClass]]
    hits: list[list[int]] = field(init=False)
    seen: set[tuple[int, int]] = field(default_factory=set)
    steps: int = MAX_STEPS
    firsts: int = 0
    found: list[tuple[ValueClass, ...]] = field(default_factory=list)
    complete: bool = False

    def __post_init__(self) -> None:
        rules = self.decision.rules
        self.hits = [
            [sum(1 << n for n, rule in enumerate(rules) if rule.tests[at].matches(c.sample)) for c in classes]
            for at, classes in enumerate(self.columns)
        ]
        self.complete = self._walk(0, (1 << len(rules)) - 1, ())

    def _walk(self, at: int, rules: int, path: tuple[ValueClass, ...]) -> bool:
        if (at, rules) in self.seen:
            return True
        self.seen.add((at, rules))
        if not rules:
            self.found.append(path)
            return True
        if at == len(self.columns):
            self.firsts |= rules & -rules
            return True
        self.steps -= len(self.columns[at])
        return self.steps > 0 and all(
            self._walk(at + 1, rules & mask, (*path, c))
            for c, mask in zip(self.columns[at], self.hits[at], strict=True)
        )

    def overlaps(self) -> Iterator[Problem]:
        """Pairs of rules that match together where only one may, or where they must agree."""
        if self.decision.hit_policy not in ("UNIQUE", "ANY"):
            return
        rules = self.decision.rules
        for one, first in enumerate(rules):
            partners = self._partners(one)
            for other in range(one + 1, len(rules)):
                if partners >> other & 1 and not self._may(first, rules[other]):
                    yield self._overlap(first, rules[other], self._common(one, other))

    def _partners(self, one: int) -> int:
        """The rules that accept some common value with a rule in every column."""
        partners = (1 << len(self.decision.rules)) - 1
        for masks in self.hits:
            shared = 0
            for mask in masks:
                shared |= mask if mask >> one & 1 else 0
            partners &= shared
        return partners

    def _may(self, one: Rule, other: Rule) -> bool:
        return self.decision.hit_policy == "ANY" and _agree(one, other)

    def _common(self, one: int, other: int) -> tuple[ValueClass, ...]:
        both = 1 << one | 1 << other
        pairs = zip(self.columns, self.hits, strict=True)
        return tuple(
            next(c for c, mask in zip(classes, masks, strict=True) if mask & both == both)
            for classes, masks in pairs
        )

    def _overlap(self, first: Rule, second: Rule, path: tuple[ValueClass, ...]) -> Problem:
        zh, en = self._said(path)
        return self._problem(
            second, "error", "overlap",
            f"第 {first.number} 条与第 {second.number} 条规则重叠：{zh}。",
            f"Rules {first.number} and {second.number} overlap: {en}.",
        )  # fmt: skip

    def gaps(self) -> Iterator[Problem]:
        """Combinations of inputs that no rule answers, with examples."""
        policy, aggregation = self.decision.hit_policy, self.decision.aggregation
        if policy == "COLLECT" and aggregation in (None, "COUNT"):
            return
        if all(output.default for output in self.decision.outputs):
            return
        for path in self.found[:MAX_GAPS]:
            level: Literal["error", "warning"] = "warning" if any(c.open_ended for c in path) else "error"
            zh, en = self._said(path)
            yield self._problem(None, level, "gap", f"没有规则符合：{zh}。", f"No rule matches: {en}.")

    def dead_rows(self) -> Iterator[Problem]:
        """Rules of a FIRST table that an earlier rule always precedes."""
        if self.decision.hit_policy != "FIRST" or not self.complete:
            return
        for index, rule in enumerate(self.decision.rules):
            if not self.firsts >> index & 1:
                zh, en = f"第 {rule.number} 条规则永远不会被用到。", f"Rule {rule.number} is never reached."
                yield self._problem(rule, "warning", "dead", zh, en)

    def _said(self, path: tuple[ValueClass, ...]) -> tuple[str, str]:
        pairs = list(zip((column.heading for column in self.decision.inputs), path, strict=False))
        return "，".join(f"{n.zh} = {c.zh}" for n, c in pairs), ", ".join(
            f"{n.en} = {c.en}" for n, c in pairs
        )

    def _problem(
        self, rule: Rule | None, level: Literal["error", "warning"], code: str, zh: str, en: str
    ) -> Problem:
        decision = self.decision
        line, column = (rule.line, rule.column) if rule else (decision.line, decision.column)
        element = rule.element if rule else decision.id
        return Problem(decision.file, line, column, level, element, f"dmn.{code}", zh, en)


def _agree(one: Rule, other: Rule) -> bool:
    return all(_alike(a, b) for a, b in zip(one.answers, other.answers, strict=True))


def _alike(one: Endpoint, other: Endpoint) -> bool:
    if one.expression or other.expression:
        return True  # known only when deciding, which checks it
    return same(one.literal, other.literal)
