"""What a draft's own tables offer to choose from while it is drawn: clauses, clocks, records, groups."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.diagram.readable import kind_of_file
from engine.diagram.titles import decision_ids
from engine.queries.access import check_definition_reader
from engine.queries.definition_files import draft_files
from engine.queries.views import Actor, Text


@dataclass(frozen=True)
class DraftChoices:
    """Each by id with its name. `forms` and `processes` are the files of the draft by stem; `decisions`: the
    id of every decision, as a `decisionRef` names it, with its file and its place there, from 0."""

    clauses: Mapping[str, Text]
    clocks: Mapping[str, Text]
    records: Mapping[str, Text]
    groups: Mapping[str, Text]
    forms: tuple[str, ...]
    decisions: Mapping[str, tuple[str, int]]
    processes: tuple[str, ...]


def draft_choices(session: Session, draft_id: str, actor: Actor) -> DraftChoices:
    """The choices that a draft offers. A table that cannot be understood offers none: lint says what is
    wrong with it. Raises NotAllowed, DefinitionDraftNotFound."""
    check_definition_reader(actor)
    files = draft_files(session, draft_id)
    clauses, clocks, records, groups = (
        _named(files.get(f"{name}.csv", b"")) for name in ("clauses", "clocks", "records", "groups")
    )
    forms, processes = (_stems(files, suffix) for suffix in (".form", ".bpmn"))
    return DraftChoices(clauses, clocks, records, groups, forms, _decisions(files), processes)


def _decisions(files: Mapping[str, bytes]) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for name, content in files.items():
        if kind_of_file(name) == "decision":
            for at, id in enumerate(decision_ids(name, content)):
                found.setdefault(id, (name, at))
    return found


def _named(content: bytes) -> dict[str, Text]:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace")))
    return {row["id"]: Text(row.get("zh") or row["id"], row.get("en") or "") for row in rows if row.get("id")}


def _stems(files: Mapping[str, bytes], suffix: str) -> tuple[str, ...]:
    return tuple(sorted(name.removesuffix(suffix) for name in files if name.endswith(suffix)))
