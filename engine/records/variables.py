"""The current value of every name in an instance, and the texts that search can find."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.storage.keeping import SearchGram, Variable
from engine.storage.session import insert_for, insert_of

SEARCHED = 2000  # characters of one value that search looks at


def current(session: Session, instance_id: str, scope: str) -> dict[str, object]:
    """The values that somebody in `scope` sees: the instance's own, covered by the scope's."""
    statement = (
        select(Variable.name, Variable.value)
        .where(Variable.instance_id == instance_id, Variable.scope.in_({"", scope}))
        .order_by(Variable.scope)
    )
    return {row.name: row.value for row in session.execute(statement)}


def write(
    session: Session,
    instance_id: str,
    values: Mapping[tuple[str, str], object],
    personal: frozenset[str],
    by: str,
    now: datetime,
) -> None:
    """Sets the current values, `(scope, name) -> value`, in one statement."""
    if not values:
        return
    rows = [
        {"instance_id": instance_id, "scope": scope, "name": name, "value": value, "text": text_of(value),
         "personal": name in personal, "updated_at": now, "updated_by": by}
        for (scope, name), value in values.items()
    ]  # fmt: skip
    session.connection().execute(_write_statement(session.get_bind().dialect.name), rows)


@cache
def _write_statement(dialect: str) -> Any:
    """Built once: it is part of nearly every step."""
    insert = insert_of(dialect)(Variable.__table__)
    changing = ("value", "text", "personal", "updated_at", "updated_by")
    return insert.on_conflict_do_update(
        index_elements=["instance_id", "scope", "name"], set_={c: insert.excluded[c] for c in changing}
    )


def index_texts(
    session: Session, instance_id: str, values: Mapping[str, object], personal: frozenset[str] = frozenset()
) -> None:
    """Makes values findable by any part of their words; personal ones only for who may see them."""
    found = {(gram, name in personal) for name, value in values.items() for gram in grams(text_of(value))}
    if not found:
        return
    statement = insert_for(session)(SearchGram.__table__).on_conflict_do_nothing()
    rows = [{"gram": g, "personal": p, "instance_id": instance_id} for g, p in sorted(found)]
    session.connection().execute(statement, rows)


def text_of(value: object) -> str:
    """All words of a value (a list's, a table's), folded for search."""
    return " ".join(" ".join(_words(value)).casefold().split())[:SEARCHED]


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, (int, float)):
        yield str(value)
    elif isinstance(value, Mapping):
        yield from _each(value.values())
    elif isinstance(value, (list, tuple)):
        yield from _each(value)


def _each(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        yield from _words(value)


def grams(text: str) -> set[str]:
    """What a text is found by: every character, and every pair of neighbouring ones, without spaces."""
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    return {gram for gram in pairs | set(text) if " " not in gram}


def grams_of_word(word: str) -> set[str]:
    """What a text with this word in it must have: the word's pairs; a single character stands for itself."""
    return {word[i : i + 2] for i in range(len(word) - 1)} or {word}
