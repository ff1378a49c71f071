"""From a posted page to the raw values a form cleans, plus what the pressed button asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from engine import Field, Form
from web.errors import Unreadable

Raw = dict[str, object]
# Names of our own inputs. Form keys never begin with "_", so the two cannot meet.
OWN = frozenset({"csrf_token", "_action", "_revision", "_password"})
NO_FORM = Form("", "", "", ())  # of a task that asks for nothing
ROW = re.compile(r"(?P<index>\d{1,4})(?:\.(?P<column>[^.]+))?")


@dataclass(frozen=True)
class Submission:
    """A posted form: `values` raw by field key, `action` the button's verb and `target` what it is about."""

    values: Raw
    action: str
    target: str
    revision: int | None
    password: str | None


def read_submission(form: Form, data: MultiDict[str, str], zone: ZoneInfo) -> Submission:
    """Sort posted inputs into the form's fields; an input the form does not declare is refused (400)."""
    fields = {field.key: field for field in form.inputs}
    unknown = sorted(name for name in data if name not in OWN and name.split(".")[0] not in fields)
    if unknown:
        raise undeclared(unknown[0])
    action, _, target = data.get("_action", "complete").partition(":")
    values = {key: _value(field, key, data, zone) for key, field in fields.items()}
    return Submission(
        change_rows(form, values, action, target),
        action,
        target,
        sent_revision(data),
        data.get("_password") or None,
    )


def sent_revision(data: MultiDict[str, str]) -> int | None:
    """The revision of the task that the page was drawn from; None if it names none."""
    revision = data.get("_revision", "")
    return int(revision) if revision.isdecimal() and len(revision) < 10 else None


def undeclared(name: str) -> Unreadable:
    """The refusal of an input that no field of the form asks for."""
    return Unreadable(gettext("The form has no field “%(name)s”.", name=name[:60]))


def change_rows(form: Form, values: Raw, action: str, target: str) -> Raw:
    """Apply the buttons that change only what is on the page: add:table, remove:table.2, drop:photos:id."""
    if action == "add":
        rows = values.get(target)
        if isinstance(rows, list):
            return {**values, target: [*rows, {}]}
    if action == "remove":
        table, _, index = target.rpartition(".")
        rows = values.get(table)
        if isinstance(rows, list) and index.isdecimal():
            return {**values, table: [row for at, row in enumerate(rows) if at != int(index)]}
    if action == "drop":
        path, _, gone = target.partition(":")
        files = values.get(path)
        if isinstance(files, list):
            return {**values, path: [file for file in files if file != gone]}
    return values


def _value(field: Field, path: str, data: MultiDict[str, str], zone: ZoneInfo) -> object:
    if field.type == "table":
        return list(_rows(field, path, data, zone))
    if field.type == "checkbox":
        return path in data
    if field.is_list:
        return [item for item in dict.fromkeys(data.getlist(path)) if item]
    text = data.get(path, "").replace("\r\n", "\n")
    return with_offset(text, zone) if field.type == "datetime" else text


def _rows(field: Field, path: str, data: MultiDict[str, str], zone: ZoneInfo) -> Iterable[Raw]:
    """The rows of a table in page order, without those left wholly empty."""
    columns = {column.key: column for column in field.columns}
    indices = set()
    for name in data:
        if not name.startswith(path + "."):
            continue
        at = ROW.fullmatch(name.removeprefix(path + "."))
        if at is None or (at["column"] is not None and at["column"] not in columns):
            raise undeclared(name)
        indices.add(int(at["index"]))
    for index in sorted(indices):
        row = {key: _value(column, f"{path}.{index}.{key}", data, zone) for key, column in columns.items()}
        if any(row.values()):
            yield row


def with_offset(text: str, zone: ZoneInfo) -> str:
    """A page's date and time (2026-11-22T18:00) with the offset of its zone; anything else unchanged."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if moment.tzinfo or len(text) <= 10 else moment.replace(tzinfo=zone).isoformat()
