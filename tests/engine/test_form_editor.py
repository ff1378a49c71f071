"""Fields of a form file are changed one by one; everything else in the file stays as it was written."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.diagram import form_editor
from engine.diagram.form_editor import ADDABLE, Entries, FormPart, OptionEntry, read_outline
from engine.diagram.form_editor.kinds import FAMILIES
from engine.diagram.forms import check_form, read_form
from engine.errors import FormFieldNotFound, FormInvalid

FORMS = sorted((Path(__file__).parents[2] / "bpmn" / "forms").glob("*.form"))
SMALL = b"""\xef\xbb\xbf{ "id" : "f","type":"default",\r
\t"components": [
  {"type":"textfield","key":"a", "label":"\\u7532", "id":"A","validate" : {"maxLength": 5.0, "required":true},
   "mine": {"x" : [ 1,2 ]},
   "properties":{"label.en":"A"}},

  {"type":"number","key":"b","label":"b","id":"B","properties":{"label.en":"B","remark":"mine"}}  ,
  {"type":"radio","key":"c","label":"c","id":"C",
    "values":[{"value":"x","label":"X","colour":"red"}, {"value":"y","label":"Y"}],
    "properties":{"label.en":"C","option.x.en":"Ex","option.y.en":"Why"}}
  ], "properties": {"title":"t","title.en":"t"}, "unknown": null }

"""


def parts(data: bytes) -> Iterator[FormPart]:
    """Every part of a form, those in sections and tables among them."""
    yield from read_outline(data).all


def changed(part: FormPart, **values: str) -> Entries:
    """What a part says, with some of it said anew."""
    return replace(part.entries, values={**part.entries.values, **values})


def typed(kind: str, *options: str, **values: str) -> Entries:
    """What somebody types for a new field."""
    return Entries(kind, values, tuple(OptionEntry(option, option, option) for option in options))


def plain(data: bytes) -> dict[str, object]:
    """A file as JSON."""
    found = json.loads(data.decode("utf-8-sig"))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_saving_every_field_of_a_shipped_form_unedited_changes_no_byte(path: Path) -> None:
    data = path.read_bytes()
    for part in parts(data):
        assert form_editor.edit_field(data, path.name, part.place, part.entries) == data
        assert part.kind != "other"
    assert form_editor.set_title(data, *(read_outline(data).title, read_outline(data).title_en)) == data


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_changed_label_changes_one_line_of_a_shipped_form_and_changes_back(path: Path) -> None:
    data = path.read_bytes()
    found = [part for part in parts(data) if part.kind != "separator"]
    for part in {part.place: part for part in (found[0], found[len(found) // 2], found[-1])}.values():
        new = form_editor.edit_field(data, path.name, part.place, changed(part, label="新的标签"))
        before, after = data.decode().splitlines(), new.decode().splitlines()
        assert len(before) == len(after)
        assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
        assert form_editor.edit_field(new, path.name, part.place, part.entries) == data


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_field_added_to_a_shipped_form_is_laid_out_as_its_neighbours_and_goes_without_a_trace(
    path: Path,
) -> None:
    data = path.read_bytes()
    for index in (0, len(read_outline(data).parts)):
        new = form_editor.add_field(
            data,
            path.name,
            (index,),
            typed("select", "甲", "乙", key="brand_new", label="新", label_en="New"),
        )
        assert new.decode() == json.dumps(json.loads(new), ensure_ascii=False, indent=2) + "\n"
        assert not check_form(new, path.name)
        assert form_editor.remove_field(new, (index,)) == data


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_field_that_is_moved_and_moved_back_leaves_the_file_as_it_was(path: Path) -> None:
    data = path.read_bytes()
    for part in parts(data):
        moved = form_editor.move_field(data, part.place, 1)
        assert (moved == data) == part.last
        if not part.last:
            back = (*part.place[:-1], part.place[-1] + 1)
            assert form_editor.move_field(moved, back, -1) == data


def test_the_layout_of_another_program_and_what_it_says_besides_are_kept() -> None:
    first = read_outline(SMALL).parts[0]
    assert form_editor.edit_field(SMALL, "f.form", (0,), first.entries) == SMALL
    new = form_editor.edit_field(SMALL, "f.form", (0,), changed(first, max_length="9", required=""))
    assert new == SMALL.replace(b'"maxLength": 5.0, "required":true', b'"maxLength": 9')
    gone = form_editor.remove_field(SMALL, (1,))
    assert plain(gone)["components"] == [plain(SMALL)["components"][at] for at in (0, 2)]  # type: ignore[index]
    assert gone.startswith(b'\xef\xbb\xbf{ "id" : "f","type":"default",\r\n\t"components": [\n  {"type"')
    assert b'"unknown": null }\n\n' in gone


def test_answers_are_moved_renamed_and_taken_out_without_losing_what_else_is_said_of_them() -> None:
    radio = read_outline(SMALL).parts[2]
    assert [option.label_en for option in radio.entries.options] == ["Ex", "Why"]
    turned = (OptionEntry("z", "Z", "Zed"), radio.entries.options[0])
    new = form_editor.edit_field(SMALL, "f.form", (2,), replace(radio.entries, options=turned))
    component = plain(new)["components"][2]  # type: ignore[index]
    assert component["values"] == [
        {"label": "Z", "value": "z"},
        {"value": "x", "label": "X", "colour": "red"},
    ]
    assert component["properties"] == {"label.en": "C", "option.x.en": "Ex", "option.z.en": "Zed"}
    assert form_editor.edit_field(SMALL, "f.form", (2,), radio.entries) == SMALL


@pytest.mark.parametrize("kind", ADDABLE)
def test_a_new_field_of_every_kind_is_one_that_the_engine_reads(kind: str) -> None:
    words = {"key": "new", "label": "新", "label_en": "New"}
    new = form_editor.add_field(SMALL, "f.form", (3,), typed(kind, *_answers(kind), **words))
    assert [part.kind for part in read_outline(new).parts][3] == kind
    assert [problem.code for problem in check_form(new, "f.form")] == ["unknown_property"]
    read_form(new, "f.form")
    assert plain(SMALL)["components"] == plain(new)["components"][:3]  # type: ignore[index]


def _answers(kind: str) -> tuple[str, ...]:
    return ("一", "二") if kind in ("select", "radio", "taglist", "checklist") else ()


SAID = {
    "text": {"min_length": "2", "max_length": "9", "pattern": "[A-Z]+", "pattern_message": "大写",
             "pattern_message_en": "Capitals", "default": "AB", "personal": "true", "help": "帮",
             "help_en": "Help", "width": "8"},
    "textarea": {"default": "一\n二", "label": "新的", "hide_when": "not(a = null)"},
    "number": {"min": "-1.5", "max": "2", "decimals": "2", "unit": "米", "unit_en": "m", "default": "1.25",
               "required_when": "b > 1", "hide_when": "not(b > 1)"},
    "date": {"not_before": "today()", "read_only": "true", "required": "true"},
    "file": {"accept": ".pdf,.png", "multiple": "true"},
    "user": {"source_group": "cs"},
    "groups": {"source_group": "cs, qa"},
    "checkbox": {"default": "true"},
    "taglist": {"default": "一\n二"},
    "table": {"rows_min": "1", "rows_max": "7"},
}  # fmt: skip


@pytest.mark.parametrize("kind", SAID)
def test_everything_that_is_said_of_a_field_is_read_again_and_can_be_unsaid(kind: str) -> None:
    words = {"key": "new", "label": "新", "label_en": "New"}
    bare = form_editor.add_field(SMALL, "f.form", (1,), typed(kind, *_answers(kind), **words))
    part = read_outline(bare).parts[1]
    said = form_editor.edit_field(bare, "f.form", (1,), changed(part, **SAID[kind]))
    again = read_outline(said).parts[1]
    assert {name: again.said(name) for name in SAID[kind]} == SAID[kind]
    unsaid = form_editor.edit_field(said, "f.form", (1,), part.entries)
    assert read_outline(unsaid).parts[1].entries == part.entries
    assert read_form(unsaid, "f.form").field("new") == read_form(bare, "f.form").field("new")


@pytest.mark.parametrize(
    ("place", "values", "entry"),
    [
        ((0,), {"key": "b"}, "key"),
        ((0,), {"key": "1st"}, "key"),
        ((0,), {"key": ""}, "key"),
        ((0,), {"label": ""}, "label"),
        ((0,), {"label": "=x"}, "label"),
        ((0,), {"max_length": "viele"}, "max_length"),
        ((0,), {"max_length": "99999999"}, "max_length"),
        ((0,), {"min_length": "9"}, "min_length"),
        ((0,), {"pattern": "(((a+)+)+)+$"}, "pattern"),
        ((0,), {"default": "far too long"}, "default"),
        ((0,), {"required_when": "import os"}, "required_when"),
        ((0,), {"hide_when": "1 +"}, "hide_when"),
        ((0,), {"format": "iban"}, "format"),
        ((0,), {"kind": "table"}, "kind"),
        ((0,), {"width": "17"}, "width"),
        ((1,), {"min": "3", "max": "1"}, "min"),
        ((1,), {"min": "1e400"}, "min"),
        ((1,), {"label": "坏\x00"}, ""),
    ],
)
def test_what_cannot_be_is_refused_at_its_entry(
    place: tuple[int, ...], values: dict[str, str], entry: str
) -> None:
    part = read_outline(SMALL).part(place)
    assert part
    with pytest.raises(FormInvalid) as refused:
        form_editor.edit_field(SMALL, "f.form", place, changed(part, **values))
    assert [problem.field for problem in refused.value.problems] == [entry]
    assert all(problem.zh and problem.en for problem in refused.value.problems)


def test_an_error_that_was_there_before_keeps_nobody_from_mending_something_else() -> None:
    broken = SMALL.replace(b'"key":"b"', b'"key":"1b"')
    first = read_outline(broken).parts[0]
    assert form_editor.edit_field(broken, "f.form", (0,), changed(first, label_en="Aye")) != broken
    second = read_outline(broken, check_form(broken, "f.form")).parts[1]
    assert [problem.code for problem in second.problems] == ["bad_key", "unknown_property"]


def test_a_kind_changes_only_into_its_kin() -> None:
    first = read_outline(SMALL).parts[0]
    new = form_editor.edit_field(SMALL, "f.form", (0,), changed(first, kind="textarea"))
    assert read_outline(new).parts[0].kind == "textarea"


@pytest.mark.parametrize("place", [(), (9,), (0, 0), (2, 1, 1)])
def test_there_is_no_field_where_there_is_none(place: tuple[int, ...]) -> None:
    for change in (
        lambda: form_editor.remove_field(SMALL, place),
        lambda: form_editor.move_field(SMALL, place, 1),
        lambda: form_editor.edit_field(SMALL, "f.form", place, Entries("text")),
        lambda: form_editor.add_field(SMALL, "f.form", (*place, 7), Entries("text")),
    ):
        with pytest.raises(FormFieldNotFound):
            change()


def test_a_section_takes_fields_and_a_form_without_any_takes_its_first() -> None:
    empty = b'{"id":"f","type":"default","components":[]}'
    section = form_editor.add_field(empty, "f.form", (0,), typed("section", label="段", label_en="Part"))
    inside = form_editor.add_field(
        section, "f.form", (0, 0), typed("text", key="a", label="甲", label_en="A")
    )
    assert [part.address for part in read_outline(inside).all] == ["0", "0.0"]
    assert b"\n" not in inside
    assert form_editor.remove_field(inside, (0, 0)) == section


@pytest.mark.parametrize("place", [(0, 0), (1, 0), (2, 0)])
def test_a_field_is_put_into_a_section_or_a_table_and_into_nothing_else(place: tuple[int, ...]) -> None:
    with pytest.raises(FormFieldNotFound) as refused:
        form_editor.add_field(SMALL, "f.form", place, typed("text", key="new", label="新"))
    assert refused.value.place == f"{place[0] + 1}.1"  # people count from 1


def test_a_section_without_a_list_has_nothing_to_remove_and_takes_its_first_field() -> None:
    bare = b'{"id":"f","components":[{"type":"group","id":"G","label":"g"}]}'
    for change in (form_editor.remove_field, lambda data, place: form_editor.move_field(data, place, 1)):
        with pytest.raises(FormFieldNotFound):
            change(bare, (0, 0))
    inside = form_editor.add_field(bare, "f.form", (0, 0), typed("text", key="a", label="甲"))
    assert [part.address for part in read_outline(inside).all] == ["0", "0.0"]


@pytest.mark.parametrize("kind", ADDABLE)
def test_a_table_takes_only_what_can_be_a_column(kind: str) -> None:
    table = form_editor.add_field(SMALL, "f.form", (0,), typed("table", key="rows", label="行"))
    column = typed(kind, *_answers(kind), key="new", label="新", label_en="New")
    if kind in ("table", "section", "paragraph", "separator", "file"):
        with pytest.raises(FormInvalid) as refused:
            form_editor.add_field(table, "f.form", (0, 1), column)
        assert [problem.field for problem in refused.value.problems] == ["kind"]
    else:
        added = form_editor.add_field(table, "f.form", (0, 1), column)
        assert [part.kind for part in read_outline(added).parts[0].parts] == ["text", kind]
        assert [each.key for each in read_form(added, "f.form").field("rows").columns] == ["item", "new"]


def test_a_section_inside_a_table_takes_no_more_than_the_table() -> None:
    odd = b"""{"id":"f","components":[{"type":"dynamiclist","path":"t","id":"T","label":"t","components":[
        {"type":"group","id":"G","label":"g","components":[]}]}]}"""
    with pytest.raises(FormInvalid):
        form_editor.add_field(odd, "f.form", (0, 0, 0), typed("file", key="a", label="甲"))


def test_what_is_typed_of_another_kind_of_field_is_refused_whole() -> None:
    """A field that somebody put there meanwhile, or a page that does not say of which kind it told."""
    flagged = SMALL.replace(b'"maxLength": 5.0,', b'"maxLength": 5.0, "minLength": 1,')
    for kind in ("number", "other"):
        with pytest.raises(FormInvalid) as refused:
            form_editor.edit_field(flagged, "f.form", (0,), Entries(kind, {"label": "新"}))
        assert [problem.field for problem in refused.value.problems] == [""]


KIN = [(one, other) for family in FAMILIES for one in family for other in family if one != other]
FULL = {
    "text": {"format": "email", "min_length": "2",
             "max_length": "20", "pattern": "[a-z@.]+", "default": "abc@example.com"},
    "textarea": {"max_length": "9", "default": "abc", "help": "帮"},
    "select": {"default": "一"}, "radio": {"default": "一"},
    "taglist": {"default": "一"}, "checklist": {"default": "一"},
    "date": {"not_before": "today()", "required": "true"}, "datetime": {"not_after": "now()"},
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), KIN)
def test_a_field_of_which_everything_is_said_becomes_any_of_its_kin(before: str, after: str) -> None:
    words = {"key": "new", "label": "新", "label_en": "New"}
    said = FULL[before] | ({"help_en": "Help"} if "help" in FULL[before] else {})
    full = form_editor.add_field(
        SMALL, "f.form", (1,), typed(before, *_answers(before), **words, **said)
    )
    part = read_outline(full).parts[1]
    new = form_editor.edit_field(full, "f.form", (1,), changed(part, kind=after))
    assert read_outline(new).parts[1].kind == after
    assert [problem.code for problem in check_form(new, "f.form")] == ["unknown_property"]  # that of SMALL
    kept = read_outline(new).parts[1].entries.values
    assert all(kept[name] == value for name, value in said.items() if name in kept)


@pytest.mark.parametrize(
    ("kind", "values", "after", "gone"),
    [
        ("text", {"case": "true"}, "textarea", "source"),
        ("text", {"format": "phone"}, "textarea", "validationType"),
        ("radio", {"boolean": "true"}, "select", "boolean"),
    ],
)
def test_what_the_new_kind_cannot_say_is_dropped(
    kind: str, values: dict[str, str], after: str, gone: str
) -> None:
    words = {"key": "new", "label": "新", "label_en": "New"}
    answers = ("true", "false") if kind == "radio" else ()
    full = form_editor.add_field(SMALL, "f.form", (1,), typed(kind, *answers, **words, **values))
    assert gone.encode() in full
    part = read_outline(full).parts[1]
    new = form_editor.edit_field(full, "f.form", (1,), changed(part, kind=after))
    assert gone.encode() not in new


def test_an_answer_that_is_kept_as_a_number_stays_one_when_only_its_label_is_changed() -> None:
    mixed = b'{"value":1,"label":"Y"},{"value":true,"label":"Z"}'
    numbered = SMALL.replace(b'{"value":"y","label":"Y"}', mixed)
    radio = read_outline(numbered).parts[2]
    assert [option.value for option in radio.entries.options] == ["x", "1", "true"]
    said = tuple(replace(option, label=option.label * 2) for option in radio.entries.options)
    new = form_editor.edit_field(numbered, "f.form", (2,), replace(radio.entries, options=said))
    assert plain(new)["components"][2]["values"] == [  # type: ignore[index]
        {"value": "x", "label": "XX", "colour": "red"},
        {"value": 1, "label": "YY"},
        {"value": True, "label": "ZZ"},
    ]


@pytest.mark.parametrize(
    ("title", "title_en", "entry"),
    [("=x", "t", "title"), ("a {{b}}", "t", "title"), ("", "t", "title"), ("长" * 201, "t", "title"),
     ("好", "=x", "title_en"), ("好", "x" * 201, "title_en")],
)  # fmt: skip
def test_a_title_that_cannot_be_one_is_refused_at_its_entry(title: str, title_en: str, entry: str) -> None:
    with pytest.raises(FormInvalid) as refused:
        form_editor.set_title(SMALL, title, title_en)
    assert [problem.field for problem in refused.value.problems] == [entry]


def test_a_title_that_was_wrong_before_keeps_nobody_from_the_other() -> None:
    untitled = b'{"id":"f","components":[]}'
    assert plain(form_editor.set_title(untitled, "", "Form"))["properties"] == {"title.en": "Form"}
