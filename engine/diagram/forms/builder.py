"""From the facts of a file to a checked field; every problem is reported, none stops the reading."""

from __future__ import annotations

import keyword
import re
from dataclasses import replace
from typing import Any

from engine.diagram.expressions import Expression, compile_expression
from engine.diagram.forms.checks import check_field
from engine.diagram.forms.facts import Facts
from engine.diagram.forms.field import CHOICE_TYPES, LAYOUT_TYPES, Field, Option
from engine.diagram.forms.problems import Report
from engine.diagram.forms.texts import TEXTAREA_MAX
from engine.diagram.forms.wording import called, wanted
from engine.errors import ExpressionError

KEY_MAX = 64
OPTIONS_MAX = 500
ROWS_MAX = 1000
PROPERTIES = {
    *("label.en", "help.en", "unit.en", "personal", "boolean", "source", "source.group", "required.when"),
    *("not_before", "not_after", "rows.min", "rows.max", "accept", "pattern.message", "pattern.message.en"),
}
CEILINGS = {"min": 1e15, "max": 1e15, "min_length": TEXTAREA_MAX, "max_length": TEXTAREA_MAX, "decimals": 6}
HIDE = "conditional.hide"
_NEGATION = re.compile(r"not\s*\((.*)\)", re.DOTALL)


def build_field(facts: Facts, report: Report) -> Field:
    """The field that `facts` describe; what is wrong goes to `report` and something harmless stands in."""
    properties = facts.properties
    field = Field(
        key=facts.key,
        type=_type(facts, report),
        label=facts.label,
        label_en=properties.get("label.en", ""),
        help=facts.help,
        help_en=properties.get("help.en", ""),
        unit=facts.unit,
        unit_en=properties.get("unit.en", ""),
        required=facts.required,
        read_only=facts.read_only,
        default=facts.default,
        columns=facts.columns,
        group=properties.get("source.group"),
        source="case" if properties.get("source") == "case" else "",
        personal=_flag("personal", facts, report),
        boolean=_flag("boolean", facts, report),
        accept=tuple(re.findall(r"[^\s,;]+", facts.accept or properties.get("accept", ""))),
        row=facts.row,
        width=facts.width,
    )
    field = replace(
        field,
        multiple=facts.multiple or (field.type in {"user", "group"} and facts.type == "multiselect"),
        options=_options(facts, report) if field.type in CHOICE_TYPES else (),
        **_conditions(facts, report),
        **_bounds(facts, report),
    )
    if field.type not in LAYOUT_TYPES:
        _check_key(facts, report)
    _check_properties(field, facts, report)
    return check_field(field, facts, report)


def _check_key(facts: Facts, report: Report) -> None:
    key = facts.key
    if not key.isidentifier() or keyword.iskeyword(key) or len(key) > KEY_MAX:
        facts.wrong(report, "bad_key", key=key[:KEY_MAX])
    elif key == "typename" or key.startswith("_"):
        facts.wrong(report, "reserved_key", key=key)


def _check_properties(field: Field, facts: Facts, report: Report) -> None:
    english = {f"option.{option.value}.en" for option in field.options}
    for name in facts.properties.keys() - PROPERTIES - english:
        facts.wrong(report, "unknown_property", name=name)


def _type(facts: Facts, report: Report) -> str:
    """The type; a choice whose `source` is people or groups becomes such a field; a text may name a case."""
    source = facts.properties.get("source")
    if source is None or (source == "case" and facts.type == "text"):
        return facts.type
    if source not in {"user", "group"} or facts.type not in {"select", "multiselect"}:
        facts.wrong(report, "bad_source")
        return facts.type
    return source


def _conditions(facts: Facts, report: Report) -> dict[str, Any]:
    written = {name: facts.properties.get(name) for name in ("required.when", "not_before", "not_after")}
    return {
        "show_when": _show_when(facts, report),
        **{n.replace(".", "_"): _expression(n, source, facts, report) for n, source in written.items()},
    }


def _expression(name: str, source: str | None, facts: Facts, report: Report) -> Expression | None:
    """What is written as the property `name`; None if there is nothing, or nothing that can be used."""
    if source is None:
        return None
    try:
        return compile_expression(source)
    except ExpressionError as error:
        reason = error.message("zh"), error.message("en")
        facts.wrong(report, "bad_expression", name=called(name), reason=reason)
        return None


def _show_when(facts: Facts, report: Report) -> Expression | None:
    """A field is shown when none of its (and its groups') conditions hides it."""
    compiled = [_expression(HIDE, hide, facts, report) for hide in facts.hides]
    if not compiled or None in compiled:
        return None
    shown = [_opposite(hide.strip().removeprefix("=").strip()) for hide in facts.hides]
    all_hold = shown[0] if len(shown) == 1 else " and ".join(f"({each})" for each in shown)
    return _expression(HIDE, all_hold, facts, report)


def _opposite(hide: str) -> str:
    """The condition to be shown; `not (…)` loses its negation, so that a page can put it into plain words."""
    match = _NEGATION.fullmatch(hide)
    try:
        if match and compile_expression(match.group(1)):
            return match.group(1)
    except ExpressionError:
        pass  # the first bracket does not close at the end, as in `not (a) and (b)`
    return f"not ({hide})"


def _options(facts: Facts, report: Report) -> tuple[Option, ...]:
    found: dict[str, Option] = {}
    for value, label in facts.options[:OPTIONS_MAX]:
        if not isinstance(value, str) or not value.strip() or not isinstance(label, str):
            facts.wrong(report, "bad_option")
        elif value in found:
            facts.wrong(report, "duplicate_option", value=value)
        else:
            found[value] = Option(value, label or value, facts.properties.get(f"option.{value}.en", ""))
    if not 1 <= len(facts.options) <= OPTIONS_MAX:
        facts.wrong(report, "bad_options", most=OPTIONS_MAX)
    return tuple(found.values())


def _flag(name: str, facts: Facts, report: Report) -> bool:
    value = facts.properties.get(name, "false")
    if value not in {"true", "false"}:
        facts.wrong(report, "bad_property", name=called(name), value=value, wanted=wanted(name))
    return value == "true"


def _bounds(facts: Facts, report: Report) -> dict[str, Any]:
    found: dict[str, Any] = {
        "format": facts.rules.get("format") or "",
        "pattern": facts.rules.get("pattern") or None,
        "pattern_message": facts.properties.get("pattern.message", ""),
        "pattern_message_en": facts.properties.get("pattern.message.en", ""),
    }
    for name in ("rows.min", "rows.max"):
        value = facts.properties.get(name)
        if value is not None and re.fullmatch(r"\d{1,4}", value) and int(value) <= ROWS_MAX:
            found[name.replace(".", "_")] = int(value)
        elif value is not None:
            facts.wrong(report, "bad_property", name=called(name), value=value, wanted=wanted(name))
    for name in CEILINGS.keys() & facts.rules.keys():
        raw = facts.rules[name]
        number = bound(name, raw)
        if number is not None:
            found[name] = number
        elif raw not in (None, ""):
            facts.wrong(report, "bad_bound", name=called(name), value=raw, wanted=wanted(name))
    return found


def bound(name: str, raw: object) -> int | float | None:
    """The rule `name` as a number within its ceiling; lengths and decimals are whole and not negative."""
    if isinstance(raw, str) and re.fullmatch(r"\s*-?\d{1,16}(\.\d{1,16})?\s*", raw):
        raw = float(raw)
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not abs(raw) <= CEILINGS[name]:
        return None
    if name not in {"min", "max"} and (raw < 0 or raw % 1):
        return None
    return int(raw) if raw % 1 == 0 else raw
