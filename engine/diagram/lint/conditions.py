"""Two conditions of one gateway that can both hold: then their order decides, which no reader can see.

Proven by example: values around every constant in the conditions are tried, and a pair is reported only
with values for which both hold. What cannot be tried (calls, records, more than a few names) is passed over.
"""

import ast
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.diagram.expressions import Expression, compile_expression
from engine.diagram.lint.drawings import Process, Scope, text_of
from engine.diagram.lint.report import Report
from engine.diagram.lint.shelf import Shelf
from engine.diagram.lint.wording import Both, value_said
from engine.diagram.vocabulary import bpmn, kind_of
from engine.errors import ExpressionError

MAX_TRIALS, MAX_WAYS, MAX_SOURCE = 500, 12, 500
_SIMPLE = (
    ast.Constant, ast.BoolOp, ast.boolop, ast.UnaryOp, ast.unaryop, ast.Compare, ast.cmpop, ast.IfExp,
    ast.List, ast.Tuple, ast.Call, ast.Load,
)  # fmt: skip
_COSTLY = frozenset({"range", "now", "today"})


@dataclass(frozen=True)
class Way:
    """A flow out of a gateway with its condition."""

    flow: etree._Element
    condition: Expression


def check_conditions(report: Report, process: Process, domains: Mapping[str, list[object]]) -> None:
    """Exclusive gateways only: at an inclusive one, several conditions are meant to hold.

    `domains` are the values that a name can have, where forms or decisions enumerate them.
    """
    for scope in process.scopes:
        for node in scope.nodes:
            if kind_of(node) == "exclusiveGateway":
                for first, second, example in _overlaps(list(_ways(scope, node))[:MAX_WAYS], domains):
                    other = first.flow.get("id", "")
                    report.add("conditions-overlap", second.flow, other=other, values=example)


def _ways(scope: Scope, gateway: etree._Element) -> Iterator[Way]:
    for flow in scope.leaving(gateway):
        text = text_of(flow.find(bpmn("conditionExpression")))
        if text and flow.get("id") != gateway.get("default"):
            try:
                condition = compile_expression(text)
            except ExpressionError:
                continue
            if _is_simple(condition):
                yield Way(flow, condition)


def _is_simple(condition: Expression) -> bool:
    """Whether trying many values costs next to nothing, whoever wrote the condition."""
    return len(condition.source) <= MAX_SOURCE and all(
        isinstance(node, _SIMPLE) or (isinstance(node, ast.Name) and node.id not in _COSTLY)
        for node in ast.walk(condition.tree)
    )


def _overlaps(ways: list[Way], domains: Mapping[str, list[object]]) -> Iterator[tuple[Way, Way, Both]]:
    for first, second in itertools.combinations(ways, 2):
        for values in _trials([first.condition, second.condition], domains):
            if _holds(first.condition, values) and _holds(second.condition, values):
                yield first, second, _shown(values)
                break


def _shown(values: Mapping[str, object]) -> Both:
    said = [(name, *value_said(value)) for name, value in sorted(values.items())]
    return "，".join(f"{n} = {zh}" for n, zh, _ in said), ", ".join(f"{n} = {en}" for n, _, en in said)


def _holds(condition: Expression, values: Mapping[str, object]) -> bool:
    try:
        return bool(condition.evaluate(values))
    except ExpressionError:
        return False


def _trials(conditions: list[Expression], domains: Mapping[str, list[object]]) -> Iterable[dict[str, object]]:
    names = sorted(frozenset[str]().union(*(condition.names for condition in conditions)))
    constants = [value for condition in conditions for value in _constants(condition)]
    choices = [domains.get(name) or _around(constants) for name in names]
    trials = itertools.product(*choices)
    return (dict(zip(names, values, strict=True)) for values in itertools.islice(trials, MAX_TRIALS))


def _constants(condition: Expression) -> Iterator[object]:
    for node in ast.walk(condition.tree):
        if isinstance(node, ast.Constant):
            yield node.value


def _around(constants: list[object]) -> list[object]:
    """Each constant and, for numbers, its neighbours; and both truth values."""
    found: list[object] = [True, False]
    for value in constants:
        around = [value, value - 1, value + 1] if type(value) in (int, float) else [value]  # type: ignore[operator]
        found += [item for item in around if not any(item is old or item == old for old in found)]
    return found


def domains_of(shelf: Shelf) -> dict[str, list[object]]:
    """The values of every name that only choice fields and decision outputs with listed values set."""
    found: dict[str, list[object]] = {}
    open_ended: set[str] = set()
    for form in shelf.forms.values():
        for field in form.inputs if form else ():
            if field.boolean or field.type == "checkbox":
                found.setdefault(field.key, []).extend([True, False])
            elif field.type in ("select", "radio"):
                found.setdefault(field.key, []).extend(option.value for option in field.options)
            else:
                open_ended.add(field.key)
    for decision in shelf.decisions.values():
        for column, output in enumerate(decision.outputs if decision else ()):
            answers = [rule.answers[column] for rule in decision.rules] if decision else []
            if decision and (decision.hit_policy == "COLLECT" or any(a.expression for a in answers)):
                open_ended.add(output.name)
            found.setdefault(output.name, []).extend(answer.literal for answer in answers)
    return {name: values for name, values in found.items() if name not in open_ended and values}
