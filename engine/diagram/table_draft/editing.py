"""Acts on a table that is being edited: rules and columns added, copied, moved, removed; nothing stored."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from engine.diagram.table_draft.model import TableColumn, TableDraft, TableRule

Thing = TypeVar("Thing")
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
    return _rules(table, order, act) if kind == "rule" else _columns(table, kind, order)


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


def _rules(table: TableDraft, order: Sequence[int | None], act: str) -> TableDraft:
    empty = TableRule(None, (ANYTHING,) * len(table.inputs), ("",) * len(table.outputs))
    rules = [empty if at is None else table.rules[at] for at in order]
    seen: set[int | None] = set()
    for place, at in enumerate(order):
        if at in seen:  # a copy is a rule of its own
            rules[place] = replace(rules[place], at=None)
        seen.add(at)
    return replace(table, rules=tuple(rules))


def _columns(table: TableDraft, kind: str, order: Sequence[int | None]) -> TableDraft:
    def arranged(things: Sequence[Thing], new: Callable[[], Thing]) -> tuple[Thing, ...]:
        return tuple(new() if at is None else things[at] for at in order)

    columns = arranged(table.inputs if kind == "input" else table.outputs, lambda: TableColumn(type="string"))
    if kind == "input":
        rules = (replace(r, tests=arranged(r.tests, lambda: ANYTHING)) for r in table.rules)
        return replace(table, inputs=columns, rules=tuple(rules))
    rules = (replace(r, answers=arranged(r.answers, str)) for r in table.rules)
    return replace(table, outputs=columns, rules=tuple(rules))
