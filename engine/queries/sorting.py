"""The order of a list for programs, which page by number: by one column, ties as the list has them anyway."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select

Order = tuple[str, bool]  # what it is sorted by, and whether descending


def ordered(
    statement: Select[Any], columns: Mapping[str, Any], order: Order | None, *usual: Any
) -> Select[Any]:
    """The statement in the `order` asked for, what has no value last; without one as `usual`."""
    if order is None:
        return statement.order_by(*usual)
    name, descending = order
    column = columns[name]
    return statement.order_by((column.desc() if descending else column.asc()).nulls_last(), *usual)
