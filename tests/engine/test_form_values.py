"""One value: what each type of field takes, keeps and refuses."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.diagram.forms import Field, Option
from tests.engine.form_world import cleaned, faulty, form_of, problems

OPTIONS = (Option("重大", "重大", "Critical"), Option("一般", "一般", "Moderate"))
YES_NO = (Option("true", "是", "Yes"), Option("false", "否", "No"))
EVERYTHING = form_of(
    Field("text", "text"),
    Field("area", "textarea"),
    Field("number", "number"),
    Field("whole", "number", decimals=0, min=0, max=100),
    Field("date", "date"),
    Field("at", "datetime"),
    Field("select", "select", options=OPTIONS),
    Field("many", "multiselect", options=OPTIONS),
    Field("radio", "radio", options=OPTIONS),
    Field("harm", "radio", options=YES_NO, boolean=True),
    Field("tick", "checkbox"),
    Field("files", "file", multiple=True),
    Field("user", "user", group="qa"),
    Field("users", "user", multiple=True),
    Field("groups", "group", multiple=True),
    Field("ours", "group", multiple=True, group="qa, sales"),
    Field("rows", "table", columns=(Field("name", "text"), Field("n", "number"))),
)
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=60).map(str.strip)
NUMBERS = st.integers(-(10**14), 10**14) | st.integers(-(10**8), 10**8).map(lambda n: n / 100)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat)
ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=ZONES).map(
    lambda at: at.isoformat(timespec="seconds")
)
VALUES = st.fixed_dictionaries(
    {
        "text": WORDS.map(lambda text: text or None),
        "area": st.lists(WORDS, max_size=3).map("\n".join).map(lambda text: text.strip() or None),
        "number": st.none() | NUMBERS,
        "whole": st.none() | st.integers(0, 100),
        "date": st.none() | DAYS,
        "at": st.none() | MOMENTS,
        "select": st.sampled_from([None, "重大", "一般"]),
        "many": st.lists(st.sampled_from(["重大", "一般"]), unique=True),
        "radio": st.sampled_from([None, "重大", "一般"]),
        "harm": st.sampled_from([None, True, False]),
        "tick": st.booleans(),
        "files": st.lists(st.sampled_from(["a1", "a2"]), unique=True),
        "user": st.sampled_from([None, "li.ming"]),
        "users": st.lists(st.sampled_from(["wang.fang", "li.ming"]), unique=True),
        "groups": st.lists(st.sampled_from(["cs", "qa"]), unique=True),
        "ours": st.lists(st.just("qa"), max_size=1),
        "rows": st.lists(
            st.fixed_dictionaries({"name": WORDS.filter(bool), "n": st.none() | NUMBERS}), max_size=3
        ),
    }
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(VALUES)
def test_valid_values_survive_cleaning_unchanged(values: dict[str, object]) -> None:
    assert cleaned(EVERYTHING, values) == values


@settings(deadline=None)
@given(VALUES)
def test_cleaned_values_are_json_and_clean_again_to_themselves(values: dict[str, object]) -> None:
    once = cleaned(EVERYTHING, values)
    assert cleaned(EVERYTHING, json.loads(json.dumps(once))) == once


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(EVERYTHING.field_names)) | st.text(), JSON, max_size=6))
@example({"number": float("nan")})
@example({"rows": [{"name": {"typename": "x"}}]})
def test_whatever_is_sent_gives_typed_json_values_or_a_refusal_and_nothing_else(
    raw: dict[str, object],
) -> None:
    if not problems(EVERYTHING, raw):
        json.dumps(cleaned(EVERYTHING, raw), allow_nan=False)


@pytest.mark.parametrize(
    ("key", "raw", "value"),
    [
        ("text", "  阀门  ", "阀门"),
        ("area", "一\r\n二\r三", "一\n二\n三"),
        ("number", "12.50", 12.5),
        ("number", "１２", 12),
        ("number", 3.0, 3),
        ("number", "-7", -7),
        ("date", "2026-11-22", "2026-11-22"),
        ("date", "２０２６-11-22", "2026-11-22"),
        ("at", "2026-11-22T18:00", "2026-11-22T18:00:00+08:00"),
        ("at", "2026-11-22 18:00:30", "2026-11-22T18:00:30+08:00"),
        ("at", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00+00:00"),
        ("many", "重大", ["重大"]),
        ("many", ["重大", "重大", ""], ["重大"]),
        ("harm", "false", False),
        ("tick", "on", True),
        ("tick", "false", False),
        ("users", ["li.ming"], ["li.ming"]),
    ],
)
def test_a_page_s_text_becomes_a_typed_value(key: str, raw: object, value: object) -> None:
    got = cleaned(EVERYTHING, {key: raw})[key]
    assert (got, type(got)) == (value, type(value))


@pytest.mark.parametrize(
    ("key", "raw"),
    [
        ("text", 5),
        ("text", True),
        ("text", ["阀门"]),
        ("text", {"typename": "x"}),
        ("text", "a\nb"),
        ("text", "a\x00b"),
        ("text", "\ud800"),
        ("text", "x" * 201),
        ("area", "x" * 10_001),
        ("area", "x" * 1_000_000),
        ("number", True),
        ("number", float("nan")),
        ("number", float("inf")),
        ("number", "NaN"),
        ("number", "1e5"),
        ("number", "0x10"),
        ("number", "1_000"),
        ("number", 10**400),
        ("number", "9" * 5000),
        ("number", 0.12345678),
        ("whole", 1.5),
        ("whole", 101),
        ("whole", "-1"),
        ("date", "2026-02-30"),
        ("date", "22.11.2026"),
        ("date", "20261122"),
        ("date", "2026-11-22T00:00"),
        ("date", "0001-01-01"),
        ("date", 20261122),
        ("at", "2026-11-22"),
        ("at", "2026-11-22T25:00"),
        ("at", "2026-11-22T18:00+99:00"),
        ("at", 1795370400),
        ("select", "特大"),
        ("select", 1),
        ("select", ["重大"]),
        ("many", ["重大", "特大"]),
        ("many", [["重大"]]),
        ("harm", "是"),
        ("harm", 1),
        ("tick", 1),
        ("tick", "ja"),
        ("files", ["a1", "nobody's"]),
        ("files", [f"a{n}" for n in range(21)]),
        ("user", "wang.fang"),
        ("user", "nobody"),
        ("users", ["li.ming", 7]),
        ("groups", ["hr"]),
        ("ours", ["cs"]),
        ("ours", ["sales"]),
        ("rows", "name=1"),
        ("rows", ["name"]),
        ("rows", [{}] * 101),
        ("rows", {"0": {"name": "x"}}),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_in_both_languages(key: str, raw: object) -> None:
    (problem,) = problems(EVERYTHING, {key: raw})
    assert problem.field == key
    assert problem.zh.endswith("。")
    assert problem.en.endswith(".")


@pytest.mark.parametrize("raw", ["", "  ", None, [], [""], [" "]])
@pytest.mark.parametrize("field", EVERYTHING.inputs, ids=lambda field: field.key)
def test_nothing_given_is_the_empty_value_of_the_type(field: Field, raw: object) -> None:
    assert cleaned(EVERYTHING, {field.key: raw})[field.key] == field.empty


def test_every_declared_field_is_in_the_result() -> None:
    assert cleaned(EVERYTHING, {}).keys() == EVERYTHING.field_names


def test_a_single_file_field_takes_one_file_as_a_list_of_one() -> None:
    form = form_of(Field("scan", "file"))
    assert cleaned(form, {"scan": "a1"}) == {"scan": ["a1"]}
    assert faulty(form, {"scan": ["a1", "a2"]}) == ["scan"]


def test_lengths_are_counted_in_characters_and_named_in_the_message() -> None:
    form = form_of(Field("symptom", "textarea", min_length=4, max_length=6))
    assert cleaned(form, {"symptom": "阀门泄漏"}) == {"symptom": "阀门泄漏"}
    assert [problem.zh for problem in problems(form, {"symptom": "阀门"})] == ["至少 4 个字，现有 2 个。"]
    assert [problem.en for problem in problems(form, {"symptom": "7654321"})] == [
        "At most 6 characters; there are 7."
    ]


def test_e_mail_and_phone_fields_take_what_looks_like_one() -> None:
    form = form_of(Field("mail", "text", format="email"), Field("phone", "text", format="phone"))
    good = {"mail": "lin.hai@example.com", "phone": "+86 10-8888 6666"}
    assert cleaned(form, good) == good
    assert faulty(form, {"mail": "lin.hai@", "phone": "call me"}) == ["mail", "phone"]


def test_a_pattern_refuses_with_the_owner_s_own_words() -> None:
    field = Field(
        "no",
        "text",
        pattern=r"^QF-\d{4}$",
        pattern_message="案件编号有误。",
        pattern_message_en="No such number.",
    )
    assert cleaned(form_of(field), {"no": "QF-2026"}) == {"no": "QF-2026"}
    (problem,) = problems(form_of(field), {"no": "2026"})
    assert (problem.zh, problem.en) == ("案件编号有误。", "No such number.")


def test_a_datetime_without_offset_belongs_to_the_zone_it_was_written_in() -> None:
    from tests.engine.form_world import NOW, World

    form = form_of(Field("at", "datetime"))
    assert form.clean({"at": "2026-11-22T18:00"}, World(), {}, NOW, zone=UTC) == {
        "at": "2026-11-22T18:00:00+00:00"
    }
