"""A form with its values and problems as the page draws it: one widget an input, table rows included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext

from engine import Field, Form
from engine.errors import FieldProblem
from web.choices import Choice, Choices
from web.forms.conditions import explain

BLANK_ROW, BLANK_NUMBER = "_n_", "_r_"  # stand for index and number in the row that a script copies
WIDTHS = range(2, 17)


@dataclass(frozen=True)
class Widget:
    """One input: `path` is its name on the page (`photos`, `actions.0.due`), `value` raw or typed.

    `spoken` names an input that has no label of its own because it stands in a table.
    """

    field: Field
    path: str
    label: str
    help: str
    value: object
    required: bool
    applies: bool = True
    problem: str = ""
    note: str = ""
    spoken: str = ""
    choices: Sequence[Choice] = ()
    rows: tuple[tuple[Widget, ...], ...] = ()
    blank: tuple[Widget, ...] = ()

    @property
    def id(self) -> str:
        """The id of the input; help and problem hang on it."""
        return "f-" + self.path.replace(".", "-")

    @property
    def anchor(self) -> str:
        """Where a link to this question leads."""
        return self.id + "-set" if self.is_set else self.id

    @property
    def described_by(self) -> str:
        """The ids of the texts that belong to the input, for aria-describedby."""
        parts = {"-problem": self.problem, "-help": self.help, "-note": self.note}
        return " ".join(self.id + suffix for suffix, text in parts.items() if text)

    @property
    def is_set(self) -> bool:
        """Whether it is drawn as a fieldset with a legend: several inputs answer one question."""
        return self.field.type in {"radio", "multiselect", "table", "file"} or self.field.multiple

    @property
    def span(self) -> int:
        """Its share of the page's 16 columns."""
        if self.field.width in WIDTHS:
            return int(self.field.width or 16)
        wide = self.is_set or self.field.type in {"textarea", "heading", "paragraph", "separator"}
        return 16 if wide else 8


@dataclass(frozen=True)
class Layout:
    """What widgets share: the form, its values, which fields apply, the problems and the choices."""

    form: Form
    values: Mapping[str, object]
    visible: frozenset[str]
    required: frozenset[str]
    problems: Mapping[str, str]
    choices: Choices
    zone: ZoneInfo


def widgets(page: Layout) -> list[Widget]:
    """The widgets of a form in its order."""
    return [_widget(page, field, field.key, page.values.get(field.key)) for field in page.form.fields]


def problems_by_path(problems: Sequence[FieldProblem], lang: str) -> dict[str, str]:
    """Field problems as one text a path."""
    texts: dict[str, list[str]] = {}
    for problem in problems:
        texts.setdefault(problem.field, []).append(problem.text(lang))
    return {path: " ".join(parts) for path, parts in texts.items()}


def _widget(page: Layout, field: Field, path: str, value: object) -> Widget:
    lang = page.choices.lang
    return Widget(
        field=field,
        path=path,
        label=field.text(lang),
        help=field.help_text(lang),
        value=_shown(field, value, page.zone),
        required=field.required or field.key in page.required,
        applies=field.key in page.visible,
        problem=page.problems.get(path, ""),
        note=explain(field.show_when.tree, page.form, lang) if field.show_when else "",
        choices=page.choices.of(field),
        rows=_rows(page, field, path, value),
        blank=_row(page, field, path, BLANK_ROW, BLANK_NUMBER, {}),
    )


def _rows(page: Layout, field: Field, path: str, value: object) -> tuple[tuple[Widget, ...], ...]:
    """The rows of a table, at least one so that there is something to fill in."""
    if field.type != "table":
        return ()
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    return tuple(_row(page, field, path, str(at), str(at + 1), row) for at, row in enumerate(rows or [{}]))


def _row(
    page: Layout, table: Field, path: str, index: str, number: str, row: Mapping[str, object]
) -> tuple[Widget, ...]:
    lang = page.choices.lang
    return tuple(
        Widget(
            field=column,
            path=f"{path}.{index}.{column.key}",
            label=column.text(lang),
            help="",
            value=_shown(column, row.get(column.key), page.zone),
            required=column.required,
            problem=page.problems.get(f"{path}.{index}.{column.key}", ""),
            spoken=gettext(
                "%(table)s, row %(number)s: %(column)s",
                table=table.text(lang), number=number, column=column.text(lang),
            ),
            choices=page.choices.of(column),
        )
        for column in table.columns
    )  # fmt: skip


def _shown(field: Field, value: object, zone: ZoneInfo) -> object:
    """A value as its input wants it: local time without offset, True and False as the options spell them."""
    if value is None:
        return ""
    if field.type == "datetime" and isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        return (moment.astimezone(zone) if moment.tzinfo else moment).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, bool) and field.type != "checkbox":
        return "true" if value else "false"
    return value
