"""The current value of every name in an instance, and the texts that search can find."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Boolean, Text, bindparam, func, select, text
from sqlalchemy.orm import Session

from engine.errors import UnkeepableText
from engine.storage.guards import is_keepable
from engine.storage.keeping import SearchGram, Variable
from engine.storage.prepared import Prepared
from engine.storage.session import insert_of
from engine.storage.types import CanonicalJson

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
    _WRITE.write(session, rows)


def _write_statement(dialect: str) -> Any:
    insert = insert_of(dialect)(Variable.__table__)
    changing = ("value", "text", "personal", "updated_at", "updated_by")
    return insert.on_conflict_do_update(
        index_elements=["instance_id", "scope", "name"], set_={c: insert.excluded[c] for c in changing}
    )


_WRITE = Prepared(_write_statement, [column.name for column in Variable.__table__.columns])


def index_texts(
    session: Session, instance_id: str, values: Mapping[str, object], personal: frozenset[str] = frozenset()
) -> None:
    """Makes values findable by any part of their words; personal ones only for who may see them."""
    found: dict[bool, set[str]] = {}
    for name, value in values.items():
        if words := text_of(value):
            if not is_keepable(words):  # PostgreSQL gets a list, which the check of all texts does not see
                raise UnkeepableText()
            found.setdefault(name in personal, set()).update(grams(words))
    rows = [{"grams": sorted(parts), "personal": of, "instance": instance_id} for of, parts in found.items()]
    _INDEX.write(session, rows)


def _index_statement(dialect: str) -> Any:
    """The grams come as one list that the database spreads: one row of parameters, however long the text.
    What is there already stays."""
    gram: Any
    if dialect == "postgresql":
        gram = func.unnest(bindparam("grams", type_=ARRAY(Text))).column_valued("gram")
    else:
        gram = func.json_each(bindparam("grams", type_=CanonicalJson)).table_valued("value").c.value
    columns = gram, bindparam("personal", type_=Boolean), bindparam("instance", type_=Text)
    rows = select(*columns).where(text("true"))  # without it SQLite takes ON CONFLICT for a join
    index = insert_of(dialect)(SearchGram.__table__)
    return index.from_select(["gram", "personal", "instance_id"], rows).on_conflict_do_nothing()


_INDEX = Prepared(_index_statement)


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
    """What a text is found by: every pair of neighbouring characters of a word, and the last one of each word
    by itself. So any one character begins one of them."""
    return {word[i : i + 2] for word in text.split() for i in range(len(word))}


def grams_of_word(word: str) -> set[str]:
    """The pairs that a text with this word in it must have; of a single character, that alone: the beginning
    of one."""
    return {word[i : i + 2] for i in range(len(word) - 1)} or {word}
