"""What a draft's own tables offer to choose from while it is drawn: clauses, clocks, records, groups."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.queries.access import check_definition_reader
from engine.queries.definition_files import draft_files
from engine.queries.views import Actor, Text


@dataclass(frozen=True)
class DraftChoices:
    """Each by id with its name. `forms`, `decisions` and `processes` are the files of the draft by stem."""

    clauses: Mapping[str, Text]
    clocks: Mapping[str, Text]
    records: Mapping[str, Text]
    groups: Mapping[str, Text]
    forms: tuple[str, ...]
    decisions: tuple[str, ...]
    processes: tuple[str, ...]


def draft_choices(session: Session, draft_id: str, actor: Actor) -> DraftChoices:
    """The choices that a draft offers. A table that cannot be understood offers none: lint says what is
    wrong with it. Raises NotAllowed, DefinitionDraftNotFound."""
    check_definition_reader(actor)
    files = draft_files(session, draft_id)
    clauses, clocks, records, groups = (
        _named(files.get(f"{name}.csv", b"")) for name in ("clauses", "clocks", "records", "groups")
    )
    forms, decisions, processes = (_stems(files, suffix) for suffix in (".form", ".dmn", ".bpmn"))
    return DraftChoices(clauses, clocks, records, groups, forms, decisions, processes)


def _named(content: bytes) -> dict[str, Text]:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return {row["id"]: Text(row.get("zh") or row["id"], row.get("en") or "") for row in rows if row.get("id")}


def _stems(files: Mapping[str, bytes], suffix: str) -> tuple[str, ...]:
    return tuple(sorted(name.removesuffix(suffix) for name in files if name.endswith(suffix)))
