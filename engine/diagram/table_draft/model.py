"""A decision table as texts: what stands in its cells, whether it can be understood or not."""

from dataclasses import dataclass, replace
from typing import Self

from engine.diagram.decisions.reader import AGGREGATIONS, HIT_POLICIES
from engine.diagram.decisions.types import KINDS

POLICIES = (*HIT_POLICIES, *(f"COLLECT {aggregation}" for aggregation in AGGREGATIONS))
TYPES = tuple(dict.fromkeys("" if kind == "Any" else kind for kind in KINDS.values()))  # empty: any
NEW = -1  # the first number of what is not in the file yet


@dataclass(frozen=True)
class TableColumn:
    """A column. `at`: which of its kind it is in the file, from 0; a new one has a number below 0 of its own.

    `source`: the expression that an input tests, or the name that an output is written to; `allowed`: its
    allowed values; `default`: what an output answers when no rule matches."""

    at: int = NEW
    label: str = ""
    label_en: str = ""
    source: str = ""
    type: str = ""
    allowed: str = ""
    default: str = ""


@dataclass(frozen=True)
class TableRule:
    """A row. `at`: which rule of the file it is, from 0; a new one has a number below 0 of its own; `tests`
    and `answers` are its input entries and output entries, as many as the table has inputs and outputs;
    `note` is its annotation."""

    at: int
    tests: tuple[str, ...]
    answers: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class TableDraft:
    """A decision of a file with its table. `at`: which decision of the file, from 0; `policy`: the hit
    policy, with the aggregation behind a blank. `drawn`: whether the decision has a table at all.

    `rules` stand for the rules of the file from `first` up to `until`, which is not among them; all other
    rules stay as they are. So a long table is edited in parts."""

    at: int
    id: str
    name: str = ""
    name_en: str = ""
    description: str = ""
    policy: str = "UNIQUE"
    inputs: tuple[TableColumn, ...] = ()
    outputs: tuple[TableColumn, ...] = ()
    rules: tuple[TableRule, ...] = ()
    drawn: bool = True
    first: int = 0
    until: int = 0
    total: int = 0

    def part(self, first: int, most: int) -> Self:
        """The same table with just the page, of at most `most` rules, on which the rule `first` stands."""
        first = max(0, min(first, self.total - 1)) // most * most
        until = min(first + most, self.total)
        return replace(self, rules=self.rules[first:until], first=first, until=until)

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """Inputs, then outputs."""
        return self.inputs + self.outputs
