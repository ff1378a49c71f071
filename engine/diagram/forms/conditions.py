"""When a field is shown or required, and between which dates its value must lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time

from engine.diagram.expressions import Expression
from engine.diagram.forms.field import Field
from engine.diagram.forms.scope import Scope
from engine.errors import ExpressionError


def holds(
    condition: Expression,
    names: Mapping[str, object],
    functions: Mapping[str, Callable[..., object]],
    unknown: bool,
) -> bool:
    """Whether `condition` holds; `unknown` is the answer when it compares a value not given yet.

    Raises ExpressionError if it fails although every name it reads has a value.
    """
    known = {name: names.get(name) for name in condition.names}
    try:
        return bool(condition.evaluate(known, functions))
    except ExpressionError:
        if None in known.values():
            return unknown
        raise


def outside_dates(field: Field, value: object, scope: Scope) -> tuple[str, str] | None:
    """The message (zh, en) if a date or datetime lies outside the field's bounds, else None.

    A bound whose value is not known yet does not bind. A day as the bound of a datetime counts in full.
    """
    if not isinstance(value, str) or field.type not in {"date", "datetime"}:
        return None
    given = _moment(value, scope, time.min)
    earliest = _bound(field.not_before, field, scope, time.min)
    latest = _bound(field.not_after, field, scope, time.max)
    if given is None:
        return None
    if earliest is not None and given < earliest:
        text = _written(earliest, field)
        return f"不能早于 {text}。", f"Must not be before {text}."
    if latest is not None and given > latest:
        text = _written(latest, field)
        return f"不能晚于 {text}。", f"Must not be after {text}."
    return None


def _bound(expression: Expression | None, field: Field, scope: Scope, at: time) -> datetime | None:
    if expression is None:
        return None
    known = {name: scope.names.get(name) for name in expression.names}
    if None in known.values():
        return None
    found = expression.evaluate(known, scope.functions)
    moment = _moment(found, scope, at)
    if found is None:  # a clock that does not run, or whose end is not known
        return None
    if moment is None:
        raise ExpressionError(source=expression.source, reason="is no date", reason_zh="结果不是日期")
    # Days are compared as days: today's noon is no bound for today's date.
    return datetime.combine(moment.date(), at, scope.zone) if field.type == "date" else moment


def _moment(value: object, scope: Scope, at: time) -> datetime | None:
    """A date or datetime, typed or as ISO text, as a local moment; a bare day is taken at `at`."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.astimezone(scope.zone) if value.tzinfo else value.replace(tzinfo=scope.zone)
    return datetime.combine(value, at, scope.zone) if isinstance(value, date) else None


def _written(moment: datetime, field: Field) -> str:
    return moment.strftime("%Y-%m-%d" if field.type == "date" else "%Y-%m-%d %H:%M")
