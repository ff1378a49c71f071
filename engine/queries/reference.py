"""The owner's csv files as last deployed: clauses, records and the labels of clocks."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagram.lint.tables import COLUMNS
from engine.queries.views import ClauseView, Text
from engine.storage.models import ReferenceFile, Source

REFERENCE_FILES = frozenset(f"{stem}.csv" for stem in COLUMNS)


@dataclass(frozen=True)
class RecordKind:
    """A kind of numbered record (`records.csv`): its names, its number pattern, its copies."""

    id: str
    name: Text
    number_pattern: str
    copies: str


def list_clauses(session: Session) -> dict[str, ClauseView]:
    """Every clause of the nine regulations by id, in our paraphrase."""
    return _clauses(_content(session, "clauses.csv"))


def record_kind(session: Session, record_id: str) -> RecordKind:
    """The record with that id; one that `records.csv` does not know is numbered under its own id."""
    found = _records(_content(session, "records.csv")).get(record_id)
    if found and found.number_pattern:
        return found
    name = found.name if found else Text(record_id)
    return RecordKind(record_id, name, f"{record_id}-YYYY-NNNNN", found.copies if found else "")


def clock_names(session: Session) -> Mapping[str, Text]:
    """The labels of clocks by name; one that `clocks.csv` does not know is shown by its name."""
    return _clocks(_content(session, "clocks.csv"))


def clause_views(known: Mapping[str, ClauseView], ids: Iterable[str]) -> tuple[ClauseView, ...]:
    """The clauses with these ids, in order; an unknown id is shown as it is."""
    return tuple(known.get(i) or ClauseView(i, i.partition("-")[0], Text("")) for i in ids)


def reference_files(session: Session) -> dict[str, bytes]:
    """Every one of these files by name."""
    statement = select(ReferenceFile.name, Source.content).join(
        Source, Source.hash == ReferenceFile.source_hash
    )
    return {row.name: row.content for row in session.execute(statement)}


def _content(session: Session, name: str) -> bytes:
    statement = (
        select(Source.content)
        .join(ReferenceFile, ReferenceFile.source_hash == Source.hash)
        .where(ReferenceFile.name == name)
    )
    return session.scalar(statement) or b""


def _rows(content: bytes) -> Iterable[dict[str, str]]:
    return csv.DictReader(io.StringIO(content.decode("utf-8-sig")))


@lru_cache(maxsize=8)
def _clauses(content: bytes) -> dict[str, ClauseView]:
    return {r["id"]: ClauseView(r["id"], r["regulation"], Text(r["zh"], r["en"])) for r in _rows(content)}


@lru_cache(maxsize=8)
def _clocks(content: bytes) -> dict[str, Text]:
    return {r["id"]: Text(r["zh"], r["en"]) for r in _rows(content)}


@lru_cache(maxsize=8)
def _records(content: bytes) -> dict[str, RecordKind]:
    kinds = (
        RecordKind(r["id"], Text(r["zh"], r["en"]), r["number_pattern"], r["copies"]) for r in _rows(content)
    )
    return {kind.id: kind for kind in kinds}
