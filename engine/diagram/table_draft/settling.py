"""Texts that came back from a page: those that nobody edited are again the file's own, to the last blank."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from engine.diagram.table_draft.model import TableColumn, TableDraft, TableRule

Said = TypeVar("Said", TableColumn, TableDraft)
ONE_LINE = {"name", "name_en", "label", "label_en"}  # a browser drops the line ends of these
NO_TEXT = {"at", "id", "inputs", "outputs", "rules", "drawn", "first", "until", "total"}


def settled(was: TableDraft, now: TableDraft) -> TableDraft:
    """The table `now`, each text as it stands in the file (`was`) if a browser that was sent that would send
    this back; other texts with plain line ends and without blanks around them."""
    inputs, outputs = (_columns(*two) for two in ((was.inputs, now.inputs), (was.outputs, now.outputs)))
    rules = tuple(_rule(was.rules[rule.at] if rule.at >= 0 else None, rule, now) for rule in now.rules)
    return replace(_said(was, now), inputs=inputs, outputs=outputs, rules=rules)


def _columns(was: Sequence[TableColumn], now: Sequence[TableColumn]) -> tuple[TableColumn, ...]:
    return tuple(_said(was[column.at] if column.at >= 0 else TableColumn(), column) for column in now)


def _rule(was: TableRule | None, now: TableRule, table: TableDraft) -> TableRule:
    tests = _entries(was.tests if was else (), now.tests, table.inputs)
    answers = _entries(was.answers if was else (), now.answers, table.outputs)
    return TableRule(now.at, tests, answers, _text(was.note if was else "", now.note, False))


def _entries(was: Sequence[str], now: Sequence[str], columns: Sequence[TableColumn]) -> tuple[str, ...]:
    return tuple(
        _text(was[column.at] if was and column.at >= 0 else "", text, False)
        for column, text in zip(columns, now, strict=True)
    )


def _said(was: Said, now: Said) -> Said:
    names = [field.name for field in fields(now) if field.name not in NO_TEXT]
    texts: dict[str, Any] = {n: _text(getattr(was, n), getattr(now, n), n in ONE_LINE) for n in names}
    return replace(now, **texts)


def _text(was: str, now: str, one_line: bool) -> str:
    sent = _normal(now, one_line)
    return was if sent == _normal(was, one_line) else sent


def _normal(text: str, one_line: bool) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return (text.replace("\n", "") if one_line else text).strip()
