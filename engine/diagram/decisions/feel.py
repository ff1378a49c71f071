"""S-FEEL unary tests, the cells of decision tables: `-`, `"A","B"`, `> 5`, `[1..5]`, `not(…)`, dates, null.

Source of the rules: DMN 1.3 §7.3 (unary tests) and §10.3.2 (three-valued comparison with null).
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import ge, gt, le, lt

from engine.diagram.expressions import Expression
from engine.diagram.expressions.faults import Fault, shown
from engine.diagram.expressions.functions import Function
from engine.diagram.expressions.values import as_date, as_datetime, text_of

NUMBERS = (int, float)
ORDERINGS: dict[str, Callable[..., object]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True)
class Endpoint:
    """What a test compares with: a literal, or an expression over the case's names."""

    literal: object = None
    expression: Expression | None = None

    def value(self, names: Mapping[str, object], functions: Mapping[str, Function] | None) -> object:
        """The value to compare with; raises ExpressionError."""
        return self.expression.evaluate(names, functions) if self.expression else self.literal


@dataclass(frozen=True)
class Bound:
    """One comparison: an operator and what it compares with."""

    operator: str
    endpoint: Endpoint


@dataclass(frozen=True)
class UnaryTests:
    """A parsed cell: any of its `tests` holds (each one or two bounds), or none if `negated`."""

    source: str
    tests: tuple[tuple[Bound, ...], ...] = ()
    negated: bool = False

    @property
    def anything(self) -> bool:
        """Whether the cell is `-`: it does not look at its input."""
        return not self.tests

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Everything that the cell compares with."""
        return tuple(bound.endpoint for test in self.tests for bound in test)

    @property
    def names(self) -> frozenset[str]:
        """Names that the cell reads beside its input."""
        return frozenset().union(*(e.expression.names for e in self.endpoints if e.expression))

    def matches(
        self,
        value: object,
        names: Mapping[str, object] | None = None,
        functions: Mapping[str, Function] | None = None,
    ) -> bool:
        """Whether an input value satisfies the cell; raises ExpressionError, or Fault for unlike kinds."""
        if self.anything:
            return True
        results = [self._holds(test, value, names or {}, functions) for test in self.tests]
        if self.negated:
            return all(result is False for result in results)
        return True in results

    @staticmethod
    def _holds(
        test: tuple[Bound, ...],
        value: object,
        names: Mapping[str, object],
        functions: Mapping[str, Function] | None,
    ) -> bool | None:
        results = [compared(b.operator, value, b.endpoint.value(names, functions)) for b in test]
        if False in results:
            return False
        return None if None in results else True


def compared(operator: str, value: object, other: object) -> bool | None:
    """One comparison as FEEL makes it: an ordering with null is neither true nor false (None)."""
    if operator in ("=", "!="):
        return same(value, other) is (operator == "=")
    if value is None or other is None:
        return None
    left, right = aligned(value, other)
    if not _orderable(left, right):
        one, two = shown(text_of(value), 40), shown(text_of(other), 40)
        raise Fault(
            f"“{one}”与“{two}”种类不同，不能比较大小",
            f"“{one}” and “{two}” are of different kinds and cannot be ordered",
        )
    return bool(ORDERINGS[operator](left, right))


def same(value: object, other: object) -> bool:
    """Equality of like kinds: `true` is not 1 and `5` is not "5"."""
    left, right = aligned(value, other)
    if type(left) in NUMBERS and type(right) in NUMBERS:
        return left == right
    return type(left) is type(right) and left == right


def aligned(value: object, other: object) -> tuple[object, object]:
    """An input read as the kind of time that a literal is: a day, or an instant; raises Fault."""
    if isinstance(other, dt.datetime) and isinstance(value, (str, dt.date)):
        return as_datetime(value), other
    if isinstance(other, dt.date) and isinstance(value, (str, dt.date)):
        return as_date(value), other
    return value, other


def _orderable(left: object, right: object) -> bool:
    if type(left) in NUMBERS and type(right) in NUMBERS:
        return True
    return type(left) is type(right) and isinstance(left, (str, dt.date, dt.timedelta))
