"""A whole submission: types, conditions, bounds and rows, with every problem found at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.diagram.expressions import Function
from engine.diagram.forms.conditions import holds, outside_dates
from engine.diagram.forms.field import Field
from engine.diagram.forms.scope import Refused, Scope, is_blank
from engine.diagram.forms.values import typed_value
from engine.errors import FieldProblem, FormInvalid

UNDECLARED_MAX = 50  # problems named for keys nobody declared; the rest adds nothing
REQUIRED = ("此项必填。", "This is required.")
UNTICKED = ("请确认并勾选。", "Please confirm by ticking.")
FIXED = ("此项不可修改。", "This cannot be changed.")

Cleaned = tuple[dict[str, object], list[FieldProblem]]


def clean_fields(fields: tuple[Field, ...], raw: Mapping[str, object], scope: Scope) -> dict[str, object]:
    """The typed values of `raw` by key. Raises FormInvalid with all problems, in the order of the form."""
    values, problems = _clean(fields, raw, scope, "")
    if problems:
        raise FormInvalid(problems=problems)
    return values


def visible_fields(
    fields: tuple[Field, ...],
    values: Mapping[str, object],
    names: Mapping[str, object],
    functions: Mapping[str, Function],
) -> frozenset[str]:
    """The keys of the fields shown for these typed values; what a hidden field holds counts as empty.

    Hiding one field can hide another, so this repeats until nothing changes (at most once a field).
    """
    shown = frozenset(field.key for field in fields)
    for _ in fields:
        known = {**names, **_keep(fields, values, shown)}
        now_shown = frozenset(
            field.key
            for field in fields
            if field.show_when is None or holds(field.show_when, known, functions, unknown=True)
        )
        if now_shown == shown:
            break
        shown = now_shown
    return shown


def _clean(fields: tuple[Field, ...], raw: Mapping[str, object], scope: Scope, path: str) -> Cleaned:
    """Clean one form or one table row; `path` is put before each key in the problems."""
    inputs = [field for field in fields if field.is_input]
    values: dict[str, object] = {field.key: field.empty for field in inputs}
    faults: dict[str, list[FieldProblem]] = {}
    plain = [field for field in inputs if field.type != "table"]
    for field in plain:
        values[field.key], faults[field.key] = _single(field, raw.get(field.key), scope, path)
    if len(plain) < len(inputs):
        # Rows may look at the fields around their table, so these come first.
        around = scope.with_names(_keep(fields, values, _shown(fields, values, scope)))
        for field in (field for field in inputs if field.type == "table"):
            values[field.key], faults[field.key] = _table(field, raw.get(field.key), around, path)
    shown = _shown(fields, values, scope)
    values = _keep(fields, values, shown)
    inner = scope.with_names(values)
    problems = _undeclared(inputs, raw, path)
    for field in (field for field in inputs if field.key in shown):
        problems += faults[field.key] or list(_demands(field, values[field.key], inner, path + field.key))
    return values, problems


def _shown(fields: tuple[Field, ...], values: dict[str, object], scope: Scope) -> frozenset[str]:
    """As `visible_fields`; a form without conditions asks for no functions."""
    if any(field.show_when for field in fields):
        return visible_fields(fields, values, scope.names, scope.functions)
    return frozenset([field.key for field in fields])


def _keep(fields: Iterable[Field], values: Mapping[str, object], shown: frozenset[str]) -> dict[str, object]:
    """The values of all inputs, those of hidden ones emptied."""
    return {
        field.key: values.get(field.key, field.empty) if field.key in shown else field.empty
        for field in fields
        if field.is_input
    }


def _single(field: Field, raw: object, scope: Scope, path: str) -> tuple[object, list[FieldProblem]]:
    try:
        value = typed_value(field, raw, scope)
    except Refused as refusal:
        return field.empty, [FieldProblem(path + field.key, refusal.zh, refusal.en)]
    if not field.read_only:
        return value, []
    current = scope.names.get(field.key, field.default)
    current = field.empty if current is None else current
    changed = not is_blank(raw) and value != current
    return current, [FieldProblem(path + field.key, *FIXED)] if changed else []


def _table(field: Field, raw: object, scope: Scope, path: str) -> tuple[object, list[FieldProblem]]:
    """The rows of a table; wholly blank ones are dropped, the problems keep the row numbers of `raw`."""
    here = path + field.key
    rows = [] if is_blank(raw) else raw
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return [], [FieldProblem(here, "应为表格的行。", "Must be rows of a table.")]
    if len(rows) > field.rows_max:
        return [], [FieldProblem(here, f"最多 {field.rows_max} 行。", f"At most {field.rows_max} rows.")]
    kept: list[object] = []
    problems: list[FieldProblem] = []
    for number, row in enumerate(rows):
        if all(is_blank(cell) or cell is False for cell in row.values()):
            continue
        values, faults = _clean(field.columns, row, scope, f"{here}.{number}.")
        kept.append(values)
        problems += faults
    return kept, problems


def _demands(field: Field, value: object, scope: Scope, here: str) -> Iterable[FieldProblem]:
    """What is asked of a value beyond its own type: presence, enough rows, dates within bounds."""
    if field.read_only:
        return
    if value == field.empty:
        if _is_required(field, scope):
            yield FieldProblem(here, *(UNTICKED if field.type == "checkbox" else REQUIRED))
        return
    if isinstance(value, list) and len(value) < field.rows_min:
        yield FieldProblem(here, f"至少 {field.rows_min} 行。", f"At least {field.rows_min} rows.")
    problem = outside_dates(field, value, scope)
    if problem:
        yield FieldProblem(here, *problem)


def _is_required(field: Field, scope: Scope) -> bool:
    if field.required or field.rows_min > 0:
        return True
    when = field.required_when
    return when is not None and holds(when, scope.names, scope.functions, unknown=False)


def _undeclared(inputs: Iterable[Field], raw: Mapping[str, object], path: str) -> list[FieldProblem]:
    declared = {field.key for field in inputs}
    strangers = [str(key)[:60] for key in raw if key not in declared]
    return [
        FieldProblem(path + key, f"表单没有“{key}”这一项。", f'The form has no field "{key}".')
        for key in strangers[:UNDECLARED_MAX]
    ]
