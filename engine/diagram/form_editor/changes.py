"""What can be done to the fields of a form file: from bytes to bytes, or a refusal at the entries."""

from __future__ import annotations

from collections import Counter
from itertools import count

from engine.diagram.form_editor.entries import Entries
from engine.diagram.form_editor.kinds import ADDABLE, BLANK, ENTRIES, HOLDERS, kind_of
from engine.diagram.form_editor.outline import Outline, Place, no_field, read_outline
from engine.diagram.form_editor.tree import Branch, read_source
from engine.diagram.form_editor.writing import (
    NO_CHOICE,
    check_title,
    lacking,
    write_entries,
)
from engine.diagram.forms import check_form
from engine.errors import FieldProblem, FormInvalid, Problem

# At which entry a problem of the form reader is shown; every other one belongs to the field as a whole.
AT = {
    "bad_key": "key", "reserved_key": "key", "duplicate_key": "key", "bad_pattern": "pattern",
    "bad_default": "default", "bad_option": "options", "duplicate_option": "options",
    "bad_options": "options", "bad_boolean": "options", "bad_conditional": "hide_when",
}  # fmt: skip
LOWER = ("min", "min_length", "rows_min")
OTHER_KIND = (
    "此处现在是另一种字段；未保存任何内容。",
    "Another kind of field stands here by now; nothing is saved.",
)
NOT_IN_TABLE = ("表格的列不能是这种字段。", "No column of a table can be of this kind.")


def edit_field(data: bytes, file: str, place: Place, typed: Entries) -> bytes:
    """The file with what was typed said of the field at `place`; the same bytes if nothing was changed.

    Raises FormFieldNotFound, FormInvalid with a problem for each entry that cannot be so; also if the field
    is not of the kind `typed.kind`, of which these are the entries."""
    source = read_source(data)
    component = _component(_siblings(source.root, place), place)
    if typed.kind != kind_of(component):
        raise FormInvalid(problems=[FieldProblem("", *OTHER_KIND)])
    problems = write_entries(component, typed)
    return _checked(data, source.write(), file, kind_of(component), problems)


def add_field(data: bytes, file: str, place: Place, typed: Entries) -> bytes:
    """The file with a new field of the kind `typed.kind`, which stands at `place` afterwards. Raises as
    `edit_field`."""
    check_addable(read_outline(data), place, typed.kind)
    source = read_source(data)
    siblings = _siblings(source.root, place, make=True)
    key = typed.values.get("key", "").strip()
    siblings.insert(place[-1], _blank(typed.kind, key, source.root))
    component = _component(siblings, place)
    problems = [*lacking(typed), *write_entries(component, typed)]
    return _checked(data, source.write(), file, typed.kind, problems)


def check_addable(outline: Outline, place: Place, kind: str) -> None:
    """Whether a new field of that kind may stand at a place. Raises FormFieldNotFound; FormInvalid with a
    problem at `kind`."""
    kinds = outline.addable(place)
    if kind not in kinds:
        raise FormInvalid(problems=[FieldProblem("kind", *(NOT_IN_TABLE if kind in ADDABLE else NO_CHOICE))])


def _blank(kind: str, key: str, root: Branch) -> dict[str, object]:
    """A component with nothing said of it yet, but an id and a row of its own."""
    taken = set(_ids(root))
    stem = {"section": "Group", "paragraph": "Text"}.get(kind, "Field")
    names = (f"{stem}_{key}" if key and number == 1 else f"{stem}_{key}{number}" for number in count(1))
    id = next(name for name in names if name not in taken)
    own = {"path" if kind == "table" else "key": key} if key else {}
    words = {entry.path[0]: "" for entry in ENTRIES[kind] if entry.name == "label"}
    row = id.partition("_")[2]
    return {**words, **BLANK[kind], "layout": {"row": f"Row_{row}", "columns": None}, "id": id, **own}


def _ids(branch: Branch) -> list[str]:
    found = [branch.text("id")] if branch.opener == "{" else []
    for item in branch.items:
        if isinstance(item.value, Branch):
            found += _ids(item.value)
    return found


def remove_field(data: bytes, place: Place) -> bytes:
    """The file without the field at `place` and whatever is in it. Raises FormFieldNotFound."""
    source = read_source(data)
    siblings = _siblings(source.root, place)
    if not place[-1] < len(siblings.items):
        raise no_field(place)
    siblings.remove(place[-1])
    return source.write()


def move_field(data: bytes, place: Place, by: int) -> bytes:
    """The file with the field at `place` before (-1) or after (1) its neighbour; at the edge, the same file.

    Raises FormFieldNotFound."""
    source = read_source(data)
    siblings = _siblings(source.root, place)
    if not place[-1] < len(siblings.items):
        raise no_field(place)
    if 0 <= place[-1] + by < len(siblings.items):
        siblings.swap(place[-1], place[-1] + by)
    return source.write()


def set_title(data: bytes, title: str, title_en: str) -> bytes:
    """The file with these titles. Raises FormInvalid with a problem at `title` or `title_en`."""
    source = read_source(data)
    if source.root.branch("properties") is None:
        source.root.set("properties", {})
    properties = source.root.branch("properties")
    assert properties
    problems: list[FieldProblem] = []
    for name, given in (("title", title.strip()), ("title.en", title_en.strip())):
        if given != properties.text(name).strip():
            problems += check_title(name.replace(".", "_"), given)
            properties.set(name, given)
    if problems:
        raise FormInvalid(problems=problems)
    return source.write()


def _siblings(root: Branch, place: Place, make: bool = False) -> Branch:
    """The list in which `place` is, of the form, a section or a table; `make` it where there is none yet."""
    parent = root
    for depth in range(1, len(place)):
        parent = _component(_held(parent, place), place[:depth])
        if kind_of(parent) not in HOLDERS:
            raise no_field(place)
    if make and parent.item("components") is None:
        parent.set("components", [])
    return _held(parent, place)


def _held(parent: Branch, place: Place) -> Branch:
    held = parent.branch("components", "[")
    if held is None or not place:
        raise no_field(place)
    return held


def _component(siblings: Branch, place: Place) -> Branch:
    """The object at the last step of `place`."""
    found = siblings.items[place[-1]].value if place[-1] < len(siblings.items) else None
    if not isinstance(found, Branch) or found.opener != "{":
        raise no_field(place)
    return found


def _checked(before: bytes, after: bytes, file: str, kind: str, problems: list[FieldProblem]) -> bytes:
    """`after`, unless it has an error that `before` has not. Raises FormInvalid."""
    known = Counter(map(_what, check_form(before, file))) if after != before else Counter()
    for problem in check_form(after, file) if after != before else ():
        if known[_what(problem)] > 0:
            known[_what(problem)] -= 1
        elif problem.level == "error":
            problems.append(FieldProblem(_entry(problem.code, kind), problem.zh, problem.en))
    if problems:
        raise FormInvalid(problems=problems)
    return after


def _what(problem: Problem) -> tuple[str, str]:
    return problem.code, problem.zh


def _entry(code: str, kind: str) -> str:
    names = {entry.name for entry in ENTRIES[kind]}
    if code == "crossed_bounds":
        return next((name for name in LOWER if name in names), "")
    at = AT.get(code, "")
    return at if at in names else ""
