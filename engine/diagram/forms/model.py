"""A form: named fields, how submitted values become typed ones, how typed ones are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property

from engine.diagram.expressions import HOUSE_ZONE, ReadClock
from engine.diagram.forms.cleaning import clean_fields, visible_fields
from engine.diagram.forms.field import Field
from engine.diagram.forms.scope import Lookups, Scope, form_functions, no_clock


@dataclass(frozen=True)
class Shown:
    """One field of a submission, ready to print: label, text, and for tables the header and the rows."""

    field: Field
    label: str
    text: str
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Form:
    """A form as the process owner drew it, whatever file it came from."""

    key: str
    title: str
    title_en: str
    fields: tuple[Field, ...]

    def label(self, lang: str) -> str:
        """The title in `lang` ("zh" or "en"), Chinese where there is no English."""
        return (self.title_en if lang == "en" and self.title_en else self.title) or self.key

    @cached_property
    def inputs(self) -> tuple[Field, ...]:
        """The fields that carry a value, in order; layout is left out."""
        return tuple(field for field in self.fields if field.is_input)

    @cached_property
    def field_names(self) -> frozenset[str]:
        """The keys a submission of this form may, and a cleaned one does, contain."""
        return frozenset(field.key for field in self.inputs)

    @cached_property
    def personal_names(self) -> frozenset[str]:
        """The keys that hold personal data, to be masked for people who need not see them."""
        return frozenset(field.key for field in self.inputs if field.personal)

    @cached_property
    def reads(self) -> frozenset[str]:
        """The names from outside the form that its conditions and bounds read."""
        return _names_read(self.fields) - self.field_names

    def field(self, key: str) -> Field:
        """The input field called `key`. Raises KeyError if the form has none."""
        return next((field for field in self.inputs if field.key == key), None) or _no_field(key)

    def clean(
        self,
        raw: Mapping[str, object],
        lookups: Lookups,
        names: Mapping[str, object],
        now: datetime,
        zone: tzinfo = HOUSE_ZONE,
    ) -> dict[str, object]:
        """Turn what a person or a program sent into typed, JSON-able values.

        `raw` holds strings (a page) or JSON values (a program); table rows are lists of dicts. `names` are
        the case's current variables, which conditions may read. `now` is aware; `zone` is where a datetime
        without an offset was written. Every declared key is in the result, hidden fields being empty.
        Raises FormInvalid with every problem at once; `raw` is left untouched.
        """
        return clean_fields(self.fields, raw, Scope(names, lookups, now, zone))

    def visible(
        self,
        values: Mapping[str, object],
        names: Mapping[str, object],
        now: datetime,
        read_clock: ReadClock = no_clock,
    ) -> frozenset[str]:
        """The keys (layout included) whose condition to be shown holds for these typed values."""
        return visible_fields(self.fields, values, names, form_functions(now, read_clock))

    def show(
        self, values: Mapping[str, object], lang: str, name_of: Callable[[str], str] = str
    ) -> tuple[Shown, ...]:
        """The filled-in fields of a submission in order, ready for a read-only page."""
        return tuple(
            _shown(field, values.get(field.key), lang, name_of)
            for field in self.inputs
            if values.get(field.key) not in (None, "", [])
        )


def _shown(field: Field, value: object, lang: str, name_of: Callable[[str], str]) -> Shown:
    text = field.display(value, lang, name_of)
    if field.type != "table" or not isinstance(value, list):
        return Shown(field, field.text(lang), text)
    header = tuple(column.text(lang) for column in field.columns)
    rows = tuple(field.display_row(row, lang, name_of) for row in value)
    return Shown(field, field.text(lang), text, header, rows)


def _names_read(fields: tuple[Field, ...]) -> frozenset[str]:
    read: set[str] = set()
    for field in fields:
        for expression in (field.show_when, field.required_when, field.not_before, field.not_after):
            read |= expression.names if expression else frozenset()
        read |= _names_read(field.columns) - {column.key for column in field.columns}
    return frozenset(read)


def _no_field(key: str) -> Field:
    raise KeyError(key)
