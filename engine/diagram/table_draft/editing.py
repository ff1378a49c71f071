"""Acts on a table that is being edited: rules and columns added, copied, moved, removed; nothing stored."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from engine.diagram.table_draft.model import NEW, TableColumn, TableDraft, TableRule

Placed = TypeVar("Placed", TableRule, TableColumn)
ACTS = ("add", "copy", "up", "down", "remove")
ANYTHING = "-"


def edit_table(table: TableDraft, kind: str, act: str, place: int, to: int | None = None) -> TableDraft:
    """The table after an act on one of its rules or columns.

    kind: rule, input or output. act: one of ACTS, or `move` to the place `to`. place: which one, from 0, of
    those that are shown; what is added or copied comes behind it. A place where there is none changes
    nothing; the last column of its kind is not removed."""
    count = {"rule": len(table.rules), "input": len(table.inputs), "output": len(table.outputs)}.get(kind, 0)
    target = {"up": place - 1, "down": place + 1}.get(act, to)
    if act == "add":
        place = min(max(place, -1), count - 1)
    elif not 0 <= place < count or (act == "remove" and count == 1 and kind != "rule"):
        return table
    order = _order(list(range(count)), act, place, target)
    return _rules(table, order) if kind == "rule" else _columns(table, kind, order)


def _order(order: list[int | None], act: str, place: int, target: int | None) -> list[int | None]:
    """The old places in the new order; None stands for something new, a copy for its place again."""
    if act == "add":
        order.insert(place + 1, None)
    elif act == "copy":
        order.insert(place + 1, place)
    elif act == "remove":
        del order[place]
    elif target is not None:
        order.insert(min(max(target, 0), len(order) - 1), order.pop(place))
    return order


def _rules(table: TableDraft, order: Sequence[int | None]) -> TableDraft:
    empty = TableRule(NEW, (ANYTHING,) * len(table.inputs), ("",) * len(table.outputs))
    return replace(table, rules=_placed(table.rules, order, empty))


def _columns(table: TableDraft, kind: str, order: Sequence[int | None]) -> TableDraft:
    was = table.inputs if kind == "input" else table.outputs
    columns = _placed(was, order, TableColumn(type="string"))
    if kind == "input":
        rules = (replace(r, tests=_entries(r.tests, order, ANYTHING)) for r in table.rules)
        return replace(table, inputs=columns, rules=tuple(rules))
    rules = (replace(r, answers=_entries(r.answers, order, "")) for r in table.rules)
    return replace(table, outputs=columns, rules=tuple(rules))


def _entries(texts: Sequence[str], order: Sequence[int | None], new: str) -> tuple[str, ...]:
    return tuple(new if at is None else texts[at] for at in order)


def _placed(things: Sequence[Placed], order: Sequence[int | None], new: Placed) -> tuple[Placed, ...]:
    """What is new, and a copy behind its original, gets a number below 0 that nothing else has."""
    number = min((NEW + 1, *(thing.at for thing in things))) - 1
    seen: set[int | None] = {None}
    found = []
    for at in order:
        thing = new if at is None else things[at]
        found.append(replace(thing, at=number) if at in seen else thing)
        seen.add(at)
    return tuple(found)
