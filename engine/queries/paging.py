"""Keyset paging: a page is found by where the last one ended, so page 1,000 costs what page 1 costs."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select, tuple_
from sqlalchemy.orm import Session

COUNT_LIMIT = 1000
MAX_LIMIT = 200
LARGEST = 2**31


@dataclass(frozen=True)
class Cursor:
    """Where to go on: after (or before) the line with this sort value and id."""

    value: Any
    id: str
    backward: bool

    def encode(self) -> str:
        """Opaque text for a URL."""
        value = {"at": self.value.isoformat()} if isinstance(self.value, datetime) else self.value
        return base64.urlsafe_b64encode(json.dumps([value, self.id, self.backward]).encode()).decode()


def decode(text: str | None) -> Cursor | None:
    """The cursor of a URL; a damaged one means the first page."""
    if not text:
        return None
    try:
        value, key, backward = json.loads(base64.urlsafe_b64decode(text.encode()))
        if isinstance(value, dict):
            value = datetime.fromisoformat(value["at"])
        return Cursor(value, str(key), bool(backward))
    except (ValueError, TypeError, KeyError):
        return None


@dataclass(frozen=True)
class Order:
    """The order of a list: a column, the id column that breaks ties, the direction; and where to go on."""

    column: Any
    id: Any
    descending: bool
    cursor: Cursor | None
    limit: int

    def apply(self, statement: Select[Any], column: Any = None, key: Any = None) -> Select[Any]:
        """Cuts one page (and one line more) out of a statement that selects these columns."""
        column, key = self.column if column is None else column, self.id if key is None else key
        down = self.descending != (self.cursor is not None and self.cursor.backward)
        if self.cursor:
            place = tuple_(literal(self.cursor.value, column.type), literal(self.cursor.id, key.type))
            here = tuple_(column, key)
            statement = statement.where(here < place if down else here > place)
        ends = (column.desc(), key.desc()) if down else (column.asc(), key.asc())
        return statement.order_by(*ends).limit(self.limit + 1)

    def cut(
        self, rows: Sequence[Any], value_of: Callable[[Any], tuple[Any, str]]
    ) -> tuple[list[Any], str | None, str | None]:
        """The page's lines in order, next and previous cursor; `value_of(row)` -> (sort value, id)."""
        backward = self.cursor is not None and self.cursor.backward
        more, kept = len(rows) > self.limit, list(rows[: self.limit])
        if backward:
            kept.reverse()
        if not kept:
            return [], None, None
        later = more if not backward else True
        earlier = more if backward else self.cursor is not None
        first, last = value_of(kept[0]), value_of(kept[-1])
        following = Cursor(*last, False).encode() if later else None
        preceding = Cursor(*first, True).encode() if earlier else None
        return kept, following, preceding


def order_by(column: Any, key: Any, descending: bool, cursor: str | None, limit: int) -> Order:
    """The order of one request; `limit` is kept between 1 and `MAX_LIMIT`."""
    place = decode(cursor)
    fits = place is not None and _fits(place.value, column.type.python_type)
    return Order(column, key, descending, place if fits else None, max(1, min(limit, MAX_LIMIT)))


def _fits(value: object, kind: type) -> bool:
    if kind is int:  # True is no number here, and a database keeps no greater one
        return type(value) is int and abs(value) < LARGEST
    return isinstance(value, kind)


def count(session: Session, statement: Select[Any]) -> tuple[int, bool]:
    """How many lines there are, counting no further than `COUNT_LIMIT`; and whether there are more."""
    found = session.scalar(select(func.count()).select_from(statement.limit(COUNT_LIMIT + 1).subquery())) or 0
    return min(found, COUNT_LIMIT), found > COUNT_LIMIT
