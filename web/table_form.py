"""The fields of the decision table editor: read back into tables, and the act of the pressed button."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from engine import TABLE_ACTS, TableColumn, TableDraft, TableRule, edit_table
from web.errors import Unreadable

Fields = MultiDict[str, str]
NUMBER = re.compile(r"[0-9]{1,6}")
KEY = re.compile(
    r"[0-9]{1,6}|n[1-9][0-9]{0,5}"
)  # of a rule or column: its place in the file, or which new one
KINDS = ("rule", "input", "output")
STEP = {"add": 1, "copy": 1, "down": 1, "up": -1}  # from the place of an act to where the reader goes on


@dataclass(frozen=True)
class Focus:
    """Where the reader goes on after an act: in which table, at which rule or column."""

    table: int = -1
    kind: str = ""
    place: int = -1


NO_FOCUS = Focus()


def sent_tables(form: Fields) -> tuple[TableDraft, ...]:
    """The tables as their fields hold them; a rule whose number was changed has moved to that number.

    Raises Unreadable when the fields are not those of the page."""
    return tuple(_table(form, _number(at)) for at in form.getlist("table"))


def acted(tables: Sequence[TableDraft], act: str) -> tuple[tuple[TableDraft, ...], Focus]:
    """The tables after the act of a button, `<act> <kind> <table> <key>`, and where the reader goes on.

    The key tells which rule or column, wherever it has moved to; without one it is the last.
    Raises Unreadable when the button is none of the page."""
    act, kind, at, key = (*act.split(), "", "", "", "")[:4]
    if act not in TABLE_ACTS or kind not in KINDS:
        return tuple(tables), NO_FOCUS
    number, focus, found = _number(at), NO_FOCUS, list[TableDraft]()
    for table in tables:
        if table.at == number:
            place = _place(_things(table, kind), key)
            table = edit_table(table, kind, act, place)
            last = len(_things(table, kind)) - 1
            focus = Focus(number, kind, min(max(place + STEP.get(act, 0), 0), last))
        found.append(table)
    return tuple(found), focus


def tried_name(table: TableDraft, column: TableColumn) -> str:
    """The name of the field in which a value for an input column is typed."""
    return f"t{table.at}.try{f'n{-column.at}' if column.at < 0 else column.at}"


def table_tried(tables: Sequence[TableDraft], act: str) -> TableDraft | None:
    """The table whose button to try values, `try <table>`, was pressed."""
    at = act.removeprefix("try ")
    return next((table for table in tables if act != at and at == str(table.at)), None)


def _things(table: TableDraft, kind: str) -> Sequence[TableRule] | Sequence[TableColumn]:
    return {"rule": table.rules, "input": table.inputs, "output": table.outputs}[kind]


def _place(things: Sequence[TableRule] | Sequence[TableColumn], key: str) -> int:
    if not key:
        return len(things) - 1
    at, places = _at(_known(key)), [thing.at for thing in things]
    return places.index(at) if at in places else len(things)  # where there is none: it was removed


def _table(form: Fields, at: int) -> TableDraft:
    name = f"t{at}"
    inputs, outputs = (_keys(form, f"{name}.{kind}") for kind in ("input", "output"))
    facts = {
        part: _text(form, f"{name}.{part}") for part in ("id", "name", "name_en", "description", "policy")
    }
    rules = _keys(form, f"{name}.rule")
    table = TableDraft(
        at,
        **facts,
        inputs=tuple(_column(form, f"{name}.i{key}", key) for key in inputs),
        outputs=tuple(_column(form, f"{name}.o{key}", key) for key in outputs),
        rules=tuple(_rule(form, f"{name}.r{key}", key, inputs, outputs) for key in rules),
        drawn=bool(form.get(f"{name}.drawn")),
        first=_number(form.get(f"{name}.first", "0")),
        until=_number(form.get(f"{name}.until", "0")),
        total=_number(form.get(f"{name}.total", "0")),
    )
    return _renumbered(table, [form.get(f"{name}.r{key}.number", "") for key in rules])


def _renumbered(table: TableDraft, numbers: Sequence[str]) -> TableDraft:
    """Rules whose number was typed over go there, the topmost target first; an absurd number is not read."""
    was = {place: table.first + place + 1 for place in range(len(numbers))}
    order = list(was)
    typed = {p: int(n) for p, n in enumerate(numbers) if NUMBER.fullmatch(n) and int(n) != was[p]}
    for place, number in sorted(typed.items(), key=lambda pair: pair[1]):
        here, there = order.index(place), number - 1 - table.first
        table = edit_table(table, "rule", "move", here, there)
        order.insert(min(max(there, 0), len(order) - 1), order.pop(here))
    return table


def _column(form: Fields, name: str, key: str) -> TableColumn:
    parts = ("label", "label_en", "source", "type", "allowed", "default")
    return TableColumn(_at(key), **{part: _text(form, f"{name}.{part}") for part in parts})


def _rule(form: Fields, name: str, key: str, inputs: Sequence[str], outputs: Sequence[str]) -> TableRule:
    return TableRule(
        _at(key),
        tuple(_text(form, f"{name}.i{column}") for column in inputs),
        tuple(_text(form, f"{name}.o{column}") for column in outputs),
        _text(form, f"{name}.note"),
    )


def _text(form: Fields, name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n")


def _keys(form: Fields, name: str) -> list[str]:
    keys = form.getlist(name)
    if len(set(keys)) != len(keys):
        raise _unreadable()
    return [_known(key) for key in keys]


def _known(key: str) -> str:
    if not KEY.fullmatch(key):
        raise _unreadable()
    return key


def _at(key: str) -> int:
    return -int(key[1:]) if key.startswith("n") else int(key)


def _number(text: str) -> int:
    if not NUMBER.fullmatch(text):
        raise _unreadable()
    return int(text)


def _unreadable() -> Unreadable:
    return Unreadable(gettext("The fields are not those of a decision table."))
