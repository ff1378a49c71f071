"""Two bundles, compared as a whole."""

from collections.abc import Iterator, Mapping

from engine.diagram.bundle import Bundle
from engine.diagram.compare.changes import BundleComparison, How, ProcessComparison, Thing, changed_things
from engine.diagram.compare.elements import elements_of, places_of
from engine.diagram.compare.forms import compare_forms
from engine.diagram.compare.tables import compare_decisions
from engine.diagram.document import Document, read_document
from engine.diagram.library import base_name


def compare_bundles(before: Bundle, after: Bundle) -> BundleComparison:
    """What differs between two bundles: elements by id, forms by field, decision tables by row.

    A shape that only stands elsewhere is among `moved` and is no change."""
    processes = tuple(_processes(before, after))
    return BundleComparison(
        processes, tuple(compare_forms(before, after)), tuple(compare_decisions(before, after))
    )


def _processes(before: Bundle, after: Bundle) -> Iterator[ProcessComparison]:
    for key in (*after.processes, *(key for key in before.processes if key not in after.processes)):
        old, new = _document(before, key), _document(after, key)
        if old and new and old.data == new.data:
            continue
        found = _compared(key, old, new, after if new else before)
        if found.changes or found.moved:
            yield found


def _document(bundle: Bundle, process_id: str) -> Document | None:
    facts = bundle.processes.get(process_id)
    return read_document(bundle.diagram_of(process_id), base_name(facts.file)) if facts else None


def _compared(key: str, old: Document | None, new: Document | None, named: Bundle) -> ProcessComparison:
    before = elements_of(old, key) if old else {}
    after = elements_of(new, key) if new else {}
    changes = changed_things(before, after)
    how: How = "changed" if old and new else "added" if new else "removed"
    facts = named.processes[key]
    moved = _moved(old, new, before.keys() & after.keys() - {change.id for change in changes})
    return ProcessComparison(
        key, how, facts.name, facts.name_en, changes, moved, _names(before), _names(after)
    )


def _moved(old: Document | None, new: Document | None, ids: set[str]) -> tuple[str, ...]:
    if old is None or new is None:
        return ()
    was, now = places_of(old), places_of(new)
    return tuple(sorted(name for name in ids if was.get(name) != now.get(name)))


def _names(elements: Mapping[str, Thing]) -> dict[str, tuple[str, str]]:
    return {name: (thing.name or name, thing.name_en) for name, thing in elements.items()}
