"""One field of a form: what it asks for, and how a typed value of it reads on a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.diagram.expressions import Expression

CHOICE_TYPES = frozenset({"select", "radio", "multiselect"})
LAYOUT_TYPES = frozenset({"heading", "paragraph", "separator"})
INPUT_TYPES = CHOICE_TYPES | {
    "text", "textarea", "number", "date", "datetime", "checkbox", "file", "user", "group", "table",
}  # fmt: skip

YES_NO = {"zh": ("是", "否"), "en": ("Yes", "No")}


@dataclass(frozen=True)
class Option:
    """One answer a choice field offers; `value` is what is kept, the labels are what is read."""

    value: str
    label: str
    label_en: str = ""

    def text(self, lang: str) -> str:
        """The label in `lang` ("zh" or "en"), Chinese where there is no English."""
        return self.label_en if lang == "en" and self.label_en else self.label


@dataclass(frozen=True)
class Field:
    """A field, or a piece of layout (types in LAYOUT_TYPES, which carry no value).

    Bounds: `min`/`max` are numbers; `min_length`/`max_length` characters; `not_before`/`not_after`
    expressions giving a date or datetime; `rows_min`/`rows_max` table rows; `decimals` 0 means whole numbers.
    `boolean` marks a radio whose options "true" and "false" stand for True and False.
    `row` names the line of the page it shares with its neighbours, `width` its share of 16 columns.
    """

    key: str
    type: str
    label: str = ""
    label_en: str = ""
    help: str = ""
    help_en: str = ""
    required: bool = False
    required_when: Expression | None = None
    show_when: Expression | None = None
    min: float | None = None
    max: float | None = None
    decimals: int | None = None
    unit: str = ""
    unit_en: str = ""
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    pattern_message: str = ""
    pattern_message_en: str = ""
    format: str = ""  # "", "email" or "phone": the keyboard a page should offer
    not_before: Expression | None = None
    not_after: Expression | None = None
    options: tuple[Option, ...] = ()
    boolean: bool = False
    columns: tuple[Field, ...] = ()
    rows_min: int = 0
    rows_max: int = 100
    multiple: bool = False
    accept: tuple[str, ...] = ()
    group: str | None = None
    source: str = ""  # "case": a text that is the number of a running case
    personal: bool = False
    read_only: bool = False
    default: object = None
    row: str = ""
    width: int | None = None

    @property
    def offered(self) -> tuple[str, ...]:
        """Of a field that asks for departments: the groups it is limited to; empty: every group."""
        named = (self.group or "").replace(",", " ").split() if self.type == "group" else ()
        return tuple(named)

    @property
    def is_input(self) -> bool:
        """True if the field carries a value, False for headings and other layout."""
        return self.type not in LAYOUT_TYPES

    @property
    def is_list(self) -> bool:
        """True if its typed value is a list: files, tables, multi-selects, several people or groups."""
        return self.multiple or self.type in {"file", "table", "multiselect"}

    @property
    def empty(self) -> object:
        """The typed value of this field when nothing was given: [], False or None."""
        if self.is_list:
            return []
        return False if self.type == "checkbox" else None

    def text(self, lang: str) -> str:
        """The label in `lang` ("zh" or "en"), Chinese where there is no English."""
        return (self.label_en if lang == "en" and self.label_en else self.label) or self.key

    def help_text(self, lang: str) -> str:
        """The help in `lang`; empty if there is none."""
        return self.help_en if lang == "en" and self.help_en else self.help

    def unit_text(self, lang: str) -> str:
        """The unit shown after a number in `lang`; empty if there is none."""
        return self.unit_en if lang == "en" and self.unit_en else self.unit

    def chosen(self, value: object, option: Option) -> bool:
        """Whether `option` is ticked, `value` being a typed value or the raw string a person sent."""
        if isinstance(value, (list, tuple)):
            return option.value in value
        if isinstance(value, bool):
            return option.value == ("true" if value else "false")
        return value == option.value

    def display(self, value: object, lang: str, name_of: Callable[[str], str] = str) -> str:
        """The typed `value` as a reader of `lang` wants to see it; "" if it is empty.

        `name_of` turns a person, group or attachment id into a name. Table rows are joined by line breaks.
        """
        if value is None or value == [] or value == "":
            return ""
        if self.type == "table" and isinstance(value, Sequence):
            rows = (self.display_row(row, lang, name_of) for row in value)
            return "\n".join(" · ".join(cell for cell in row if cell) for row in rows)
        if isinstance(value, (list, tuple)):
            return ("、" if lang == "zh" else ", ").join(self._one(item, lang, name_of) for item in value)
        return self._one(value, lang, name_of)

    def display_row(self, row: object, lang: str, name_of: Callable[[str], str] = str) -> tuple[str, ...]:
        """One row of a table as the displayed cells of its columns."""
        cells = row if isinstance(row, dict) else {}
        return tuple(column.display(cells.get(column.key), lang, name_of) for column in self.columns)

    def _one(self, value: object, lang: str, name_of: Callable[[str], str]) -> str:
        if isinstance(value, bool):
            if self.boolean:
                value = "true" if value else "false"
            else:
                return YES_NO[lang][0 if value else 1]
        if self.type in CHOICE_TYPES:
            return next((option.text(lang) for option in self.options if option.value == value), str(value))
        if self.type in {"user", "group", "file"}:
            return name_of(str(value))
        if self.type == "number":
            return f"{_number(value)} {self.unit_text(lang)}".rstrip()
        return _moment(str(value), self.type, lang)


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, (int, float)) else str(value)


def _moment(value: str, kind: str, lang: str) -> str:
    """Dates as the language writes them; anything that is no date of that kind stays as it is."""
    try:
        if kind == "date":
            day = date.fromisoformat(value)
            return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {day:%b %Y}"
        if kind == "datetime":
            at = datetime.fromisoformat(value)
            return (
                f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
                if lang == "zh"
                else f"{at.day} {at:%b %Y %H:%M}"
            )
    except ValueError:
        return value
    return value
