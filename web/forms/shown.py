"""A submission as a read-only page shows it: names for ids, times in the zone of the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext

from engine import AttachmentView, Field, Form, Shown
from web.choices import Choices


def shown(
    form: Form,
    values: Mapping[str, object],
    files: Iterable[AttachmentView],
    choices: Choices,
    zone: ZoneInfo,
) -> tuple[Shown, ...]:
    """The filled-in fields of `form` in order, with their texts in the language of `choices`."""
    local = {field.key: _local(field, values.get(field.key), zone) for field in form.inputs}
    return form.show(local, choices.lang, choices.namer({file.id: file for file in files}))


def in_words(name: str, value: object, fields: Mapping[str, Field], choices: Choices, zone: ZoneInfo) -> str:
    """A variable's value as text: by the field that asked for it, else as plainly as it can be said."""
    if name in fields and not _is_rows(value, fields[name]):
        return fields[name].display(_local(fields[name], value, zone), choices.lang, choices.namer({})) or "—"
    if isinstance(value, Mapping):
        asked = {**fields, **_columns(value, fields)}
        known = [key for key in value if key in asked]  # what a loop counts by is no answer
        parts = ((asked[key], in_words(key, value[key], asked, choices, zone)) for key in known)
        return " · ".join(f"{field.text(choices.lang)} {text}" for field, text in parts if text != "—") or "—"
    if isinstance(value, (list, tuple)):
        return "\n".join(in_words("", item, fields, choices, zone) for item in value) or "—"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "—" if value in (None, "") else str(value)


def _columns(row: Mapping[str, object], fields: Mapping[str, Field]) -> dict[str, Field]:
    """The columns of the table that such a row stands in, by key; none if no table has all of them."""
    tables = ({column.key: column for column in field.columns} for field in fields.values())
    return next((columns for columns in tables if row.keys() <= columns.keys()), {})


def _is_rows(value: object, field: Field) -> bool:
    """Whether a list of rows shares its name with a field that is no table."""
    return (
        field.type != "table" and isinstance(value, list) and any(isinstance(row, Mapping) for row in value)
    )


def _local(field: Field, value: object, zone: ZoneInfo) -> object:
    if isinstance(value, list) and field.type == "table":
        columns = {column.key: column for column in field.columns}
        return [
            {key: _local(columns[key], cell, zone) if key in columns else cell for key, cell in row.items()}
            for row in value
            if isinstance(row, Mapping)
        ]
    if field.type != "datetime" or not isinstance(value, str):
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return moment.astimezone(zone).isoformat() if moment.tzinfo else value
