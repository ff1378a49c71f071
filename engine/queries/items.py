"""The items of multi-instance activities: which of them a task or clock belongs to, and what it is called."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, case, select
from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle
from engine.diagram.element import Element
from engine.diagram.forms import Field
from engine.queries.bundles import bundle_of
from engine.queries.people import names_of, role_names
from engine.queries.views import Text
from engine.schedule.calendar import OFFICE_ZONE
from engine.storage.models import EngineTask

INSTANCE = " [child]"  # ends the name of what a multi-instance activity repeats
LONG = 60  # characters of what an item is called, within a sentence
NO_NAMES = frozenset({"checkbox", "file", "table"})  # kinds of columns that do not tell a row from others
UNASKED = Field("", "user")  # for what no form asked for: somebody, a group, or any text


@dataclass(frozen=True)
class Item:
    """What an instance of a multi-instance activity works on. `number`: its place in the collection, from 1.

    `text`: what it is called, of a row the first column that says something; None where nothing does, or
    nothing but personal data."""

    number: int
    text: Text | None


@dataclass(frozen=True)
class _Found:
    """The number of an item, what it is called as a value, and the field or column that asked for that."""

    number: int
    value: object
    field: Field


ItemsByScope = Mapping[str, tuple[Item, ...]]


def items_of(session: Session, bundles: Mapping[str, str]) -> ItemsByScope:
    """By the id of a task, or of what it runs in, its item behind those of the activities around it; what
    belongs to none is left out.

    `bundles`: by those ids the hash of the bundle that the case runs. An instance that began and ended in one
    step left nothing behind, and has none."""
    rows = _around(session, bundles)
    within = ((id, list(_within(rows, id))[::-1]) for id in rows.keys() & bundles.keys())
    found = {id: _found(bundle_of(session, bundles[id]), several) for id, several in within if several}
    if not found:
        return {}
    values = {one.value for items in found.values() for one in items if isinstance(one.value, str)}
    people, groups = names_of(session, values), role_names(session)
    return {id: tuple(_item(one, people, groups) for one in items) for id, items in found.items()}


def of_item(label: Text, items: Iterable[Item], *, numbers_only: bool = False) -> Text:
    """What a clock or task is called, with the item that it belongs to; long texts are cut."""
    told = [(item.number, None if numbers_only else item.text) for item in items]
    if not told:
        return label
    zh = " · ".join(f"第 {n} 项" + (f"：{_cut(text.zh)}" if text else "") for n, text in told)
    en = " · ".join(f"item {n}" + (f": {_cut(text.get('en'))}" if text else "") for n, text in told)
    return Text(f"{label.zh}（{zh}）", f"{label.get('en')} ({en})")


def _cut(text: str) -> str:
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"


def _around(session: Session, scopes: Iterable[str]) -> dict[str, Row[Any]]:
    """The tasks of these instances, and those whose inside they run in, by id."""
    found: dict[str, Row[Any]] = {}
    wanted = {scope for scope in scopes if scope}
    while wanted:
        rows = session.execute(_tasks().where(EngineTask.id.in_(wanted))).all()
        found |= {row.id: row for row in rows}
        wanted = {row.scope for row in rows if row.scope} - found.keys()
    return found


@cache
def _tasks() -> Select[Any]:
    """Of tasks that nothing repeats, nothing that may be long is read."""
    repeated = EngineTask.spec.endswith(INSTANCE)
    facts = (case((repeated, column)).label(column.key) for column in (EngineTask.internal, EngineTask.data))
    return select(EngineTask.id, EngineTask.scope, EngineTask.spec, *facts)


def _within(rows: Mapping[str, Row[Any]], id: str) -> Iterator[Row[Any]]:
    """The instance of a multi-instance activity that this is or runs in, then those around that."""
    while id in rows:
        row = rows[id]
        if row.internal:
            yield row
        id = row.scope


def _found(bundle: Bundle, rows: Iterable[Row[Any]]) -> list[_Found]:
    return [_read(bundle, row, activities) for row in rows if (activities := _activities(bundle, row))]


def _read(bundle: Bundle, row: Row[Any], activities: Sequence[Element]) -> _Found:
    index = json.loads(row.internal)["index"]
    facts = activities[0].mi if len(activities) == 1 else None
    value, field = _called(bundle, facts or {}, index, json.loads(row.data) if row.data else {})
    return _Found(index + 1, value, field)


def _activities(bundle: Bundle, row: Row[Any]) -> list[Element]:
    """The multi-instance activities that the row may be an instance of: two processes may use the same id."""
    name = row.spec.removesuffix(INSTANCE)
    return [element for element in bundle.elements.values() if element.id == name and element.mi]


def _called(
    bundle: Bundle, facts: Mapping[str, object], index: int, data: Mapping[str, Any]
) -> tuple[object, Field]:
    """A token carries what the diagram reads: the item under its own name, or only among the collection."""
    name, collection = str(facts.get("element") or ""), str(facts.get("collection") or "").strip()
    items = data.get(collection)
    listed = items[index] if isinstance(items, list) and index < len(items) else None
    value = data.get(name, listed)
    if bundle.personal_names & {name, collection} or isinstance(value, list):
        return None, UNASKED
    fields = bundle.asked_fields
    field = fields.get(collection, UNASKED)
    return _cell(value, field, fields.values()) if isinstance(value, dict) else (value, field)


def _cell(row: Mapping[str, Any], field: Field, fields: Iterable[Field]) -> tuple[object, Field]:
    """The first column of a row that tells it from others; the table may have got another name on its way."""
    tables = [field] if field.type == "table" else [one for one in fields if one.type == "table"]
    columns = next((t.columns for t in tables if row.keys() <= {c.key for c in t.columns}), ())
    telling = (column for column in columns if not column.personal and column.type not in NO_NAMES)
    return next(((row[c.key], c) for c in telling if row.get(c.key) not in (None, "", [])), (None, UNASKED))


def _item(found: _Found, people: Mapping[str, str], groups: Mapping[str, Text]) -> Item:
    """As the form tells the value; ids of people and groups are replaced by their names."""

    def told(lang: str) -> str:
        def name_of(id: str) -> str:
            group = groups[id].get(lang) if id in groups else id
            if found.field.type == "group":
                return group
            return people.get(id, group if found.field is UNASKED else id)

        return found.field.display(_local(found), lang, name_of)

    zh, en = told("zh"), told("en")
    return Item(found.number, Text(zh, en) if zh else None)


def _local(found: _Found) -> object:
    """A moment in office time."""
    if found.field.type != "datetime" or not isinstance(found.value, str):
        return found.value
    try:
        return datetime.fromisoformat(found.value).astimezone(OFFICE_ZONE).isoformat()
    except ValueError:
        return found.value
