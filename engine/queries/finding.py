"""Lists for programs: found by facts, ordered by one column, a piece of them by number."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func
from sqlalchemy.orm import Session

Wanted = Mapping[str, object]
Columns = Mapping[str, Any]
Sort = tuple[str | None, bool]  # the name of a column, and whether downwards
UNSORTED: Sort = (None, False)


def fitting(columns: Columns, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions for what is wanted: `name` is a value, `name_in` a tuple of which one fits, `name_from`
    and `name_until` are bounds, both included, `name_set` says whether there is a value at all. Other names
    are left to the caller."""
    found: list[ColumnElement[bool]] = []
    for name, value in wanted.items():
        stem, _, kind = name.rpartition("_")
        if name in columns:
            found.append(columns[name] == value)
        elif stem in columns and kind == "in":
            found.append(columns[stem].in_(value))
        elif stem in columns and kind == "set":
            found.append(columns[stem].is_not(None) if value else columns[stem].is_(None))
        elif stem in columns and kind in ("from", "until"):
            found.append(columns[stem] >= value if kind == "from" else columns[stem] <= value)
    return found


def piece(
    statement: Select[Any], columns: Columns, default: Any, key: Any, sort: Sort, first: int, limit: int
) -> Select[Any]:
    """`limit` lines from the `first` on (counted from 0), ordered by a column, then by the unique `key`.
    What has no value comes last."""
    name, descending = sort
    column = columns[name] if name else default
    order = column.desc() if descending else column.asc()
    ties = key.desc() if descending else key.asc()
    # only where it matters: an index answers the plain order
    return statement.order_by(order.nulls_last() if name else order, ties).offset(first).limit(limit)


def how_many(session: Session, statement: Select[Any], column: Any) -> int:
    """How many lines a statement finds."""
    return session.scalar(statement.with_only_columns(func.count(column)).order_by(None)) or 0
