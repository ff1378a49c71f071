"""What a comparison finds: small records, and how two sets of named things are told apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

How = Literal["added", "removed", "changed"]
Facts = Mapping[str, str]

# Properties whose value is the id of another element; pages say its name.
REFERENCES = frozenset({"lane", "sourceRef", "targetRef", "default", "attachedToRef", "parent"})


@dataclass(frozen=True)
class PropertyChange:
    """A property with its value before and after; None where there was or is none."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Change:
    """What differs. `kind`: the BPMN name of an element, the type of a field, `rule` or `row`.

    `name`, `name_en`: as it is called now, or was before it was removed. `properties`: for what was added or
    removed, all that it has or had. `kept`: of a changed rule, the conditions that stay, by the label
    of their column: they tell which rule it is."""

    how: How
    kind: str
    id: str
    name: str
    name_en: str
    properties: tuple[PropertyChange, ...]
    kept: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ProcessComparison:
    """A process of either bundle that differs. `how`: added or removed as a whole, or changed.

    `moved`: elements that only stand elsewhere in the drawing, which changes nothing that runs.
    `names_before`, `names_after`: element id → names in Chinese and English."""

    id: str
    how: How
    name: str
    name_en: str
    changes: tuple[Change, ...]
    moved: tuple[str, ...]
    names_before: Mapping[str, tuple[str, str]]
    names_after: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class FormComparison:
    """A form that differs, by field. `id`: its key, or process and element in which it is drawn."""

    id: str
    how: How
    title: str
    title_en: str
    properties: tuple[PropertyChange, ...]
    fields: tuple[Change, ...]


@dataclass(frozen=True)
class DecisionComparison:
    """A decision table that differs: `properties` of the table and its columns, `rules` row by row, the cells
    under the label of their column. `columns`: the English headings, by label."""

    id: str
    how: How
    name: str
    name_en: str
    columns: Facts
    properties: tuple[PropertyChange, ...]
    rules: tuple[Change, ...]


@dataclass(frozen=True)
class BundleComparison:
    """Everything in which two bundles differ; what is the same is not in it."""

    processes: tuple[ProcessComparison, ...]
    forms: tuple[FormComparison, ...]
    decisions: tuple[DecisionComparison, ...]

    @property
    def same(self) -> bool:
        """Whether nothing that runs differs; shapes may have moved."""
        drawn_only = all(p.how == "changed" and not p.changes for p in self.processes)
        return drawn_only and not self.forms and not self.decisions


@dataclass(frozen=True)
class Thing:
    """One side of a comparison: an element, field or rule with its facts by name."""

    kind: str
    id: str
    name: str
    name_en: str
    facts: Facts


def changed_facts(before: Facts, after: Facts) -> tuple[PropertyChange, ...]:
    """The facts that differ: those of `after` in their order, then those that are gone."""
    names = [*after, *(name for name in before if name not in after)]
    pairs = ((name, before.get(name), after.get(name)) for name in names)
    return tuple(PropertyChange(name, old, new) for name, old, new in pairs if old != new)


def changed_things(before: Mapping[str, Thing], after: Mapping[str, Thing]) -> tuple[Change, ...]:
    """What was added, changed and removed between two sides, by key; the removed ones last."""
    found = [_change(before.get(key), thing) for key, thing in after.items()]
    gone = [_change(thing, None) for key, thing in before.items() if key not in after]
    return tuple(change for change in (*found, *gone) if change)


def changed_order(before: Iterable[str], after: Sequence[str]) -> bool:
    """Whether what both sides have comes in another order; what was added or removed reorders nothing."""
    was = [key for key in before if key in set(after)]
    return was != [key for key in after if key in set(was)]


def _change(before: Thing | None, after: Thing | None) -> Change | None:
    now = after or before
    assert now is not None
    differences = changed_facts(before.facts if before else {}, after.facts if after else {})
    if before and after and before.kind != after.kind:
        differences = (PropertyChange("kind", before.kind, after.kind), *differences)
    if before and after and not differences:
        return None
    how: How = "changed" if before and after else "added" if after else "removed"
    return Change(how, now.kind, now.id, now.name, now.name_en, differences)
