"""The fields of a form file as a list to look at: where each stands, what it is, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.diagram.form_editor.entries import Entries, read_entries
from engine.diagram.form_editor.kinds import ADDABLE, COLUMNS, ENTRIES, HOLDERS, kind_of
from engine.diagram.form_editor.tree import Branch, Source, read_source
from engine.errors import FormFieldNotFound, Problem

Place = tuple[int, ...]  # counted from 0: in the form, then in the section or table


@dataclass(frozen=True)
class FormPart:
    """One component of a form. `place` counts from 0 in its form, or in the section or table around it;
    `holds` is "section" or "table" for one that holds others, which are its `parts`."""

    place: Place
    kind: str
    type: str
    key: str
    entries: Entries
    parts: tuple[FormPart, ...] = ()
    last: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def address(self) -> str:
        """Its place as text: `3.1`."""
        return ".".join(map(str, self.place))

    @property
    def holds(self) -> str:
        """What it is for the parts in it."""
        return self.kind if self.kind in HOLDERS else ""

    def said(self, name: str) -> str:
        """One of its entries; empty if that is not said."""
        return self.entries.values.get(name, "")

    @property
    def whole(self) -> Iterator[FormPart]:
        """Itself and every part in it."""
        yield self
        for part in self.parts:
            yield from part.whole


@dataclass(frozen=True)
class Outline:
    """A form file: its titles, its parts, the problems of none of them."""

    title: str
    title_en: str
    parts: tuple[FormPart, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def all(self) -> tuple[FormPart, ...]:
        """Every part, in the order of the page."""
        return tuple(part for top in self.parts for part in top.whole)

    def part(self, place: Place) -> FormPart | None:
        """The part at a place."""
        return next((part for part in self.all if part.place == place), None)

    def addable(self, place: Place) -> tuple[str, ...]:
        """The kinds of a new field that may stand at a place. Raises FormFieldNotFound for what is no place
        in the form, in a section or in a table."""
        around = [self.part(place[: depth + 1]) for depth in range(len(place) - 1)]
        if not place or not all(part and part.holds for part in around):
            raise no_field(place)
        beside = around[-1].parts if around and around[-1] else self.parts
        if place[-1] > len(beside):
            raise no_field(place)
        return COLUMNS if any(part and part.holds == "table" for part in around) else ADDABLE


def no_field(place: Place) -> FormFieldNotFound:
    """What is said of a place without a field; people count from 1."""
    return FormFieldNotFound(".".join(str(index + 1) for index in place))


def read_outline(data: bytes, problems: Sequence[Problem] = ()) -> Outline:
    """The outline of a form that `read_json` takes; `problems` of the file are put at their parts by line."""
    source = read_source(data)
    at: dict[tuple[int, int], list[Problem]] = {}
    for problem in problems:
        at.setdefault((problem.line, problem.column), []).append(problem)
    parts = tuple(_parts(source, source.root, (), at))
    return Outline(*_titles(source), parts, tuple(left for found in at.values() for left in found))


def read_titles(data: bytes) -> tuple[str, str]:
    """The Chinese and the English title of a form that `read_json` takes, empty where it says none."""
    return _titles(read_source(data))


def _titles(source: Source) -> tuple[str, str]:
    properties = source.root.branch("properties")
    return (properties.text("title"), properties.text("title.en")) if properties else ("", "")


def _parts(
    source: Source, parent: Branch, place: Place, at: dict[tuple[int, int], list[Problem]]
) -> Iterator[FormPart]:
    held = parent.branch("components", "[")
    items = held.items if held else []
    for index, item in enumerate(items):
        here = (*place, index)
        if not isinstance(item.value, Branch) or item.value.opener != "{":
            yield FormPart(
                here, "other", item.value.write()[:40], "", Entries("other"), (), _last(items, index)
            )
            continue
        component = item.value
        kind = kind_of(component)
        yield FormPart(
            here, kind, component.text("type"),
            component.text("key") or component.text("path") or component.text("id"),
            read_entries(component), tuple(_parts(source, component, here, at)), _last(items, index),
            tuple(at.pop(source.place(component), ())),
        )  # fmt: skip


def _last(items: Sequence[object], index: int) -> bool:
    return index == len(items) - 1


def blank_entries(kind: str) -> Entries:
    """What a new field of a kind says before anybody has typed: nothing."""
    return Entries(kind, {entry.name: "" for entry in ENTRIES[kind]} | {"kind": kind})
