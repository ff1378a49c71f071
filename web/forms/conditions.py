"""Which fields apply: the same conditions for the page without JavaScript (a note) and with it (live)."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext

from engine import Field, Form, Function, ReadClock, form_functions
from engine.errors import EngineError

SIGNS = {ast.Gt: ">", ast.GtE: "≥", ast.Lt: "<", ast.LtE: "≤"}


def explain(tree: ast.AST, form: Form, lang: str) -> str:
    """When a field applies, as a reader understands it: “Our product's problem” is “No”.

    `tree` is the condition's syntax tree.
    Only comparisons with fields of the same form are put into words; any other note stays general.
    """
    try:
        words = _words(tree, {field.key: field for field in form.inputs}, lang)
    except (ValueError, KeyError):
        return gettext("Applies depending on other answers.")
    return gettext("Applies when %(condition)s.", condition=words)


def _words(node: ast.AST, fields: Mapping[str, Field], lang: str, negated: bool = False) -> str:
    match node:
        case ast.Expression(body=body):
            return _words(body, fields, lang, negated)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _words(operand, fields, lang, not negated)
        case ast.BoolOp(op=op, values=parts):
            # De Morgan: "not (a and b)" reads "not a or not b".
            joint = gettext(" or ") if isinstance(op, ast.Or) != negated else gettext(" and ")
            return joint.join(_words(part, fields, lang, negated) for part in parts)
        case ast.Name(id=name):
            return _is(fields[name], True, lang, negated)
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq() | ast.Is()], comparators=[given]):
            return _is(fields[name], ast.literal_eval(given), lang, negated)
        case ast.Compare(left=ast.Name(id=name), ops=[ast.NotEq() | ast.IsNot()], comparators=[given]):
            return _is(fields[name], ast.literal_eval(given), lang, not negated)
        case ast.Compare(left=ast.Name(id=name), ops=[ast.In()], comparators=[given]):
            joint = gettext(" and ") if negated else gettext(" or ")
            return joint.join(_is(fields[name], each, lang, negated) for each in ast.literal_eval(given))
        case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[given]) if not negated:
            value = fields[name].display(ast.literal_eval(given), lang)
            return f"“{fields[name].text(lang)}” {SIGNS[type(op)]} {value}"
    raise ValueError(ast.dump(node))


def _is(field: Field, value: object, lang: str, negated: bool) -> str:
    label = field.text(lang)
    if value is None:
        filled = gettext("“%(field)s” is filled in", field=label)
        return filled if negated else gettext("“%(field)s” is empty", field=label)
    words = {"field": label, "value": field.display(value, lang)}
    if negated:
        return gettext("“%(field)s” is not “%(value)s”", **words)
    return gettext("“%(field)s” is “%(value)s”", **words)


def typed(form: Form, raw: Mapping[str, object]) -> dict[str, object]:
    """What was typed so far as values that conditions can compare; what does not fit yet counts as empty."""
    return {field.key: _typed(field, raw.get(field.key)) for field in form.inputs}


def _typed(field: Field, value: object) -> object:
    if not isinstance(value, str):
        return value
    if not value.strip():
        return field.empty
    if field.type == "number":
        try:
            number = float(value)
        except ValueError:
            return None
        return int(number) if number.is_integer() else number
    return value == "true" if field.boolean and value in ("true", "false") else value


def applying(
    form: Form,
    raw: Mapping[str, object],
    names: Mapping[str, object],
    now: datetime,
    read_clock: ReadClock,
) -> tuple[frozenset[str], frozenset[str]]:
    """The keys of the fields that apply now, and of those that must be filled in."""
    values = typed(form, raw)
    visible = form.visible(values, names, now, read_clock)
    functions = form_functions(now, read_clock)
    required = {f.key for f in form.inputs if f.key in visible and _must(f, {**names, **values}, functions)}
    return visible, frozenset(required)


def _must(field: Field, names: Mapping[str, object], functions: Mapping[str, Function]) -> bool:
    """Whether a field must be filled in by the values so far; what cannot be decided does not bind yet."""
    if field.required or field.required_when is None:
        return field.required
    known = {name: names.get(name) for name in field.required_when.names}
    try:
        return bool(field.required_when.evaluate(known, functions))
    except EngineError:
        return False
