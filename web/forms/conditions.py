"""Which fields apply: the same conditions for the page without JavaScript (a note) and with it (live)."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext

from engine import Field, Form
from engine.errors import EngineError

SPELLINGS = ((r"&&", " and "), (r"\|\|", " or "), (r"!(?!=)", " not "), (r"\beq\b", "=="), (r"\bne\b", "!="),
             (r"\btrue\b", "True"), (r"\bfalse\b", "False"), (r"\bnull\b", "None"))  # fmt: skip


def explain(expression: object, form: Form, lang: str) -> str:
    """When a field applies, as a reader understands it: “Our product's problem” is “No”.

    Only plain comparisons with fields of the same form are put into words; anything else reads "depends on
    earlier answers".
    """
    source = str(getattr(expression, "source", expression)).strip().lstrip("=").strip()
    source = re.sub(r"^[$#]\{(.*)\}$", r"\1", source, flags=re.DOTALL)
    for spelling, ours in SPELLINGS:
        source = re.sub(spelling, ours, source)
    try:
        words = _words(ast.parse(source.strip(), mode="eval").body, {f.key: f for f in form.inputs}, lang)
    except (SyntaxError, ValueError, KeyError):
        return gettext("Applies depending on other answers.")
    return gettext("Applies when %(condition)s.", condition=words)


def _words(node: ast.expr, fields: Mapping[str, Field], lang: str) -> str:
    if isinstance(node, ast.BoolOp):
        joint = gettext(" and ") if isinstance(node.op, ast.And) else gettext(" or ")
        return joint.join(_words(part, fields, lang) for part in node.values)
    if isinstance(node, ast.Name):
        return _is(fields[node.id], True, lang)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) and isinstance(node.operand, ast.Name):
        return _is(fields[node.operand.id], False, lang)
    if isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and len(node.ops) == 1:
        return _compared(fields[node.left.id], node.ops[0], ast.literal_eval(node.comparators[0]), lang)
    raise ValueError(ast.dump(node))


def _compared(field: Field, how: ast.cmpop, value: object, lang: str) -> str:
    if isinstance(how, ast.Eq):
        return _is(field, value, lang)
    if isinstance(how, ast.In) and isinstance(value, (list, tuple)):
        return gettext(" or ").join(_is(field, each, lang) for each in value)
    if isinstance(how, (ast.NotEq, ast.Gt, ast.GtE, ast.Lt, ast.LtE)):
        sign = {ast.NotEq: "≠", ast.Gt: ">", ast.GtE: "≥", ast.Lt: "<", ast.LtE: "≤"}[type(how)]
        return f"“{field.text(lang)}” {sign} {field.display(value, lang)}"
    raise ValueError(ast.dump(how))


def _is(field: Field, value: object, lang: str) -> str:
    shown = field.display(value, lang)
    return gettext("“%(field)s” is “%(value)s”", field=field.text(lang), value=shown)


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
    form: Form, raw: Mapping[str, object], names: Mapping[str, object], now: datetime
) -> tuple[frozenset[str], frozenset[str]]:
    """The keys of the fields that apply now, and of those that must be filled in."""
    values = typed(form, raw)
    visible = form.visible(values, names, now)
    required = {f.key for f in form.inputs if f.key in visible and must(f, {**names, **values})}
    return visible, frozenset(required)


def must(field: Field, names: Mapping[str, object]) -> bool:
    """Whether a field must be filled in, given the values so far; an undecidable condition does not bind yet."""
    if field.required_when is None:
        return field.required
    try:
        return field.required or bool(field.required_when.evaluate(names))
    except EngineError:
        return field.required
