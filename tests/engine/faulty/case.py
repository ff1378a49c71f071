"""One fixture: files that break one rule at one marked element."""

from dataclasses import dataclass

from tests.engine.faulty.drawing import Drawn


@dataclass(frozen=True)
class Case:
    """`files` break the rule `code` at the mark, on `element`; `also` are the other errors that follow."""

    code: str
    element: str
    files: Drawn
    also: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.code} {self.element}"


def case(code: str, element: str, files: Drawn, *also: str) -> Case:
    """A case; the remaining arguments are the codes of errors that come along."""
    return Case(code, element, files, frozenset(also))
