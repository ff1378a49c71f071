"""Puts the problems of a file at the cells that they are about, by the line and column where those stand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from engine.diagram.reader import read_placed
from engine.diagram.table_draft.nodes import Nodes
from engine.diagram.table_draft.reading import table_of
from engine.errors import Problem

Spot = tuple[int | None, int | None]
NOWHERE: tuple[int | None, int | None, int | None] = (None, None, None)


@dataclass(frozen=True)
class TableProblem:
    """A problem at its place. `table`: which decision of the file, None: not of this file's tables; `rule`:
    which rule of the table, from 0, None: not about one; `column`: which column, inputs before outputs, from
    0, None: about the rule or the table as a whole."""

    table: int | None
    rule: int | None
    column: int | None
    problem: Problem


def place_problems(data: bytes, file: str, problems: Iterable[Problem]) -> tuple[TableProblem, ...]:
    """The problems, each with its place in the file `file` that holds `data`; those of other files none."""
    root, places = read_placed(data, file)
    found = {
        places[node]: (at, *spot)
        for at, decision in enumerate(Nodes(root).all(root, "decision"))
        for node, spot in _spots(Nodes(root), decision)
    }
    return tuple(
        TableProblem(*(found.get((p.line, p.column), NOWHERE) if p.file == file else NOWHERE), p)
        for p in problems
    )


def _spots(nodes: Nodes, decision: etree._Element) -> Iterator[tuple[etree._Element, Spot]]:
    """Every element of a decision with the rule and the column that it belongs to; the inner ones win."""
    yield from _inside(decision, (None, None))
    table = table_of(nodes, decision)
    if table is None:
        return
    inputs = nodes.all(table, "input")
    for column, node in enumerate((*inputs, *nodes.all(table, "output"))):
        yield from _inside(node, (None, column))
    for row, rule in enumerate(nodes.all(table, "rule")):
        yield from _inside(rule, (row, None))
        for column, cell in enumerate(nodes.all(rule, "inputEntry")):
            yield from _inside(cell, (row, column))
        for column, cell in enumerate(nodes.all(rule, "outputEntry"), len(inputs)):
            yield from _inside(cell, (row, column))


def _inside(node: etree._Element, spot: Spot) -> Iterator[tuple[etree._Element, Spot]]:
    return ((each, spot) for each in node.iter(etree.Element))
