"""The columns and rows of a decision table, as drawn and compiled."""

from dataclasses import dataclass

from engine.diagram.decisions.feel import Endpoint, UnaryTests
from engine.diagram.decisions.types import Kind
from engine.diagram.decisions.wording import Heading, Wording
from engine.diagram.expressions import Expression


@dataclass(frozen=True)
class Input:
    """A column that is tested: its expression, label, kind and, if restricted, the allowed values."""

    id: str
    label: str
    expression: Expression
    kind: Kind
    allowed: UnaryTests
    wording: Wording = Wording()  # noqa: RUF009 - frozen

    @property
    def heading(self) -> Heading:
        """How messages call it."""
        return self.wording.heading(self.label)

    @property
    def values(self) -> tuple[object, ...]:
        """The enumerated allowed values; empty when the input is not an enumeration."""
        return _enumerated(self.allowed)


@dataclass(frozen=True)
class Output:
    """A column that is answered: the name it is written to, its kind, allowed values and default."""

    id: str
    name: str
    label: str
    kind: Kind
    allowed: UnaryTests
    default: Endpoint | None = None
    wording: Wording = Wording()  # noqa: RUF009 - frozen

    @property
    def heading(self) -> Heading:
        """How messages call it."""
        return self.wording.heading(self.label)

    @property
    def values(self) -> tuple[object, ...]:
        """The enumerated allowed values; empty when the output is not an enumeration."""
        return _enumerated(self.allowed)


def _enumerated(allowed: UnaryTests) -> tuple[object, ...]:
    if allowed.negated or any(len(test) != 1 or test[0].operator != "=" for test in allowed.tests):
        return ()
    return tuple(test[0].endpoint.literal for test in allowed.tests)


@dataclass(frozen=True)
class Rule:
    """One row, with the place where it was drawn."""

    number: int
    id: str
    tests: tuple[UnaryTests, ...]
    answers: tuple[Endpoint, ...]
    description: str
    line: int
    column: int

    @property
    def element(self) -> str:
        """How messages name the row: its id, or its number."""
        return self.id or f"rule {self.number}"
