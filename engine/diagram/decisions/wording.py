"""How a column of a decision table reads: its English heading, and words for its answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

CAMUNDA = ("http://camunda.org/schema/1.0/dmn", "http://camunda.org/schema/1.0/bpmn")


@dataclass(frozen=True)
class Heading:
    """How messages call a column in each language; without an English heading, as in Chinese."""

    zh: str
    en: str


@dataclass(frozen=True)
class Wording:
    """From `camunda:property`: `label.en`, `value.<answer>.en`, and `value.<answer>` where answers are codes.

    answers: answer as text → (Chinese, English); an answer without words is not in it."""

    label_en: str = ""
    answers: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def heading(self, label: str) -> Heading:
        """The heading of a column with that Chinese label."""
        return Heading(label, self.label_en or label)


def wording_of(column: etree._Element) -> Wording:
    """The wording that the owner gave an input or output column."""
    properties = column.iter(*(f"{{{namespace}}}property" for namespace in CAMUNDA))
    named = {p.get("name", ""): p.get("value", "") for p in properties}
    said = {name.removeprefix("value."): value for name, value in named.items() if name.startswith("value.")}
    english = {name.removesuffix(".en"): value for name, value in said.items() if name.endswith(".en")}
    chinese = {name: value for name, value in said.items() if not name.endswith(".en")}
    answers = {a: (chinese.get(a, a), english.get(a, "")) for a in chinese.keys() | english.keys()}
    return Wording(named.get("label.en", ""), answers)
