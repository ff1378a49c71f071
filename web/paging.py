"""Lists keep their state in the address: reading it back, refusing garbage, building the links."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from flask import request, url_for
from flask_babel import gettext

from web.errors import Unreadable

SEARCH_MAX = 100
CURSOR_MAX = 2000
DIGITS_MAX = 9
LIMITS = (25, 50, 100)


def one_of(name: str, allowed: Collection[str], default: str) -> str:
    """A query parameter that has to be one of `allowed`; absent or empty is the default, else 400."""
    given = request.args.get(name, "") or default
    if given not in allowed:
        raise Unreadable(gettext("“%(value)s” is not a choice for “%(name)s”.", value=given[:40], name=name))
    return given


def text(name: str, longest: int = SEARCH_MAX) -> str | None:
    """A free query parameter, trimmed; None if absent, 400 if it is too long or holds control characters."""
    given = request.args.get(name, "").strip()
    if len(given) > longest or any(not c.isprintable() for c in given):
        raise Unreadable(gettext("“%(name)s” is too long or unreadable.", name=name))
    return given or None


def number(name: str) -> str | None:
    """A query parameter that has to be a whole number from 1 on; None if absent, else 400."""
    given = text(name, DIGITS_MAX)
    if given is not None and not (given.isascii() and given.isdigit() and int(given)):
        raise Unreadable(gettext("“%(value)s” is not a choice for “%(name)s”.", value=given, name=name))
    return given


@dataclass(frozen=True)
class Listing:
    """The state of a list: `filters` as in the address, `sort` and direction, page cursor and page size."""

    endpoint: str
    filters: Mapping[str, str | None]
    sort: str
    descending: bool
    cursor: str | None
    limit: int

    def url(self, endpoint: str | None = None, **changed: object) -> str:
        """The address of this list with something changed; only a given cursor leaves page one."""
        state: dict[str, object] = {**self.filters, "sort": self.sort, "order": self.order}
        state |= {"limit": self.limit if self.limit != LIMITS[0] else None} | changed
        kept = {key: value for key, value in state.items() if value not in (None, "", False)}
        return url_for(endpoint or self.endpoint, **kept)

    @property
    def order(self) -> str:
        """The direction as the address spells it."""
        return "desc" if self.descending else "asc"

    def sorted_by(self, column: str) -> str:
        """The address that sorts by `column`, turning the direction round if it is the sorted one already."""
        turned = column == self.sort and not self.descending
        return self.url(sort=column, order="desc" if turned else "asc")

    def aria(self, column: str) -> str:
        """The value of aria-sort for a column's header."""
        if column != self.sort:
            return "none"
        return "descending" if self.descending else "ascending"

    def filtered(self, *kept: str) -> bool:
        """Whether any filter but the `kept` ones narrows the list."""
        return any(value for name, value in self.filters.items() if name not in kept)

    def at(self, cursor: str) -> Listing:
        """The same list, the page that begins at `cursor`."""
        return replace(self, cursor=cursor)

    def whole(self) -> Listing:
        """The same list from its first line, for exports."""
        return replace(self, cursor=None, limit=LIMITS[-1])


def listing(
    endpoint: str, filters: Mapping[str, str | None], sorts: Collection[str], sort: str, order: str
) -> Listing:
    """Read the state of a list from the address; `sort` and `order` are the defaults."""
    size = one_of("limit", [str(limit) for limit in LIMITS], str(LIMITS[0]))
    return Listing(
        endpoint,
        filters,
        one_of("sort", sorts, sort),
        one_of("order", ("asc", "desc"), order) == "desc",
        text("cursor", CURSOR_MAX),
        int(size),
    )
