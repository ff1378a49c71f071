"""A submission as a read-only page shows it: names for ids, times in the zone of the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

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
