"""May these edited tables be written into that file? They must be its own, in characters that XML knows."""

import re
from collections.abc import Iterator, Sequence

from engine.diagram.table_draft.model import TableColumn, TableDraft
from engine.errors import BundleRefused, DraftTableUnfit, Problem

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def check_edited(file: str, before: Sequence[TableDraft], now: Sequence[TableDraft]) -> None:
    """Raises DraftTableUnfit, or BundleRefused with every text that cannot be written."""
    places = [table.at for table in now]
    fits = now and len(set(places)) == len(places) and all(0 <= at < len(before) for at in places)
    if not fits or not all(_fits(before[table.at], table) for table in now):
        raise DraftTableUnfit(file)
    problems = tuple(problem for table in now for problem in _unwritable(file, table))
    if problems:
        raise BundleRefused(problems=problems)


def _fits(before: TableDraft, now: TableDraft) -> bool:
    window = range(now.first, now.until)
    known = (
        (now.inputs, range(len(before.inputs))),
        (now.outputs, range(len(before.outputs))),
        (now.rules, window),
    )
    sizes = (len(now.inputs), len(now.outputs))
    return (
        0 <= now.first <= now.until <= before.total
        and all((len(rule.tests), len(rule.answers)) == sizes for rule in now.rules)
        and all(_of_the_file([thing.at for thing in things], there) for things, there in known)
    )


def _of_the_file(places: list[int], there: range) -> bool:
    old = [at for at in places if at >= 0]
    return len(set(old)) == len(old) and all(at in there for at in old)


def _unwritable(file: str, table: TableDraft) -> Iterator[Problem]:
    for zh, en, text in _texts(table):
        if found := _FORBIDDEN.search(text):
            sign = f"U+{ord(found[0]):04X}"
            yield Problem(
                file, 1, 1, "error", table.id, "dmn.character",
                f"决策表“{table.name}”{zh}含有不能使用的控制字符 {sign}。",
                f"Decision table “{table.name}”, {en}: the control character {sign} cannot be used.",
            )  # fmt: skip


def _texts(table: TableDraft) -> Iterator[tuple[str, str, str]]:
    yield "的名称或说明", "name or description", table.name + table.name_en + table.description + table.policy
    for number, column in enumerate(table.columns, 1):
        parts = column.label, column.label_en, column.source, column.type, column.allowed, column.default
        yield f"第 {number} 列", f"column {number}", "".join(parts)
    for number, rule in enumerate(table.rules, table.first + 1):
        for column, text in zip(table.columns, rule.tests + rule.answers, strict=True):
            zh, en = f"第 {number} 条规则的“{_called(column)}”", f"rule {number}, “{_called(column)}”"
            yield zh, en, text
        yield f"第 {number} 条规则的批注", f"rule {number}, annotation", rule.note


def _called(column: TableColumn) -> str:
    return column.label or column.source
