"""What can be done to the fields of a form file: from bytes to bytes, or a refusal at the entries."""

from __future__ import annotations

from collections import Counter
from itertools import count

from engine.diagram.form_editor.entries import Entries
from engine.diagram.form_editor.kinds import ADDABLE, BLANK, ENTRIES, kind_of
from engine.diagram.form_editor.outline import Place
from engine.diagram.form_editor.tree import Branch, read_source
from engine.diagram.form_editor.writing import lacking, write_entries
from engine.diagram.forms import check_form
from engine.errors import FieldProblem, FormFieldNotFound, FormInvalid, Problem

# At which entry a problem of the form reader is shown; every other one belongs to the field as a whole.
AT = {
    "bad_key": "key", "reserved_key": "key", "duplicate_key": "key", "bad_pattern": "pattern",
    "bad_default": "default", "bad_option": "options", "duplicate_option": "options",
    "bad_options": "options", "bad_boolean": "options", "bad_conditional": "hide_when",
}  # fmt: skip
LOWER = ("min", "min_length", "rows_min")


def edit_field(data: bytes, file: str, place: Place, typed: Entries) -> bytes:
    """The file with what was typed said of the field at `place`; the same bytes if nothing was changed.

    Raises FormFieldNotFound, FormInvalid with a problem for each entry that cannot be so."""
    source = read_source(data)
    component = _component(_siblings(source.root, place), place)
    problems = write_entries(component, typed)
    return _checked(data, source.write(), file, kind_of(component), problems)


def add_field(data: bytes, file: str, place: Place, typed: Entries) -> bytes:
    """The file with a new field of the kind `typed.kind`, which stands at `place` afterwards. Raises as
    `edit_field`."""
    source = read_source(data)
    siblings = _siblings(source.root, place)
    if typed.kind not in ADDABLE or not place[-1] <= len(siblings.items):
        raise FormFieldNotFound(".".join(map(str, place)))
    key = typed.values.get("key", "").strip()
    siblings.insert(place[-1], _blank(typed.kind, key, source.root))
    component = _component(siblings, place)
    problems = [*lacking(typed), *write_entries(component, typed)]
    return _checked(data, source.write(), file, typed.kind, problems)


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
        raise FormFieldNotFound(".".join(map(str, place)))
    siblings.remove(place[-1])
    return source.write()


def move_field(data: bytes, place: Place, by: int) -> bytes:
    """The file with the field at `place` before (-1) or after (1) its neighbour; at the edge, the same file.

    Raises FormFieldNotFound."""
    source = read_source(data)
    siblings = _siblings(source.root, place)
    if not place[-1] < len(siblings.items):
        raise FormFieldNotFound(".".join(map(str, place)))
    if 0 <= place[-1] + by < len(siblings.items):
        siblings.swap(place[-1], place[-1] + by)
    return source.write()


def set_title(data: bytes, title: str, title_en: str) -> bytes:
    """The file with these titles."""
    source = read_source(data)
    if source.root.branch("properties") is None:
        source.root.set("properties", {})
    properties = source.root.branch("properties")
    assert properties
    for name, given in (("title", title), ("title.en", title_en)):
        if given.strip() != properties.text(name).strip():
            properties.set(name, given.strip())
    return source.write()


def _siblings(root: Branch, place: Place) -> Branch:
    """The list in which `place` is."""
    parent = root
    for depth, index in enumerate(place[:-1]):
        held = parent.branch("components", "[")
        if held is None or not index < len(held.items):
            raise FormFieldNotFound(".".join(map(str, place)))
        parent = _component(held, place[: depth + 1])
    if parent.branch("components", "[") is None and "components" not in (item.name for item in parent.items):
        parent.set("components", [])
    held = parent.branch("components", "[")
    if held is None or not place:
        raise FormFieldNotFound(".".join(map(str, place)))
    return held


def _component(siblings: Branch, place: Place) -> Branch:
    """The object at the last step of `place`."""
    found = siblings.items[place[-1]].value if place[-1] < len(siblings.items) else None
    if not isinstance(found, Branch) or found.opener != "{":
        raise FormFieldNotFound(".".join(map(str, place)))
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
