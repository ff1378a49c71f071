"""Two versions of a process side by side, in words and as marks on their diagrams."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle
from engine.diagram.compare import (
    REFERENCES,
    Change,
    DecisionComparison,
    FormComparison,
    ProcessComparison,
    PropertyChange,
    compare_bundles,
    compare_lists,
)
from engine.diagram.library import base_name
from engine.queries.access import check_definition_reader
from engine.queries.bundles import bundle_of, latest_definition
from engine.queries.definition_page import VersionRow, version_row
from engine.queries.views import Actor, Text

Names = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class PropertyView:
    """A property before and after, None where there was or is none; an element is named, not by its id.

    `name_en`: the English heading of a column of a decision table."""

    name: str
    before: Text | None
    after: Text | None
    name_en: str = ""


@dataclass(frozen=True)
class ChangeView:
    """An element, field or rule; `how`: added, removed or changed; `kind` as in the diagram or form.

    `kept`: of a changed rule the conditions that stay, each a column with its entry."""

    how: str
    kind: str
    id: str
    name: Text
    properties: tuple[PropertyView, ...]
    kept: tuple[tuple[Text, str], ...] = ()


@dataclass(frozen=True)
class PartView:
    """A process, form or decision that differs. `how`: added or removed as a whole, or changed.

    Of a process: `moved` are elements that only stand elsewhere; `drawn_before` and `drawn_after` name the
    files that draw it; the marks say of each shape added, removed, changed or moved."""

    id: str
    how: str
    name: Text
    properties: tuple[PropertyView, ...]
    changes: tuple[ChangeView, ...]
    moved: tuple[Text, ...] = ()
    drawn_before: str | None = None
    drawn_after: str | None = None
    marks_before: Mapping[str, str] | None = None
    marks_after: Mapping[str, str] | None = None


@dataclass(frozen=True)
class ComparisonView:
    """Two versions compared. `same`: nothing that runs differs, though shapes may have moved. `files`: those
    whose bytes differ, even if only in spelling."""

    process_id: str
    name: Text
    latest: int
    before: VersionRow
    after: VersionRow
    same: bool
    processes: tuple[PartView, ...]
    forms: tuple[PartView, ...]
    decisions: tuple[PartView, ...]
    files: tuple[str, ...]


@dataclass(frozen=True)
class Differences:
    """What differs between two bundles; see `ComparisonView`."""

    same: bool
    processes: tuple[PartView, ...]
    forms: tuple[PartView, ...]
    decisions: tuple[PartView, ...]
    files: tuple[str, ...]


def differences(old: Bundle, new: Bundle) -> Differences:
    """What differs between two bundles."""
    found = compare_bundles(old, new)
    processes = tuple(_process(each, old, new) for each in found.processes)
    parts = processes, tuple(map(_form, found.forms)), tuple(map(_decision, found.decisions))
    return Differences(found.same, *parts, _files(old, new))


def list_differences(name: str, before: bytes | None, after: bytes) -> PartView | None:
    """How a table of names differs from another state of it, row by row: without changes if only the order or
    the spelling does; None if it is the same."""
    if before == after:
        return None
    how = "changed" if before is not None else "added"
    return PartView(name, how, Text(name), (), _changes(compare_lists(before or b"", after)))


def compare_versions(
    session: Session, process_id: str, actor: Actor, *, before: int | None = None, after: int | None = None
) -> ComparisonView:
    """What differs between two versions of a process, by default between the latest and the one before it.

    Raises NotAllowed, ProcessNotFound, VersionNotFound."""
    check_definition_reader(actor)
    latest = latest_definition(session, process_id)
    after = latest.version if after is None else after
    before = max(after - 1, 1) if before is None else before
    was, now = (version_row(session, process_id, version) for version in (before, after))
    old, new = (bundle_of(session, row.bundle_hash) for row in (was, now))
    found = differences(old, new)
    return ComparisonView(
        process_id, Text(latest.name, latest.name_en), latest.version, was, now, found.same, found.processes,
        found.forms, found.decisions, found.files,
    )  # fmt: skip


def _files(old: Bundle, new: Bundle) -> tuple[str, ...]:
    names = old.sources.keys() | new.sources.keys()
    return tuple(sorted(name for name in names if old.sources.get(name) != new.sources.get(name)))


def _form(found: FormComparison) -> PartView:
    title = Text(found.title or found.id, found.title_en)
    return PartView(found.id, found.how, title, _properties(found.properties), _changes(found.fields))


def _decision(found: DecisionComparison) -> PartView:
    columns, title = found.columns, Text(found.name, found.name_en)
    rules = tuple(
        replace(
            shown, properties=_headed(shown.properties, columns),
            kept=tuple((Text(label, columns.get(label, "")), cell) for label, cell in rule.kept),
        )
        for shown, rule in zip(_changes(found.rules), found.rules, strict=True)
    )  # fmt: skip
    return PartView(found.id, found.how, title, _headed(_properties(found.properties), columns), rules)


def _headed(properties: Iterable[PropertyView], columns: Mapping[str, str]) -> tuple[PropertyView, ...]:
    """The properties with the English headings of the columns that they are about."""
    return tuple(
        replace(each, name_en=columns.get(re.sub("^(input|output)[.]", "", each.name), ""))
        for each in properties
    )


def _process(found: ProcessComparison, old: Bundle, new: Bundle) -> PartView:
    names = found.names_before, found.names_after
    moved = dict.fromkeys(found.moved, "moved")
    marks = {change.id: change.how for change in found.changes if change.kind != "process"}
    return PartView(
        found.id, found.how, Text(found.name, found.name_en), (), _changes(found.changes, *names),
        tuple(Text(*names[1][element]) for element in found.moved),
        _drawn(old, found.id), _drawn(new, found.id),
        moved | {name: how for name, how in marks.items() if how != "added"},
        moved | {name: how for name, how in marks.items() if how != "removed"},
    )  # fmt: skip


def _drawn(bundle: Bundle, process_id: str) -> str | None:
    facts = bundle.processes.get(process_id)
    return base_name(facts.file) if facts else None


def _changes(changes: Iterable[Change], *names: Names) -> tuple[ChangeView, ...]:
    return tuple(
        ChangeView(
            change.how, change.kind, change.id, Text(change.name or change.id, change.name_en),
            _properties(change.properties, *names),
        )
        for change in changes
    )  # fmt: skip


def _properties(
    changes: Iterable[PropertyChange], before: Names | None = None, after: Names | None = None
) -> tuple[PropertyView, ...]:
    return tuple(
        PropertyView(c.name, _value(c.name, c.before, before), _value(c.name, c.after, after))
        for c in changes
    )


def _value(name: str, value: str | None, names: Names | None) -> Text | None:
    if value is None:
        return None
    return Text(*names[value]) if names and name in REFERENCES and value in names else Text(value)
