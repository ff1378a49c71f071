"""What was typed goes back into the component: what was changed, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.diagram.expressions import compile_expression
from engine.diagram.form_editor.entries import Entries, held_at, path_of, read_entries
from engine.diagram.form_editor.kinds import BLANK, ENTRIES, Entry, kin, kind_of
from engine.diagram.form_editor.options import write_options
from engine.diagram.form_editor.tree import Branch
from engine.diagram.forms.builder import ROWS_MAX, bound
from engine.errors import ExpressionError, FieldProblem

WHOLE = re.compile(r"\d{1,9}")
TITLE_MOST = 200
FORMATS = ("", "email", "phone")
NO_WHOLE = ("应为不小于零的整数。", "Must be a whole number, not below zero.")
NO_NUMBER = ("应为数字。", "Must be a number.")
OUT_OF_RANGE = ("超出允许的范围。", "Outside what is possible here.")
NO_EXPRESSION = (
    "不能是表达式（以“=”开头或含“{{”）。",
    'Cannot be an expression (beginning "=" or with "{{").',
)
NO_CHOICE = ("不在可选范围内。", "Not one of the choices offered.")
NEEDED = {
    "label": ("请填写中文标签。", "Give a Chinese label."),
    "key": ("请填写字段键。", "Give the field a key."),
}
NUMBER_RULES = {"min", "max", "min_length", "max_length", "decimals"}
NEEDED_TITLE = ("请填写中文标题。", "Give a Chinese title.")
TOO_LONG = (f"不能超过 {TITLE_MOST} 个字符。", f"No more than {TITLE_MOST} characters.")
SIZES = {"width": (2, 16), "rows_min": (0, ROWS_MAX), "rows_max": (1, ROWS_MAX)}


def write_entries(component: Branch, typed: Entries) -> list[FieldProblem]:
    """Puts into the component what was changed, and nothing else; returns what cannot be understood."""
    shown, problems = read_entries(component), []
    for entry in ENTRIES[shown.kind]:
        given = typed.values.get(entry.name, "" if entry.is_flag else None)
        if entry.sort == "options" or given is None:
            continue
        if _one_text(given, entry) != _one_text(shown.values[entry.name], entry):
            try:
                _write(component, entry, given.strip())
            except _NotUnderstood as fault:
                problems.append(FieldProblem(entry.name, *fault.texts))
    if typed.options != shown.options and any(entry.sort == "options" for entry in ENTRIES[shown.kind]):
        write_options(component, typed.options)
    if kind_of(component) != shown.kind:
        _forget(component, shown.kind)
    return problems


def _forget(component: Branch, before: str) -> None:
    """Takes out what was said of a field of the kind `before` and cannot be said of what it is now."""
    now = {entry.path: entry for entry in ENTRIES[kind_of(component)]}
    for entry in ENTRIES[before]:
        path = path_of(component, entry)
        if entry.path not in now:
            component.put_at(path, None)
        elif now[entry.path].sort != entry.sort:
            component.put_at(path, _as_other(held_at(component, path), now[entry.path].sort))


def _as_other(default: object, sort: str) -> object:
    """One answer given beforehand as a list of them, or the other way round."""
    if sort == "defaults":
        return default if isinstance(default, list) or default is None else [default]
    return default[0] if isinstance(default, list) and len(default) == 1 else default or None


def _one_text(text: str, entry: Entry) -> str:
    """A text as a browser sends it back: in one line, or with plain line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if entry.sort in ("lines", "defaults") else text.replace("\n", "")


class _NotUnderstood(Exception):
    def __init__(self, texts: tuple[str, str]) -> None:
        super().__init__(texts[1])
        self.texts = texts


def lacking(typed: Entries) -> list[FieldProblem]:
    """What a new field must say and does not."""
    names = [entry.name for entry in ENTRIES[typed.kind] if entry.name in NEEDED]
    return [FieldProblem(name, *NEEDED[name]) for name in names if not typed.values.get(name, "").strip()]


def check_title(name: str, given: str) -> list[FieldProblem]:
    """What keeps a text from being the title (`name` is title or title_en) of a form."""
    if not given and name == "title":
        return [FieldProblem(name, *NEEDED_TITLE)]
    if given.startswith("=") or "{{" in given:
        return [FieldProblem(name, *NO_EXPRESSION)]
    return [FieldProblem(name, *TOO_LONG)] if len(given) > TITLE_MOST else []


def _write(component: Branch, entry: Entry, given: str) -> None:
    if not given and entry.name in NEEDED and kind_of(component) != "section":
        raise _NotUnderstood(NEEDED[entry.name])
    if entry.sort == "kind":
        _change_kind(component, given)
        return
    if entry.name == "read_only":
        component.drop("disabled")
    path = path_of(component, entry)
    value = _WRITTEN[entry.sort](entry, given) if given else None
    if entry.sort == "default" and given:
        value = _default(kind_of(component), given)
    component.put_at(path, value)


def _change_kind(component: Branch, kind: str) -> None:
    if kind not in kin(kind_of(component)):
        raise _NotUnderstood(NO_CHOICE)
    for name, value in BLANK[kind].items():
        if name in ("type", "subtype") or component.item(name) is None:
            component.set(name, value)


def _line(entry: Entry, given: str) -> str:
    text = given.replace("\r\n", "\n").replace("\r", "\n")
    if entry.name in ("label", "help") and (text.startswith("=") or "{{" in text):
        raise _NotUnderstood(NO_EXPRESSION)
    return text


def _expression(entry: Entry, given: str) -> str:
    try:
        compile_expression(given)
    except ExpressionError as error:
        raise _NotUnderstood((error.message("zh"), error.message("en"))) from error
    return given


def _whole(entry: Entry, given: str) -> int:
    if not WHOLE.fullmatch(given):
        raise _NotUnderstood(NO_WHOLE)
    number = int(given)
    low, high = SIZES.get(entry.name, (0, number))
    if not low <= number <= high or (entry.name in NUMBER_RULES and bound(entry.name, number) is None):
        raise _NotUnderstood(OUT_OF_RANGE)
    return number


def _decimal(entry: Entry, given: str) -> int | float:
    number = bound(entry.name, given)
    if number is None:
        raise _NotUnderstood(NO_NUMBER)
    return number


def _format(entry: Entry, given: str) -> str:
    if given not in FORMATS:
        raise _NotUnderstood(NO_CHOICE)
    return given


def _default(kind: str, given: str) -> object:
    """A default in the type that the form editor gives it; one that does not fit is found by the check."""
    if kind == "checkbox":
        return given == "true"
    if kind == "number" and (number := bound("min", given)) is not None:
        return number
    return given


_WRITTEN: dict[str, Callable[[Entry, str], object]] = {
    "line": _line,
    "lines": _line,
    "flag": lambda entry, given: True,
    "mark": lambda entry, given: "true",
    "case": lambda entry, given: "case",
    "whole": _whole,
    "count": lambda entry, given: str(_whole(entry, given)),
    "decimal": _decimal,
    "expression": _expression,
    "condition": lambda entry, given: "=" + _expression(entry, given.removeprefix("=").strip()),
    "format": _format,
    "default": _line,
    "defaults": lambda entry, given: [line.strip() for line in given.splitlines() if line.strip()],
}
