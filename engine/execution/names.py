"""The names that expressions, scripts, templates and decisions of a step see, and what they may call."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.diagram.bundle import Bundle
from engine.diagram.expressions import (
    ClockFacts,
    ReadClock,
    clock_functions,
    compile_expression,
    compile_script,
    compile_template,
    functions_at,
    plain,
)


class Names:
    """The names of one bundle at one moment: known ones that are not set read as null."""

    def __init__(self, bundle: Bundle, now: datetime, read_clock: ReadClock | None = None) -> None:
        self.bundle = bundle
        self.functions = functions_at(now) | clock_functions(read_clock or _no_clock, now)
        self._unset = dict.fromkeys(bundle.known_names)

    def over(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """`data` with null for every other known name."""
        return {**self._unset, **data}

    def kept(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What a token carries of `values`: the names that the diagram reads, as plain JSON."""
        return {name: plain(value) for name, value in values.items() if name in self.bundle.names}

    def evaluate(self, source: str, data: Mapping[str, Any]) -> Any:
        """The value of an expression. Raises ExpressionError."""
        return compile_expression(source).evaluate(self.over(data), self.functions)

    def fill(self, text: str, data: Mapping[str, Any]) -> Any:
        """The value of a template: the text with its expressions filled in; of `${…}` alone, its very
        value."""
        return compile_template(text).evaluate(self.over(data), self.functions)

    def run(self, source: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """What a script sets. Raises ExpressionError, and then has set nothing."""
        return compile_script(source).changes(self.over(data), self.functions)


def _no_clock(name: str, case: str | None) -> ClockFacts | None:
    return None
