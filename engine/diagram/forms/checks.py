"""What only shows when the parts of a field are together: crossed bounds, slow patterns, lacking English."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from engine.diagram.expressions import ClockFacts
from engine.diagram.forms.facts import Facts
from engine.diagram.forms.field import Field
from engine.diagram.forms.patterns import pattern_fault
from engine.diagram.forms.problems import Report
from engine.diagram.forms.scope import Refused, Scope, is_blank
from engine.diagram.forms.texts import text_limit
from engine.diagram.forms.values import typed_value
from engine.diagram.forms.wording import called


def check_field(field: Field, facts: Facts, report: Report) -> Field:
    """The field with its default typed; every problem is reported at the place where `facts` were read."""
    _check_bounds(field, facts, report)
    _check_words(field, facts, report)
    fault = pattern_fault(field.pattern, text_limit(field)) if field.pattern else None
    if fault:
        facts.wrong(report, "bad_pattern", reason=fault)
        field = replace(field, pattern=None)
    return replace(field, default=_checked_default(field, facts, report))


def _check_bounds(field: Field, facts: Facts, report: Report) -> None:
    pairs = (
        (field.min, field.max),
        (field.min_length, field.max_length),
        (field.rows_min, field.rows_max),
    )
    if any(low is not None and high is not None and low > high for low, high in pairs):
        facts.wrong(report, "crossed_bounds")
    values = {option.value for option in field.options}
    if field.boolean and (field.type != "radio" or values != {"true", "false"}):
        facts.wrong(report, "bad_boolean")
    if field.type == "table" and not field.columns:
        facts.wrong(report, "no_columns")


class _Anybody:
    """Lookups for a file read without a database: a default person is looked up when the form is used."""

    def person_exists(self, person_id: str, group: str | None) -> bool:
        return True

    def group_exists(self, group_id: str) -> bool:
        return True

    def attachment_exists(self, attachment_id: str) -> bool:
        return False

    def case_exists(self, number: str) -> bool:
        return False

    def read_clock(self, name: str, case: str | None) -> ClockFacts | None:
        return None


def _checked_default(field: Field, facts: Facts, report: Report) -> object:
    """The default as a typed value; None if there is none, or if it is not one the field would take."""
    if is_blank(facts.default) or not field.is_input:
        return None
    scope = Scope({}, _Anybody(), datetime(2000, 1, 1, tzinfo=UTC), UTC)
    try:
        if field.type == "table":
            raise Refused("表格不能有默认值。", "A table cannot have one.")
        return typed_value(field, facts.default, scope)
    except Refused as refusal:
        facts.wrong(report, "bad_default", reason=(refusal.zh, refusal.en))
        return None


def _check_words(field: Field, facts: Facts, report: Report) -> None:
    """Chinese first, English complete: the house rule for everything people read."""
    pairs = {
        "label.en": (field.label, field.label_en),
        "help.en": (field.help, field.help_en),
        "unit.en": (field.unit, field.unit_en),
        "pattern.message.en": (field.pattern_message, field.pattern_message_en),
        **{f"option.{option.value}.en": (option.label, option.label_en) for option in field.options},
    }
    missing = [name for name, (chinese, english) in pairs.items() if chinese and not english]
    if missing:
        said = [called(name) for name in missing]
        names = "、".join(zh for zh, _ in said), ", ".join(en for _, en in said)
        facts.wrong(report, "missing_english", names=names)
    if not field.label and field.type != "separator":
        facts.wrong(report, "missing_label")
