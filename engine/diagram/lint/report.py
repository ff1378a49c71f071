"""The table of rules (`rules.csv`) and the report that a lint run fills."""

import csv
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, cast

from lxml import etree

from engine.diagram.document import Document, owner_id
from engine.errors import Problem


@dataclass(frozen=True)
class Rule:
    """One rule: `level` is error or warning, `source` the section of BPMN 2.0 (or the house rule) behind it;
    `zh` and `en` are the messages, with `{facts}` to fill in."""

    code: str
    level: Literal["error", "warning"]
    source: str
    zh: str
    en: str


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its code, in the order of the table."""
    with Path(__file__).with_name("rules.csv").open(encoding="utf-8", newline="") as table:
        rows = [
            Rule(row["code"], _level(row["level"]), row["source"], row["zh"], row["en"])
            for row in csv.DictReader(table)
        ]
    return {rule.code: rule for rule in rows}


def _level(text: str) -> Literal["error", "warning"]:
    if text not in ("error", "warning"):
        raise ValueError(f"rules.csv: unknown level {text}")
    return cast(Literal["error", "warning"], text)


@dataclass
class Report:
    """Collects problems. Elements are placed by the document they stand in."""

    documents: dict[etree._Element, Document] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, node: etree._Element, /, **facts: object) -> None:
        """Notes that `node` breaks the rule `code`; facts fill the messages, pairs are (Chinese, English)."""
        document = self.documents[node.getroottree().getroot()]
        line, column = document.places[node]
        self.add_at(code, (document.file, line, column), _owner(node), **facts)

    def add_at(self, code: str, place: tuple[str, int, int], element: str, /, **facts: object) -> None:
        """Notes a problem of a file that is no diagram, or of a place that is no element."""
        rule = rules()[code]
        zh = rule.zh.format(**{name: _side(fact, 0) for name, fact in facts.items()})
        en = rule.en.format(**{name: _side(fact, 1) for name, fact in facts.items()})
        plain = {name: fact for name, fact in facts.items() if isinstance(fact, str)}
        problem = Problem(*place, rule.level, element, code, zh, en, plain)
        self.problems.append(problem)


def _owner(node: etree._Element) -> str:
    """The id a reader knows; a shape or line stands for the element it draws."""
    for around in (node, *node.iterancestors()):
        if around.get("bpmnElement") and etree.QName(around).localname != "BPMNPlane":
            return around.get("bpmnElement", "")
    return owner_id(node)


def _side(fact: object, side: int) -> str:
    if isinstance(fact, tuple):
        return str(fact[side])
    if isinstance(fact, (list, set, frozenset)):
        return ("、", ", ")[side].join(sorted(str(item) for item in fact))
    return str(fact)
